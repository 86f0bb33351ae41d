import { Kysely, PGliteDialect } from 'kysely';
import { migrate } from '../store/migrate.ts';
import { STATE_SCHEMA, type Tables } from '../store/tables.ts';
import { memoryLite } from './template.ts';

/** The state alone, in memory: for what needs no queue. Close it with `destroy()`. */
export async function memoryState(): Promise<Kysely<Tables>> {
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: await memoryLite() }) });
  await migrate(db);
  return db.withSchema(STATE_SCHEMA);
}
