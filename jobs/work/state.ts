import type { Kysely, Selectable, Transaction } from 'kysely';
import type { KeptLedger, ProposedLedger } from '../../generator/publish/index.ts';
import type { Ledger } from '../../generator/refresh/ledger.ts';
import { learnedOf } from '../outcomes/effects/learned-of.ts';
import type { RepositoryTable, Tables } from '../store/tables.ts';
import type { Subject } from './attempt.ts';
import { causeOf } from './refill.ts';

/** A repository as it was when a task for it was begun. */
export type Row = Pick<Selectable<RepositoryTable>, (typeof COLUMNS)[number]>;

export const COLUMNS = [
  'key',
  'instance',
  'project',
  'path',
  'codex',
  'catalog',
  'ledger',
  'proposed_ledger',
  'seen_head',
  'due',
  'due_since',
  'due_sweep',
  'stale_by',
] as const satisfies readonly (keyof RepositoryTable)[];

export async function rowOf(db: Kysely<Tables>, key: string): Promise<Row | undefined> {
  return await db.selectFrom('repository').select(COLUMNS).where('key', '=', key).executeTakeFirst();
}

/** The same, and nobody else changes it before the transaction ends. */
export async function lockedRowOf(trx: Transaction<Tables>, key: string): Promise<Row | undefined> {
  return await trx.selectFrom('repository').select(COLUMNS).where('key', '=', key).forUpdate().executeTakeFirst();
}

export async function subjectOf(db: Kysely<Tables>, row: Row): Promise<Subject> {
  const { key, instance, path, project, due, ledger, proposed_ledger, stale_by } = row;
  const open = await db
    .selectFrom('merge_request')
    .select('iid')
    .where('key', '=', key)
    .where('state', 'in', ['opened', 'locked'])
    .where('purpose', '=', PURPOSE)
    .limit(1)
    .executeTakeFirst();
  const cause = causeOf(due);
  const staleBy = ((stale_by ?? []) as readonly { readonly iid: number }[]).map(({ iid }) => iid);
  return {
    ...{ key, instance, path, project, cause, hasOpen: open !== undefined, staleBy },
    ledger: keptOf(ledger, proposed_ledger),
    learned: (now) => learnedOf(db, key, now),
  };
}

/** Of a merge request that proposes the document. */
export const PURPOSE = 'agents-md';

/** Whoever saw the merge may have moved what was proposed to what is merged, as it stands. */
function keptOf(merged: unknown, proposed: unknown): KeptLedger {
  const of = (value: unknown): Ledger | null =>
    isProposed(value) ? value.ledger : ((value as Ledger | null | undefined) ?? null);
  return { merged: of(merged), proposed: isProposed(proposed) ? proposed : null };
}

function isProposed(value: unknown): value is ProposedLedger {
  return typeof value === 'object' && value !== null && 'iid' in value;
}

/** A text as PostgreSQL takes it: without NUL and halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** The same of everything in a value, as JSON. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? storable(inner) : inner));
}
