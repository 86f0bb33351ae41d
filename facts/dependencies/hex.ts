import { ecosystem } from '../ecosystem.ts';
import type { Signal } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';
import { declared, nearestAbove } from './declared.ts';
import { ownVersionAt } from './own-version.ts';

/** mix.exs, whose dependencies are nearly always literal, with what mix.lock pins. */
export const hexDependencies = ecosystem({
  id: 'hex-dependencies',
  title: 'Dependencies of mix.exs',
  files: ['mix.exs', 'mix.lock'],
  depth: 3,
  *detect(repo) {
    const locks = new Map<string, ReadonlyMap<string, string>>();
    for (const file of repo.files) if (file.name === 'mix.lock') locks.set(file.dir, pinsOf(file));
    for (const file of repo.files) {
      if (file.name !== 'mix.exs') continue;
      yield* ofMix(
        file,
        nearestAbove(file.dir, (dir) => locks.get(dir)),
      );
    }
  },
});

const TUPLE = /\{\s*:(\w+)\s*,\s*(?:"([^"]{1,60})")?([^}]{0,400})/g;

function* ofMix(file: SourceFile, pins: ReadonlyMap<string, string> | undefined): Iterable<Signal> {
  let versions = 0;
  for (let line = 1; line <= file.lines.count; line++) {
    const text = file.lines.line(line);
    if (/^\s*#/.test(text) || text.length > 2000) continue;
    const version = /^\s*(?:@version\s+|version:\s*)"([^"]+)"/.exec(text)?.[1];
    if (version !== undefined && versions++ === 0) yield* ownVersionAt(file, line, version);
    for (const [, name = '', range, options = ''] of text.matchAll(TUPLE)) {
      if (range === undefined && !/\b(?:path|git|github|in_umbrella):/.test(options)) continue;
      const dev = /\bonly:\s*(?:\[[^\]]*)?:(?:dev|test|docs)/.test(options) && !/:prod\b/.test(options);
      yield declared('hex', file, line, { name, range, locked: pins?.get(name), dev });
    }
  }
}

/** `"plug": {:hex, :plug, "1.15.0", ...`. */
function pinsOf(file: SourceFile): ReadonlyMap<string, string> {
  const found = file.text.matchAll(/^\s*"(\w{1,100})": \{:hex, :\w{1,100}, "([^"]{1,60})"/gm);
  return new Map([...found].map(([, name, version]) => [name!, version!]));
}
