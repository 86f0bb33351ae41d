import { type Insertable, type Kysely, sql } from 'kysely';
import { type RepositoryTable, STATE_SCHEMA, type Tables } from '../../store/tables.ts';
import { TABLES } from '../../transfer/format.ts';

export const GITLAB = 'https://gitlab.example.com';

/** A row of the state as one that was never worked on; what is given is otherwise. */
export function repository(path: string, row: Partial<Insertable<RepositoryTable>> = {}): Insertable<RepositoryTable> {
  const instance = row.instance ?? GITLAB;
  const seen = new Date('2026-11-01T00:00:00Z');
  return {
    key: `${instance}#${path}`,
    instance,
    project: path,
    path,
    url: instance.includes('://') ? `${instance}/${path}` : `${instance}/${path}.git`,
    branch: 'main',
    first_seen: seen,
    last_seen: seen,
    ...row,
  };
}

/** Inserts rows of a table, many at a time. */
export async function insertAll<T extends keyof Tables>(
  db: Kysely<Tables>,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += 1000)
    await db
      .insertInto(table)
      .values(rows.slice(from, from + 1000) as Insertable<Tables[T]>[])
      .execute();
}

/** Takes everything out again, numbers included. */
export async function emptied(db: Kysely<Tables>): Promise<void> {
  const tables = sql.join(TABLES.map((name) => sql.id(STATE_SCHEMA, name)));
  await sql`truncate ${tables} restart identity`.execute(db);
}

const AN_HOUR = 3_600_000;

/**
 * A large fleet with a past: each tenth repository has failed, each twentieth of these was set aside, each other one has or
 * had a merge request, and three outcomes each.
 */
export async function seedLargeFleet(db: Kysely<Tables>, count: number, now: number): Promise<void> {
  const at = (hoursAgo: number): Date => new Date(now - hoursAgo * AN_HOUR);
  const paths = Array.from({ length: count }, (_, n) => `group-${n % 100}/project-${n}`);
  const reasons = ['push-rule', 'timeout', 'role'];
  await insertAll(
    db,
    'repository',
    paths.map((path, n) => {
      const failed = n % 10 === 0;
      return repository(path, {
        processed_at: at(n % 500),
        result: failed ? 'failed' : n % 2 === 0 ? 'created' : 'unchanged',
        reason: failed ? reasons[n % 3]! : null,
        message: failed ? `${path}: it did not work` : null,
        dead_since: n % 200 === 0 ? at(1) : null,
        due: n % 7 === 0 && n % 200 !== 0 ? 'moved' : null,
        reviewed: n % 3 === 0 ? true : n % 3 === 1 ? false : null,
      });
    }),
  );
  await insertAll(
    db,
    'merge_request',
    paths.flatMap((path, n) => {
      if (n % 2 === 1) return [];
      const state = n % 6 === 0 ? 'merged' : n % 6 === 2 ? 'closed' : 'opened';
      return [
        {
          key: `${GITLAB}#${path}`,
          iid: 1,
          url: `${GITLAB}/${path}/-/merge_requests/1`,
          state,
          source: 'agentsmd/refresh',
          opened_at: at(100),
          ended_at: state === 'opened' ? null : at(90),
          ended_by: state === 'closed' ? 'people' : null,
          purpose: 'agents-md',
        },
      ];
    }),
  );
  await insertAll(
    db,
    'outcome',
    paths.flatMap((path, n) =>
      [1, 2, 3].map((sweep) => ({
        sweep,
        key: `${GITLAB}#${path}`,
        at: at(100 - sweep),
        kind: n % 10 === 0 ? 'failed' : 'unchanged',
        ms: 100,
        requests: 3,
      })),
    ),
  );
  await sql`analyze`.execute(db);
}
