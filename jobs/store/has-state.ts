import { sql } from 'kysely';
import { STATE_SCHEMA, type State } from './tables.ts';

/** Whether a database holds the state of a fleet; nothing is made. */
export async function hasState(db: State): Promise<boolean> {
  const name = `${STATE_SCHEMA}.repository`;
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(db);
  return rows[0]?.there === true;
}
