import { type Invocation, invocations } from '../../commands/shell.ts';
import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';

/** One entry of `scripts`. */
export interface Script {
  readonly name: string;
  /** The shell text; the wireit command where the script hands over to wireit. */
  readonly body: string;
  /** The line of its name. */
  readonly line: number;
  /** The line of its shell text: another one where wireit or Deno hold it apart. */
  readonly bodyLine: number;
  /** Its commands, in order. */
  readonly calls: readonly Invocation[];
  /** Scripts of the same package that wireit runs first. */
  readonly wired: readonly string[];
  readonly description: string | undefined;
}

/** What a package.json says, as far as anybody asks. */
export interface Manifest {
  readonly file: SourceFile;
  readonly dir: string;
  readonly tree: Tree;
  readonly name: string | undefined;
  readonly nameLine: number;
  readonly scripts: ReadonlyMap<string, Script>;
  /** Every dependency, development and optional ones included, with its line. */
  readonly dependencies: ReadonlyMap<string, number>;
}

const DEPENDENCY_KEYS = ['peerDependencies', 'optionalDependencies', 'dependencies', 'devDependencies'];

/** Reads a package.json; `undefined` where it holds no object. */
export function readManifest(file: SourceFile): Manifest | undefined {
  const tree = file.json();
  if (tree?.kind !== 'map') return undefined;
  const name = tree.get('name');
  return {
    file,
    dir: file.dir,
    tree,
    name: name?.text?.trim() || undefined,
    nameLine: name?.keyLine ?? tree.line,
    scripts: readScripts(tree),
    dependencies: new Map(
      DEPENDENCY_KEYS.flatMap((key) => tree.get(key)?.entries() ?? []).map(([dependency, at]) => [
        dependency,
        at.keyLine,
      ]),
    ),
  };
}

/** The line of the first of some dependencies that is there. */
export function dependencyLine(manifest: Manifest, names: readonly string[]): number | undefined {
  for (const name of names) {
    const line = manifest.dependencies.get(name);
    if (line !== undefined) return line;
  }
  return undefined;
}

function readScripts(tree: Tree): ReadonlyMap<string, Script> {
  const scripts = new Map<string, Script>();
  for (const [name, at] of tree.get('scripts')?.entries() ?? []) {
    const text = at.text?.trim();
    // `"// build": ""` and `"---": "---"` are headings, not scripts.
    if (!text || !/^[\w@.:]/.test(name)) continue;
    const wired = /^wireit\b/.test(text) ? tree.get('wireit', name) : undefined;
    const body = wired ? (wired.get('command')?.text?.trim() ?? '') : text;
    const calls = invocations(body);
    if (!wired && saysOnly(calls)) continue;
    scripts.set(name, {
      name,
      body,
      line: at.keyLine,
      bodyLine: wired?.get('command')?.keyLine ?? at.keyLine,
      calls,
      wired: (wired?.get('dependencies')?.items() ?? []).flatMap((item) => item.text ?? item.get('script')?.text ?? []),
      description: tree.get('scripts-info', name)?.text,
    });
  }
  return scripts;
}

/** `echo "Error: no test specified" && exit 1`, npm's placeholder, and its like: a name with nothing behind it. */
function saysOnly(calls: readonly Invocation[]): boolean {
  return calls.length > 0 && calls.every(({ words }) => ['echo', 'exit', 'true', ':'].includes(words[0] ?? ''));
}
