import type { SourceFile } from '../source-file.ts';
import { satisfies } from './versions.ts';

/** The versions that a lock file holds of each name. */
export type Pins = ReadonlyMap<string, readonly string[]>;

/** Cargo.lock, uv.lock, poetry.lock and pdm.lock: tables `[[package]]` that begin with `name = "a"` and `version = "1.2.3"`. */
export function pinsOfTables(file: SourceFile): Pins {
  const pins = new Map<string, string[]>();
  let name: string | undefined;
  for (const line of file.text.split(/\r?\n/)) {
    if (line.startsWith('[')) name = undefined;
    const found = /^(name|version) = "([^"]{1,200})"/.exec(line);
    if (!found) continue;
    if (found[1] === 'name') name = found[2]!;
    else if (name !== undefined) {
      const known = pins.get(name);
      if (known) known.push(found[2]!);
      else pins.set(name, [found[2]!]);
      name = undefined;
    }
  }
  return pins;
}

/** Of several versions the one that a range allows; none where that leaves more than one. */
export function theOne(versions: readonly string[] | undefined, range: string | undefined): string | undefined {
  if (!versions || versions.length <= 1) return versions?.[0];
  const fitting = range === undefined ? [] : versions.filter((version) => satisfies(version, range, 'cargo'));
  return fitting.length === 1 ? fitting[0] : undefined;
}
