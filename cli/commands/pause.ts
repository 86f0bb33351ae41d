import { userInfo } from 'node:os';
import { isKnown, pause, scopesCalled } from '../../jobs/pause.ts';
import { isWithin } from '../../jobs/rollout/scope.ts';
import { nearScopes } from '../../jobs/status/find.ts';
import type { State } from '../../jobs/store/tables.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withEngine } from '../fleet-store.ts';
import { printStanding, scopesIn, scopeText } from '../pause-text.ts';
import { printableLine } from '../printable.ts';
import { groupPath } from '../sweep-options.ts';

/** Keeps sweeps and workers from everything, or from parts of the fleet. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const scopes = scopesIn(input);
  const reason = input.text('reason')?.trim() ?? '';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  await withEngine(loaded, input, async ({ db, now }) => {
    const meant: string[] = [];
    for (const scope of scopes) meant.push(...(await scopesMeant(db, scope, loaded.values.fleet.groups)));
    for (const scope of meant) {
      await pause(db, scope, reason, whoami(process.env), now());
      if (scope !== '*' && !(await isKnown(db, scope)))
        out.warn(`${scopeText(scope)}: no repository that is known so far is there; is it spelt right?`);
    }
    await printStanding(db, input);
  });
  return 0;
};

/** What is not known yet may be paused before it is: where nothing is known at all, and where the configuration names it. */
async function scopesMeant(db: State, scope: string, groups: readonly string[]): Promise<readonly string[]> {
  if (scope === '*') return [scope];
  const known = await scopesCalled(db, scope);
  if (known.length > 0) return known;
  if (groups.some((group) => isWithin(scope, group)) || !(await isKnown(db, '*'))) return [groupPath(scope)];
  const near = await nearScopes(db, scope);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'agentsmd sweep makes them known';
  throw new UsageError(`${printableLine(scope)}: no group or project that was ever swept; ${printableLine(hint)}`);
}

/** In a CI job the person who started it, else the user of this machine. */
function whoami({ GITLAB_USER_LOGIN }: NodeJS.ProcessEnv): string {
  if (GITLAB_USER_LOGIN) return GITLAB_USER_LOGIN;
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
