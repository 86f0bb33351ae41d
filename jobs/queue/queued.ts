import { type Kysely, sql } from 'kysely';
import { QUEUE_SCHEMA, type Tables } from '../store/tables.ts';
import { REPOSITORIES } from './boss.ts';
import { whyDead } from './ending.ts';
import type { Queued } from './port.ts';

interface Job {
  readonly state: 'created' | 'retry' | 'active';
  /** Of tries that ended before the one that is in hand, or waited for. */
  readonly retries: number;
  readonly limit: number;
  readonly before: number;
  readonly start_after: Date;
  readonly later: boolean;
  readonly output: unknown;
}

/** See `TaskQueue.queued`. */
export async function queuedTask(db: Kysely<Tables>, key: string): Promise<Queued | undefined> {
  const { rows } = await sql<Job>`
    select state, retry_count as retries, retry_limit as "limit", coalesce((data ->> 'before')::int, 0) as before,
      start_after, start_after > now() as later, output
    from ${sql.id(QUEUE_SCHEMA, 'job')}
    where name = ${REPOSITORIES} and singleton_key = ${key} and state in ('created', 'retry', 'active')
    limit 1`.execute(db);
  const [job] = rows;
  if (!job) return undefined;
  const { state, retries, limit, before, start_after, later, output } = job;
  return {
    state: state === 'active' ? 'active' : later ? 'waiting' : 'ready',
    tries: before + retries + (state === 'retry' ? 1 : 0),
    most: before + limit + 1,
    from: start_after,
    ...whyDead(output),
  };
}
