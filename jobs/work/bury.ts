import type { Kysely, Updateable } from 'kysely';
import type { Engine } from '../engine.ts';
import type { DeadTask } from '../queue/port.ts';
import type { RepositoryTable, Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { Policy, World } from '../world.ts';
import { isOutage, SOON } from './outage.ts';
import { isTold } from './record.ts';
import { causeOf } from './refill.ts';
import { lockedRowOf, type Row, rowOf, storable } from './state.ts';
import type { Together } from './together.ts';

interface Burial {
  readonly db: Kysely<Tables>;
  readonly queue: Pick<Engine['queue'], 'holds' | 'put'>;
  readonly world: World;
  readonly on: (event: SweepEvent) => void;
  readonly together: Together;
}

/**
 * Keeps that a task was given up. Its repository is set aside, unless that was an outage: then it stays due. Nothing is kept
 * where it was done meanwhile, or is wanted anew.
 */
export async function bury({ db, queue, world, on, together }: Burial, dead: DeadTask): Promise<void> {
  const { task, tries } = dead;
  const { key } = task;
  const reason = dead.reason === '' ? 'crashed' : dead.reason;
  const message = storable(
    dead.message === '' ? `the process that worked on it ended ${tries} times in the middle` : dead.message,
  );
  const policy = await policyOf(world, await rowOf(db, key));
  let buried: Row | undefined;
  const isOver = await together(dead, async (trx) => {
    const row = await lockedRowOf(trx, key);
    if (!row || row.due === null || (await queue.holds(key, trx))) return;
    const cause = causeOf(row.due);
    if (cause !== task.cause) {
      // A person's wish, say: that has its own tries.
      await queue.put([{ key, cause, sweep: row.due_sweep }], trx);
      return;
    }
    const at = new Date(world.now());
    const sweep = row.due_sweep ?? task.sweep;
    if (!(await isTold(trx, { key, kind: 'failed', reason, sweep })))
      await trx
        .insertInto('outcome')
        .values({ key, at, sweep, kind: 'failed', reason, message, cause: row.due, ms: 0, requests: 0 })
        .execute();
    await trx
      .updateTable('repository')
      .set({ result: 'failed', reason, message })
      .set(isOutage(reason) ? { not_before: new Date(at.getTime() + SOON) } : setAside(at, row, policy))
      .where('key', '=', key)
      .execute();
    buried = row;
  });
  if (!isOver || buried === undefined) return;
  const { path, instance, due_sweep } = buried;
  const what = isOutage(reason) ? 'a repository is tried again later' : 'a repository was set aside';
  world.log.error({ key, path, instance, reason, error: message, tries }, what);
  const wanted = due_sweep ?? task.sweep;
  const by = wanted === null ? {} : { sweep: wanted };
  on({ type: 'repository', path, instance, outcome: 'failed', reason, message, ms: 0, ...by });
}

/** With what it was tried: another generator or codex may do better. */
function setAside(at: Date, row: Row, policy: Policy | undefined): Updateable<RepositoryTable> {
  return {
    ...{ due: null, due_since: null, due_sweep: null, not_before: null, dead_since: at },
    ...(policy && { generator: policy.generator, codex: policy.codex ?? row.codex }),
  };
}

async function policyOf(world: World, row: Row | undefined): Promise<Policy | undefined> {
  if (!row || !world.instances.includes(row.instance)) return undefined;
  const { instance, project: id, path } = row;
  return await world.policy({ instance, id, path }).catch(() => undefined);
}
