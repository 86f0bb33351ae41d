import { createHash } from 'node:crypto';
import type { DiffPlace } from '../review-state.ts';
import type { MergeRequest, Note } from '../state.ts';
import type { World } from '../world.ts';

export interface NewNote {
  readonly authorId: number;
  readonly body: string;
  readonly system?: boolean;
  /** Of the thread it goes on; without, it begins its own. */
  readonly discussionId?: string;
  readonly type?: Note['type'];
  readonly place?: DiffPlace | null;
}

export function addNote(world: World, mergeRequest: MergeRequest, note: NewNote): Note {
  const now = new Date().toISOString();
  const id = world.nextId();
  const added: Note = {
    id,
    authorId: note.authorId,
    body: note.body,
    system: note.system ?? false,
    createdAt: now,
    updatedAt: now,
    discussionId: note.discussionId ?? createHash('sha1').update(String(id)).digest('hex'),
    type: note.type ?? null,
    place: note.place ?? null,
    resolution: null,
    suggestions: [],
    awards: [],
  };
  mergeRequest.notes.push(added);
  touch(mergeRequest);
  return added;
}

/** The instance's own note: app/services/system_note_service.rb. */
export function addSystemNote(
  world: World,
  mergeRequest: MergeRequest,
  byId: number,
  body: string,
  more: Partial<NewNote> = {},
): void {
  if (world.rule('system-notes')) addNote(world, mergeRequest, { ...more, authorId: byId, body, system: true });
}

/** Its `updated_at` is now, and later than before. */
export function touch(mergeRequest: MergeRequest): void {
  const now = Date.now();
  mergeRequest.updatedAt = new Date(Math.max(now, Date.parse(mergeRequest.updatedAt) + 1)).toISOString();
}
