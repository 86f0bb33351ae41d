import { ecosystem, type RepoView } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { command, plain } from './native/leads.ts';
import { at, isNoLead, isWithin } from './native/side-folders.ts';

const TEST_LIBRARIES = ['gleeunit', 'startest', 'birdie', 'qcheck', 'glacier'];

/** Gleam: one program builds, tests, formats and fetches. https://gleam.run/writing-gleam/gleam-toml/ */
export const gleam = ecosystem({
  id: 'gleam',
  title: 'Gleam',
  files: ['gleam.toml'],
  depth: 2,
  *detect(repo) {
    const manifests = repo.files.filter(({ dir }) => !isNoLead(dir));
    for (const file of manifests) {
      if (file.toml()?.get('name')?.text === undefined) continue;
      if (manifests.some(({ dir }) => dir !== file.dir && isWithin(file.dir, dir))) continue;
      yield* project(repo, file);
    }
  },
});

function* project(repo: RepoView, file: SourceFile): Iterable<Signal> {
  const { dir } = file;
  const tree = file.toml();
  const name = file.at(tree?.get('name')?.keyLine ?? 1);
  yield plain('package-manager', 'gleam', dir, name);
  yield plain('build-system', 'gleam', dir, name);
  const version = tree?.get('gleam');
  if (version?.text !== undefined) yield plain('runtime.gleam', version.text, dir, file.at(version.keyLine));
  for (const library of TEST_LIBRARIES) {
    const found = tree?.get('dev-dependencies', library) ?? tree?.get('dev_dependencies', library);
    if (found) yield plain('test-framework', library, dir, file.at(found.keyLine));
  }
  yield command('install', 'gleam deps download', dir, name);
  yield command('build', 'gleam build', dir, name);
  yield command('typecheck', 'gleam check', dir, name);
  yield command('format', 'gleam format', dir, name);
  yield plain('formatter', 'gleam format', dir, name, { source: 'convention' });
  if (repo.paths.hasDir(at(dir, 'test'))) yield command('test', 'gleam test', dir, name);
}
