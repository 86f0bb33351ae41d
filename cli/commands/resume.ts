import { pausedScopes, pauses, resume } from '../../jobs/pause.ts';
import type { State } from '../../jobs/store/tables.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withEngine } from '../fleet-store.ts';
import { printStanding, scopesIn, scopeText } from '../pause-text.ts';

/** Ends pauses, and where everything is meant the halt of a rollout. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const scopes = scopesIn(input);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  await withEngine(loaded, input, async ({ db, now }) => {
    const meant: string[] = [];
    for (const scope of scopes) meant.push(...(await scopesMeant(db, scope)));
    for (const scope of meant) {
      const { wasPaused, rollouts } = await resume(db, scope, now());
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

async function scopesMeant(db: State, scope: string): Promise<readonly string[]> {
  if (scope === '*') return [scope];
  const paused = await pausedScopes(db, scope);
  if (paused.length > 0) return paused;
  const there = (await pauses(db)).map((each) => scopeText(each.scope));
  const hint = there.length > 0 ? `paused: ${there.join(', ')}` : 'nothing is';
  throw new UsageError(`${scopeText(scope)}: not paused as such; ${hint}`);
}
