import type { RepoReader } from '../../forge/reader.ts';
import type { Item } from '../item.ts';
import { entriesOf } from '../refresh/entries.ts';
import type { LedgerFile, LedgerItem } from '../refresh/ledger.ts';
import { lineHash, linesOf } from '../refresh/line-hash.ts';
import { DRAFTED_SECTIONS, type Proposed } from './port.ts';

/** What a model wrote before and that was merged, or is proposed, as far as its evidence stands. */
export interface Held {
  /** The draft with the words that bullets of it have already. */
  readonly items: readonly Item[];
  /** Bullets that a model proposed, with their evidence where it stands now. */
  readonly proposed: readonly Proposed[];
}

/**
 * What stays of a model's bullets without asking one: of two commits with the same facts and the same lines of evidence, the same.
 *
 * @param items the draft from facts.
 * @param entries what was merged, then what an open merge request proposes.
 */
export async function heldOf(
  items: readonly Item[],
  entries: readonly LedgerFile[],
  reader: Pick<RepoReader, 'read'>,
): Promise<Held> {
  const drafted = [
    ...new Map(
      entries.flatMap((entry) => entry.items.flatMap((item) => (item.drafted ? [[item.key, item] as const] : []))),
    ).values(),
  ];
  if (drafted.length === 0) return { items, proposed: [] };
  const keys = (await entriesOf(items, reader)).map(({ key }) => key);
  const worded = new Map(
    drafted.flatMap((item) => (item.drafted?.of === undefined ? [] : [[item.key, item] as const])),
  );
  const own = drafted.filter((item) => item.drafted?.of === undefined);
  const reads = await reader.read([...new Set(own.flatMap(({ evidence }) => evidence.map(({ path }) => path)))]);
  const lines = new Map([...reads].flatMap(([path, read]) => (read.ok ? [[path, linesOf(read.text)] as const] : [])));
  return {
    items: items.map((item, at) => {
      const words = worded.get(keys[at]!);
      return words?.drafted?.of === item.text ? { ...item, text: words.text, drafted: words.drafted } : item;
    }),
    proposed: own.flatMap((item) => standing(item, lines) ?? []),
  };
}

/** The bullet with its evidence where the same lines stand now; nothing where one of them is gone. */
function standing(
  { section, text, evidence, drafted }: LedgerItem,
  files: ReadonlyMap<string, readonly string[]>,
): Proposed | undefined {
  const named = DRAFTED_SECTIONS.find((each) => each === section);
  const found = evidence.map(({ path, line }, at) => {
    const lines = files.get(path) ?? [];
    const there = lines.flatMap((each, index) => (lineHash(each) === drafted?.lines[at] ? [index + 1] : []));
    const nearest = there.sort((a, b) => Math.abs(a - line) - Math.abs(b - line))[0];
    return nearest === undefined ? undefined : { path, line: nearest, quote: lines[nearest - 1]! };
  });
  const proof = found.filter((each) => each !== undefined);
  return named === undefined || proof.length === 0 || proof.length < found.length
    ? undefined
    : { section: named, text, evidence: proof };
}
