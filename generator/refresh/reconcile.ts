import { render } from '../render.ts';
import { collapse, type Outline, outlineOf } from './bullets.ts';
import type { ItemChange } from './change.ts';
import { type LedgerFile, type LedgerItem, madeEntry } from './ledger.ts';
import { type Merge, mergeInto, type ReconcileOptions } from './merge.ts';
import { applied } from './splice.ts';

export type { ItemChange } from './change.ts';
export type { ReconcileOptions } from './merge.ts';

export interface Reconciliation {
  /** `deleted`: people deleted the whole file, and it stays deleted. */
  readonly mode: 'new' | 'refresh' | 'adopt' | 'deleted';
  /** The refreshed text; `null` where there is to be no file. */
  readonly text: string | null;
  readonly changes: readonly ItemChange[];
  /** What the ledger holds once this text is merged, and not before. */
  readonly next: LedgerFile | null;
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
  const whole = attempt(current, base, items, options);
  if (whole) return { mode, ...whole };
  // What is new would be swallowed where it was put: by a fence that nobody closed, by a remark. Once what is no longer
  // true is gone there may be another place for it.
  const careful = attempt(current, base, items, { ...options, place: false });
  if (!careful) return { mode, text: current, changes: untouched(current, base, items, options), next: base };
  const second = careful.text === current ? undefined : attempt(careful.text, careful.next, items, options);
  if (!second) return { mode, ...careful };
  const added = second.changes.filter(({ kind }) => kind === 'added');
  const settled = new Set(added.map(({ key }) => key));
  const changes = [...careful.changes.filter(({ key }) => !settled.has(key)), ...added];
  return { mode, text: second.text, changes, next: second.next };
}

type Attempt = Omit<Reconciliation, 'mode' | 'text'> & { readonly text: string };

/** One way to do it; nothing where the file would not read as it should. */
function attempt(
  current: string,
  base: LedgerFile | null,
  items: readonly LedgerItem[],
  options: ReconcileOptions & { readonly place?: boolean },
): Attempt | undefined {
  const outline = outlineOf(current);
  const merge = mergeInto(outline, base, items, options);
  const text = applied(current, merge.splices);
  if (text !== current && !stands(text, outline, merge)) return undefined;
  return { text, changes: merge.changes, next: nextOf(merge, base) };
}

/** A file in which nothing is ours, and nothing was, is no business of the ledger. */
function nextOf({ next }: Merge, base: LedgerFile | null): LedgerFile | null {
  return base === null && next.items.length === 0 ? null : next;
}

function written(items: readonly LedgerItem[]): Reconciliation {
  const changes = items.map(
    ({ key, section, text }): ItemChange => ({ kind: 'added', key, section, before: null, after: text }),
  );
  return items.length === 0
    ? { mode: 'new', text: null, changes: [], next: null }
    : { mode: 'new', text: render(items), changes, next: madeEntry(items) };
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
function untouched(
  current: string,
  base: LedgerFile | null,
  items: readonly LedgerItem[],
  options: ReconcileOptions,
): readonly ItemChange[] {
  const { changes } = mergeInto(outlineOf(current), base, items, { ...options, place: false });
  const reason = 'the file would not read as it should';
  return changes.map((change) =>
    change.kind === 'updated' || change.kind === 'removed'
      ? { ...change, kind: 'conflict', offered: change.after, after: change.before, reason }
      : change,
  );
}
