import type { RepoView } from '../../ecosystem.ts';
import type { Purpose } from '../../fact.ts';
import type { ConventionalCommand } from '../../signal.ts';
import { command } from '../native/leads.ts';

/** The script by which TYPO3 and its extensions run every check in a container: one suite for each. */
export const RUN_TESTS = 'Build/Scripts/runTests.sh';

const SUITES: readonly (readonly [purpose: Purpose, suite: string, weight: number])[] = [
  ['test', 'unit', 1],
  ['test', 'functional', -1],
  ['lint', 'lint', 0],
  ['lint', 'lintPhp', 0],
  ['format', 'cgl', 1],
  ['typecheck', 'phpstan', 1],
  ['install', 'composerInstall', 0],
];

/** The suites it has. https://docs.typo3.org/m/typo3/reference-coreapi/main/en-us/Testing/ */
export function* suiteCommands(repo: RepoView): Generator<ConventionalCommand> {
  const file = repo.file(RUN_TESTS);
  if (!file) return;
  for (const [purpose, suite, weight] of SUITES) {
    const line = file.find(new RegExp(`^\\s+(?:[\\w|]*\\|)?${suite}(?:\\|[\\w|]*)?\\)\\s*$`));
    if (line === undefined) continue;
    const run = `${RUN_TESTS} -s ${suite}`;
    yield command(purpose, run, '', file.at(line), { weight, source: 'config' });
    if (suite === 'unit')
      yield command('test-single', `${run} <file>`, '', file.at(line), { weight, source: 'config' });
  }
}
