import { type Bullet, collapse, type Outline } from './bullets.ts';
import type { LedgerItem } from './ledger.ts';

/** What became of a bullet of the ledger in the current file. */
export type Standing =
  /** It stands there as it was merged, or already as it should now read: it is ours. */
  | { readonly kind: 'ours'; readonly bullet: Bullet }
  /** Somebody edited it: it is theirs. */
  | { readonly kind: 'edited'; readonly bullet: Bullet }
  /** Its text stands on a line of a list, but where Markdown shows no such bullet, or in a block of another tool. */
  | { readonly kind: 'hidden'; readonly line: number }
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
  const left = items.filter((item) => !found.has(item));
  if (left.length === 0) return found;
  const lines = listLines(outline, found);
  for (const item of left) {
    const line = lines.get(collapse(item.text)) ?? lines.get(collapse(wanted.get(item.key) ?? ''));
    found.set(item, line === undefined ? { kind: 'gone' } : { kind: 'hidden', line });
  }
  return found;
}

/**
 * What stands behind a list marker at the beginning of a line, whatever Markdown takes the line for: a line of HTML right
 * above a list makes the list a part of it. Bullets that were found are no others.
 */
function listLines({ text, lines }: Outline, found: ReadonlyMap<LedgerItem, Standing>): ReadonlyMap<string, number> {
  const taken = new Set(
    [...found.values()].flatMap((each) => ('bullet' in each ? [lines.lineAt(each.bullet.start)] : [])),
  );
  const at = new Map<string, number>();
  const add = (words: readonly string[], line: number): void => {
    const said = collapse(words.join(' '));
    if (said !== '' && !at.has(said)) at.set(said, line);
  };
  let open: { readonly line: number; readonly words: string[] } | undefined;
  for (const [i, source] of text.split(/\r\n|\n|\r/).entries()) {
    const marker = LIST_LINE.exec(source)?.[0];
    if (open && marker === undefined && source.trim() !== '') open.words.push(source);
    else {
      if (open) add(open.words, open.line);
      open = undefined;
    }
    if (marker === undefined || taken.has(i + 1)) continue;
    open = { line: i + 1, words: [source.slice(marker.length)] };
    add(open.words, open.line);
  }
  if (open) add(open.words, open.line);
  return at;
}

const LIST_LINE = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;

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
