import type { AgentDocument } from '../documents/document.ts';
import { outlineOf } from './bullets.ts';
import { type Ledger, type LedgerFile, ledgerOf, type Tombstone } from './ledger.ts';
import { standings } from './match.ts';
import { entryOf } from './ours.ts';

/**
 * What `--adopt` keeps of a ledger: every line that stands there counts as written by people, and what they took out stays
 * out. A file that is not there keeps its entry, by which it stays deleted.
 */
export function adoptedLedger(ledger: Ledger, documents: readonly AgentDocument[]): Ledger {
  const files = new Map(Object.entries(ledger.files));
  for (const document of documents) {
    const name = [document.path, ...document.aliases].find((path) => files.has(path));
    const entry = entryOf(document, ledger.files);
    if (name === undefined || entry === null || entry.items.some(({ key }) => key === 'companion')) continue;
    const tombstones = document.unparsed === undefined ? tombstonesOf(entry, document.text) : entry.tombstones;
    if (tombstones.length === 0) files.delete(name);
    else files.set(name, { origin: 'adopted', items: [], tombstones, sections: [] });
  }
  return ledgerOf(ledger.generator, Object.fromEntries(files));
}

function tombstonesOf({ items, tombstones }: LedgerFile, text: string): readonly Tombstone[] {
  const found = standings(items, outlineOf(text), new Map());
  const known = new Set(tombstones.map(({ key }) => key));
  const gone = items.filter((item) => found.get(item)!.kind === 'gone' && !known.has(item.key));
  return [...tombstones, ...gone.map(({ key, text, hash }) => ({ key, text, hash }))];
}
