import type { Kysely, Transaction } from 'kysely';
import type { Claim } from '../queue/port.ts';
import type { Tables } from '../store/tables.ts';

/** Rolls a transaction back: the task is somebody else's by now, who tells of it. */
class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

export type Together = (
  task: Pick<Claim, 'complete'>,
  keep: (trx: Transaction<Tables>) => Promise<void>,
) => Promise<boolean>;

/** Keeps something together with the end of a task. @returns false where the task was lost, and nothing is kept. */
export async function endTogether(db: Kysely<Tables>, ...[task, keep]: Parameters<Together>): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await keep(trx);
      if (!(await task.complete(trx))) throw new ClaimLost();
    });
    return true;
  } catch (error) {
    if (error instanceof ClaimLost) return false;
    throw error;
  }
}
