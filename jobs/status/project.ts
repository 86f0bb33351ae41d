import type { Kysely, Selectable } from 'kysely';
import type { MergeRequestTable, OutcomeTable, RepositoryTable, Tables } from '../store/tables.ts';
import { findRepositories } from './find.ts';

/** All that is known of one repository; the newest first. */
export interface ProjectStatus {
  readonly repository: Selectable<RepositoryTable>;
  readonly mergeRequests: readonly Selectable<MergeRequestTable>[];
  readonly history: readonly Selectable<OutcomeTable>[];
}

/** So many outcomes are shown. */
const LAST = 50;

/** One for each instance that has such a project. @throws {FleetError} for one that nobody knows. */
export async function projectStatus(db: Kysely<Tables>, name: string): Promise<readonly ProjectStatus[]> {
  const found = await findRepositories(db, name);
  return await Promise.all(
    found.map(async ({ key }) => ({
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
