import { staleCommands, staleFinding, unreadManifests } from '../commands/stale.ts';
import type { Rule } from '../rule.ts';

/** Scripts of package.json, however they are started. */
export const staleScript: Rule = {
  id: 'AMD102',
  name: 'stale-script',
  severity: 'error',
  title: 'A command runs a package.json script that does not exist.',
  why: 'An agent that runs it gets an error, and then guesses; renamed scripts are the most common way for such a file to rot.',
  source: 'https://docs.npmjs.com/cli/commands/npm-run',
  *reads({ survey, documents }) {
    const stale = documents.some((document) =>
      staleCommands(document, { survey, file: () => undefined }).some(({ gone }) => SCRIPTS.has(gone.runner)),
    );
    if (stale) yield* unreadManifests(survey);
  },
  *check(document, world) {
    for (const stale of staleCommands(document, world)) {
      if (!SCRIPTS.has(stale.gone.runner)) continue;
      yield staleFinding(stale);
    }
  },
};

const SCRIPTS = new Set(['npm', 'turbo']);
