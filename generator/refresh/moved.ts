import type { AgentDocument } from '../documents/document.ts';
import { collapse, outlineOf } from './bullets.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { entryOf } from './ours.ts';

/**
 * The ledger with the entries of files that were moved under their new paths: git keeps no renames, so a file is known again
 * by our bullets, of which at least half stand in a document that has no entry.
 *
 * @param exists whether something is still there at a path of the ledger.
 */
export function withMoved(
  ledger: Ledger,
  documents: readonly AgentDocument[],
  exists: (path: string) => boolean,
): Ledger {
  const gone = Object.entries(ledger.files).filter(([path, { items }]) => items.length > 0 && !exists(path));
  if (gone.length === 0) return ledger;
  const texts = documents
    .filter((document) => document.unparsed === undefined && entryOf(document, ledger.files) === null)
    .map(({ path, text }) => ({ path, bullets: bulletsOf(text) }));
  const pairs = gone.flatMap(([from, { items }]) =>
    texts.flatMap(({ path: to, bullets }) => {
      const share = items.filter(({ text }) => bullets.has(collapse(text))).length / items.length;
      return share >= 0.5 ? [{ from, to, share, near: sharedNames(from, to) }] : [];
    }),
  );
  const moved = new Map<string, string>();
  const taken = new Set<string>();
  for (const { from, to } of pairs.sort((a, b) => b.share - a.share || b.near - a.near)) {
    if (moved.has(from) || taken.has(to)) continue;
    moved.set(from, to);
    taken.add(to);
  }
  if (moved.size === 0) return ledger;
  const files = Object.entries(ledger.files).map(([path, entry]) => [moved.get(path) ?? path, entry] as const);
  return ledgerOf(ledger.generator, Object.fromEntries(files));
}

function bulletsOf(text: string): ReadonlySet<string> {
  return new Set(outlineOf(text).bullets.flatMap(({ foreign, text }) => (foreign ? [] : [text])));
}

/** How many names two paths have in common: packages often have the same bullets. */
function sharedNames(a: string, b: string): number {
  const names = new Set(a.split('/'));
  return b.split('/').filter((name) => names.has(name)).length;
}
