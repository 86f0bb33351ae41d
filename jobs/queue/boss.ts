import { sql } from 'kysely';
import { type ConstructorOptions, PgBoss } from 'pg-boss';
import type { Store } from '../store/store.ts';
import { QUEUE_SCHEMA } from '../store/tables.ts';
import { textOf } from './ending.ts';

/** Our queues: repositories, those given up, and sweeps that are due. */
export const REPOSITORIES = 'repository';
export const DEAD = 'dead';
export const SWEEPS = 'sweep';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** In s. A job that is at it for longer than `expire` is taken for one that hangs, however lively its process. */
export interface Timing {
  readonly heartbeat: number;
  readonly monitor: number;
  readonly retryDelay: number;
  readonly retryDelayMax: number;
}

export const TIMING: Timing = { heartbeat: 30, monitor: 20, retryDelay: 5, retryDelayMax: 60 };

/** What is said of a job that ended without saying anything, by the one who finds it. */
const ORPHANED = { reason: '', message: '' };

export function bossOn(store: Store, timing: Timing, onProblem: (message: string) => void): PgBoss {
  return newBoss(store, onProblem, {
    schedule: false,
    superviseIntervalSeconds: timing.monitor,
    monitorIntervalSeconds: timing.monitor,
    maintenanceIntervalSeconds: 5 * MINUTE,
    // For dependencies between jobs, which we have none of.
    flowIntervalSeconds: HOUR,
    bamIntervalSeconds: 10 * MINUTE,
    monitorVacuum: store.kind === 'postgres',
  });
}

/** One that does nothing but keep time: few processes are asked to. */
export function clockOn(store: Store, timing: Timing, onProblem: (message: string) => void): PgBoss {
  return newBoss(store, onProblem, {
    supervise: false,
    migrate: false,
    cronMonitorIntervalSeconds: Math.min(30, timing.monitor),
    cronWorkerIntervalSeconds: Math.min(5, timing.monitor),
  });
}

function newBoss(store: Store, onProblem: (message: string) => void, options: ConstructorOptions): PgBoss {
  const boss = new PgBoss({
    ...options,
    createSchema: false,
    db: store.forQueue,
    schema: QUEUE_SCHEMA,
    backend: store.kind === 'embedded' ? 'pglite' : 'postgres',
  });
  boss.on('error', (error) => onProblem(`the queue: ${textOf(error)}`));
  boss.on('warning', ({ message }) => onProblem(`the queue: ${message}`));
  return boss;
}

/** Makes or renews its tables and our queues, and sees to it that nothing is in hand that nobody has in hand. */
export async function startBoss(boss: PgBoss, store: Store, timing: Timing): Promise<void> {
  await boss.start();
  await makeQueues(boss, timing);
  if (store.kind === 'embedded') await recover(boss, store);
}

async function makeQueues(boss: PgBoss, timing: Timing): Promise<void> {
  const kept = { retentionSeconds: 365 * DAY, deleteAfterSeconds: MINUTE };
  const patient = { retryLimit: 1000, retryDelay: timing.retryDelay, retryBackoff: true, retryDelayMax: HOUR };
  await boss.createQueue(DEAD, { ...kept, ...patient, heartbeatSeconds: 30, expireInSeconds: 10 * MINUTE });
  // Each of its jobs says the rest for itself: what it is to be done with is the setting of the process that puts it.
  await boss.createQueue(REPOSITORIES, { ...kept, policy: 'exclusive', deadLetter: DEAD });
  await boss.createQueue(SWEEPS, {
    ...kept,
    policy: 'exclusive',
    retryLimit: 2,
    retryDelay: MINUTE,
    heartbeatSeconds: 60,
    expireInSeconds: DAY,
  });
  // pg-boss looks a queue up where it does not know it, on a connection of its own: with PGlite's only one in a
  // transaction, that waits for ever. So it has to know all before the first transaction.
  for (const queue of [DEAD, REPOSITORIES, SWEEPS]) await boss.findJobs(queue, { key: '-' });
}

/** Nobody else has the database: what is in hand was in the hands of a process that died. */
async function recover(boss: PgBoss, store: Store): Promise<void> {
  const { rows } = await sql<{ name: string; id: string }>`
    select name, id from ${sql.id(QUEUE_SCHEMA, 'job')}
    where state = 'active' and name in (${sql.join([DEAD, REPOSITORIES, SWEEPS])})`.execute(store.db);
  for (const [name, jobs] of Object.entries(Object.groupBy(rows, (row) => row.name)))
    await boss.fail(
      name,
      (jobs ?? []).map((job) => job.id),
      ORPHANED,
    );
}
