import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { SourceFile } from '../../source-file.ts';
import type { Manifest } from './package-json.ts';

export type ManagerName = 'npm' | 'pnpm' | 'yarn' | 'bun' | 'deno';

/** Which manager installs the dependencies of a folder, and why. */
export interface ManagerChoice {
  readonly name: ManagerName;
  readonly version: string | undefined;
  readonly source: 'config' | 'convention';
  /** The line that names it, else a lock file's or a manifest's first. */
  readonly evidence: Evidence;
  /** False where nothing in the folder itself says so. */
  readonly own: boolean;
  readonly lock: string | undefined;
}

const LOCK_FILES: Readonly<Record<string, ManagerName>> = {
  'pnpm-lock.yaml': 'pnpm',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
  'yarn.lock': 'yarn',
  'package-lock.json': 'npm',
  'npm-shrinkwrap.json': 'npm',
};
const NAMES: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun', 'deno'];

/**
 * Chooses by what binds most: `packageManager` (corepack obeys it) > `devEngines` > an `only-allow` guard > the lock file >
 * other files only one manager reads > hints. `inherited` is the choice of the folder above, taken where this one is silent.
 */
export function chooseManager(repo: RepoView, manifest: Manifest, inherited?: ManagerChoice): ManagerChoice {
  const { dir, file } = manifest;
  const locks = lockFiles(repo, dir);
  const told = spelledOut(manifest);
  if (isTorn(repo, dir)) {
    const names = locks.map((path) => path.slice(path.lastIndexOf('/') + 1)).join(', ');
    repo.problem(locks[1]!, `more than one lock file: ${names}`);
  }
  const lockOf = (name: ManagerName): string | undefined => locks.find((path) => managerOfLock(path) === name);
  if (told) return { ...told, own: true, lock: lockOf(told.name) };

  const names = new Set(locks.map(managerOfLock));
  const hint = hints(repo, manifest);
  if (names.size > 0) {
    const chosen =
      (names.size > 1 &&
        ([...(pipelineManagers(repo, names) ?? []), hint?.name].find(
          (name) => name && names.has(name),
        ) as ManagerName)) ||
      managerOfLock(locks[0]!);
    const lock = lockOf(chosen)!;
    // A binary lock file has no lines to show.
    const evidence = lock.endsWith('.lockb') ? file.at(1) : { path: lock, line: 1 };
    const version = hint?.name === chosen ? hint.version : undefined;
    return { name: chosen, version, source: 'convention', evidence, own: true, lock };
  }
  if (hint && (hint.strong || !inherited)) return { ...hint, own: hint.strong, lock: undefined };
  if (inherited) return { ...inherited, own: false, lock: undefined };
  return {
    name: 'npm',
    version: undefined,
    source: 'convention',
    evidence: file.at(manifest.tree.line),
    own: false,
    lock: undefined,
  };
}

/** True where a folder has a lock file of its own. */
export function hasLock(repo: RepoView, dir: string): boolean {
  return lockFiles(repo, dir).length > 0;
}

/** True where lock files of two managers stand side by side and no field of the manifest decides. */
export function isTorn(repo: RepoView, dir: string): boolean {
  return new Set(lockFiles(repo, dir).map(managerOfLock)).size > 1;
}

/** The files in which a pipeline would install: asked only where {@link isTorn}. */
export function pipelineFiles(repo: RepoView): readonly string[] {
  const workflows = repo.paths.under('.github/workflows').map(({ path }) => path);
  return [...workflows.filter((path) => /\.ya?ml$/.test(path)).slice(0, 40), '.gitlab-ci.yml', '.circleci/config.yml'];
}

function lockFiles(repo: RepoView, dir: string): readonly string[] {
  const at = dir === '' ? '' : `${dir}/`;
  return Object.keys(LOCK_FILES).flatMap((name) => (repo.paths.isFile(at + name) ? [at + name] : []));
}

function managerOfLock(path: string): ManagerName {
  return LOCK_FILES[path.slice(path.lastIndexOf('/') + 1)]!;
}

type Told = Pick<ManagerChoice, 'name' | 'version' | 'source' | 'evidence'>;

/** What the manifest says in so many words. */
function spelledOut({ tree, file }: Manifest): Told | undefined {
  const field = tree.get('packageManager');
  const written = /^(\w+)(?:@([^+\s]+))?/.exec(field?.text?.trim() ?? '');
  if (field && written && isName(written[1])) {
    return { name: written[1], version: written[2], source: 'config', evidence: file.at(field.keyLine) };
  }
  const engines = tree.get('devEngines', 'packageManager');
  for (const engine of engines?.kind === 'list' ? engines.items() : engines ? [engines] : []) {
    const name = engine.get('name');
    if (name && isName(name.text)) {
      return {
        name: name.text,
        version: engine.get('version')?.text,
        source: 'config',
        evidence: file.at(name.keyLine),
      };
    }
  }
  const guard = tree.get('scripts', 'preinstall');
  const only = /\bonly-allow (\w+)/.exec(guard?.text ?? '')?.[1];
  if (guard && isName(only))
    return { name: only, version: undefined, source: 'config', evidence: file.at(guard.keyLine) };
  return undefined;
}

type Hint = Told & { readonly strong: boolean };

/** Weaker signs: files that one manager reads, version ranges, pins of tool managers, what other scripts call. */
function hints(repo: RepoView, { tree, file, dir, scripts }: Manifest): Hint | undefined {
  const at = dir === '' ? '' : `${dir}/`;
  const say = (name: ManagerName, evidence: Evidence, strong: boolean, version?: string): Hint => ({
    name,
    version,
    source: strong ? 'config' : 'convention',
    evidence,
    strong,
  });
  for (const [path, name] of [
    ['pnpm-workspace.yaml', 'pnpm'],
    ['.yarnrc.yml', 'yarn'],
    ['bunfig.toml', 'bun'],
  ] as const) {
    if (!repo.paths.isFile(at + path)) continue;
    const read = repo.file(at + path);
    return { ...say(name, read && read.lines.count > 0 ? read.at(1) : file.at(tree.line), true), source: 'convention' };
  }
  const lerna = repo.file(`${at}lerna.json`);
  const client = lerna?.json()?.get('npmClient');
  if (lerna && client && isName(client.text)) return say(client.text, lerna.at(client.keyLine), true);
  for (const section of ['engines', 'volta']) {
    for (const name of ['pnpm', 'yarn', 'bun', 'npm'] as const) {
      const pin = tree.get(section, name);
      // `"npm": "please-use-pnpm"` says the opposite, and a range for npm stands beside any manager.
      if (pin && name !== 'npm' && isVersion(pin.text)) return say(name, file.at(pin.keyLine), false, pin.text);
    }
  }
  if (['deno.json', 'deno.jsonc', 'deno.lock'].some((name) => repo.paths.isFile(at + name))) {
    return say('deno', file.at(tree.line), true);
  }
  const pin = dir === '' ? toolPin(repo) : undefined;
  if (pin) return say(pin.name, pin.evidence, false, pin.version);
  for (const script of scripts.values()) {
    const caller = script.calls.map(({ words }) => words[0]).find((word) => word === 'pnpm' || word === 'yarn');
    if (caller && isName(caller)) return say(caller, file.at(script.line), false);
  }
  return undefined;
}

/** A manager pinned by mise or asdf. */
function toolPin(repo: RepoView): { name: ManagerName; version: string | undefined; evidence: Evidence } | undefined {
  for (const path of ['mise.toml', '.mise.toml']) {
    const file: SourceFile | undefined = repo.file(path);
    for (const [name, at] of file?.toml()?.get('tools')?.entries() ?? []) {
      if (file && isName(name) && name !== 'npm' && name !== 'deno') {
        return { name, version: at.text ?? at.get('version')?.text, evidence: file.at(at.keyLine) };
      }
    }
  }
  const versions = repo.file('.tool-versions');
  const line = versions?.find(/^(?:pnpm|yarn|bun)\s/);
  if (!versions || line === undefined) return undefined;
  const [name, version] = versions.lines.line(line).split(/\s+/);
  return isName(name) ? { name, version, evidence: versions.at(line) } : undefined;
}

/** The managers a pipeline installs with, in the order of their first mention. */
function pipelineManagers(repo: RepoView, among: ReadonlySet<ManagerName>): readonly ManagerName[] | undefined {
  const found = pipelineFiles(repo).flatMap((path) => {
    const text = repo.file(path)?.text ?? '';
    return [...text.matchAll(/(?:^|[\s"'&;(])(npm|pnpm|yarn|bun) (?:ci|i|install)\b/gm)].map(
      (match) => match[1] as ManagerName,
    );
  });
  return found.length > 0 ? [...new Set(found)].filter((name) => among.has(name)) : undefined;
}

function isName(text: string | undefined): text is ManagerName {
  return NAMES.includes(text ?? '');
}

/** A version or a range, not a remark. */
export function isVersion(text: string | undefined): text is string {
  return text !== undefined && /^[\d^~<>=v*x][\w.^~<>=|&*+\s-]*$/.test(text.trim()) && /\d|\*|x/.test(text);
}
