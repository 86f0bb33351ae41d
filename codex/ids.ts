import * as z from 'zod';
import type { RemovedRule } from './codex.ts';
import type { Level, Rule, Scope, Status } from './rule.ts';

/** The ledger of a codex: every ID that was ever given away, at `ids.json` of its root. */
export const IDS_PATH = 'ids.json';

/** What the ledger remembers of an ID, so that it is never given away twice and its changes are seen. */
export interface IdEntry {
  /** From 1; one more each time the meaning changes (its level, scope, check or words). */
  readonly rev: number;
  readonly title: string;
  readonly level: Level;
  /** `removed`: the file is gone, which a codex should not do; the ID stays taken. */
  readonly status: Status | 'removed';
  /** It is a draft again and was on trial or in force before: title, scope, hashes and revision are of that time. */
  readonly used?: boolean;
  /** Where it lay when the ledger was written, from the root of the codex. */
  readonly file?: string;
  /** Where it applied at this revision: what tells a wider scope from a narrower one. */
  readonly scope?: Scope;
  /** The hash of its title and text, for changes of words alone. */
  readonly words?: string;
  /** `doc#anchor` the rule was taken from, where it has a source. */
  readonly anchor?: string;
  readonly quoteHash?: string;
  /** `meaningOf` the rule at this revision. */
  readonly meaning: string;
  /** The IDs it was split from or merged out of. */
  readonly from?: readonly string[];
}

export interface IdLedger {
  readonly schema: 'agentsmd/codex-ids/1';
  readonly ids: Readonly<Record<string, IdEntry>>;
}

export const EMPTY_LEDGER: IdLedger = { schema: 'agentsmd/codex-ids/1', ids: {} };

/** The ledger cannot be used: not even an empty one may be assumed, or IDs would be given away twice. */
export class IdLedgerError extends Error {
  override readonly name = 'IdLedgerError';
  readonly exitCode = 2;
}

const texts = z.array(z.string());
const schema = z.strictObject({
  schema: z.literal('agentsmd/codex-ids/1'),
  ids: z.record(
    z.string(),
    z.strictObject({
      rev: z.int().min(1),
      title: z.string(),
      level: z.enum(['MUST', 'SHOULD', 'MAY']),
      status: z.enum(['draft', 'trial', 'active', 'deprecated', 'superseded', 'removed']),
      used: z.boolean().optional(),
      file: z.string().optional(),
      scope: z
        .strictObject({
          languages: texts,
          frameworks: texts,
          paths: texts,
          notPaths: texts,
          catalog: z.record(z.string(), texts),
        })
        .optional(),
      words: z.string().optional(),
      anchor: z.string().optional(),
      quoteHash: z.string().optional(),
      meaning: z.string(),
      from: z.array(z.string()).optional(),
    }),
  ),
});

/** @throws {IdLedgerError} */
export function parseIdLedger(text: string): IdLedger {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    // The message quotes the file, line ends included.
    const reason = (error as Error).message.replace(/\s+/g, ' ');
    throw new IdLedgerError(`${IDS_PATH} is no valid JSON: ${reason}; take it from the last commit`);
  }
  const checked = schema.safeParse(data);
  if (checked.success) return checked.data as IdLedger;
  const { path, message } = checked.error.issues[0]!;
  throw new IdLedgerError(`${IDS_PATH}: ${path.map(String).join('.')}: ${message}; take it from the last commit`);
}

/** With the IDs in order, so that a diff shows what changed. Ends with a line end. */
export function serializeIdLedger({ schema: name, ids }: IdLedger): string {
  const sorted = Object.fromEntries(Object.entries(ids).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  return `${JSON.stringify({ schema: name, ids: sorted }, null, 2)}\n`;
}

/** The IDs that are given away and whose files are gone, with the titles they had. */
export function removedIds({ ids }: IdLedger): readonly RemovedRule[] {
  return Object.entries(ids).flatMap(([id, { status, title }]) => (status === 'removed' ? [{ id, title }] : []));
}

/** Rules with the revisions that the ledger counts. */
export function withRevisions(rules: readonly Rule[], ledger: IdLedger | undefined): readonly Rule[] {
  if (!ledger) return rules;
  return rules.map((rule) => {
    const entry = Object.hasOwn(ledger.ids, rule.id) ? ledger.ids[rule.id] : undefined;
    return entry === undefined ? rule : { ...rule, rev: entry.rev };
  });
}
