import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import type { ConventionalCommand, Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { type Hook, hooksIn } from './pre-commit/hooks.ts';

/** pre-commit and prek: what the hooks check, and the one command that runs them all. https://pre-commit.com, https://prek.j178.dev */
export const preCommit = ecosystem({
  id: 'pre-commit',
  title: 'pre-commit',
  files: [
    '/prek.toml',
    '/.pre-commit-config.yaml',
    '/.pre-commit-config.yml',
    '/pyproject.toml',
    '.github/workflows/*.yml',
    '.github/workflows/*.yaml',
    '/.gitlab-ci.yml',
  ],
  *detect(repo) {
    const config = CONFIGS.map((name) => repo.file(name)).find((file) => file !== undefined);
    if (!config) return;
    const tree = config.name.endsWith('.toml') ? config.toml() : config.yaml();
    const hooks = hooksIn(tree);
    yield* factsOf(config, hooks);
    const running = hooks.filter((hook) => hook.runs);
    if (running.length > 0) yield* commandsOf(repo, config, running, tree?.get('repos')?.keyLine ?? 1);
  },
});

/** prek prefers its own file. */
const CONFIGS = ['prek.toml', '.pre-commit-config.yaml', '.pre-commit-config.yml'];

function* factsOf(config: SourceFile, hooks: readonly Hook[]): Iterable<Signal> {
  const said = new Set<string>();
  for (const hook of hooks) {
    for (const { key, tool, minor } of hook.roles) {
      if (said.has(`${key} ${tool}`)) continue;
      said.add(`${key} ${tool}`);
      yield {
        kind: 'fact',
        key,
        value: tool,
        dir: '',
        source: 'config',
        evidence: [config.at(hook.line)],
        weight: minor ? -3 : 0,
      };
    }
  }
}

function* commandsOf(
  repo: RepoView,
  config: SourceFile,
  hooks: readonly Hook[],
  from: number,
): Iterable<ConventionalCommand> {
  const prek = config.name === 'prek.toml' ? undefined : prekIsUsed(repo);
  const program = config.name === 'prek.toml' || prek ? 'prek' : 'pre-commit';
  const has = (key: string): boolean =>
    hooks.some((hook) => hook.roles.some((role) => role.key === key && !role.minor));
  const all = { run: `${program} run --all-files`, dir: '', ...standing(config, hooks, program, prek, from) };
  // Hooks that only look at white space are no linter, but they are what a pipeline checks.
  yield { kind: 'command', purpose: 'lint', ...all, weight: has('linter') ? 0 : has('formatter') ? -1 : -3 };
  if (has('formatter')) yield { kind: 'command', purpose: 'format', ...all, weight: -2 };
  const checker = hooks.find((hook) => hook.roles.some((role) => role.key === 'type-checker'));
  if (checker) {
    const evidence = [config.at(checker.line)];
    yield {
      kind: 'command',
      purpose: 'typecheck',
      run: `${program} run ${checker.id} --all-files`,
      dir: '',
      source: 'config',
      evidence,
      // A hook of this repository only wraps a command that can be typed.
      weight: checker.local ? -3 : -1,
    };
  }
}

/**
 * What the command rests on: a line that names the program where there is one, else the first hook's line, which makes
 * it a convention of a configuration file that does not name its reader.
 */
function standing(
  config: SourceFile,
  hooks: readonly Hook[],
  program: string,
  prek: Evidence | undefined,
  from: number,
): { source: 'config' | 'convention'; evidence: Evidence[] } {
  const first = config.at(hooks.find((hook) => hook.roles.length > 0)?.line ?? hooks[0]!.line);
  if (prek) return { source: 'config', evidence: [prek, first] };
  const named = config.find(program === 'prek' ? /^[^#]*\bprek\b/ : /^[^#]*pre-commit/, from);
  return named === undefined
    ? { source: 'convention', evidence: [first] }
    : { source: 'config', evidence: [config.at(named)] };
}

/** prek reads pre-commit's file too: it is a dependency, or the pipeline runs it. */
function prekIsUsed(repo: RepoView): Evidence | undefined {
  for (const file of repo.files) {
    if (!file.text.includes('prek')) continue;
    const line =
      file.name === 'pyproject.toml'
        ? file.find(/^\s*prek\s*=|^[^#]*["']prek(?:["'<>=~!;[ ])/)
        : /\.ya?ml$/.test(file.name) && !CONFIGS.includes(file.name)
          ? file.find(/^[^#]*(?:\bprek run\b|\bprek-action\b|\bprek$)/)
          : undefined;
    if (line !== undefined) return file.at(line);
  }
  return undefined;
}
