import { invocations } from '../commands/shell.ts';
import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Evidence } from '../fact.ts';
import { shallowFirst } from '../match-files.ts';
import { isAside, joinPath } from '../path-index.ts';
import type { PlainFact, Signal, Task } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { targetSet } from '../target-set.ts';
import { builtInTools } from './deno/tools.ts';
import { isMainLanguage } from './javascript/main-language.ts';
import { runScript } from './javascript/manager-verbs.ts';
import { hasLock } from './javascript/managers.ts';
import { neededScripts } from './javascript/needed-scripts.ts';
import type { Manifest, Script } from './javascript/package-json.ts';
import { workspaceGlobs } from './javascript/workspace-globs.ts';

const CONFIGS = ['deno.json', 'deno.jsonc'];
/** Low enough that npm's or another language's own answer comes first. */
const BESIDE = -20;

/** deno.json: tasks, workspaces, and the tools that Deno brings. A package.json beside it belongs to the javascript plugin. */
export const deno = ecosystem({
  id: 'deno',
  title: 'Deno',
  files: [...CONFIGS, '/.dvmrc', '/.deno-version'],
  depth: 2,
  *follow(repo) {
    for (const file of repo.files) if (CONFIGS.includes(file.name)) yield* memberFiles(repo, file);
  },
  *detect(repo) {
    const configs = new Map<string, SourceFile>();
    for (const file of repo.files) {
      if (CONFIGS.includes(file.name) && !configs.has(file.dir)) configs.set(file.dir, file);
    }
    const members = new Map([...configs.values()].map((file) => [file, memberFiles(repo, file)]));
    const claimed = new Set([...members.values()].flat());
    for (const file of new Set([...configs.values(), ...[...claimed].flatMap((path) => repo.file(path) ?? [])])) {
      const tree = file.json();
      const tasks = tree?.get('tasks');
      if (tree?.kind === 'map')
        yield targetSet(
          'deno',
          file.dir,
          file.at(tasks?.keyLine ?? tree.line),
          tasks?.entries().map(([name]) => name) ?? [],
        );
    }
    for (const file of configs.values()) {
      // A configuration deep in a repository of another kind serves one of its tests or examples.
      if (claimed.has(file.path) || (file.dir !== '' && !file.json()?.get('tasks'))) continue;
      const rest = members.get(file)!.flatMap((path) => repo.file(path) ?? []);
      for (const signal of ofWorkspace(repo, file, rest)) yield isBeside(repo, file) ? demoted(signal) : signal;
    }
    if (configs.has('')) yield* runtimes(repo);
  },
});

/** True where another manager installs, or another language is what the repository is written in. */
function isBeside(repo: RepoView, { dir }: SourceFile): boolean {
  return hasLock(repo, dir) || (dir === '' && !isMainLanguage(repo));
}

function demoted(signal: Signal): Signal {
  return signal.kind === 'fact' || signal.kind === 'command'
    ? { ...signal, weight: (signal.weight ?? 0) + BESIDE }
    : signal;
}

function* ofWorkspace(repo: RepoView, root: SourceFile, members: readonly SourceFile[]): Generator<Signal> {
  const manifest = readTasks(root);
  if (!manifest) return;
  const packages = members.flatMap((file) => readTasks(file) ?? []);
  for (const each of [manifest, ...packages]) {
    yield* tasks(each);
    const main = each.tree.get('exports', '.') ?? each.tree.get('exports');
    const path = main?.text === undefined ? undefined : joinPath(each.dir, main.text);
    if (main && path && repo.paths.isFile(path)) yield fact('entrypoint', path, each.dir, each.file.at(main.line));
  }
  if (packages.length > 1) {
    for (const each of packages) {
      yield fact('workspace', each.name ?? each.dir, each.dir, each.file.at(each.nameLine));
    }
  }
  // Where another manager installs, Deno is only what some tests run in.
  if (hasLock(repo, root.dir)) return;
  yield* builtInTools(repo, manifest);
}

/** A deno.json as the manifest it is to its tasks. */
function readTasks(file: SourceFile): Manifest | undefined {
  const tree = file.json();
  if (tree?.kind !== 'map') return undefined;
  const scripts = new Map<string, Script>();
  for (const [name, at] of tree.get('tasks')?.entries() ?? []) {
    const command = at.kind === 'map' ? at.get('command') : at;
    const body = command?.text?.trim() ?? '';
    const wired = at.get('dependencies')?.texts() ?? [];
    if (body === '' && wired.length === 0) continue;
    const calls = invocations(body);
    scripts.set(name, {
      name,
      body,
      line: at.keyLine,
      bodyLine: command?.keyLine ?? at.keyLine,
      calls,
      wired,
      description: at.get('description')?.text,
    });
  }
  const name = tree.get('name');
  const nameLine = name?.keyLine ?? tree.line;
  return { file, dir: file.dir, tree, name: name?.text || undefined, nameLine, scripts, dependencies: new Map() };
}

function* tasks(manifest: Manifest): Generator<Task> {
  for (const script of manifest.scripts.values()) {
    yield {
      kind: 'task',
      runner: 'deno',
      name: script.name,
      run: runScript('deno', script.name),
      dir: manifest.dir,
      at: manifest.file.at(script.line),
      body: script.body === '' ? [] : script.body.split('\n'),
      needs: neededScripts(script, manifest),
      ...(script.description ? { description: script.description } : {}),
      ...(script.name.startsWith('_') ? { internal: true } : {}),
    };
  }
}

function* runtimes(repo: RepoView): Generator<PlainFact> {
  for (const path of ['.dvmrc', '.deno-version']) {
    const file = repo.file(path);
    const line = file?.find(/^\s*v?\d/);
    if (file && line !== undefined) yield fact('runtime.deno', file.lines.line(line).trim(), '', file.at(line));
  }
}

const MAX_MEMBERS = 1000;

/** The configurations of a workspace's members: `workspace` lists folders and globs, or holds them as `members`. */
function memberFiles(repo: RepoView, root: SourceFile): readonly string[] {
  const field = root.json()?.get('workspace');
  const patterns = (field?.kind === 'map' ? field.get('members') : field)?.texts() ?? [];
  if (patterns.length === 0) return [];
  const { matches, odd } = workspaceGlobs(patterns);
  for (const pattern of odd) repo.problem(root.path, `workspace pattern not understood: ${pattern.slice(0, 80)}`);
  const prefix = root.dir === '' ? '' : `${root.dir}/`;
  const byDir = new Map<string, string>();
  for (const name of CONFIGS) {
    for (const path of repo.paths.named(name)) {
      const dir = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      if (!dir.startsWith(prefix) || dir === root.dir || byDir.has(dir) || isAside(path) || !repo.paths.isFile(path))
        continue;
      if (matches(dir.slice(prefix.length))) byDir.set(dir, path);
    }
  }
  return [...byDir.values()].sort(shallowFirst).slice(0, MAX_MEMBERS);
}

function fact(key: string, value: string, dir: string, evidence: Evidence): PlainFact {
  return { kind: 'fact', key, value, dir, source: 'config', evidence: [evidence] };
}
