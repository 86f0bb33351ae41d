/** A process of its own with an engine of its own, for tests that kill it. Says what happens, one JSON object per line. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine.ts';
import { FleetError } from '../errors.ts';
import { openEngine } from '../store/open.ts';
import type { Act, Told } from './process.ts';

const { engine: options, ...act } = JSON.parse(process.argv[2]!) as Act;
const never = new AbortController().signal;
const stopped = new AbortController();
process.once('SIGTERM', () => stopped.abort());
// Who started it is gone.
process.stdin.once('end', () => process.exit()).resume();

try {
  const engine = await openEngine({ retries: 3, folder: '', onProblem: (problem) => tell({ problem }), ...options });
  tell({ ready: true });
  await acted(engine);
  await engine.close();
} catch (error) {
  tell({ failed: String(error), exitCode: error instanceof FleetError ? error.exitCode : 1 });
}
process.stdin.destroy();

async function acted(engine: Engine): Promise<void> {
  if (act.write !== undefined) await write(engine, act.write);
  if (act.take) for (let n = 0; n < act.take.times; n += 1) await take(engine, act.take);
  if (act.schedules) await engine.scheduler.work(async ({ name }) => tell({ fired: name }), stopped.signal);
  if (act.work) await work(engine, act.work);
  if (act.wait) await new Promise((resolve) => stopped.signal.addEventListener('abort', resolve));
}

/** Rows and tasks, for ever: each that was told is there for good. */
async function write(engine: Engine, from: number): Promise<void> {
  for (let n = from; ; n += 20) {
    const ids = Array.from({ length: 20 }, (_, i) => String(n + i));
    await engine.db.transaction().execute(async (trx) => {
      await trx
        .insertInto('memo')
        .values(ids.map((name) => ({ name, value: '{}' })))
        .execute();
      await engine.queue.put(
        ids.map((key) => ({ key, cause: 'moved', sweep: null })),
        trx,
      );
    });
    tell({ written: n + 20 });
  }
}

async function take(engine: Engine, { name, perSecond }: NonNullable<Act['take']>): Promise<void> {
  await engine.shared.take(name, perSecond);
  tell({ took: Date.now() });
}

async function work(engine: Engine, { ms = 0, concurrency, kills, blocks }: NonNullable<Act['work']>): Promise<void> {
  await engine.queue.work(
    async (claim) => {
      const { key } = claim.task;
      tell({ begun: key, tries: claim.tries });
      if (key === kills) process.kill(process.pid, 'SIGKILL');
      if (key === blocks?.key && claim.tries === 0) block(blocks.ms);
      await sleep(ms);
      const ours = await engine.db.transaction().execute((trx) => claim.complete(trx));
      tell(ours ? { done: key } : { lost: key, aborted: claim.signal.aborted });
      if (!ours) throw new Error('lost');
    },
    async (dead) => {
      if (await engine.db.transaction().execute((trx) => dead.complete(trx)))
        tell({ buried: dead.task.key, tries: dead.tries, reason: dead.reason });
    },
    { concurrency, stop: AbortSignal.any([never, stopped.signal]), untilIdle: act.work?.untilIdle ?? true },
  );
}

function block(ms: number): void {
  const end = Date.now() + ms;
  while (Date.now() < end);
}

function tell(told: Told): void {
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
