import type { RepoView } from '../../ecosystem.ts';
import type { Evidence } from '../../fact.ts';
import type { Signal } from '../../signal.ts';
import { command, plain } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import type { DartPackage } from './packages.ts';

/** The folder of a platform, and what builds for it; in the order in which people name them. */
const PLATFORMS: readonly (readonly [folder: string, target: string])[] = [
  ['android', 'apk'],
  ['ios', 'ios'],
  ['web', 'web'],
  ['macos', 'macos'],
  ['linux', 'linux'],
  ['windows', 'windows'],
];

/** What a package is there to start: a Flutter application, or programs in `bin/`. */
export function* programs(repo: RepoView, each: DartPackage, fvm: string): Iterable<Signal> {
  const { dir, name, tree, file } = each;
  const main = at(dir, 'lib/main.dart');
  // A plugin has the folders of platforms too, but nothing to start.
  const isPlugin = tree.get('flutter', 'plugin') !== undefined;
  if (each.flutter && !isPlugin && repo.paths.isFile(main)) {
    yield plain('entrypoint', main, dir, each.at, { source: 'convention', weight: 1 });
    yield command('run', `${fvm}flutter run`, dir, each.at);
    const built = PLATFORMS.filter(([folder]) => repo.paths.hasDir(at(dir, folder)));
    for (const [index, [, target]] of built.entries())
      yield command('build', `${fvm}flutter build ${target}`, dir, each.at, { weight: -index });
    return;
  }
  const executables = tree.get('executables')?.entries() ?? [];
  const bins = repo.paths
    .under(at(dir, 'bin'))
    .map(({ path }) => path)
    .filter((path) => /^[^/]+\.dart$/.test(path.slice(at(dir, 'bin/').length)));
  const lineOf = (path: string): Evidence => {
    const stem = path.replace(/^.*\//, '').replace(/\.dart$/, '');
    const entry = executables.find(([key, script]) => (script.text || key) === stem);
    return entry ? file.at(entry[1].keyLine) : each.at;
  };
  for (const path of bins.slice(0, 10)) yield plain('entrypoint', path, dir, lineOf(path), { source: 'convention' });
  const own = bins.find((path) => path === at(dir, `bin/${name}.dart`));
  const only = own ?? at(dir, 'bin/main.dart');
  if (bins.includes(only)) {
    const script = only.slice(dir === '' ? 0 : dir.length + 1);
    yield command('run', `${fvm}dart run${own ? '' : ` ${script}`}`, dir, lineOf(only));
    yield command('build', `${fvm}dart compile exe ${script}`, dir, lineOf(only), { weight: -3 });
  }
}
