import type { Evidence, Problem } from '../../facts/index.ts';
import { parentDir } from '../../facts/path-index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { Item } from '../item.ts';
import { conflictLine } from './foreign.ts';
import type { LedgerItem } from './ledger.ts';
import { lineHash, linesOf } from './line-hash.ts';

/** Facts that give several bullets, none of which is the first one. */
const MANY: ReadonlySet<string> = new Set(['changes-with', 'catalog.component']);

/**
 * Bullets as a ledger holds them: under keys that are unique within their file and stay the same as long as they are about
 * the same thing. Most facts give one bullet; of the others the first code span tells which one it is.
 *
 * @param documents paths that prove nothing here: a document is no evidence for itself.
 */
export async function entriesOf(
  items: readonly Item[],
  reader: Pick<RepoReader, 'read'>,
  documents: ReadonlySet<string> = new Set(),
): Promise<readonly LedgerItem[]> {
  const taken = new Set<string>();
  const entries = items.map(({ key: fact, section, text, evidence, drafted }) => {
    const plain = fact.startsWith('runtime.') ? 'runtime' : fact;
    const about = `${plain} ${/`+([^`]+)`+/.exec(text)?.[1]?.trim() ?? drafted?.of ?? text}`;
    let key = taken.has(plain) || MANY.has(plain) ? about : plain;
    for (let n = 2; taken.has(key); n++) key = `${about} ${n}`;
    taken.add(key);
    const others = evidence.filter(({ path }) => !documents.has(path));
    const proof = others.length > 0 ? others : evidence;
    return { key, section, text, evidence: proof, ...(drafted && { drafted }) };
  });
  const lines = await linesAt(
    entries.flatMap(({ evidence }) => evidence.slice(0, 1)),
    reader,
  );
  return entries.map((entry) => {
    const [first] = entry.evidence;
    const line = first && lines.get(`${first.path}:${first.line}`);
    return { ...entry, hash: line === undefined ? '' : lineHash(line) };
  });
}

async function linesAt(
  evidence: readonly Evidence[],
  reader: Pick<RepoReader, 'read'>,
): Promise<ReadonlyMap<string, string>> {
  const reads = await reader.read([...new Set(evidence.map(({ path }) => path))]);
  const split = new Map<string, readonly string[]>();
  for (const [path, read] of reads) if (read.ok) split.set(path, linesOf(read.text));
  return new Map(
    evidence.flatMap(({ path, line }) => {
      const text = split.get(path)?.[line - 1];
      return text === undefined ? [] : [[`${path}:${line}`, text] as const];
    }),
  );
}

/**
 * The bullets whose facts were not looked for this time, and whose evidence stands as it did: somewhere in the first
 * file that proved them there is still the same line.
 */
export async function stillProven(
  items: readonly LedgerItem[],
  reader: Pick<RepoReader, 'read'>,
): Promise<ReadonlySet<LedgerItem>> {
  const wanted = items.filter(({ evidence, hash }) => evidence.length > 0 && hash !== '');
  const reads = await reader.read([...new Set(wanted.map(({ evidence }) => evidence[0]!.path))]);
  return new Set(
    wanted.filter(({ evidence, hash }) => {
      const read = reads.get(evidence[0]!.path);
      return read?.ok === true && linesOf(read.text).some((line) => lineHash(line) === hash);
    }),
  );
}

/**
 * Why the evidence of bullets could not be looked at: a file that is there, and whose content is not to be had or made no
 * sense. What it says now nobody knows, so that a fact is missing then means nothing. The same goes for evidence that still
 * stands as it did, where such a file lies beside it or above.
 */
export async function unreadEvidence(
  items: readonly LedgerItem[],
  reader: Pick<RepoReader, 'read'>,
  problems: readonly Problem[],
): Promise<ReadonlyMap<LedgerItem, string>> {
  const why = new Map<string, string>();
  const paths = new Set(items.flatMap(({ evidence }) => evidence.map(({ path }) => path)));
  for (const [path, read] of await reader.read([...paths]))
    if (!read.ok && read.reason !== 'absent')
      why.set(path, `${path} could not be read (${read.detail ?? read.reason})`);
    else if (read.ok && conflictLine(read.text) !== undefined) why.set(path, `${path} holds conflict markers`);
  for (const { path, message } of problems) if (!why.has(path)) why.set(path, `${path}: ${message}`);
  const proven = why.size === 0 ? new Set<LedgerItem>() : await stillProven(items, reader);
  const byDir = new Map([...why].reverse().map(([path, reason]) => [parentDir(path), reason]));
  return new Map(
    items.flatMap((item) => {
      const own = item.evidence.find(({ path }) => why.has(path));
      const reason = own ? why.get(own.path) : proven.has(item) ? above(item.evidence[0]!.path, byDir) : undefined;
      return reason === undefined ? [] : [[item, reason] as const];
    }),
  );
}

/**
 * What stands in a folder or above it has a say in what the evidence there means: a lockfile tells a command only beside
 * its manifest.
 */
function above(path: string, reasons: ReadonlyMap<string, string>): string | undefined {
  for (let dir = parentDir(path); ; dir = parentDir(dir)) {
    const reason = reasons.get(dir);
    if (reason !== undefined || dir === '') return reason;
  }
}
