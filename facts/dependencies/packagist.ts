import { ecosystem } from '../ecosystem.ts';
import type { SourceFile } from '../source-file.ts';
import { declared } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** composer.json with what composer.lock pins. The platform (`php`, `ext-json`) is no package. */
export const packagistDependencies = ecosystem({
  id: 'packagist-dependencies',
  title: 'Dependencies of composer.json',
  files: ['composer.json', 'composer.lock'],
  depth: 3,
  *detect(repo) {
    for (const file of repo.files) {
      const tree = file.name === 'composer.json' ? file.json() : undefined;
      if (!tree) continue;
      yield* ownVersion(file, tree.get('version'), tree.get('name')?.text);
      const lock = repo.file(file.path.replace(/json$/, 'lock'));
      const pins = lock && pinsOf(lock);
      for (const [section, dev] of [
        ['require', false],
        ['require-dev', true],
      ] as const) {
        for (const [name, range] of tree.get(section)?.entries() ?? []) {
          if (!name.includes('/')) continue;
          yield declared('packagist', file, range.keyLine, { name, range: range.text, locked: pins?.get(name), dev });
        }
      }
    }
  },
});

/** `"name": "a/b"` and on the next line `"version": "v1.2.3"`. */
function pinsOf(file: SourceFile): ReadonlyMap<string, string> {
  const found = file.text.matchAll(/"name": "([^"\s]{1,100}\/[^"\s]{1,100})",\s*"version": "(v?\d[^"]{0,60})"/g);
  return new Map([...found].map(([, name, version]) => [name!, version!]));
}
