import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { NPM_LOCKS, type NpmLock, readNpmLock } from './npm-locks.ts';
import { ownVersion } from './own-version.ts';

const SECTIONS = [
  ['dependencies', false],
  ['optionalDependencies', false],
  ['peerDependencies', false],
  ['devDependencies', true],
] as const;

/** package.json with what its lock file pins; lerna.json for the version of all packages together. */
export const npmDependencies = ecosystem({
  id: 'npm-dependencies',
  title: 'Dependencies of package.json',
  files: ['package.json', 'lerna.json', '/pnpm-workspace.yaml', '/.yarnrc.yml', ...NPM_LOCKS],
  depth: 3,
  *detect(repo) {
    const locks = new Map<string, NpmLock | undefined>();
    const lockOf = (file: SourceFile): NpmLock | undefined => {
      if (!locks.has(file.path)) locks.set(file.path, readNpmLock(file));
      return locks.get(file.path);
    };
    for (const file of repo.files) {
      if (file.name === 'lerna.json') yield* ownVersion(file, file.json()?.get('version'));
      if (file.name !== 'package.json') continue;
      const tree = file.json();
      if (tree?.kind !== 'map') continue;
      yield* ownVersion(file, tree.get('version'), tree.get('name')?.text);
      yield* ofManifest(repo, file, tree, lockOf);
    }
  },
});

function* ofManifest(
  repo: RepoView,
  file: SourceFile,
  tree: Tree,
  lockOf: (file: SourceFile) => NpmLock | undefined,
): Iterable<Signal> {
  const lock = nearestAbove(file.dir, (dir) => lockIn(repo, dir));
  const member = lock ? file.dir.slice(lock.dir === '' ? 0 : lock.dir.length + 1) : '';
  const seen = new Set<string>();
  for (const [section, dev] of SECTIONS) {
    for (const [name, entry] of tree.get(section)?.entries() ?? []) {
      const written = entry.text;
      // What is a peer is often a development dependency too: the one that gets installed is told.
      if (
        written === undefined ||
        seen.has(name) ||
        (section === 'peerDependencies' && tree.get('devDependencies', name))
      )
        continue;
      seen.add(name);
      const range = written.startsWith('catalog:') ? catalogRange(repo, name, written.slice(8).trim()) : written;
      const locked = lock && lockOf(lock)?.pinned(member, name, range);
      yield declared('npm', file, entry.keyLine, { name, range, locked, dev });
    }
  }
}

function lockIn(repo: RepoView, dir: string): SourceFile | undefined {
  for (const name of NPM_LOCKS) {
    const file = repo.file(dir === '' ? name : `${dir}/${name}`);
    if (file) return file;
  }
  return undefined;
}

/** pnpm, yarn and bun keep ranges that members share in one place: `catalog:` or `catalog:name`. */
function catalogRange(repo: RepoView, name: string, catalog: string): string | undefined {
  const roots = [
    repo.file('pnpm-workspace.yaml')?.yaml(),
    repo.file('.yarnrc.yml')?.yaml(),
    repo.file('package.json')?.json(),
    repo.file('package.json')?.json()?.get('workspaces'),
  ];
  for (const root of roots) {
    const found =
      catalog === '' || catalog === 'default'
        ? (root?.get('catalog', name) ?? root?.get('catalogs', 'default', name))
        : root?.get('catalogs', catalog, name);
    if (found?.text !== undefined) return found.text;
  }
  return undefined;
}
