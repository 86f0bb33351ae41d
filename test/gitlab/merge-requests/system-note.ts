import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';

/** The instance's own note: app/services/system_note_service.rb. */
export function addSystemNote(world: World, mergeRequest: MergeRequest, byId: number, body: string): void {
  if (!world.rule('system-notes')) return;
  const now = new Date().toISOString();
  mergeRequest.notes.push({ id: world.nextId(), authorId: byId, body, system: true, createdAt: now, updatedAt: now });
  touch(mergeRequest);
}

/** Its `updated_at` is now, and later than before. */
export function touch(mergeRequest: MergeRequest): void {
  const now = Date.now();
  mergeRequest.updatedAt = new Date(Math.max(now, Date.parse(mergeRequest.updatedAt) + 1)).toISOString();
}
