import { mkdir } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { Kysely, PGliteDialect } from 'kysely';
import { fromPglite } from 'pg-boss';
import { FleetError } from '../errors.ts';
import { textOf } from '../queue/ending.ts';
import { sharedInProcess } from '../queue/shared.ts';
import { databaseIn } from './first-open.ts';
import { lockFolder } from './lock.ts';
import type { Store } from './store.ts';
import { QUEUE_SCHEMA, STATE_SCHEMA, type Tables } from './tables.ts';

/** PostgreSQL's own default of 128 MB is taken at once, and nothing here needs it. */
const SETTINGS = ['-c', 'shared_buffers=8MB'];
const AN_HOUR = 3_600_000;

/**
 * The database of one process, in a folder of its own. What was committed outlives the process, however that ends; when
 * the machine loses its power, the last moments may be lost, or the whole.
 * @throws {FleetError} where another process uses it, or it cannot be opened.
 */
export async function openEmbedded(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new FleetError(`the folder for the state cannot be made: ${error.message}`, 2, { cause: error });
  });
  const unlock = await lockFolder(folder);
  try {
    const dataDir = await databaseIn(folder);
    return storeOn(await openLite({ dataDir }), folder, unlock);
  } catch (error) {
    unlock();
    throw explained(error, folder);
  }
}

export async function openLite(options: PGliteOptions): Promise<PGlite> {
  // V8's second compiler takes half a gigabyte for PostgreSQL's largest function, and gains nothing that can be measured.
  for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering']) setFlagsFromString(flag);
  return await PGlite.create({ ...options, startParams: [...PGlite.defaultStartParams, ...SETTINGS] });
}

export function storeOn(lite: PGlite, where: string, unlock: () => void): Store {
  const tidying = setInterval(() => void tidy(lite).catch(() => {}), AN_HOUR).unref();
  return {
    kind: 'embedded',
    where,
    db: new Kysely<Tables>({ dialect: new PGliteDialect({ pglite: lite }) }).withSchema(STATE_SCHEMA),
    forQueue: fromPglite(lite),
    shared: sharedInProcess(),
    now: Date.now,
    async setUp(steps) {
      try {
        await steps();
        await tidy(lite);
      } catch (error) {
        throw explained(error, where);
      }
    },
    async close() {
      clearInterval(tidying);
      try {
        if (!lite.closed) await lite.close();
      } finally {
        unlock();
      }
    },
  };
}

/** What a server does by itself, by a process that there is none of here: rows that are gone make room. */
async function tidy(lite: PGlite): Promise<void> {
  const { rows } = await lite.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ($1, $2)`,
    [STATE_SCHEMA, QUEUE_SCHEMA],
  );
  await lite.exec(`vacuum analyze ${rows.map((row) => row.name).join(', ')}`);
}

function explained(error: unknown, folder: string): FleetError {
  if (error instanceof FleetError) return error;
  return new FleetError(
    `the state in ${folder} cannot be opened: ${textOf(error)}. If that stays so, move the folder away: ` +
      'the next sweep finds out from the repositories what it has to know',
    2,
    { cause: error },
  );
}
