import { ecosystem } from '../ecosystem.ts';
import type { SourceFile } from '../source-file.ts';
import { declared } from './declared.ts';
import { ownVersion } from './own-version.ts';

/** The import map of deno.json: `jsr:@std/assert@^1.0.0`, `npm:chalk@5`; what deno.lock resolves them to. */
export const denoDependencies = ecosystem({
  id: 'deno-dependencies',
  title: 'Dependencies of deno.json',
  files: ['deno.json', 'deno.jsonc', '/deno.lock'],
  depth: 3,
  *detect(repo) {
    const lock = repo.file('deno.lock');
    const pins = lock ? pinsOf(lock) : undefined;
    for (const file of repo.files) {
      const tree = file.name === 'deno.lock' ? undefined : file.json();
      if (!tree) continue;
      yield* ownVersion(file, tree.get('version'), tree.get('name')?.text);
      for (const [, target] of tree.get('imports')?.entries() ?? []) {
        const found = /^(jsr|npm):\/?(@?[^@]{1,200})(?:@([^/]{1,60}))?/.exec(target.text ?? '');
        if (!found) continue;
        const [, registry = '', name = '', range] = found;
        const locked = pins?.get(`${registry}:${name}@${range ?? '*'}`);
        yield declared(registry, file, target.keyLine, { name, range, locked });
      }
    }
  },
});

/** `"jsr:@std/assert@1": "1.0.13"`; npm's may have peers behind a `_`. */
function pinsOf(file: SourceFile): ReadonlyMap<string, string> {
  const found = file.text.matchAll(/"((?:jsr|npm):[^"\s]{1,250})": "(\d[\w.-]{0,60}?)(?:_[^"]*)?"/g);
  return new Map([...found].map(([, name, version]) => [name!, version!]));
}
