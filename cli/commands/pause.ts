import { userInfo } from 'node:os';
import { isKnown, pause } from '../../jobs/pause.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { withEngine } from '../fleet-store.ts';
import { printStanding, scopesIn, scopeText } from '../pause-text.ts';

/** Keeps sweeps and workers from everything, or from parts of the fleet. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const scopes = scopesIn(input);
  const reason = input.text('reason')?.trim() ?? '';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  await withEngine(loaded, input, async ({ db }) => {
    for (const scope of scopes) {
      await pause(db, scope, reason, whoami(process.env), Date.now());
      if (scope !== '*' && !(await isKnown(db, scope)))
        out.warn(`${scopeText(scope)}: no repository that is known so far is there; is it spelt right?`);
    }
    await printStanding(db, input);
  });
  return 0;
};

/** In a CI job the person who started it, else the user of this machine. */
function whoami({ GITLAB_USER_LOGIN }: NodeJS.ProcessEnv): string {
  if (GITLAB_USER_LOGIN) return GITLAB_USER_LOGIN;
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
