import { levelOf } from '../access.ts';
import type { Actor } from '../api.ts';
import { ACCESS_LEVELS, type MergeRequest, type Note, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { addSystemNote } from './add-note.ts';

/** A thread, or a comment by itself. */
export interface Discussion {
  readonly id: string;
  /** At least one, oldest first. */
  readonly notes: readonly Note[];
}

/** In the order in which they began. */
export function discussionsOf({ notes }: MergeRequest): Discussion[] {
  return [...Map.groupBy(notes, ({ discussionId }) => discussionId)].map(([id, own]) => ({ id, notes: own }));
}

export function discussionNamed(mergeRequest: MergeRequest, id: string | undefined): Discussion | undefined {
  return discussionsOf(mergeRequest).find((discussion) => discussion.id === id);
}

/** Notes of threads, but for the instance's own: app/models/concerns/resolvable_note.rb. */
export function isResolvable({ type, system }: Note): boolean {
  return type !== null && !system;
}

/** Whether there is something to resolve and none of it is left. */
function isResolved({ notes }: Discussion): boolean {
  const resolvable = notes.filter(isResolvable);
  return resolvable.length > 0 && resolvable.every(({ resolution }) => resolution !== null);
}

/** Developers, and the author of the merge request: doc/api/discussions.md, app/models/concerns/resolvable_discussion.rb. */
export function mayResolve(world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): boolean {
  if (project.archived && world.rule('archived-read-only')) return false;
  const enough = levelOf(world, actor, project) >= ACCESS_LEVELS.developer || mergeRequest.authorId === actor.user.id;
  return enough || !world.rule('resolve-needs-developer');
}

/** Resolves those of the notes that can be and are not yet. With the last thread of all there is a note that says so. */
export function resolve(
  world: World,
  mergeRequest: MergeRequest,
  notes: readonly Note[],
  byId: number,
  byPush = false,
): void {
  const before = openThreads(mergeRequest);
  const at = new Date().toISOString();
  for (const note of notes) if (isResolvable(note)) note.resolution ??= { byId, at, byPush };
  if (before > 0 && openThreads(mergeRequest) === 0) {
    addSystemNote(world, mergeRequest, byId, 'resolved all threads');
  }
}

export function unresolve(notes: readonly Note[]): void {
  for (const note of notes) note.resolution = null;
}

/** Whether open threads hold up the merge. */
export function wantsResolved(world: World, project: Project, mergeRequest: MergeRequest): boolean {
  return project.mergeWantsResolved && openThreads(mergeRequest) > 0 && world.rule('threads-block');
}

/** How many threads are not resolved. */
function openThreads(mergeRequest: MergeRequest): number {
  return discussionsOf(mergeRequest).filter(
    (discussion) => discussion.notes.some(isResolvable) && !isResolved(discussion),
  ).length;
}
