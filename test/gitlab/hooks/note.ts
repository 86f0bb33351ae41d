import { presentPosition } from '../present/position.ts';
import type { MergeRequest, Note, Project } from '../state.ts';
import type { World } from '../world.ts';
import { hookTime, urlOf } from './entities.ts';

/** lib/gitlab/hook_data/note_builder.rb. */
export function noteHook(world: World, project: Project, mergeRequest: MergeRequest, note: Note, action: string) {
  const { place, resolution } = note;
  return {
    id: note.id,
    note: note.body,
    description: note.body,
    noteable_type: 'MergeRequest',
    noteable_id: mergeRequest.id,
    author_id: note.authorId,
    project_id: project.id,
    created_at: hookTime(note.createdAt),
    updated_at: hookTime(note.updatedAt),
    updated_by_id: null,
    attachment: null,
    commit_id: '',
    discussion_id: note.discussionId,
    type: note.type,
    system: note.system,
    internal: false,
    line_code: place?.lineCode ?? null,
    position: place && presentPosition(place.position),
    original_position: place && presentPosition(place.original),
    change_position: place?.change ? presentPosition(place.change) : null,
    resolved_at: resolution && hookTime(resolution.at),
    resolved_by_id: resolution?.byId ?? null,
    resolved_by_push: resolution?.byPush ?? null,
    st_diff: null,
    action,
    url: `${urlOf(world, project, mergeRequest)}#note_${note.id}`,
  };
}
