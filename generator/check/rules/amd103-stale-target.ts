import { staleCommands, staleFinding } from '../commands/stale.ts';
import type { Rule } from '../rule.ts';

/** Targets, recipes, tasks, sessions and environments of every other runner. */
export const staleTarget: Rule = {
  id: 'AMD103',
  name: 'stale-make-target',
  severity: 'error',
  title: 'A command runs a target of make, just, Task, tox or another runner that does not exist.',
  why: 'An agent that runs it gets an error, and then guesses what was meant.',
  source: 'https://www.gnu.org/software/make/manual/html_node/Goals.html',
  *check(document, world) {
    for (const stale of staleCommands(document, world)) {
      if (SCRIPTS.has(stale.gone.runner)) continue;
      yield staleFinding(stale);
    }
  },
};

/** The business of AMD102. */
const SCRIPTS = new Set(['npm', 'turbo']);
