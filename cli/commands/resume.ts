import { pauses, resume } from '../../jobs/pause.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { withEngine } from '../fleet-store.ts';
import { printStanding, scopesIn, scopeText } from '../pause-text.ts';

/** Ends pauses, and where everything is meant the halt of a rollout. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const scopes = scopesIn(input);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  await withEngine(loaded, input, async ({ db }) => {
    for (const scope of scopes) {
      const { wasPaused, rollouts } = await resume(db, scope, Date.now());
      if (rollouts > 0) out.note('the rollout goes on; what people decided until now does not halt it again');
      if (wasPaused) out.note(`${scopeText(scope)} goes on`);
      else if (rollouts === 0) out.note(`${scopeText(scope)} was not paused as such`);
    }
    const left = (await pauses(db)).map(({ scope }) => scopeText(scope));
    if (scopes.includes('*') && left.length > 0) out.note(`still paused; agentsmd resume ${left.join(' ')} ends that`);
    await printStanding(db, input);
  });
  return 0;
};
