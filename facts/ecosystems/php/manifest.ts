import type { Tree } from '../../parse/tree.ts';
import { joinPath } from '../../path-index.ts';
import type { SourceFile } from '../../source-file.ts';

/** What a composer.json says, as far as anybody asks. https://getcomposer.org/doc/04-schema.md */
export interface Manifest {
  readonly file: SourceFile;
  readonly dir: string;
  readonly tree: Tree;
  readonly name: string | undefined;
  /** The line of its name, or where it starts. */
  readonly line: number;
  /** Every required package, development ones included, with its line. */
  readonly packages: ReadonlyMap<string, number>;
  readonly scripts: ReadonlyMap<string, Script>;
  /** Where the programs of packages are put, with a slash at the end: `vendor/bin/`. */
  readonly bin: string;
}

/** One entry of `scripts`: what it runs, as shell text, and the scripts it refers to. */
export interface Script {
  readonly name: string;
  readonly line: number;
  readonly body: readonly string[];
  readonly needs: readonly string[];
  readonly description: string | undefined;
}

/** Reads a composer.json; `undefined` where it holds no object. */
export function readManifest(file: SourceFile): Manifest | undefined {
  const tree = file.json();
  if (tree?.kind !== 'map') return undefined;
  const name = tree.get('name');
  return {
    file,
    dir: file.dir,
    tree,
    name: name?.text?.trim() || undefined,
    line: name?.keyLine ?? tree.line,
    packages: new Map(
      ['require-dev', 'require']
        .flatMap((key) => tree.get(key)?.entries() ?? [])
        .map(([required, at]) => [required.toLowerCase(), at.keyLine]),
    ),
    scripts: readScripts(tree),
    bin: binFolder(tree),
  };
}

/** The line of the first of some packages that is required; `phpstan/*` stands for all of a vendor's. */
export function packageLine(manifest: Manifest, names: readonly string[]): number | undefined {
  for (const name of names) {
    if (!name.endsWith('*')) {
      const line = manifest.packages.get(name);
      if (line !== undefined) return line;
      continue;
    }
    for (const [required, line] of manifest.packages) if (required.startsWith(name.slice(0, -1))) return line;
  }
  return undefined;
}

function binFolder(tree: Tree): string {
  const vendor = tree.get('config', 'vendor-dir')?.text ?? 'vendor';
  const bin = joinPath('', tree.get('config', 'bin-dir')?.text ?? `${vendor}/bin`);
  return bin === undefined || !/^[\w./-]+$/.test(bin) ? 'vendor/bin/' : `${bin}/`;
}

function readScripts(tree: Tree): ReadonlyMap<string, Script> {
  const scripts = new Map<string, Script>();
  for (const [name, at] of tree.get('scripts')?.entries() ?? []) {
    // Symfony's `auto-scripts` are a map from command to kind: Flex runs them, nobody else.
    if (at.kind === 'map' || !/^[\w@.:-]+$/.test(name)) continue;
    const body: string[] = [];
    const needs: string[] = [];
    for (const text of at.texts()) {
      const [reference, line] = readLine(text.trim());
      if (reference !== undefined && reference !== name) needs.push(reference);
      if (line !== undefined) body.push(line);
    }
    const description = tree.get('scripts-descriptions', name)?.text;
    scripts.set(name, { name, line: at.keyLine, body, needs, description });
  }
  return scripts;
}

/** A method of a class, or the class of a command: PHP that Composer runs itself. */
const CALLBACK = /^\\?[A-Za-z_]\w*(?:\\\w+)*(?:::\w+)$|^\\?[A-Z]\w*(?:\\\w+)+$/;

/** A script that the line refers to, or the line as shell text. https://getcomposer.org/doc/articles/scripts.md */
function readLine(text: string): readonly [reference: string | undefined, line: string | undefined] {
  const line = text.replace(/@(?:no_)?additional_args\b/g, '').trim();
  if (line === '' || CALLBACK.test(line)) return [undefined, undefined];
  const [, name, rest = ''] = /^@([\w.:-]+)(.*)$/s.exec(line) ?? [];
  if (name === undefined) return [undefined, line];
  if (name === 'php' || name === 'composer') return [undefined, `${name}${rest}`];
  if (name === 'putenv') return [undefined, `export${rest}`];
  return [name, undefined];
}
