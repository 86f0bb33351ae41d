import { type Bullet, collapse, type Outline } from './bullets.ts';
import type { LedgerItem } from './ledger.ts';

/** What became of a bullet of the ledger in the current file. */
export type Standing =
  /** It stands there as it was merged, or already as it should now read: it is ours. */
  | { readonly kind: 'ours'; readonly bullet: Bullet }
  /** Somebody edited it: it is theirs. */
  | { readonly kind: 'edited'; readonly bullet: Bullet }
  /** It is not there any more. */
  | { readonly kind: 'gone' };

/**
 * Finds the bullets of a ledger in a document, each bullet once: first those that read exactly as they did or as they
 * will, then, among what is left, those that are most alike.
 *
 * @param wanted what each key should read now.
 */
export function standings(
  items: readonly LedgerItem[],
  outline: Outline,
  wanted: ReadonlyMap<string, string>,
): ReadonlyMap<LedgerItem, Standing> {
  const found = new Map<LedgerItem, Standing>();
  const free = new Set(outline.bullets.filter(({ foreign }) => !foreign));
  for (const textOf of [(item: LedgerItem) => item.text, (item: LedgerItem) => wanted.get(item.key)]) {
    const byText = Map.groupBy(free, ({ text }) => text);
    for (const item of items) {
      if (found.has(item)) continue;
      const same = byText.get(collapse(textOf(item) ?? ''))?.filter((bullet) => free.has(bullet)) ?? [];
      const bullet = same.find((each) => isIn(item, each, outline)) ?? same[0];
      if (!bullet) continue;
      // In a quote, or behind another marker, somebody put it: nothing could be changed there by whole lines.
      found.set(item, { kind: bullet.plain && bullet.lead === bullet.text ? 'ours' : 'edited', bullet });
      free.delete(bullet);
    }
  }
  for (const { item, bullet } of alike(items, free, found, outline)) {
    if (found.has(item) || !free.has(bullet)) continue;
    found.set(item, { kind: 'edited', bullet });
    free.delete(bullet);
  }
  for (const item of items) if (!found.has(item)) found.set(item, { kind: 'gone' });
  return found;
}

/** More alike than this in its own section, or than that anywhere: the same bullet, edited. */
const ALIKE_HERE = 0.5;
const ALIKE_ELSEWHERE = 0.75;

function alike(
  items: readonly LedgerItem[],
  free: ReadonlySet<Bullet>,
  found: ReadonlyMap<LedgerItem, Standing>,
  outline: Outline,
): readonly { readonly item: LedgerItem; readonly bullet: Bullet }[] {
  const left = items.filter((item) => !found.has(item));
  if (left.length === 0) return [];
  const bullets = [...free].map((bullet) => ({ bullet, words: wordsOf(bullet.lead || bullet.text) }));
  const pairs = left.flatMap((item) => {
    const words = wordsOf(item.text);
    return bullets.flatMap(({ bullet, words: others }) => {
      const score = similarity(words, others);
      const enough = isIn(item, bullet, outline) ? ALIKE_HERE : ALIKE_ELSEWHERE;
      return score >= enough ? [{ item, bullet, score }] : [];
    });
  });
  return pairs.sort((a, b) => b.score - a.score || a.bullet.start - b.bullet.start);
}

function isIn({ section }: LedgerItem, bullet: Bullet, { sections }: Outline): boolean {
  return sections[bullet.section]?.title.toLowerCase() === section.toLowerCase();
}

function wordsOf(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of text
    .slice(0, LONGEST)
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [])
    counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const LONGEST = 1000;

/**
 * How much two texts have in common, 0 to 1: Dice's coefficient over words, or nine tenths of the part of the shorter
 * one that stands in the longer one, where that is more. People who edit a bullet mostly cut it or add to it.
 */
function similarity(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let [common, left, right] = [0, 0, 0];
  for (const [word, count] of a) {
    common += Math.min(count, b.get(word) ?? 0);
    left += count;
  }
  for (const count of b.values()) right += count;
  const shorter = Math.min(left, right);
  if (shorter === 0) return 0;
  return Math.max((2 * common) / (left + right), shorter < FEW ? 0 : (0.9 * common) / shorter);
}

const FEW = 3;
