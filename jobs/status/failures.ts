import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { adviceFor } from './advice.ts';
import { countBy, type RepositoryGroup } from './repositories.ts';

/** Repositories that failed for the same reason when they were last worked on. */
export interface Failure {
  readonly reason: string;
  readonly repositories: number;
  /** Of these, set aside: they are not tried again by themselves. */
  readonly setAside: number;
  /** The latest of them. */
  readonly example: { readonly project: string; readonly message: string; readonly at: Date | null };
  readonly advice: string;
}

export async function failuresOf(db: Kysely<Tables>, groups: readonly RepositoryGroup[]): Promise<readonly Failure[]> {
  const failed = groups.filter(({ gone, excluded, result }) => !gone && excluded === null && isFailure(result));
  if (failed.length === 0) return [];
  const examples = await db
    .selectFrom('repository')
    .distinctOn('reason')
    .select(['reason', 'path', 'message', 'processed_at', 'dead_since'])
    .where('gone_since', 'is', null)
    .where('excluded', 'is', null)
    .where('result', 'in', FAILURES)
    .orderBy('reason')
    .orderBy(
      ({ fn }) => fn.coalesce('dead_since', 'processed_at'),
      (by) => by.desc().nullsLast(),
    )
    .execute();
  const setAside = countBy(
    failed.filter(({ dead }) => dead),
    nameOf,
  );
  return Object.entries(countBy(failed, nameOf)).map(([reason, repositories]) => {
    const example = examples.find((row) => nameOf(row) === reason);
    return {
      reason,
      repositories,
      setAside: setAside[reason] ?? 0,
      example: {
        project: example?.path ?? '',
        message: example?.message ?? '',
        at: example?.dead_since ?? example?.processed_at ?? null,
      },
      advice: adviceFor(reason),
    };
  });
}

const FAILURES = ['failed', 'refused'];

function isFailure(result: string | null): boolean {
  return result !== null && FAILURES.includes(result);
}

function nameOf({ reason }: { readonly reason: string | null }): string {
  return reason || 'unknown';
}
