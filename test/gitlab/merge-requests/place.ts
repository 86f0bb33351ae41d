import { ApiError } from '../api.ts';
import type { Misbehaviour } from '../port.ts';
import { type Checked, checkPosition } from '../positions/check.ts';
import type { DiffPlace, Position } from '../review-state.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { World } from '../world.ts';
import { type DiffRefs, filesOf } from './diff-files.ts';
import { refsOf, trace } from './trace.ts';

/** A position as it was sent, of which only the names are known. */
export type Sent = Readonly<Record<string, unknown>>;

/**
 * What is to be said of a position: of the diff between its own commits, which need not be those of the newest version.
 * @throws {ApiError} 500 for a commit that is not there, where that is asked for.
 */
export async function judgePosition(
  world: World,
  project: Project,
  sent: Sent,
  misbehaviour?: Misbehaviour,
): Promise<Checked> {
  const position = positionOf(sent);
  const files = await filesOf(world, project, position, [position.old_path, position.new_path]);
  if (!files && misbehaviour === 'unknown-sha-500') throw new ApiError(500, { message: '500 Internal Server Error' });
  return checkPosition(sent, files ?? [], position);
}

/** Where a note with that position stands now: one of an older diff is traced at once (app/models/concerns/diff_positionable_note.rb). */
export async function placeAt(
  world: World,
  project: Project,
  mergeRequest: MergeRequest,
  original: Position,
  lineCode: string | null,
): Promise<DiffPlace> {
  const newest = mergeRequest.versions.at(-1);
  const place: DiffPlace = { original, position: original, change: null, lineCode };
  if (newest && !sameRefs(original, refsOf(newest))) {
    const { position, outdated } = await trace(world, project, original, newest);
    if (outdated) place.change = position;
    else if (position) place.position = position;
  }
  return place;
}

/** Whether the place is in the newest diff. */
export function isCurrent({ versions }: MergeRequest, { position }: DiffPlace): boolean {
  const newest = versions.at(-1);
  return newest !== undefined && sameRefs(position, refsOf(newest));
}

export function sameRefs(a: DiffRefs, b: DiffRefs): boolean {
  return a.base_sha === b.base_sha && a.start_sha === b.start_sha && a.head_sha === b.head_sha;
}

/** Of one that passed; what is no text or no number in one that has yet to pass is absent. */
export function positionOf(sent: Sent): Position {
  const text = (name: string): string | null => (typeof sent[name] === 'string' ? (sent[name] as string) : null);
  const line = (name: string): number | null => (typeof sent[name] === 'number' ? (sent[name] as number) : null);
  return {
    base_sha: text('base_sha') ?? '',
    start_sha: text('start_sha') ?? '',
    head_sha: text('head_sha') ?? '',
    position_type: (text('position_type') ?? 'text') as Position['position_type'],
    old_path: text('old_path'),
    new_path: text('new_path'),
    old_line: line('old_line'),
    new_line: line('new_line'),
    line_range: sent.line_range ?? null,
  };
}
