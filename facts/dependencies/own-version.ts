import type { Tree } from '../parse/tree.ts';
import type { OwnVersion } from '../signal.ts';
import type { SourceFile } from '../source-file.ts';

/** `0.0.0`, `0.0.0-development`: a release writes the real one elsewhere. */
const PLACEHOLDER = /^v?0+(?:\.0+){0,3}(?:$|[-+.](?!\d))/;

/** What a file says is the version of the package it describes; nothing where it names a placeholder or computes it. */
export function* ownVersion(file: SourceFile, version: Tree | undefined, name?: string): Iterable<OwnVersion> {
  // A number of YAML or JSON has lost what it was: `1.10` is 1.1.
  if (typeof version?.value === 'string') yield* ownVersionAt(file, version.keyLine, version.value.trim(), name);
}

/** The same for a version that was found on a line. */
export function* ownVersionAt(file: SourceFile, line: number, version: string, name?: string): Iterable<OwnVersion> {
  if (version.length > 60 || !/^v?\d[\w.+~-]*$/.test(version) || PLACEHOLDER.test(version)) return;
  yield { kind: 'own-version', ...(name ? { name } : {}), version, dir: file.dir, at: file.at(line) };
}
