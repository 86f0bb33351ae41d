import type { MergeRequest, Note } from '../state.ts';
import type { World } from '../world.ts';
import { userOf } from './user.ts';

/** `Entities::Note` of GitLab's lib/api/entities/note.rb. */
export function presentNote(world: World, mergeRequest: MergeRequest, note: Note) {
  return {
    id: note.id,
    type: null,
    body: note.body,
    attachment: null,
    author: userOf(world, note.authorId),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: note.system,
    noteable_id: mergeRequest.id,
    noteable_type: 'MergeRequest',
    project_id: mergeRequest.targetProjectId,
    resolvable: false,
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    noteable_iid: mergeRequest.iid,
    commands_changes: {},
  };
}
