import type { Evidence } from '../fact.ts';
import type { Comparison, Side } from './comparison.ts';

/**
 * Whether a line of the earlier side is no longer in its file: proof that what rested on it was changed by somebody, and
 * not merely ranked otherwise. What cannot be read counts by whether its file was touched.
 */
export function gone({ path, line }: Evidence, { before, after, moves, touched }: Comparison): boolean {
  return touched.has(path) && isMissing(before, { path, line }, after, moves.file(path));
}

/** Whether a line of the later side is new in its file. */
export function fresh({ path, line }: Evidence, { before, after, files, touched }: Comparison): boolean {
  if (!touched.has(path)) return false;
  const from = files.find((file) => file.path === path)?.from ?? path;
  return isMissing(after, { path, line }, before, from);
}

function isMissing(here: Side, { path, line }: Evidence, there: Side, counterpart: string): boolean {
  const file = here.file(path);
  const other = there.file(counterpart);
  if (!there.survey.paths.has(counterpart)) return true;
  if (!file || !other) return true;
  const text = file.lines.line(line).trim();
  return text === '' || other.find(text) === undefined;
}
