import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, parseAllDocuments, type Scalar } from 'yaml';
import type { LineIndex } from './lines.ts';
import { Tree } from './tree.ts';

/** Anchors make a small file describe a huge one; beyond this many values the rest is left out. */
const MAX_NODES = 100_000;

/** Parses every document of a YAML file; aliases and merge keys are resolved, tags such as `!reference` are kept. */
export function parseYaml(text: string, lines: LineIndex, problem: (message: string, line?: number) => void): readonly Tree[] {
  const documents = parseAllDocuments(text, {
    merge: true,
    strict: false,
    uniqueKeys: false,
    logLevel: 'silent',
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return [];
  const budget = { left: MAX_NODES };
  const trees: Tree[] = [];
  for (const document of documents as Document.Parsed[]) {
    const error = document.errors[0];
    if (error) problem(`not valid YAML: ${error.message.split('\n')[0]}`, lines.lineAt(error.pos[0]));
    if (document.contents) trees.push(toTree(document.contents as Node, undefined, { document, lines, text, budget, open: new Set() }));
  }
  if (budget.left <= 0) problem(`more than ${MAX_NODES} values once its anchors are resolved: the rest was left out`);
  return trees;
}

interface Context {
  readonly document: Document;
  readonly lines: LineIndex;
  readonly text: string;
  readonly budget: { left: number };
  /** Alias targets being resolved: an anchor may not hold itself. */
  readonly open: Set<Node>;
}

function toTree(node: Node | null | undefined, keyLine: number | undefined, context: Context): Tree {
  const line = node?.range ? context.lines.lineAt(node.range[0]) : (keyLine ?? 1);
  const nothing = new Tree({ kind: 'scalar', line, keyLine: keyLine ?? line, value: null });
  if (!node || context.budget.left-- <= 0) return nothing;
  if (isAlias(node)) {
    const target = node.resolve(context.document);
    if (!target || context.open.has(target)) return nothing;
    context.open.add(target);
    const tree = toTree(target, keyLine, context);
    context.open.delete(target);
    return tree;
  }
  const tag = node.tag?.startsWith('!') ? node.tag : undefined;
  if (isMap(node)) {
    const entries: (readonly [string, Tree])[] = [];
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = pair.key as Scalar | null;
      const name = isScalar(key) ? String(key.value) : '';
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
    return new Tree({ kind: 'scalar', line, keyLine: keyLine ?? line, tag, value: node.value, lines: linesOf(node, context) });
  }
  return nothing;
}

function mergedEntries(value: Tree): readonly (readonly [string, Tree])[] {
  // Of several merged maps the first wins, so it has to come last.
  return value.kind === 'list' ? value.items().toReversed().flatMap((item) => item.entries()) : value.entries();
}

/** The file's line of each line of a block scalar: literal ones line by line, folded ones by the paragraph's first. */
function linesOf(node: Scalar, context: Context): readonly number[] | undefined {
  if (!node.range || typeof node.value !== 'string' || (node.type !== 'BLOCK_LITERAL' && node.type !== 'BLOCK_FOLDED')) return undefined;
  const first = context.lines.lineAt(node.range[0]) + 1;
  const count = node.value.split('\n').length;
  if (node.type === 'BLOCK_LITERAL') return Array.from({ length: count }, (_, i) => first + i);
  const last = context.lines.lineAt(Math.max(node.range[0], node.range[1] - 1));
  const starts: number[] = [];
  let opening = true;
  for (let line = first; line <= last; line++) {
    const blank = context.lines.line(line).trim() === '';
    if (!blank && opening) starts.push(line);
    if (blank) starts.push(line);
    opening = blank;
  }
  return starts.length ? starts : [first];
}
