import type { RepoView } from '../../ecosystem.ts';
import type { Tree } from '../../parse/tree.ts';
import type { Signal } from '../../signal.ts';
import type { SourceFile } from '../../source-file.ts';
import { plain } from '../native/leads.ts';
import { at, upwards } from '../native/side-folders.ts';

/** Where FVM's settings stand, the newer place first. https://fvm.app/documentation/getting-started/configuration */
const SETTINGS = ['.fvmrc', '.fvm/fvm_config.json'];

/** FVM pins the version of Flutter, and its own command starts the pinned one: `fvm flutter test`. */
export function* fvm(repo: RepoView): Iterable<Signal> {
  for (const file of repo.files) {
    if (!SETTINGS.some((name) => file.path.endsWith(name))) continue;
    const dir = folderOf(file);
    if (fvmFile(repo, dir) !== file) continue;
    const version = versionOf(file);
    if (!version) continue;
    yield plain('runtime.flutter', version.text ?? '', dir, file.at(version.keyLine), { weight: 2 });
    if (isPinned(version))
      yield { kind: 'launcher', language: 'dart', prefix: 'fvm', dir, at: file.at(version.keyLine) };
  }
}

/** What stands before `dart` and `flutter` in a folder: `fvm ` below one that FVM is set up for, else nothing. */
export function starter(repo: RepoView, dir: string): string {
  const settings = upwards(dir).flatMap((above) => fvmFile(repo, above) ?? []);
  return isPinned(settings[0] && versionOf(settings[0])) ? 'fvm ' : '';
}

function fvmFile(repo: RepoView, dir: string): SourceFile | undefined {
  for (const name of SETTINGS) {
    const file = repo.file(at(dir, name));
    if (file) return file;
  }
  return undefined;
}

function folderOf({ path }: SourceFile): string {
  const name = SETTINGS.find((each) => path.endsWith(each))!;
  return path.slice(0, Math.max(0, path.length - name.length - 1));
}

function versionOf(file: SourceFile): Tree | undefined {
  return file.json()?.get(file.name === '.fvmrc' ? 'flutter' : 'flutterSdkVersion');
}

/** A channel (`stable`) is what everybody has anyway: only for a certain version people type `fvm` first. */
function isPinned(version: Tree | undefined): boolean {
  return /^\d/.test(version?.text ?? '');
}
