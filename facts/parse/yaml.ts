import { Composer, type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, Parser, type Scalar } from 'yaml';
import type { LineIndex } from './lines.ts';
import { Tree } from './tree.ts';

/** Anchors make a small file describe a huge one; beyond this many values the rest is left out. */
const MAX_NODES = 100_000;
/** A file with this many errors is none that anybody reads: what comes after them is left out. */
const MAX_ERRORS = 100;

/** Parses every document of a YAML file; aliases and merge keys are resolved, tags such as `!reference` are kept. */
export function parseYaml(
  text: string,
  lines: LineIndex,
  problem: (message: string, line?: number) => void,
): readonly Tree[] {
  const { documents, stoppedAt } = withoutStackTraces(() => compose(text));
  const budget = { left: MAX_NODES };
  const trees: Tree[] = [];
  for (const document of documents) {
    const error = document.errors[0];
    if (error) problem(`not valid YAML: ${error.message.split('\n')[0]}`, lines.lineAt(error.pos[0]));
    if (document.contents)
      trees.push(
        toTree(document.contents as Node, undefined, {
          lines,
          text,
          budget,
          anchors: new Map(),
          seen: new Set(),
          open: new Set(),
        }),
      );
  }
  if (stoppedAt !== undefined)
    problem(`more than ${MAX_ERRORS} errors: what follows was left out`, lines.lineAt(stoppedAt));
  if (budget.left <= 0) problem(`more than ${MAX_NODES} values once its anchors are resolved: the rest was left out`);
  return trees;
}

/** What the library's `parseAllDocuments` does, up to the last error that is worth reading on after. */
function compose(text: string): { readonly documents: readonly Document.Parsed[]; readonly stoppedAt?: number } {
  const composer = new Composer({ merge: true, strict: false, uniqueKeys: false, logLevel: 'silent' });
  const documents: Document.Parsed[] = [];
  let errors = 0;
  for (const token of new Parser().parse(text)) {
    if (token.type === 'error') errors++;
    for (const document of composer.next(token)) {
      documents.push(document);
      errors += document.errors.length;
    }
    if (errors <= MAX_ERRORS) continue;
    documents.push(...composer.end());
    return { documents, stoppedAt: 'offset' in token ? token.offset : 0 };
  }
  documents.push(...composer.end());
  return { documents };
}

/** One document may hold an error on every line, and nobody looks at where each was made: that costs most of the time. */
export function withoutStackTraces<T>(run: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return run();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

interface Context {
  readonly lines: LineIndex;
  readonly text: string;
  readonly budget: { left: number };
  /** The latest node of each anchor so far: the library looks through the whole document for every alias. */
  readonly anchors: Map<string, Node>;
  readonly seen: Set<Node>;
  /** Alias targets being resolved: an anchor may not hold itself. */
  readonly open: Set<Node>;
}

function toTree(node: Node | null | undefined, keyLine: number | undefined, context: Context): Tree {
  const line = node?.range ? context.lines.lineAt(node.range[0]) : (keyLine ?? 1);
  const nothing = new Tree({ kind: 'scalar', line, keyLine: keyLine ?? line, value: null });
  if (!node || context.budget.left-- <= 0) return nothing;
  if (isAlias(node)) {
    const target = context.anchors.get(node.source);
    if (!target || context.open.has(target)) return nothing;
    context.open.add(target);
    const tree = toTree(target, keyLine, context);
    context.open.delete(target);
    return tree;
  }
  if (node.anchor !== undefined && !context.seen.has(node)) {
    context.seen.add(node);
    context.anchors.set(node.anchor, node);
  }
  const tag = node.tag?.startsWith('!') ? node.tag : undefined;
  if (isMap(node)) {
    const entries: (readonly [string, Tree])[] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = pair.key as Scalar | null;
      // The `merge` option hands the merge key out as a symbol.
      const name = isScalar(key) ? (typeof key.value === 'symbol' ? '<<' : String(key.value)) : '';
      const at = key?.range ? context.lines.lineAt(key.range[0]) : line;
      const value = toTree(pair.value as Node | null, at, context);
      // A merged map comes first: keys written here win over it, see Tree.get.
      if (name === '<<') entries.unshift(...mergedEntries(value));
      else entries.push([name, value]);
    }
    return new Tree({ kind: 'map', line, keyLine: keyLine ?? line, tag, entries });
  }
  if (isSeq(node)) {
    const entries = node.items.map((item, i): [string, Tree] => [String(i), toTree(item as Node, undefined, context)]);
    return new Tree({ kind: 'list', line, keyLine: keyLine ?? line, tag, entries });
  }
  if (isScalar(node)) {
    return new Tree({
      kind: 'scalar',
      line,
      keyLine: keyLine ?? line,
      tag,
      value: node.value,
      lines: linesOf(node, context),
    });
  }
  return nothing;
}

function mergedEntries(value: Tree): readonly (readonly [string, Tree])[] {
  // Of several merged maps the first wins, so it has to come last.
  return value.kind === 'list'
    ? value
        .items()
        .toReversed()
        .flatMap((item) => item.entries())
    : value.entries();
}

/** The file's line of each line of a block scalar. */
function linesOf(node: Scalar, context: Context): readonly number[] | undefined {
  if (!node.range || typeof node.value !== 'string' || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED'))
    return undefined;
  const first = context.lines.lineAt(node.range[0]) + 1;
  if (node.type === 'BLOCK_LITERAL') return Array.from({ length: node.value.split('\n').length }, (_, i) => first + i);
  const last = context.lines.lineAt(Math.max(node.range[0], node.range[1] - 1));
  return foldedLines(
    Array.from({ length: last - first + 1 }, (_, i) => context.lines.line(first + i)),
    first,
  );
}

/**
 * Where the lines of a folded scalar (`>`) start. Lines of one indentation are one line; a line break counts where a
 * line is blank or stands further in (YAML 1.2.2, 8.1.3).
 */
function foldedLines(raw: readonly string[], first: number): readonly number[] {
  const indent = (line: string): number => line.length - line.trimStart().length;
  const opening = raw.findIndex((line) => line.trim() !== '');
  if (opening < 0) return [first];
  const base = indent(raw[opening]!);
  const starts = Array.from({ length: opening + 1 }, (_, i) => first + i);
  let further = false;
  let blanks = 0;
  for (let i = opening + 1; i < raw.length; i++) {
    const line = raw[i]!;
    if (line.trim() === '') {
      blanks++;
      continue;
    }
    const wasFurther = further;
    further = indent(line) > base;
    const breaks = blanks + (wasFurther || further ? 1 : blanks > 0 ? 0 : -1);
    // Every break but the last opens an empty line.
    for (let empty = breaks - 1; empty > 0; empty--) starts.push(first + i - empty);
    if (breaks > 0) starts.push(first + i);
    blanks = 0;
  }
  return starts;
}
