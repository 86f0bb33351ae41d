import type { ZodType } from 'zod';
import type { Evidence } from '../../facts/index.ts';
import { type Drafted, SECTIONS, type Section } from '../item.ts';

/** Where a repository keeps its ledger. A fleet keeps it in its own store. */
export const LEDGER_PATH = '.agentsmd/ledger.json';
export const LEDGER_SCHEMA = 'agentsmd/ledger/1';

/** One bullet as it was last merged: what a refresh compares with. */
export interface LedgerItem {
  /** Unique within its file: the handle by which a refresh finds it again. */
  readonly key: string;
  readonly section: Section;
  /** Markdown of one line, without the bullet. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
  /** A hash of the line that the first evidence points at; `''` where there is none. */
  readonly hash: string;
  /** A language model wrote it. */
  readonly drafted?: Drafted | undefined;
}

/** A bullet that a human took out. It is not written again until somebody takes the tombstone out. */
export interface Tombstone {
  readonly key: string;
  readonly text: string;
  readonly hash: string;
}

export interface LedgerFile {
  /** `generated`: it was written by us. `adopted`: people had it before, and say in it what they want said. */
  readonly origin: 'generated' | 'adopted';
  readonly items: readonly LedgerItem[];
  readonly tombstones: readonly Tombstone[];
  /** Headings that were made for our bullets, and go with the last of them. */
  readonly sections: readonly Section[];
  /** A hash of everything that a language model was asked with the last time: as long as it is the same none is asked again. */
  readonly draft?: string | undefined;
}

/** What was last merged into the files of a repository, by their real paths. */
export interface Ledger {
  readonly schema: typeof LEDGER_SCHEMA;
  /** The version that wrote it, for people. */
  readonly generator: string;
  readonly files: Readonly<Record<string, LedgerFile>>;
}

/** A ledger of these files. */
export function ledgerOf(generator: string, files: Readonly<Record<string, LedgerFile>>): Ledger {
  return { schema: LEDGER_SCHEMA, generator, files };
}

/** The entry of a file that is all ours. */
export function madeEntry(items: readonly LedgerItem[]): LedgerFile {
  return {
    origin: 'generated',
    items,
    tombstones: [],
    sections: SECTIONS.filter((name) => items.some(({ section }) => section === name)),
  };
}

/** A ledger that cannot be used. It is never overwritten: who made it must say what to do. Exit code 2. */
export class LedgerError extends Error {
  override readonly name: string = 'LedgerError';
  readonly exitCode = 2;
}

/** Its folder is none, so nothing could be written there either, whatever becomes of the ledger. */
export class LedgerFolderError extends LedgerError {
  override readonly name = 'LedgerFolderError';
}

/**
 * Reads a ledger.
 * @throws {LedgerError} where it is no ledger of this version.
 */
export async function parseLedger(text: string, path: string = LEDGER_PATH): Promise<Ledger> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(text, path, error as Error);
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (schema !== LEDGER_SCHEMA)
    throw new LedgerError(
      `${path}: ${schema === undefined ? 'names no schema' : `is of schema ${JSON.stringify(schema)}`}, and this version reads ${LEDGER_SCHEMA}; ${WHAT_TO_DO}`,
    );
  const read = (await ledgerSchema()).safeParse(value);
  if (!read.success) {
    const { path: at, message } = read.error.issues[0]!;
    throw new LedgerError(
      [path, ...(at.length > 0 ? [at.map(String).join('.')] : []), `${message}; ${WHAT_TO_DO}`].join(': '),
    );
  }
  const twice = repeatedKey(read.data);
  if (twice) throw new LedgerError(`${path}: ${twice}; ${WHAT_TO_DO}`);
  return read.data;
}

/** The parser's own message quotes the text, over several lines. */
function notJson(text: string, path: string, { message }: Error): LedgerError {
  const conflict = text.split(/\r\n|\n|\r/).findIndex((line) => /^<{7}(?: |$)/.test(line));
  if (conflict !== -1)
    return new LedgerError(`${path}:${conflict + 1}: an unresolved merge conflict; take either side of the conflict`);
  const line = /\(line (\d+) column \d+\)/.exec(message)?.[1];
  return new LedgerError(`${path}${line === undefined ? '' : `:${line}`}: not JSON; ${WHAT_TO_DO}`);
}

const WHAT_TO_DO =
  'restore it from the last commit that had it whole, or pass --adopt to do without it: then every line counts as written by people';

/** Loaded when a ledger is there: zod costs about 45 ms of a start. */
async function ledgerSchema(): Promise<ZodType<Ledger>> {
  const z = await import('zod');
  const evidence = z.array(z.strictObject({ path: z.string(), line: z.int().min(1) }));
  const item = z.strictObject({
    key: z.string().min(1),
    section: z.enum(SECTIONS),
    text: z.string().min(1),
    evidence,
    hash: z.string(),
    drafted: z.strictObject({ of: z.string().optional(), lines: z.array(z.string()) }).optional(),
  });
  const tombstone = z.strictObject({ key: z.string().min(1), text: z.string(), hash: z.string() });
  const file = z.strictObject({
    origin: z.enum(['generated', 'adopted']),
    items: z.array(item),
    tombstones: z.array(tombstone),
    sections: z.array(z.enum(SECTIONS)),
    draft: z.string().optional(),
  });
  return z.strictObject({
    schema: z.literal(LEDGER_SCHEMA),
    generator: z.string(),
    files: z.record(z.string(), file),
  });
}

function repeatedKey({ files }: Ledger): string | undefined {
  for (const [path, { items }] of Object.entries(files)) {
    const seen = new Set<string>();
    for (const { key } of items) {
      if (seen.has(key)) return `files.${path} holds the key ${JSON.stringify(key)} twice`;
      seen.add(key);
    }
  }
  return undefined;
}

/** The same ledger gives the same bytes: files, tombstones and sections sorted, items in the order of the file's sections. */
export function serializeLedger({ generator, files }: Ledger): string {
  const sorted = Object.keys(files)
    .sort()
    .map((path) => {
      const { origin, items, tombstones, sections, draft } = files[path]!;
      return [
        path,
        {
          origin,
          items: items
            .toSorted((a, b) => SECTIONS.indexOf(a.section) - SECTIONS.indexOf(b.section) || (a.key < b.key ? -1 : 1))
            .map(({ key, section, text, evidence, hash, drafted }) => ({
              key,
              section,
              text,
              evidence: evidence.map(({ path, line }) => ({ path, line })),
              hash,
              ...(drafted && { drafted: { of: drafted.of, lines: drafted.lines } }),
            })),
          tombstones: tombstones
            .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
            .map(({ key, text, hash }) => ({ key, text, hash })),
          sections: SECTIONS.filter((section) => sections.includes(section)),
          ...(draft !== undefined && { draft }),
        },
      ] as const;
    });
  return `${JSON.stringify({ schema: LEDGER_SCHEMA, generator, files: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/**
 * Whether two entries say the same. Evidence that only moved to other lines is no news: a ledger that followed every
 * shifted line would change with every commit.
 */
export function sameEntry(a: LedgerFile | null, b: LedgerFile | null): boolean {
  if (a === null || b === null) return a === b;
  const told = ({ items, tombstones, sections, draft = '' }: LedgerFile): string =>
    JSON.stringify([
      draft,
      items.map(({ key, section, text, drafted }) => [key, section, text, drafted?.of ?? ''].join('\0')).sort(),
      tombstones.map(({ key, text }) => `${key}\0${text}`).sort(),
      [...sections].sort(),
    ]);
  return told(a) === told(b);
}
