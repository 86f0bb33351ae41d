import type { Section } from '../item.ts';
import { SECTIONS } from '../item.ts';
import { type Bullet, collapse, type HeadingSection, type Outline } from './bullets.ts';
import type { ItemChange } from './change.ts';
import type { Range } from './foreign.ts';
import type { LedgerFile, LedgerItem, Tombstone } from './ledger.ts';
import { type Standing, standings } from './match.ts';
import { type Addition, place } from './place.ts';
import { cutLines, type Splice } from './splice.ts';

export interface ReconcileOptions {
  /** Why people's own text makes a new bullet superfluous. */
  readonly said?: (item: LedgerItem) => string | undefined;
  /** Whether a bullet whose fact could not be looked for this time still stands. */
  readonly holds?: (item: LedgerItem) => boolean;
  /** Why nobody can tell whether the fact of a bullet still stands: what proved it could not be read. */
  readonly unread?: (item: LedgerItem) => string | undefined;
}

/** What is to be done with the source, bullet by bullet. */
export interface Merge {
  readonly splices: readonly Splice[];
  readonly changes: readonly ItemChange[];
  readonly next: LedgerFile;
}

/** A file of which nothing is known: everything in it is people's. */
const NOTHING: LedgerFile = { origin: 'adopted', items: [], tombstones: [], sections: [] };

/**
 * Compares what was merged, what stands there and what should be said.
 *
 * @param known what was merged; `null` where that is not known.
 * @param options with `place` being false nothing is added.
 */
export function mergeInto(
  outline: Outline,
  known: LedgerFile | null,
  items: readonly LedgerItem[],
  options: ReconcileOptions & { readonly place?: boolean },
): Merge {
  const base = known ?? NOTHING;
  const found = standings(base.items, outline, new Map(items.map(({ key, text }) => [key, text])));
  const old = oldItems(base, found, items, outline, options);
  const fresh = newItems(base, old.tombstones, items, outline, options);
  const slots = intoSlots(fresh.items, old.removed, outline);
  const additions = Map.groupBy(slots.left, ({ section }) => section);
  const placed = place(outline, ordered(additions), homesOf(found, outline));
  const insertions = new Set(placed.splices.map(({ start }) => start));
  const removed = slots.removed.map(({ bullet }) => bullet);
  const emptied = emptiedSections(outline, base.sections, removed, placed.into);
  const gone = new Set(emptied.map(({ name }) => name));
  const stays = (name: Section): boolean =>
    base.sections.includes(name) && !gone.has(name) && outline.sections.some(({ title }) => title === name);
  return {
    splices: [...old.splices, ...slots.splices, ...cuts(outline, removed, emptied, insertions), ...placed.splices],
    changes: [...old.changes, ...fresh.changes, ...old.removed.map((each) => removal(each, outline))],
    next: {
      origin: base.origin,
      items: [...old.kept, ...fresh.items],
      tombstones: old.tombstones,
      sections: SECTIONS.filter((name) => placed.made.includes(name) || stays(name)),
    },
  };
}

interface Removed {
  readonly item: LedgerItem;
  readonly bullet: Bullet;
}

/** What becomes of the bullets that the ledger knows. */
function oldItems(
  base: LedgerFile,
  found: ReadonlyMap<LedgerItem, Standing>,
  items: readonly LedgerItem[],
  { lines }: Outline,
  { holds, unread }: ReconcileOptions,
) {
  const today = new Map(items.map((item) => [item.key, item]));
  const changes: ItemChange[] = [];
  const kept: LedgerItem[] = [];
  const tombstones: Tombstone[] = [...base.tombstones];
  const splices: Splice[] = [];
  const removed: Removed[] = [];
  for (const item of base.items) {
    const standing = found.get(item)!;
    const fact = today.get(item.key) ?? (holds?.(item) ? item : undefined);
    const open = fact?.text === item.text ? undefined : unread?.(item);
    if (open !== undefined || standing.kind === 'hidden') {
      // The ledger keeps what was merged, too: nobody knows better yet.
      kept.push(item);
      changes.push({ ...unresolved(item, standing, lines), reason: open ?? HIDDEN });
      continue;
    }
    if (standing.kind === 'gone') {
      // Also together with its fact: a bullet too few is asked for again sooner than one that people took out twice.
      const { key, text, hash } = item;
      if (!tombstones.some((each) => each.key === key)) tombstones.push({ key, text, hash });
      changes.push({ ...told(item, null, null), kind: 'tombstoned', reason: 'somebody took it out' });
      continue;
    }
    const { bullet } = standing;
    const line = lines.lineAt(bullet.start);
    if (standing.kind === 'edited') {
      // The ledger keeps what was merged: it advances only to what is settled.
      kept.push(item);
      changes.push({ ...told(item, bullet.text, bullet.text), line, ...edited(item, fact) });
    } else if (fact === undefined) {
      removed.push({ item, bullet });
    } else {
      kept.push(unread?.(item) === undefined ? { ...fact, section: item.section } : item);
      const same = bullet.text === collapse(fact.text);
      if (!same) splices.push({ ...bullet.content, text: fact.text });
      changes.push({ ...told(item, bullet.text, fact.text), line, kind: same ? 'kept' : 'updated' });
    }
  }
  return { changes, kept, tombstones, splices, removed };
}

const HIDDEN = 'it stands in a part of the file that reads as no list of ours';

/** A bullet that is left as it is, whatever became of its fact. */
function unresolved(item: LedgerItem, standing: Standing, lines: Outline['lines']): Omit<ItemChange, 'reason'> {
  if (standing.kind === 'gone') return { ...told(item, null, null), kind: 'conflict' };
  const text = 'bullet' in standing ? standing.bullet.text : item.text;
  const line = 'bullet' in standing ? lines.lineAt(standing.bullet.start) : standing.line;
  return { ...told(item, text, text), kind: 'conflict', line };
}

function edited(item: LedgerItem, fact: LedgerItem | undefined): Pick<ItemChange, 'kind' | 'offered' | 'reason'> {
  if (fact?.text === item.text) return { kind: 'human', reason: 'edited' };
  const reason = fact ? 'edited, and its fact changed' : 'edited, and its fact is gone';
  return { kind: 'conflict', offered: fact?.text ?? null, reason };
}

/** Which of today's bullets are new, and may be written. */
function newItems(
  base: LedgerFile,
  tombstones: readonly Tombstone[],
  items: readonly LedgerItem[],
  outline: Outline,
  { said, place: mayPlace = true }: ReconcileOptions & { readonly place?: boolean },
) {
  const known = new Set(base.items.map(({ key }) => key));
  const keys = new Set(tombstones.map(({ key }) => key));
  const texts = new Set(tombstones.map(({ text }) => text));
  const standing = new Set(outline.bullets.map(({ text }) => text));
  const changes: ItemChange[] = [];
  const fresh: LedgerItem[] = [];
  for (const item of items) {
    if (known.has(item.key)) continue;
    const change = told(item, null, null);
    const reason = standing.has(collapse(item.text)) ? 'it stands there already' : said?.(item);
    if (keys.has(item.key) || texts.has(item.text))
      changes.push({ ...change, kind: 'tombstoned', reason: 'somebody took it out before' });
    else if (reason !== undefined) changes.push({ ...change, kind: 'said', reason });
    else if (!mayPlace) changes.push({ ...change, kind: 'conflict', offered: item.text, reason: SWALLOWED });
    else {
      fresh.push(item);
      changes.push({ ...change, after: item.text, kind: 'added' });
    }
  }
  return { items: fresh, changes };
}

const SWALLOWED = 'the place for it is swallowed by a code block or a remark that nobody closed';

/** Where the last bullets of a list go and new ones come, the new ones take their places. */
function intoSlots(fresh: readonly LedgerItem[], going: readonly Removed[], outline: Outline) {
  const removed = [...going];
  const slots = going.filter(({ bullet }) => endsItsList(bullet, going, outline));
  const splices: Splice[] = [];
  const left: LedgerItem[] = [];
  for (const item of fresh) {
    const at = slots.findIndex((slot) => slot.item.section === item.section);
    if (at === -1) left.push(item);
    else {
      const [slot] = slots.splice(at, 1);
      removed.splice(removed.indexOf(slot!), 1);
      splices.push({ ...slot!.bullet.content, text: item.text });
    }
  }
  return { removed, splices, left };
}

/** Takes out the lines of bullets that go, and whole sections of which nothing is left. */
function cuts(
  outline: Outline,
  removed: readonly Bullet[],
  emptied: readonly { readonly section: HeadingSection }[],
  insertions: ReadonlySet<number>,
): readonly Splice[] {
  const sections = emptied.map(({ section }) => ({ start: section.start, end: section.own.end }));
  const lines = removed
    .map((bullet) => bullet.lines)
    .filter((range) => !sections.some(({ start, end }) => start <= range.start && range.end <= end));
  return joinedRanges([...sections, ...lines], insertions).map(({ start, end }) =>
    cutLines(outline, start, end, insertions),
  );
}

function removal({ item, bullet }: Removed, { lines }: Outline): ItemChange {
  return { ...told(item, bullet.text, null), kind: 'removed', line: lines.lineAt(bullet.start) };
}

function told({ key, section }: LedgerItem, before: string | null, after: string | null): Omit<ItemChange, 'kind'> {
  return { key, section, before, after };
}

/** Whether nothing of its list stays behind a bullet that goes. */
function endsItsList(bullet: Bullet, removed: readonly Removed[], { bullets }: Outline): boolean {
  if (bullet.list === undefined) return false;
  const going = new Set(removed.map((each) => each.bullet));
  return bullets.every((other) => other.list !== bullet.list || other.start <= bullet.start || going.has(other));
}

function ordered(additions: ReadonlyMap<Section, readonly LedgerItem[]>): readonly Addition[] {
  return SECTIONS.flatMap((section) => {
    const items = additions.get(section);
    return items ? [{ section, texts: items.map(({ text }) => text) }] : [];
  });
}

/** For each section of ours the one of the document that holds most of its bullets. */
function homesOf(found: ReadonlyMap<LedgerItem, Standing>, outline: Outline): ReadonlyMap<Section, HeadingSection> {
  const counts = new Map<Section, Map<number, number>>();
  for (const [{ section }, standing] of found) {
    if (!('bullet' in standing) || standing.bullet.section < 0) continue;
    const here = counts.get(section) ?? new Map<number, number>();
    counts.set(section, here.set(standing.bullet.section, (here.get(standing.bullet.section) ?? 0) + 1));
  }
  return new Map(
    [...counts].map(([section, here]) => {
      const [[best] = []] = [...here].sort(([a, x], [b, y]) => y - x || a - b);
      return [section, outline.sections[best!]!];
    }),
  );
}

/** Sections of ours in which nothing is left. */
function emptiedSections(
  { sections, text }: Outline,
  made: readonly Section[],
  removed: readonly Bullet[],
  into: ReadonlySet<HeadingSection>,
): readonly { readonly name: Section; readonly section: HeadingSection }[] {
  return made.flatMap((name) => {
    const section = sections.find(({ title }) => title === name);
    if (!section || into.has(section) || section.end !== section.own.end) return [];
    const { start, end } = section.own;
    // A heading to which people added something, an anchor or a remark, is theirs.
    if (text.slice(section.start, start).trimEnd() !== `${'#'.repeat(section.depth)} ${name}`) return [];
    let at = start;
    let rest = '';
    for (const { lines } of removed.toSorted((a, b) => a.start - b.start)) {
      if (lines.start < start || lines.end > end) continue;
      rest += text.slice(at, Math.max(at, lines.start));
      at = Math.max(at, lines.end);
    }
    return at > start && (rest + text.slice(at, end)).trim() === '' ? [{ name, section }] : [];
  });
}

/** Ranges that touch as one, unless something is put in between. */
function joinedRanges(ranges: readonly Range[], insertions: ReadonlySet<number>): readonly Range[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && start <= last.end && !insertions.has(start)) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}
