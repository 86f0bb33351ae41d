import type { Workshop } from './hand.ts';
import type { TaskQueue } from './port.ts';
import { queuedTask } from './queued.ts';
import { dropTasks, heldTasks, holdsTask, lying, putTasks, tasksInHand } from './tasks.ts';
import { work } from './work.ts';

export function taskQueue(shop: Workshop): TaskQueue {
  const { boss, db, terms } = shop;
  const workers = new Set<() => void>();
  const onPut = (wake: () => void) => {
    workers.add(wake);
    return () => void workers.delete(wake);
  };
  return {
    async put(tasks, trx) {
      const taken = await putTasks(boss, terms, tasks, trx);
      for (const wake of workers) wake();
      return taken;
    },
    work: (handle, bury, options) => work({ ...shop, onPut }, handle, bury, options),
    async counts(instances) {
      const { ready, waiting, active } = await lying(db, instances);
      return { ready, waiting, active };
    },
    queued: (key) => queuedTask(db, key),
    holds: (key, trx) => holdsTask(trx ?? db, key),
    held: (keys) => heldTasks(db, keys),
    inHand: () => tasksInHand(db),
    drop: (keys) => dropTasks(db, keys),
  };
}
