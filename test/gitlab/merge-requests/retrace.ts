import type { DiffVersion, MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { addSystemNote } from './add-note.ts';
import { discussionsOf, resolve } from './discussions.ts';
import { sameRefs } from './place.ts';
import { refsOf, trace } from './trace.ts';

/**
 * After a push: threads of the diff before go along with their lines, or are outdated, and then stay where they were
 * (app/services/discussions/update_diff_position_service.rb). Those that were outdated already stay so.
 */
export async function retrace(
  world: World,
  project: Project,
  mergeRequest: MergeRequest,
  before: DiffVersion,
  now: DiffVersion,
): Promise<void> {
  if (!world.rule('position-traced')) return;
  for (const { id, notes } of discussionsOf(mergeRequest)) {
    const place = notes[0]?.place;
    if (!place || !sameRefs(place.position, refsOf(before))) continue;
    const { position, outdated } = await trace(world, project, place.position, now);
    if (!outdated && position) {
      place.position = position;
      continue;
    }
    place.change = position;
    const number = mergeRequest.versions.indexOf(now) + 1;
    const url = `${world.url}/${project.path}/-/merge_requests/${mergeRequest.iid}/diffs?diff_id=${now.id}`;
    const body = `changed this line in [version ${number} of the diff](${url})`;
    addSystemNote(world, mergeRequest, mergeRequest.authorId, body, { discussionId: id, type: 'DiffNote', place });
    if (project.resolveOutdatedDiscussions) resolve(world, mergeRequest, notes, mergeRequest.authorId, true);
  }
}
