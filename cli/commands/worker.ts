import { logLevel, pinoLog } from '../../jobs/pino-log.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { withFleet } from '../fleet-at-work.ts';
import { codeOfInterruption } from '../signals.ts';
import { concurrencyOf } from '../sweep-options.ts';

/** Works on what is queued, and begins what is scheduled, until it is stopped. */
export const run: CommandModule['run'] = async (input) => {
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const concurrency = concurrencyOf(input) ?? loaded.values.fleet.concurrency;
  const log = await pinoLog({ level: logLevel(input.out.verbosity) });
  const stopping = input.stopping((message) => log.info({}, message));
  const { work } = await import('../../jobs/worker.ts');
  const options = { log, listen: input.text('metrics') };
  await withFleet(loaded, input, options, async ({ engine, world, gate, metrics, tell }) => {
    log.info({ where: engine.where, instances: world.instances, concurrency }, 'the worker has begun');
    await work(engine, world, gate, { concurrency, ...stopping, onSweep: metrics.onSweep }, tell);
    log.info({}, 'the worker has ended');
  });
  // To be stopped is how it ends: only what was left in the middle was interrupted.
  return stopping.abort.aborted ? (codeOfInterruption(stopping) ?? 130) : 0;
};
