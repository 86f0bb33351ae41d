import type { Evidence } from '../fact.ts';
import { stemOf } from './patterns.ts';

/** A name shorter than this stands in any text. */
const LEAST_LENGTH = 3;
/** So many of the files of a pattern are looked for. */
const MOST_MEMBERS = 40;

/**
 * Whether a file lists others by name: the part of them it mentions, and the first line that mentions one of the
 * newest. Case and separators do not matter: `price-list.ts` is `PriceList` to whoever registers it.
 */
export function naming(
  { also, members }: { readonly also: string; readonly members: readonly string[] },
  text: string,
): { readonly named: number; readonly evidence: readonly Evidence[] } {
  const wanted = members
    .filter((path) => path !== also)
    .slice(0, MOST_MEMBERS)
    .map((path) => plain(stemOf(path)))
    .filter((stem) => stem.length >= LEAST_LENGTH);
  if (wanted.length < 2) return { named: 0, evidence: [] };
  const lines = text.split('\n').map((line) => wordsOf(line));
  let line = 0;
  let found = 0;
  for (const stem of wanted) {
    const at = lines.findIndex((words) => words.some((word) => word === stem));
    if (at === -1) continue;
    found++;
    if (line === 0) line = at + 1;
  }
  return { named: found / wanted.length, evidence: line === 0 ? [] : [{ path: also, line }] };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

function wordsOf(line: string): readonly string[] {
  if (line.length > 2000) return [];
  return [...line.matchAll(/[A-Za-z0-9]+(?:[_.-][A-Za-z0-9]+)*/g)].flatMap(([word]) => [
    plain(word),
    plain(stemOf(word)),
  ]);
}
