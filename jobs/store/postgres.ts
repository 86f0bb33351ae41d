import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { textOf } from '../queue/ending.ts';
import { sharedByDatabase } from '../queue/shared.ts';
import { type DatabaseClock, databaseClock } from './database-clock.ts';
import { addressOf, explained } from './postgres-errors.ts';
import type { Store } from './store.ts';
import { STATE_SCHEMA, type Tables } from './tables.ts';

/** Of a server's connections each process takes no more than so many. */
const CONNECTIONS = 5;
const CONNECT_MS = 30_000;
const INT8 = 20;
/** Any number, as long as all of us take the same. */
const SET_UP_LOCK = 7_203_115_604;
const RATES = 'rate';

/** A database that several processes share. @throws {FleetError} where it cannot be had. */
export async function openPostgres(url: string, onProblem: (message: string) => void = () => {}): Promise<Store> {
  const where = addressOf(url);
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: 'agentsmd',
    types: { getTypeParser },
  });
  // A connection that breaks is replaced; without a listener it would take the process with it.
  pool.on('error', (error) => onProblem(`the database closed a connection: ${textOf(error)}`));
  pool.on('connect', (client) => void client.on('error', () => {}));
  const run = (text: string, values?: unknown[]) => pool.query(text, values);
  let clock: DatabaseClock;
  try {
    clock = await databaseClock(async () => {
      const { rows } = await run('select (extract(epoch from clock_timestamp()) * 1000)::float8 as now');
      return Number(rows[0].now);
    }, onProblem);
  } catch (error) {
    await pool.end();
    throw explained(error, url);
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(STATE_SCHEMA);
  return {
    kind: 'postgres',
    where,
    db,
    forQueue: { executeSql: run },
    shared: sharedByDatabase(run, STATE_SCHEMA, RATES),
    now: clock.now,
    async setUp(steps) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock($1)', [SET_UP_LOCK]);
        await steps();
        // What is lost with a crash of the server is a count of one second.
        await run(
          `create unlogged table if not exists ${STATE_SCHEMA}.${RATES} (key varchar(255) primary key, points integer not null, expire bigint)`,
        );
        await client.query('commit');
        client.release();
      } catch (error) {
        client.release(true);
        throw explained(error, url);
      }
    },
    close: () => {
      clock.stop();
      return db.destroy();
    },
  };
}

/** Whole numbers as numbers, as PGlite gives them. */
function getTypeParser(type: number, format?: 'text' | 'binary'): (value: string) => unknown {
  return type === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format as 'text');
}
