import { ecosystem } from '../ecosystem.ts';
import { parseIni } from '../parse/ini.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersion } from './own-version.ts';
import { readRequirement, requirementsIn } from './requirements.ts';
import { type Pins, pinsOfTables, theOne } from './toml-lock.ts';

const LOCKS = ['uv.lock', 'poetry.lock', 'pdm.lock'];

/** pyproject.toml in all its dialects, setup.cfg, setup.py, Pipfile and requirements files, with what a lock file pins. */
export const pypiDependencies = ecosystem({
  id: 'pypi-dependencies',
  title: 'Dependencies of Python projects',
  files: [
    'pyproject.toml',
    'hatch.toml',
    'setup.cfg',
    'setup.py',
    'Pipfile',
    '*requirements*.txt',
    '*requirements*.in',
    'requirements/*.txt',
    '*/requirements/*.txt',
    ...LOCKS,
  ],
  depth: 3,
  *detect(repo) {
    const locks = new Map<string, Pins>();
    for (const file of repo.files) if (LOCKS.includes(file.name)) locks.set(file.dir, pinsOfTables(file));
    for (const file of repo.files) {
      if (LOCKS.includes(file.name)) continue;
      yield* versions(file);
      const pins = nearestAbove(file.dir, (dir) => locks.get(dir));
      const seen = new Set<string>();
      for (const { text, range, line, dev } of declarations(file)) {
        const asked = readRequirement(text);
        const wanted = range ?? asked?.range;
        const key = `${asked?.name}\0${wanted}`;
        if (!asked || asked.name === 'python' || seen.has(key)) continue;
        seen.add(key);
        const locked = theOne(pins?.get(normalised(asked.name)), undefined);
        yield declared('pypi', file, line, { name: asked.name, range: wanted, locked, dev });
      }
    }
  },
});

/** PEP 503: `Foo_Bar` is `foo-bar`. */
function normalised(name: string): string {
  return name.replace(/[-_.]{1,64}/g, '-').toLowerCase();
}

function* versions(file: SourceFile): Iterable<Signal> {
  if (file.name === 'pyproject.toml') {
    const tree = file.toml();
    const name = tree?.get('project', 'name')?.text ?? tree?.get('tool', 'poetry', 'name')?.text;
    yield* ownVersion(file, tree?.get('project', 'version') ?? tree?.get('tool', 'poetry', 'version'), name);
  }
  if (file.name === 'setup.cfg') {
    const metadata = parseIni(file.text).get('metadata');
    yield* ownVersion(file, metadata?.get('version'), metadata?.get('name')?.text);
  }
}

/** One dependency as it is written; `range` where the name stands apart from it. */
interface Written {
  readonly text: string;
  readonly range?: string | undefined;
  readonly line: number;
  readonly dev: boolean;
}

function declarations(file: SourceFile): Iterable<Written> {
  switch (file.name) {
    case 'pyproject.toml':
      return ofPyproject(file.toml());
    case 'hatch.toml':
      return environments(file.toml()?.get('envs'));
    case 'setup.cfg':
      return ofSetupCfg(parseIni(file.text));
    case 'setup.py':
      return ofSetupPy(file);
    case 'Pipfile':
      return ofPipfile(file.toml());
    default:
      return requirementsIn(file);
  }
}

function* ofPyproject(tree: Tree | undefined): Iterable<Written> {
  const project = tree?.get('project');
  yield* listed(project?.get('dependencies'), false);
  for (const [extra, list] of project?.get('optional-dependencies')?.entries() ?? []) yield* listed(list, isDev(extra));
  for (const [, list] of tree?.get('dependency-groups')?.entries() ?? []) yield* listed(list, true);
  const tool = tree?.get('tool');
  yield* listed(tool?.get('uv', 'dev-dependencies'), true);
  for (const [, list] of tool?.get('pdm', 'dev-dependencies')?.entries() ?? []) yield* listed(list, true);
  yield* environments(tool?.get('hatch', 'envs'));
  const poetry = tool?.get('poetry');
  yield* keyed(poetry?.get('dependencies'), false);
  yield* keyed(poetry?.get('dev-dependencies'), true);
  for (const [, group] of poetry?.get('group')?.entries() ?? []) yield* keyed(group.get('dependencies'), true);
}

function* environments(envs: Tree | undefined): Iterable<Written> {
  for (const [, env] of envs?.entries() ?? []) {
    yield* listed(env.get('dependencies'), true);
    yield* listed(env.get('extra-dependencies'), true);
  }
}

function* ofSetupCfg(tree: Tree): Iterable<Written> {
  yield* lined(tree.get('options', 'install_requires'), false);
  yield* lined(tree.get('options', 'tests_require'), true);
  for (const [extra, value] of tree.get('options.extras_require')?.entries() ?? []) yield* lined(value, isDev(extra));
}

/** setup.py is a program that is not run: the strings within the brackets after `install_requires =` and its like are told. */
function* ofSetupPy(file: SourceFile): Iterable<Written> {
  let depth = 0;
  let dev = false;
  for (let number = 1; number <= file.lines.count; number++) {
    const line = file.lines.line(number);
    if (line.length > 2000 || line.trimStart().startsWith('#')) continue;
    const opens = depth === 0 ? /^\s*(\w*(?:require|deps|dependencies|extras)\w*)\s*=\s*(?=[[{(])/i.exec(line) : null;
    if (depth === 0 && !opens) continue;
    if (opens) dev = isDev(opens[1]!);
    const rest = line.slice(opens?.[0].length ?? 0);
    for (const [, text = '', key] of rest.matchAll(/['"]([^'"]{1,200})['"](\s*:)?/g)) {
      if (key) dev = isDev(text);
      else yield { text, line: number, dev };
    }
    depth = Math.max(0, depth + rest.split(/[[{(]/).length - rest.split(/[\]})]/).length);
  }
}

function* ofPipfile(tree: Tree | undefined): Iterable<Written> {
  yield* keyed(tree?.get('packages'), false);
  yield* keyed(tree?.get('dev-packages'), true);
}

/** What extras for people who work on the project are called. */
function isDev(extra: string): boolean {
  return /^(?:dev|develop|development|tests?|testing|lint|docs?|typing|ci|tests_require)$|[-_](?:dev|tests?)$/i.test(
    extra,
  );
}

function* listed(list: Tree | undefined, dev: boolean): Iterable<Written> {
  for (const item of list?.items() ?? []) {
    if (item.text !== undefined) yield { text: item.text, line: item.line, dev };
  }
}

/** Poetry and Pipfile: `name = "^1.0"` or `name = { version = "^1.0" }`. */
function* keyed(table: Tree | undefined, dev: boolean): Iterable<Written> {
  for (const [text, value] of table?.entries() ?? [])
    yield { text, range: value.text ?? value.get('version')?.text ?? '', line: value.keyLine, dev };
}

function* lined(value: Tree | undefined, dev: boolean): Iterable<Written> {
  for (const { text, line } of value?.textLines() ?? []) yield { text, line, dev };
}
