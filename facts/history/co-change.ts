import type { ChangeSet } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { Evidence } from '../fact.ts';
import { type Mined, mineNewFiles, minePairs } from './mine.ts';
import { naming } from './naming.ts';

/** Files that change together, as the history shows: a candidate for a boundary, with what speaks for it. */
export interface CoChange extends Omit<Mined, 'members'> {
  /** For `new`: the part of today's files of the pattern that `also` mentions by name. */
  readonly named: number;
  /** A line of `also` that mentions such a file, where there is one. */
  readonly evidence: readonly Evidence[];
}

/** As many changes as are looked at unless told. */
export const LAST_CHANGES = 20_000;

/**
 * What changes together, best first. Pairs that a tool couples (lock files) or that a name tells (a test and its source)
 * are left out, and so is what the newest changes no longer do, and what programs change.
 *
 * @param changes newest first, up to the commit that `reader` reads.
 */
export async function coChanges(changes: readonly ChangeSet[], reader: RepoReader): Promise<readonly CoChange[]> {
  const paths = (await reader.paths()).filter(({ kind }) => kind !== 'submodule').map(({ path }) => path);
  const byPeople = changes.filter(({ automated }) => !automated);
  const mined = [...mineNewFiles(byPeople, paths), ...minePairs(byPeople, paths)];
  const texts = await reader.read([...new Set(mined.map(({ also }) => also))]);
  const rules = mined.map((rule): CoChange => {
    const read = texts.get(rule.also);
    const { named, evidence } = read?.ok ? naming(rule, read.text) : { named: 0, evidence: [] };
    const { members: _, ...shown } = rule;
    return { ...shown, named, evidence };
  });
  return withoutCliques(rules.filter(holds)).toSorted(
    (a, b) => strength(b) - strength(a) || compare(a.when + a.also, b.when + b.also),
  );
}

/** Files that all change at once (translations, pages that a tool writes) are no pairs: a file has few true partners. */
function withoutCliques(rules: readonly CoChange[]): readonly CoChange[] {
  const partners = new Map<string, number>();
  const ends = rules.flatMap((rule) => (rule.on === 'changed' ? [`${rule.when}\0`, `\0${rule.also}`] : []));
  for (const end of ends) partners.set(end, (partners.get(end) ?? 0) + 1);
  const many = (end: string): boolean => partners.get(end)! > MOST_PARTNERS;
  return rules.filter(({ on, when, also }) => on === 'new' || !(many(`${when}\0`) || many(`\0${also}`)));
}

const MOST_PARTNERS = 2;

/** A file that lists the others by name needs less history to be believed. */
function holds({ on, support, confidence, recent, named }: CoChange): boolean {
  if (on === 'new' && named >= 0.5) return support >= 3 && confidence >= 0.5 && recent >= 0.6;
  return support >= 8 && confidence >= 0.8 && recent >= 0.8;
}

/** Support says more the more there is of it, but ever less; each of the others is a share of the truth. */
function strength({ support, confidence, named }: CoChange): number {
  return Math.log2(support + 1) * confidence * (1 + named);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
