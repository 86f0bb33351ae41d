import { type Kysely, sql, type Transaction } from 'kysely';
import { type Db, fromKysely, type JobInsert, type PgBoss } from 'pg-boss';
import { partsOf } from '../key.ts';
import { CAUSES, QUEUE_SCHEMA, type Tables } from '../store/tables.ts';
import { DEAD, REPOSITORIES, type Timing } from './boss.ts';
import type { QueueCounts, Task } from './port.ts';

/** A task as it lies in the queue. */
export interface TaskData extends Task {
  /** How often it was begun under an earlier id. */
  readonly before?: number;
}

/** A job in hand: which one, and the how manieth time. */
export interface Attempt {
  readonly id: string;
  readonly retryCount: number;
}

/** With what a task is put in. */
export interface Terms {
  readonly retries: number;
  readonly timing: Timing;
  /** Where no other process could take over, a missing heartbeat says nothing. */
  readonly heartbeats: boolean;
}

/** A task that hangs for so long is taken away, in s. */
const EXPIRES = 30 * 60;
const AT_ONCE = 1000;

export async function putTasks(
  boss: PgBoss,
  terms: Terms,
  tasks: readonly TaskData[],
  trx: Transaction<Tables> | undefined,
): Promise<number> {
  // In one order, whoever puts them in: two processes with the same ones would wait for each other otherwise.
  const jobs = tasks.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map((task) => jobOf(task, terms));
  const db = trx && { db: fromKysely(trx) };
  let taken = 0;
  for (let from = 0; from < jobs.length; from += AT_ONCE) {
    const some = jobs.slice(from, from + AT_ONCE);
    const ids = await boss.insert(REPOSITORIES, some, { ...db, returnId: true });
    taken += ids?.length ?? 0;
    if ((ids?.length ?? 0) < some.length) await hurry(db?.db ?? boss.getDb(), some);
  }
  return taken;
}

/** What is queued for a cause that can wait, and is wanted for one that cannot, moves up. */
async function hurry(db: Db, jobs: readonly JobInsert<TaskData>[]): Promise<void> {
  await db.executeSql(
    `update ${QUEUE_SCHEMA}.job as queued
     set priority = wanted.priority, data = queued.data || wanted.data
     from json_to_recordset($1::text::json) as wanted ("singletonKey" text, priority int, data jsonb)
     where queued.name = $2 and queued.singleton_key = wanted."singletonKey"
       and queued.state in ('created', 'retry') and queued.priority < wanted.priority`,
    [JSON.stringify(jobs), REPOSITORIES],
  );
}

function jobOf(task: TaskData, { retries, timing, heartbeats }: Terms): JobInsert<TaskData> {
  const before = task.before ?? 0;
  const { instance } = partsOf(task.key);
  return {
    data: task,
    singletonKey: task.key,
    ...(instance === '' ? {} : { group: { id: instance } }),
    priority: CAUSES.length - CAUSES.indexOf(task.cause),
    retryLimit: Math.max(0, retries - before),
    retryDelay: timing.retryDelay,
    ...(timing.retryDelay === 0 ? {} : { retryBackoff: true, retryDelayMax: timing.retryDelayMax }),
    ...(heartbeats ? { heartbeatSeconds: timing.heartbeat } : {}),
    expireInSeconds: EXPIRES,
  };
}

export function taskOf({ key, cause, sweep }: TaskData): Task {
  return { key, cause, sweep };
}

/** Ends a job for good, in a transaction: nothing of it stays. @returns false where it is no longer ours. */
export async function settle(
  boss: PgBoss,
  queue: string,
  attempt: Attempt,
  trx: Transaction<Tables>,
): Promise<boolean> {
  const response = await boss.deleteJob(queue, attempt, { db: fromKysely(trx) });
  return settledBy(response).has(attempt.id);
}

/** Says that somebody is at them. @returns those that are still ours. */
export async function touch(boss: PgBoss, queue: string, attempts: Attempt[]): Promise<ReadonlySet<string>> {
  return settledBy(await boss.touch(queue, attempts));
}

/** Which jobs an order of pg-boss reached: it says so, but not in its types. */
function settledBy(response: object): ReadonlySet<string> {
  const { settled } = response as { settled?: string[] };
  if (!Array.isArray(settled)) throw new Error('pg-boss did not say which jobs it reached');
  return new Set(settled);
}

const JOBS = sql.id(QUEUE_SCHEMA, 'job');

/** What lies in the queue. */
export interface Lying extends QueueCounts {
  /** Given up, and not yet buried; those that are being buried are not counted. */
  readonly dead: number;
  /** In how many ms the first of those waiting is ready. */
  readonly readyIn: number | null;
}

/** @param instances of these alone, but for those given up: anybody can bury them. */
export async function lying(db: Kysely<Tables>, instances?: readonly string[]): Promise<Lying> {
  const ours = instances ? sql`name = ${DEAD} or group_id is null or group_id = any(${[...instances]})` : sql`true`;
  const { rows } = await sql<Lying>`
    select
      count(*) filter (where name = ${REPOSITORIES} and state <> 'active' and start_after <= now())::int as ready,
      count(*) filter (where name = ${REPOSITORIES} and state <> 'active' and start_after > now())::int as waiting,
      count(*) filter (where name = ${REPOSITORIES} and state = 'active')::int as active,
      count(*) filter (where name = ${DEAD} and state <> 'active')::int as dead,
      (extract(epoch from min(start_after) filter (where state <> 'active' and start_after > now()) - now()) * 1000)::float8
        as "readyIn"
    from ${JOBS}
    where name in (${REPOSITORIES}, ${DEAD}) and state in ('created', 'retry', 'active') and (${ours})`.execute(db);
  return rows[0]!;
}

/** Of which other instances repositories wait. */
export async function othersLying(db: Kysely<Tables>, instances: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly instance: string }>`
    select distinct group_id as instance from ${JOBS}
    where name = ${REPOSITORIES} and state in ('created', 'retry') and group_id <> all(${[...instances]})`.execute(db);
  return rows.map(({ instance }) => instance);
}

export async function holdsTask(db: Kysely<Tables>, key: string): Promise<boolean> {
  const { rows } = await sql`
    select 1 from ${JOBS}
    where name = ${REPOSITORIES} and singleton_key = ${key} and state in ('created', 'retry', 'active')
    limit 1`.execute(db);
  return rows.length > 0;
}

export async function heldTasks(db: Kysely<Tables>, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set();
  const { rows } = await sql<{ readonly key: string }>`
    select distinct singleton_key as key from ${JOBS}
    where name in (${REPOSITORIES}, ${DEAD}) and state in ('created', 'retry', 'active')
      and singleton_key = any(${[...keys]})`.execute(db);
  return new Set(rows.map(({ key }) => key));
}

export async function tasksInHand(db: Kysely<Tables>): Promise<readonly Task[]> {
  const { rows } = await sql<{ readonly data: TaskData }>`
    select data from ${JOBS} where name = ${REPOSITORIES} and state = 'active'`.execute(db);
  return rows.map(({ data }) => taskOf(data));
}

export async function dropTasks(db: Kysely<Tables>, keys: readonly string[] | undefined): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${JOBS}
    where name = ${REPOSITORIES} and state in ('created', 'retry')
    ${keys ? sql`and singleton_key = any(${keys})` : sql``}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
