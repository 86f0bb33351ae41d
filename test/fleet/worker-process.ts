import { loadConfig } from '../../cli/config/load.ts';
import { openWorld } from '../../cli/fleet-world.ts';
import { createOutput } from '../../cli/output.ts';
import { openGate } from '../../jobs/rollout/gate.ts';
import { openEngine } from '../../jobs/store/open.ts';
import { work } from '../../jobs/worker.ts';

/**
 * A worker that takes others for dead sooner than `agentsmd worker` does, so that tests need not wait. Arguments: the
 * configuration, the database. SIGTERM ends it.
 */
const [file, url] = process.argv.slice(2);
const out = createOutput({ json: false, verbosity: 'normal', color: false });
const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
const engine = await openEngine({
  url,
  folder: '',
  retries: loaded.values.fleet.retries,
  timing: { heartbeat: 10, monitor: 2, retryDelay: 1, retryDelayMax: 5 },
  onProblem: (message) => out.warn(message),
});
const world = await openWorld(loaded, {
  path: ['worker'],
  argument: () => undefined,
  list: () => [],
  flag: () => false,
  text: () => undefined,
  texts: () => [],
  json: false,
  configFile: file,
  out,
  stopping: () => ({ stop: stop.signal, abort: stop.signal }),
});
process.stdout.write('ready\n');
const options = { concurrency: 4, stop: stop.signal, abort: new AbortController().signal };
await work(engine, world, openGate(engine.db, world), options, () => {});
await world.close();
await engine.close();
