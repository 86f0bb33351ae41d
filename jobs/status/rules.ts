import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { ruleTitles } from './titles.ts';

/** A rule of the codex that reviews tell more mildly, or not at all, once its owner was told. */
export interface LoweredRule {
  readonly rule: string;
  readonly rev: number;
  /** Null: no audit said it. */
  readonly title: string | null;
  /** `probation`, `muted`. */
  readonly state: string;
  readonly since: Date;
  readonly settled: number;
  readonly unwanted: number;
  readonly lower: number;
  readonly mergeRequest: string | null;
}

/** Muted ones first. */
export async function loweredRules(db: Kysely<Tables>): Promise<readonly LoweredRule[]> {
  const rows = await db
    .selectFrom('rule')
    .select(['rule', 'rev', 'state', 'since', 'settled', 'unwanted', 'lower', 'merge_request as mergeRequest'])
    .where('state', 'in', ['muted', 'probation'])
    .orderBy('state')
    .orderBy('rule')
    .orderBy('rev')
    .execute();
  const titles = await ruleTitles(
    db,
    rows.map(({ rule }) => rule),
  );
  return rows.map((row) => ({ ...row, title: titles.get(`${row.rule}@${row.rev}`) ?? null }));
}
