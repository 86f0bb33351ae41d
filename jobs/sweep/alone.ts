import { type Kysely, sql, type Transaction } from 'kysely';
import type { Tables } from '../store/tables.ts';

/**
 * Runs a write of many rows in a transaction of its own, one after the other over all processes: two that took the same rows
 * in another order would wait for each other.
 */
export async function alone<T>(db: Kysely<Tables>, write: (trx: Transaction<Tables>) => Promise<T>): Promise<T> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx);
    return await write(trx);
  });
}

/** Any number that nothing else takes. */
const LOCK = 1_096_239_950;
