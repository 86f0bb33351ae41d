import type { Section } from '../item.ts';
import { SECTIONS } from '../item.ts';
import { render } from '../render.ts';
import { type Bullet, collapse, type HeadingSection, type Outline, outlineOf } from './bullets.ts';
import type { Range } from './foreign.ts';
import { type LedgerFile, type LedgerItem, madeEntry, type Tombstone } from './ledger.ts';
import { type Standing, standings } from './match.ts';
import { type Addition, place } from './place.ts';
import { applied, cutLines, type Splice } from './splice.ts';

/**
 * What a refresh does with a bullet.
 * - `added`, `updated`, `removed`: ours, changed with its fact.
 * - `kept`: ours, and nothing changed.
 * - `human`: edited by people, kept as it is.
 * - `conflict`: edited by people while its fact changed too, or nowhere to be written: kept as it is, and still open.
 * - `tombstoned`: people took it out; it stays out.
 * - `said`: not added, because people say it already.
 */
export type ChangeKind = 'added' | 'updated' | 'removed' | 'kept' | 'human' | 'conflict' | 'tombstoned' | 'said';

export interface ItemChange {
  readonly kind: ChangeKind;
  readonly key: string;
  readonly section: Section;
  /** What stands in the current file; `null` where nothing does. */
  readonly before: string | null;
  /** What will stand there. */
  readonly after: string | null;
  /** Of a `conflict`: what we would write; `null` where its fact is gone. */
  readonly offered?: string | null;
  /** The line of `before` in the current file. */
  readonly line?: number;
  readonly reason?: string;
}

export interface Reconciliation {
  /** `deleted`: people deleted the whole file, and it stays deleted. */
  readonly mode: 'new' | 'refresh' | 'adopt' | 'deleted';
  /** The refreshed text; `null` where there is to be no file. */
  readonly text: string | null;
  readonly changes: readonly ItemChange[];
  /** What the ledger holds once this text is merged, and not before. */
  readonly next: LedgerFile | null;
}

export interface ReconcileOptions {
  /** Why people's own text makes a new bullet superfluous. */
  readonly said?: (item: LedgerItem) => string | undefined;
  /** Whether a bullet whose fact could not be looked for this time still stands. */
  readonly holds?: (item: LedgerItem) => boolean;
}

/**
 * Brings the items of today into a file, bullet by bullet. Pure. What people wrote stays byte for byte; what they took
 * out stays out; a bullet of ours that nobody edited follows its fact.
 *
 * @param current the text as it is, `null` where there is no file. Must be text that the parser takes.
 * @param base what was last merged into it, `null` where that is not known: then everything in it is people's.
 * @param items what should be said today, with keys that are unique.
 */
export function reconcile(
  current: string | null,
  base: LedgerFile | null,
  items: readonly LedgerItem[],
  options: ReconcileOptions = {},
): Reconciliation {
  if (base === null && (current === null || current.trim() === '')) return written(items);
  if (current === null) return { mode: 'deleted', text: null, changes: [], next: base };
  const mode = base === null ? 'adopt' : 'refresh';
  const outline = outlineOf(current);
  const merge = mergeOf(outline, base ?? NOTHING, items, options);
  const text = applied(current, merge.splices);
  if (text === current || stands(text, outline, merge))
    return { mode, text, changes: merge.changes, next: nextOf(merge, base) };
  // What is new would be swallowed where it was put: by a fence that nobody closed, by a remark.
  const careful = mergeOf(outline, base ?? NOTHING, items, { ...options, place: false });
  const without = applied(current, careful.splices);
  if (without === current || stands(without, outline, careful))
    return { mode, text: without, changes: careful.changes, next: nextOf(careful, base) };
  return { mode, text: current, changes: untouched(careful.changes), next: base };
}

/** A file in which nothing is ours, and nothing was, is no business of the ledger. */
function nextOf({ next }: Merge, base: LedgerFile | null): LedgerFile | null {
  return base === null && next.items.length === 0 ? null : next;
}

const NOTHING: LedgerFile = { origin: 'adopted', items: [], tombstones: [], sections: [] };

function written(items: readonly LedgerItem[]): Reconciliation {
  const changes = items.map(
    ({ key, section, text }): ItemChange => ({ kind: 'added', key, section, before: null, after: text }),
  );
  return items.length === 0
    ? { mode: 'new', text: null, changes: [], next: null }
    : { mode: 'new', text: render(items), changes, next: madeEntry(items) };
}

interface Merge {
  readonly splices: readonly Splice[];
  readonly changes: readonly ItemChange[];
  readonly next: LedgerFile;
}

function mergeOf(
  outline: Outline,
  base: LedgerFile,
  items: readonly LedgerItem[],
  { said, holds, place: mayPlace = true }: ReconcileOptions & { readonly place?: boolean },
): Merge {
  const today = new Map(items.map((item) => [item.key, item]));
  const found = standings(base.items, outline, new Map(items.map(({ key, text }) => [key, text])));
  const changes: ItemChange[] = [];
  const kept: LedgerItem[] = [];
  const tombstones: Tombstone[] = [...base.tombstones];
  const splices: Splice[] = [];
  const removed: { readonly item: LedgerItem; readonly bullet: Bullet }[] = [];

  for (const item of base.items) {
    const standing = found.get(item)!;
    const fact = today.get(item.key) ?? (holds?.(item) ? item : undefined);
    if (standing.kind === 'gone') {
      if (!tombstones.some(({ key }) => key === item.key))
        tombstones.push({ key: item.key, text: item.text, hash: item.hash });
      changes.push({ ...told(item, null, null), kind: 'tombstoned', reason: 'somebody took it out' });
      continue;
    }
    const { bullet } = standing;
    const here = { line: outline.lines.lineAt(bullet.start) };
    if (standing.kind === 'edited') {
      kept.push(item);
      const open = fact?.text !== item.text;
      changes.push(
        open
          ? {
              ...told(item, bullet.text, bullet.text),
              ...here,
              kind: 'conflict',
              offered: fact?.text ?? null,
              reason: fact ? 'edited, and its fact changed' : 'edited, and its fact is gone',
            }
          : { ...told(item, bullet.text, bullet.text), ...here, kind: 'human', reason: 'edited' },
      );
    } else if (fact === undefined) {
      removed.push({ item, bullet });
    } else {
      kept.push({ ...fact, section: item.section });
      const same = bullet.text === collapse(fact.text);
      if (!same) splices.push({ ...bullet.content, text: fact.text });
      changes.push({ ...told(item, bullet.text, fact.text), ...here, kind: same ? 'kept' : 'updated' });
    }
  }

  const known = new Set(base.items.map(({ key }) => key));
  const dead = new Set(tombstones.flatMap(({ key, text }) => [`key ${key}`, `text ${text}`]));
  const standing = new Set(outline.bullets.map(({ text }) => text));
  const fresh: LedgerItem[] = [];
  for (const item of items) {
    if (known.has(item.key)) continue;
    const reason = standing.has(collapse(item.text)) ? 'it stands there already' : said?.(item);
    if (dead.has(`key ${item.key}`) || dead.has(`text ${item.text}`))
      changes.push({ ...told(item, null, null), kind: 'tombstoned', reason: 'somebody took it out before' });
    else if (reason !== undefined) changes.push({ ...told(item, null, null), kind: 'said', reason });
    else if (!mayPlace)
      changes.push({
        ...told(item, null, null),
        kind: 'conflict',
        offered: item.text,
        reason: 'the end of its section is swallowed by a code block or a remark that nobody closed',
      });
    else fresh.push(item);
  }

  // Where the last bullets of a list go and new ones come, the new ones take their places.
  const additions = new Map<Section, LedgerItem[]>();
  const slots = removed.filter(({ bullet }) => endsItsList(bullet, removed, outline));
  for (const item of fresh) {
    const at = slots.findIndex((slot) => slot.item.section === item.section);
    if (at === -1) additions.set(item.section, [...(additions.get(item.section) ?? []), item]);
    else {
      const [slot] = slots.splice(at, 1);
      removed.splice(removed.indexOf(slot!), 1);
      splices.push({ ...slot!.bullet.content, text: item.text });
      changes.push({
        ...told(slot!.item, slot!.bullet.text, null),
        kind: 'removed',
        line: outline.lines.lineAt(slot!.bullet.start),
      });
    }
    kept.push(item);
    changes.push({ ...told(item, null, item.text), kind: 'added' });
  }
  for (const { item, bullet } of removed)
    changes.push({ ...told(item, bullet.text, null), kind: 'removed', line: outline.lines.lineAt(bullet.start) });

  const placed = place(outline, ordered(additions), homesOf(found, outline));
  const insertions = new Set(placed.splices.map(({ start }) => start));
  const emptied = emptiedSections(
    outline,
    base.sections,
    removed.map(({ bullet }) => bullet),
    insertions,
  );
  const cuts = [
    ...emptied.map(({ section }) => ({ start: section.start, end: section.own.end })),
    ...removed.flatMap(({ bullet: { lines } }) =>
      emptied.some(({ section }) => section.start <= lines.start && lines.end <= section.own.end) ? [] : [lines],
    ),
  ];
  for (const { start, end } of joinedRanges(cuts, insertions)) splices.push(cutLines(outline, start, end, insertions));
  const gone = new Set(emptied.map(({ name }) => name));
  const still = (name: Section): boolean => outline.sections.some(({ title }) => title === name);
  return {
    splices: [...splices, ...placed.splices],
    changes,
    next: {
      origin: base.origin,
      items: kept,
      tombstones,
      sections: SECTIONS.filter(
        (name) => placed.made.includes(name) || (base.sections.includes(name) && !gone.has(name) && still(name)),
      ),
    },
  };
}

function told({ key, section }: LedgerItem, before: string | null, after: string | null): Omit<ItemChange, 'kind'> {
  return { key, section, before, after };
}

/** Whether nothing of its list stays behind a bullet that goes. */
function endsItsList(bullet: Bullet, removed: readonly { readonly bullet: Bullet }[], { bullets }: Outline): boolean {
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
    if (standing.kind === 'gone' || standing.bullet.section < 0) continue;
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
  insertions: ReadonlySet<number>,
): readonly { readonly name: Section; readonly section: HeadingSection }[] {
  return made.flatMap((name) => {
    const section = sections.find(({ title }) => title === name);
    if (!section || section.end !== section.own.end) return [];
    const { start, end } = section.own;
    if ([...insertions].some((at) => start <= at && at < end)) return [];
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

/** Whether the new text really holds what was to be written, as bullets, and still all others. */
function stands(text: string, before: Outline, { changes }: Merge): boolean {
  const outline = outlineOf(text);
  const counts = new Map<string, number>();
  const count = (key: string, by: number): void => void counts.set(key, (counts.get(key) ?? 0) + by);
  for (const { lead } of before.bullets) count(lead, 1);
  for (const { kind, before: old, after } of changes) {
    if (kind !== 'added' && kind !== 'updated' && kind !== 'removed') continue;
    if (old !== null) count(old, -1);
    if (after !== null) count(collapse(after), 1);
  }
  for (const { lead } of outline.bullets) count(lead, -1);
  return [...counts.values()].every((left) => left === 0);
}

/** The changes where none could be made. */
function untouched(changes: readonly ItemChange[]): readonly ItemChange[] {
  return changes.map((change) =>
    change.kind === 'updated' || change.kind === 'removed'
      ? {
          ...change,
          kind: 'conflict',
          offered: change.after,
          after: change.before,
          reason: 'the file would not read as it should',
        }
      : change,
  );
}
