import { readName } from '../../commands/names.ts';
import type { RepoView } from '../../ecosystem.ts';
import type { Evidence, Purpose } from '../../fact.ts';
import { isAside } from '../../path-index.ts';
import type { ConventionalCommand, PlainFact, Signal } from '../../signal.ts';
import { runScript } from '../javascript/manager-verbs.ts';
import type { Manifest } from '../javascript/package-json.ts';
import { runnerCall } from '../javascript/runners.ts';

interface BuiltIn {
  readonly verb: string;
  readonly key: string;
  readonly purpose: Purpose;
  readonly run: string;
  /** The section of deno.json that configures it. */
  readonly section: string;
  /** Configuration files of tools that do the same. */
  readonly rivals?: RegExp;
}

const BUILT_IN: readonly BuiltIn[] = [
  { verb: 'test', key: 'test-framework', purpose: 'test', run: 'deno test', section: 'test' },
  {
    verb: 'lint',
    key: 'linter',
    purpose: 'lint',
    run: 'deno lint',
    section: 'lint',
    rivals: /^(?:eslint\.config\.\w+|\.eslintrc(?:\.\w+)?|biome\.jsonc?|\.oxlintrc\.json)$/,
  },
  {
    verb: 'fmt',
    key: 'formatter',
    purpose: 'format',
    run: 'deno fmt',
    section: 'fmt',
    rivals: /^(?:\.prettierrc(?:\.\w+)?|prettier\.config\.\w+|biome\.jsonc?|dprint\.json)$/,
  },
  { verb: 'check', key: 'type-checker', purpose: 'typecheck', run: 'deno check .', section: 'compilerOptions' },
];

const TEST_FILE = /(?:^|[._])test\.[cm]?[jt]sx?$/;

/** What Deno brings: its manager, `deno test`, `deno lint`, `deno fmt`, `deno check`, as far as they are used here. */
export function* builtInTools(repo: RepoView, manifest: Manifest): Generator<Signal> {
  const { tree, file, dir } = manifest;
  const top = file.at(tree.line);
  yield { kind: 'fact', key: 'package-manager', value: 'deno', dir, source: 'convention', evidence: [top] };
  const imports = tree.get('imports') ?? tree.get('importMap') ?? tree.get('nodeModulesDir');
  if (imports || repo.paths.isFile(inside(dir, 'package.json'))) {
    yield command('install', 'deno install', dir, imports ? file.at(imports.keyLine) : top, 'convention', 0);
  }
  const tested = [...repo.paths.names()].some((name) => TEST_FILE.test(name) && hasFile(repo, name, dir));
  for (const tool of BUILT_IN) {
    const ran = [...manifest.scripts.values()].filter(({ calls }) =>
      calls.some(({ words }) => words[0] === 'deno' && words[1] === tool.verb),
    );
    const named = ran.find(({ name }) => readName(name)?.purposes[tool.purpose] !== undefined);
    const script = named ?? ran[0];
    const section = tree.get(tool.section);
    const line = script?.bodyLine ?? section?.keyLine;
    // Unsaid, formatter and linter are at hand as they come; there is nothing to test or check without a sign of it.
    const unsaid = tool.rivals ? !hasRival(repo, dir, tool.rivals) : tool.verb === 'test' && tested;
    if (line === undefined && !unsaid) continue;
    const evidence = line === undefined ? top : file.at(line);
    const source = file.lines.line(evidence.line).includes(tool.verb) ? 'config' : 'convention';
    yield { kind: 'fact', key: tool.key, value: `deno ${tool.verb}`, dir, source, evidence: [evidence] };
    if (!named) yield command(tool.purpose, tool.run, dir, evidence, source, source === 'config' ? 1 : -1);
  }
  yield* singleTests(manifest, tested || tree.get('test') !== undefined ? top : undefined);
}

/** One file's tests: through the task that runs them all, with that task's permissions, or plainly where `top` says so. */
function* singleTests({ scripts, file, dir }: Manifest, top: Evidence | undefined): Generator<ConventionalCommand> {
  const found = [...scripts.values()].flatMap((script) => {
    const last = script.calls.at(-1);
    const call = last && last.dir === '' ? runnerCall(last) : undefined;
    return call?.framework === 'deno test' ? [{ script, call }] : [];
  });
  const best = found.find(({ script }) => script.name === 'test') ?? found[0];
  if (!best) {
    if (top) yield command('test-single', 'deno test <file>', dir, top, 'convention', 3);
    return;
  }
  const { script, call } = best;
  const at = file.at(script.line);
  if (!call.narrowed && !call.watches) {
    const weight = script.name === 'test' ? 10 : 5;
    yield command('test-single', `${runScript('deno', script.name)} <file>`, dir, at, 'config', weight);
  }
  yield command(
    'test-single',
    ['deno test', ...call.settings, '<file>'].join(' '),
    dir,
    file.at(script.bodyLine),
    'config',
    4,
  );
}

function hasRival(repo: RepoView, dir: string, names: RegExp): boolean {
  for (const name of repo.paths.names()) if (names.test(name) && repo.paths.isFile(inside(dir, name))) return true;
  return false;
}

function hasFile(repo: RepoView, name: string, dir: string): boolean {
  return repo.paths.named(name).some((path) => (dir === '' || path.startsWith(`${dir}/`)) && !isAside(path));
}

function inside(dir: string, name: string): string {
  return dir === '' ? name : `${dir}/${name}`;
}

function command(
  purpose: Purpose,
  run: string,
  dir: string,
  evidence: Evidence,
  source: PlainFact['source'] & ConventionalCommand['source'],
  weight: number,
): ConventionalCommand {
  return { kind: 'command', purpose, run, dir, source, evidence: [evidence], weight };
}
