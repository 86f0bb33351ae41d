import { levelOf } from '../access.ts';
import type { Actor } from '../api.ts';
import { ACCESS_LEVELS, type MergeRequest, type Project } from '../state.ts';
import type { World } from '../world.ts';
import { addSystemNote } from './add-note.ts';

export interface LabelChange {
  /** Instead of those it has. */
  readonly set?: readonly string[] | undefined;
  readonly add?: readonly string[] | undefined;
  readonly remove?: readonly string[] | undefined;
}

/** Changes the labels; titles that the project does not have are made, by whoever may (doc/user/permissions.md: Reporter). */
export function changeLabels(
  world: World,
  actor: Actor,
  project: Project,
  mergeRequest: MergeRequest,
  change: LabelChange,
): void {
  const before = new Set(mergeRequest.labels);
  const wanted = new Set(change.set ?? mergeRequest.labels);
  for (const title of change.add ?? []) wanted.add(title);
  for (const title of change.remove ?? []) wanted.delete(title);
  const known = [...wanted]
    .map((title) => title.trim())
    .filter((title) => title !== '' && exists(world, actor, project, title));
  const after = new Set(known.map((title) => titleOf(project, title)));
  const added = [...after].filter((title) => !before.has(title));
  const removed = [...before].filter((title) => !after.has(title));
  if (added.length === 0 && removed.length === 0) return;
  mergeRequest.labels = [...after];
  const words = [
    ...(added.length > 0 ? [`added ${added.map(reference).join(' ')}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.map(reference).join(' ')}`] : []),
  ];
  addSystemNote(
    world,
    mergeRequest,
    actor.user.id,
    `${words.join(' and ')} label${added.length + removed.length === 1 ? '' : 's'}`,
  );
}

function exists(world: World, actor: Actor, project: Project, title: string): boolean {
  if (titleOf(project, title) !== title || project.labels.includes(title)) return true;
  if (!world.rule('labels-made-on-use')) return false;
  if (levelOf(world, actor, project) < ACCESS_LEVELS.reporter) return false;
  project.labels.push(title);
  return true;
}

/** As the project writes it: titles are found whatever their case. */
function titleOf(project: Project, title: string): string {
  return project.labels.find((known) => known.toLowerCase() === title.toLowerCase()) ?? title;
}

function reference(title: string): string {
  return /^[\w-]+$/.test(title) ? `~${title}` : `~"${title}"`;
}
