import { retry } from '../../jobs/retry.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { withKnownStore } from '../known-store.ts';
import { printableLine } from '../printable.ts';
import { repositories } from '../sweep-text.ts';

/** Makes repositories due again. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const options = {
    projects: input.list('project'),
    failed: input.flag('failed'),
    reason: input.text('reason'),
    stale: input.flag('stale'),
  };
  const retried = await withKnownStore(loaded, input, (engine) => retry(engine, { ...options, now: engine.now() }));
  for (const { path, why } of retried.left) out.warn(printableLine(`${path}: ${why}: nothing to work on`));
  if (out.json) out.document({ schema: 'agentsmd/retry/1', ...retried });
  else {
    out.result(`${repositories(retried.repositories)} due again\n`);
    if (retried.repositories > 0) out.note('the next sweep, or a worker, takes them up');
  }
  return 0;
};
