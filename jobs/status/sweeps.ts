import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { SweepOptions } from '../sweep/options.ts';
import type { SweepSummary } from '../sweep/summary.ts';

export interface SweepStatus {
  readonly id: number;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** `running`, `done`, `interrupted`, `failed`. */
  readonly state: string;
  readonly options: SweepOptions;
  /** Null until it ends. */
  readonly summary: SweepSummary | null;
  /** Of one that has no summary: what was worked on, and what it still wants. */
  readonly progress: { readonly done: number; readonly left: number } | null;
}

/** The newest first. */
export async function lastSweeps(db: Kysely<Tables>, count: number): Promise<readonly SweepStatus[]> {
  const rows = await db.selectFrom('sweep').selectAll().orderBy('id', 'desc').limit(count).execute();
  return await Promise.all(
    rows.map(async ({ id, started_at, ended_at, state, options, summary }) => ({
      id,
      startedAt: started_at,
      endedAt: ended_at,
      state,
      options,
      summary,
      progress: summary === null ? await progressOf(db, id) : null,
    })),
  );
}

async function progressOf(db: Kysely<Tables>, sweep: number): Promise<{ done: number; left: number }> {
  const found = await db
    .selectNoFrom(({ selectFrom }) => [
      selectFrom('outcome')
        .select(({ fn }) => fn.count('key').distinct().as('done'))
        .where('sweep', '=', sweep)
        .as('done'),
      selectFrom('repository')
        .select(({ fn }) => fn.countAll().as('left'))
        .where('due_sweep', '=', sweep)
        .where('due', 'is not', null)
        .where('due', '!=', 'deferred')
        .as('left'),
    ])
    .executeTakeFirstOrThrow();
  return { done: Number(found.done), left: Number(found.left) };
}
