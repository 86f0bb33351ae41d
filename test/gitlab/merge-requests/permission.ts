import { levelOf, may } from '../access.ts';
import { type Actor, forbidden } from '../api.ts';
import { ACCESS_LEVELS, type MergeRequest, type Project } from '../state.ts';
import type { World } from '../world.ts';

/** Its author, and whoever may push; they may approve, too (app/policies/merge_request_policy.rb). */
export function mayUpdate(world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): boolean {
  if (may(world, actor, project, 'create_merge_request')) return true;
  const author = mergeRequest.authorId === actor.user.id && !project.archived;
  return author && levelOf(world, actor, project) >= ACCESS_LEVELS.reporter;
}

/** @throws {ApiError} 403. */
export function checkMayUpdate(world: World, actor: Actor, project: Project, mergeRequest: MergeRequest): void {
  if (!mayUpdate(world, actor, project, mergeRequest)) throw forbidden();
}
