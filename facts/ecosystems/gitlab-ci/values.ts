import type { Tree } from '../../parse/tree.ts';
import type { SourceFile } from '../../source-file.ts';

/**
 * A value of a configuration that several files make up, which still knows where it stands. Maps are taken apart, for
 * they are merged key by key; lists and scalars are replaced whole, so their trees are kept as they are.
 */
export interface Value {
  readonly tree: Tree;
  readonly source: Source;
  /** The entries of a map; `undefined` for anything else. */
  readonly entries: Entries | undefined;
}

export type Entries = ReadonlyMap<string, Value>;

/** One inclusion of a file: the same file may be included again with other inputs. */
export interface Source {
  readonly file: SourceFile;
  readonly inputs: Entries;
  /** The `rules` of the includes that brought it, outermost first: each has to let it in. */
  readonly gates: readonly Value[];
}

/** A tree of a file as a value, with `$[[ inputs.x ]]` replaced. */
export function toValue(tree: Tree, source: Source): Value {
  const input = tree.text === undefined ? undefined : WHOLE_INPUT.exec(tree.text)?.[1];
  const given = input === undefined ? undefined : source.inputs.get(input);
  if (given !== undefined) return given;
  if (tree.kind !== 'map') return { tree, source, entries: undefined };
  const entries = new Map<string, Value>();
  // The last of duplicate keys wins, in the place of the first.
  for (const [key, value] of tree.entries()) entries.set(withInputs(key, source), toValue(value, source));
  return { tree, source, entries };
}

/** The text of a scalar; `undefined` for anything else. */
export function textOf(value: Value | undefined): string | undefined {
  const text = value?.tree.text;
  return text === undefined ? undefined : withInputs(text, value!.source);
}

/** A line of a script and where it stands. */
export interface ScriptLine {
  readonly text: string;
  readonly path: string;
  readonly line: number;
}

/** The lines of a scalar, without the blank ones at its end. */
export function linesOf({ tree, source }: Value): readonly ScriptLine[] {
  const lines = tree
    .textLines()
    .map(({ text, line }) => ({ text: withInputs(text, source), path: source.file.path, line }));
  return lines.slice(0, lines.findLastIndex(({ text }) => text.trim() !== '') + 1);
}

/** Maps are merged to any depth; for everything else the later value wins (GitLab: "Merge details" of `extends` and `include`). */
export function merged(base: Entries, over: Entries): Entries {
  const result = new Map(base);
  for (const [key, value] of over) {
    const below = result.get(key)?.entries;
    result.set(key, below && value.entries ? { ...value, entries: merged(below, value.entries) } : value);
  }
  return result;
}

const WHOLE_INPUT = /^\$\[\[\s*inputs\.([\w-]+)\s*\]\]$/;
const INPUT = /\$\[\[\s*inputs\.([\w-]+)\s*(?:\|[^[\]]*)?\]\]/g;

/** Inputs that nobody gives, and lists within a text, stay as they are written. */
function withInputs(text: string, source: Source): string {
  if (!text.includes('$[[')) return text;
  return text.replace(INPUT, (whole, name: string) => source.inputs.get(name)?.tree.text ?? whole);
}
