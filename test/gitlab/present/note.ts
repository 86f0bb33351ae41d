import { type Discussion, isResolvable } from '../merge-requests/discussions.ts';
import { rangeOf, whyNot } from '../merge-requests/suggestions.ts';
import type { Suggestion } from '../review-state.ts';
import type { MergeRequest, Note } from '../state.ts';
import type { World } from '../world.ts';
import { presentPosition } from './position.ts';
import { userOf } from './user.ts';

/** `Entities::Note` of GitLab's lib/api/entities/note.rb. */
export async function presentNote(world: World, mergeRequest: MergeRequest, note: Note) {
  const { place, resolution } = note;
  return {
    id: note.id,
    type: note.type,
    body: note.body,
    attachment: null,
    author: userOf(world, note.authorId),
    created_at: note.createdAt,
    updated_at: note.updatedAt,
    system: note.system,
    noteable_id: mergeRequest.id,
    noteable_type: 'MergeRequest',
    project_id: mergeRequest.targetProjectId,
    ...(place ? { commit_id: null, position: presentPosition(place.position) } : {}),
    resolvable: isResolvable(note),
    ...(isResolvable(note)
      ? {
          resolved: resolution !== null,
          resolved_by: userOf(world, resolution?.byId ?? null),
          resolved_at: resolution?.at ?? null,
        }
      : {}),
    ...(place
      ? {
          suggestions: await Promise.all(
            note.suggestions.map((suggestion) => presentSuggestion(world, mergeRequest, note, suggestion)),
          ),
        }
      : {}),
    confidential: false,
    internal: false,
    imported: false,
    imported_from: 'none',
    noteable_iid: mergeRequest.iid,
    commands_changes: {},
  };
}

/** lib/api/entities/discussion.rb. */
export async function presentDiscussion(world: World, mergeRequest: MergeRequest, { id, notes }: Discussion) {
  return {
    id,
    individual_note: notes[0]?.type === null,
    notes: await Promise.all(notes.map((note) => presentNote(world, mergeRequest, note))),
  };
}

/** `API_Entities_Suggestion`. */
export async function presentSuggestion(world: World, mergeRequest: MergeRequest, note: Note, suggestion: Suggestion) {
  const [from, to] = rangeOf(note.place?.position.new_line ?? 1, suggestion);
  return {
    id: suggestion.id,
    from_line: from,
    to_line: to,
    appliable: (await whyNot(world, mergeRequest, note, suggestion)) === undefined,
    applied: suggestion.appliedBy !== null,
    from_content: suggestion.from,
    to_content: suggestion.to,
  };
}
