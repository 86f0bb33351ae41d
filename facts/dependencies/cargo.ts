import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Tree } from '../parse/tree.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersion } from './own-version.ts';
import { type Pins, pinsOfTables, theOne } from './toml-lock.ts';

const SECTIONS = [
  ['dependencies', false],
  ['build-dependencies', true],
  ['dev-dependencies', true],
] as const;

/** Cargo.toml, ranges of the workspace filled in, with what Cargo.lock pins. */
export const cargoDependencies = ecosystem({
  id: 'cargo-dependencies',
  title: 'Dependencies of Cargo.toml',
  files: ['Cargo.toml', 'Cargo.lock'],
  *detect(repo) {
    const locks = new Map(
      repo.files.flatMap((file) => (file.name === 'Cargo.lock' ? [[file.dir, pinsOfTables(file)] as const] : [])),
    );
    for (const file of repo.files) {
      const tree = file.name === 'Cargo.toml' ? file.toml() : undefined;
      if (!tree) continue;
      const pins = nearestAbove(file.dir, (dir) => locks.get(dir));
      const workspace = nearestAbove(file.dir, (dir) => workspaceIn(repo, dir));
      yield* versions(file, tree);
      yield* section(file, tree.get('workspace', 'dependencies'), false, undefined, pins);
      const tables = [tree, ...(tree.get('target')?.entries() ?? []).map(([, target]) => target)];
      for (const table of tables) {
        for (const [name, dev] of SECTIONS) yield* section(file, table.get(name), dev, workspace, pins);
      }
    }
  },
});

function workspaceIn(repo: RepoView, dir: string): Tree | undefined {
  return repo
    .file(dir === '' ? 'Cargo.toml' : `${dir}/Cargo.toml`)
    ?.toml()
    ?.get('workspace');
}

/** `version.workspace = true` is no version: the workspace's own stands for all its members. */
function* versions(file: SourceFile, tree: Tree): Iterable<Signal> {
  yield* ownVersion(file, tree.get('package', 'version'), tree.get('package', 'name')?.text);
  yield* ownVersion(file, tree.get('workspace', 'package', 'version'));
}

function* section(
  file: SourceFile,
  table: Tree | undefined,
  dev: boolean,
  workspace: Tree | undefined,
  pins: Pins | undefined,
): Iterable<Signal> {
  for (const [key, entry] of table?.entries() ?? []) {
    const shared = entry.get('workspace')?.value === true ? workspace?.get('dependencies', key) : undefined;
    const from = shared ?? entry;
    const name = from.get('package')?.text ?? key;
    const range = from.text ?? from.get('version')?.text;
    yield declared('cargo', file, entry.keyLine, { name, range, locked: theOne(pins?.get(name), range), dev });
  }
}
