import type { Position } from '../review-state.ts';

/** As a position is sent: what is absent is left out. */
export function sentPosition(position: Position): Partial<Position> {
  return Object.fromEntries(Object.entries(position).filter(([, value]) => value !== null));
}

/** As notes show it: only those on a line have lines (lib/gitlab/diff/formatters/). */
export function presentPosition({ old_line, new_line, line_range, ...place }: Position) {
  return place.position_type === 'text' ? { ...place, old_line, new_line, line_range } : place;
}

/** What a draft without a position shows for one: doc/api/draft_notes.md. */
export const NO_POSITION = {
  base_sha: null,
  start_sha: null,
  head_sha: null,
  old_path: null,
  new_path: null,
  position_type: 'text',
  old_line: null,
  new_line: null,
  line_range: null,
};
