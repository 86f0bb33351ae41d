import type { Selectable } from 'kysely';
import type { Engine } from '../engine.ts';
import type { Queued } from '../queue/port.ts';
import type { MergeRequestTable, OutcomeTable, RepositoryTable } from '../store/tables.ts';
import { findRepositories } from './find.ts';

/** All that is known of one repository; the newest first. */
export interface ProjectStatus {
  /** Null: it is not in the queue. */
  readonly queued: Queued | null;
  readonly repository: Selectable<RepositoryTable>;
  readonly mergeRequests: readonly Selectable<MergeRequestTable>[];
  readonly history: readonly Selectable<OutcomeTable>[];
}

/** So many outcomes are shown. */
const LAST = 50;

/** One for each instance that has such a project. @throws {FleetError} for one that nobody knows. */
export async function projectStatus(
  { db, queue }: Pick<Engine, 'db' | 'queue'>,
  name: string,
): Promise<readonly ProjectStatus[]> {
  const found = await findRepositories(db, name);
  return await Promise.all(
    found.map(async ({ key }) => ({
      queued: (await queue.queued(key)) ?? null,
      repository: await db.selectFrom('repository').selectAll().where('key', '=', key).executeTakeFirstOrThrow(),
      mergeRequests: await db
        .selectFrom('merge_request')
        .selectAll()
        .where('key', '=', key)
        .orderBy('iid', 'desc')
        .execute(),
      history: await db
        .selectFrom('outcome')
        .selectAll()
        .where('key', '=', key)
        .orderBy('id', 'desc')
        .limit(LAST)
        .execute(),
    })),
  );
}
