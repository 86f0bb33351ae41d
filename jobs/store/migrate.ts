import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { FleetError } from '../errors.ts';
import { MIGRATIONS } from './migrations.ts';
import { QUEUE_SCHEMA, STATE_SCHEMA, type Tables } from './tables.ts';

/** Brings the state to this version, where it is not. Not by several processes at a time. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  for (const schema of [STATE_SCHEMA, QUEUE_SCHEMA]) await makeSchema(db, schema);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: STATE_SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error && /previously executed migration .* is missing/.test(error.message))
    throw new FleetError(`the state was written by a newer agentsmd: update this one (${error.message})`);
  if (error) throw error;
}

/** Only where it is missing: `if not exists` asks for the right to create one even where it exists. */
async function makeSchema(db: Kysely<Tables>, name: string): Promise<void> {
  const { rows } = await sql`select from pg_namespace where nspname = ${name}`.execute(db);
  if (rows.length === 0) await sql`create schema ${sql.id(name)}`.execute(db);
}
