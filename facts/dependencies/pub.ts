import { ecosystem } from '../ecosystem.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** pubspec.yaml with what pubspec.lock pins. What an SDK brings has no version of its own. */
export const pubDependencies = ecosystem({
  id: 'pub-dependencies',
  title: 'Dependencies of pubspec.yaml',
  files: ['pubspec.yaml', 'pubspec.lock'],
  depth: 3,
  *detect(repo) {
    const locks = new Map<string, ReadonlyMap<string, string>>();
    for (const file of repo.files) if (file.name === 'pubspec.lock') locks.set(file.dir, pinsOf(file));
    for (const file of repo.files) {
      const tree = file.name === 'pubspec.yaml' ? file.yaml() : undefined;
      if (!tree) continue;
      yield* ownVersion(file, tree.get('version'), tree.get('name')?.text);
      const pins = nearestAbove(file.dir, (dir) => locks.get(dir));
      for (const [section, dev] of [
        ['dependencies', false],
        ['dev_dependencies', true],
      ] as const) {
        for (const [name, entry] of tree.get(section)?.entries() ?? []) {
          const range = entry.text ?? entry.get('version')?.text;
          yield declared('pub', file, entry.keyLine, { name, range, locked: pins?.get(name), dev });
        }
      }
    }
  },
});

/** A name two spaces in, its `version:` four. */
function pinsOf(file: SourceFile): ReadonlyMap<string, string> {
  const pins = new Map<string, string>();
  let name = '';
  for (const line of file.text.split(/\r?\n/)) {
    const found = /^(?: {2}(\w+):|\s{4}version: "?([^"\s]{1,60})"?)\s*$/.exec(line);
    if (found?.[1] !== undefined) name = found[1];
    else if (found?.[2] !== undefined) pins.set(name, found[2]);
  }
  return pins;
}
