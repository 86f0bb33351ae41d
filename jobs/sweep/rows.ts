import type { Kysely, Selectable } from 'kysely';
import type { RepositoryTable, Tables } from '../store/tables.ts';
import type { Kept } from './due.ts';

export interface Row extends Kept {
  readonly key: string;
  readonly project: string;
  readonly path: string;
  readonly branch: string | null;
  readonly due_since: Date | null;
  readonly last_seen: Date;
  readonly gone_since: Date | null;
  readonly url: string;
}

const COLUMNS = [
  'key',
  'project',
  'path',
  'branch',
  'url',
  'excluded',
  'seen_head',
  'head',
  'generator',
  'codex',
  'catalog',
  'processed_at',
  'due',
  'due_since',
  'not_before',
  'dead_since',
  'last_seen',
  'gone_since',
  'result',
  'reason',
] as const satisfies readonly (keyof Row & keyof Selectable<RepositoryTable>)[];

/** Whether it was missing, or the forge knew nothing of it, the last time: what happened there meanwhile nobody heard. */
export function wasHidden({ gone_since, due, result, reason }: Row): boolean {
  return gone_since !== null || (due !== null && result === 'skipped' && reason === 'gone');
}

/** Rows read at a time. */
const PAGE = 1000;

/** Everything of an instance that is not gone, page by page. */
export async function* pagesOf(db: Kysely<Tables>, instance: string): AsyncIterable<readonly Row[]> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('repository')
      .select(COLUMNS)
      .where('instance', '=', instance)
      .where('gone_since', 'is', null)
      .where('key', '>', after)
      .orderBy('key')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.key;
  }
}

/** Those of the keys that there are, gone or not. */
export async function rowsOf(db: Kysely<Tables>, keys: readonly string[]): Promise<ReadonlyMap<string, Row>> {
  if (keys.length === 0) return new Map();
  const rows = await db.selectFrom('repository').select(COLUMNS).where('key', 'in', keys).execute();
  return new Map(rows.map((row) => [row.key, row]));
}
