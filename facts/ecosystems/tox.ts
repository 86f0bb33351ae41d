import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import { isAmongTests, isSecondary } from './python/folders.ts';
import { declared, readProject, run } from './python/project.ts';
import { STARTS_TESTS } from './python/test-commands.ts';
import { type ToxConfig, type ToxEnvironment, toxConfig } from './python/tox-config.ts';
import { hasPythonFactor, isPythonOnly } from './python/tox-names.ts';
import { toxSet } from './python/tox-set.ts';

/** tox: every named environment is a task, and plain `tox` runs the tests where its list holds any. */
export const tox = ecosystem({
  id: 'tox',
  title: 'tox',
  files: ['tox.ini', 'tox.toml', 'setup.cfg', 'pyproject.toml'],
  *detect(repo) {
    const dirs = new Set(repo.files.map(({ dir }) => dir));
    for (const dir of dirs) {
      const config = isSecondary(dir) || isAmongTests(dir) ? undefined : toxConfig(repo, dir);
      if (config) yield* signalsOf(repo, dir, config);
    }
  },
});

function* signalsOf(repo: RepoView, dir: string, config: ToxConfig): Iterable<Signal> {
  yield toxSet(dir, config);
  const project = readProject(repo, dir);
  const start = run(project, 'tox', declared(project, 'tox'));
  for (const { name, at, commands, needs, description } of namedEnvironments(config)) {
    const said = description === undefined ? {} : { description };
    yield { kind: 'task', runner: 'tox', name, run: `${start} -e ${name}`, dir, at, body: commands, needs, ...said };
  }
  const listed = config.environments.filter(({ listed }) => listed);
  const tests = listed.some(
    ({ name, commands }) => /^tests?$/.test(name) || commands.some((line) => STARTS_TESTS.test(line)),
  );
  const byDefault = config.base.some((line) => STARTS_TESTS.test(line));
  const source = /\btox\b/.test(config.file.lines.line(config.at.line)) ? 'config' : 'convention';
  const command = { kind: 'command', purpose: 'test', dir, source, evidence: [config.at] } as const;
  if (tests || (listed.length === 0 && byDefault)) yield { ...command, run: start, weight: 0 };
  if (byDefault) yield { ...command, run: `${start} -e py`, weight: -1 };
}

/** Elements of a matrix that do something of their own; more of them, or of more factors, nobody names. */
const MAX_ELEMENTS = 6;
const MAX_FACTORS = 3;

/**
 * The environments a person would name. What only runs the same on another Python is left out; of a matrix the last
 * element that runs a thing stands for all that do, which is the newest Python as people write their lists.
 */
function namedEnvironments({ environments, base }: ToxConfig): readonly ToxEnvironment[] {
  const same = base.join('\n');
  const elements = new Map<string, ToxEnvironment>();
  const named: ToxEnvironment[] = [];
  for (const environment of environments) {
    const { name, own, commands, needs } = environment;
    const text = commands.join('\n');
    if (isPythonOnly(name) || (text === '' && needs.length === 0) || (!own && text === same)) continue;
    if (!hasPythonFactor(name)) named.push(environment);
    else if (name.split('-').length <= MAX_FACTORS && !(name.startsWith('pypy') && elements.has(text))) {
      elements.set(text, environment);
    }
  }
  return [...named, ...[...elements.values()].slice(0, MAX_ELEMENTS)];
}
