import type { RepoView } from '../../ecosystem.ts';
import type { Signal } from '../../signal.ts';
import { command } from '../native/leads.ts';
import { at } from '../native/side-folders.ts';
import type { DartPackage } from './packages.ts';

/** What makes the code of a package that nobody writes by hand. */
export function* generators(repo: RepoView, each: DartPackage, fvm: string): Iterable<Signal> {
  const { dir, file, tree } = each;
  const dependency = (name: string) => tree.get('dev_dependencies', name) ?? tree.get('dependencies', name);
  const runner = dependency('build_runner');
  if (runner)
    yield command('generate', `${fvm}dart run build_runner build`, dir, file.at(runner.keyLine), { source: 'config' });
  const slang = dependency('slang') ?? dependency('slang_flutter');
  if (slang) yield command('generate', `${fvm}dart run slang`, dir, file.at(slang.keyLine), { weight: -1 });
  const messages = repo.file(at(dir, 'l10n.yaml'));
  if (messages && each.flutter) {
    const line = messages.find(/^[\w-]+\s*:/) ?? 1;
    yield command('generate', `${fvm}flutter gen-l10n`, dir, messages.at(line), { weight: -1 });
  }
}
