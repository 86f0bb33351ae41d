import {
  type Document,
  isCollection,
  isMap,
  isPair,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { keyOf } from './ci-document.ts';

/** So many characters go, and these come. */
export interface Splice {
  readonly at: number;
  readonly length: number;
  readonly insert: string;
}

/** One more item below the last one of a list, with its indentation. */
export function listEdits(text: string, list: YAMLSeq, ref: string): readonly Splice[] | string {
  const dash = dashOf(list);
  if (dash === undefined) return UNUSUAL;
  const indent = text.slice(lineStart(text, dash), dash);
  if (/\S/.test(indent)) return UNUSUAL;
  return below(text, endOf(list), `${indent}- component: ${ref}`);
}

/** A list or mapping in brackets or braces. */
export function flowEdits(node: YAMLSeq | YAMLMap, ref: string, isJson: boolean): readonly Splice[] | string {
  if (!node.range) return UNUSUAL;
  const [start, end] = node.range;
  const item = inFlow(ref, isJson);
  if (isMap(node)) return [insertion(start, '['), insertion(end, `, ${item}]`)];
  const last = node.items.at(-1) as Node | null | undefined;
  if (last === undefined) return [insertion(start + 1, item)];
  const at = isPair(last) ? (last as Pair<Node, Node | null>).value?.range?.[1] : last?.range?.[1];
  return at === undefined ? UNUSUAL : [insertion(at, `, ${item}`)];
}

/**
 * A mapping becomes the first item of a list: its dash stands two columns further out, so that its lines stay as they are.
 * Where there is no room, they all move in by two.
 */
export function mappingEdits(text: string, map: YAMLMap, ref: string): readonly Splice[] | string {
  const [first] = map.items;
  const start = (first?.key as Node | null | undefined)?.range?.[0];
  if (start === undefined) return UNUSUAL;
  const line = lineStart(text, start);
  const indent = text.slice(line, start);
  if (/[^ ]/.test(indent)) return UNUSUAL;
  const end = endOf(map);
  if (indent.length >= 2) {
    const outer = indent.slice(2);
    const added = below(text, end, `${outer}- component: ${ref}`);
    return typeof added === 'string' ? added : [{ at: start - 2, length: 2, insert: '- ' }, ...added];
  }
  const added = below(text, end, `${indent}- component: ${ref}`);
  if (typeof added === 'string') return added;
  const others = [...text.slice(line, end).matchAll(/\n(?=[^\r\n])/g)].map(({ index }) =>
    insertion(line + index + 1, '  '),
  );
  return [insertion(start, '- '), ...others, ...added];
}

/** A file's name becomes the first item of a list; nothing becomes the list. */
export function scalarEdits(
  text: string,
  include: Pair,
  value: Scalar | null,
  ref: string,
  isJson: boolean,
): readonly Splice[] | string {
  const colon = colonOf(include);
  if (colon === undefined) return UNUSUAL;
  if (value === null || value.value === null) return nothingEdits(text, colon, value, ref, isJson);
  if (!value.range) return UNUSUAL;
  const [from, to] = value.range;
  const start = propertiesStart(text, colon, from);
  if (isJson) return [insertion(start, '['), insertion(to, `, ${inFlow(ref, true)}]`)];
  if (text.slice(start, to).includes('\n')) return 'spreads over several lines';
  const key = (include.key as Node).range![0];
  const outer = text.slice(lineStart(text, key), key);
  if (/[^ ]/.test(outer)) return UNUSUAL;
  const gap = text.slice(colon + 1, start);
  const eol = eolBefore(text, start);
  if (!/[\r\n]/.test(gap)) {
    if (/[^ \t]/.test(gap)) return UNUSUAL;
    const added = below(text, to, `${outer}  - component: ${ref}`);
    if (typeof added === 'string') return added;
    return [{ at: colon + 1, length: gap.length, insert: `${eol}${outer}  - ` }, ...added];
  }
  const indent = text.slice(lineStart(text, start), start);
  if (/[^ ]/.test(indent)) return UNUSUAL;
  const added = below(text, to, `${indent}- component: ${ref}`);
  return typeof added === 'string' ? added : [insertion(start, '- '), ...added];
}

function nothingEdits(
  text: string,
  colon: number,
  value: Scalar | null,
  ref: string,
  isJson: boolean,
): readonly Splice[] | string {
  const [from, to] = value?.range ?? [colon + 1, colon + 1];
  const written = text.slice(from, to);
  if (isJson)
    return [{ at: from, length: written.length, insert: `${written === '' ? ' ' : ''}[${inFlow(ref, true)}]` }];
  const gap = text.slice(colon + 1, from);
  if (/\S/.test(gap) || /[\r\n]/.test(gap)) return UNUSUAL;
  const line = lineStart(text, colon);
  const outer = /^ */.exec(text.slice(line))![0];
  const added = below(text, to, `${outer}  - component: ${ref}`);
  if (typeof added === 'string') return added;
  return written === '' ? added : [{ at: colon + 1, length: to - colon - 1, insert: '' }, ...added];
}

/** The first include of a file: above its keys, below what its authors say at its top. */
export function topEdits(
  text: string,
  document: Document.Parsed,
  root: YAMLMap | null,
  ref: string,
): readonly Splice[] | string {
  if (root?.flow) {
    const item = `"include": [${inFlow(ref, true)}]${root.items.length > 0 ? ', ' : ''}`;
    return root.range ? [insertion(root.range[0] + 1, item)] : UNUSUAL;
  }
  const key = root?.items[0]?.key as Node | null | undefined;
  const start = key?.range?.[0];
  if (root !== null && start === undefined) return UNUSUAL;
  const end = start === undefined ? contentEnd(text, document) : lineStart(text, start);
  const indent = start === undefined ? '' : text.slice(end, start);
  if (/[^ ]/.test(indent)) return UNUSUAL;
  const at = topOf(text, end, root ? keyOf(root.items[0]!) : undefined);
  if (at === undefined) return UNUSUAL;
  const eol = eolBefore(text, at);
  const step = root?.items.some(({ value }) => isSeq(value) && !value.flow && isFlush(text, value as YAMLSeq, indent))
    ? ''
    : '  ';
  const lines = [`${indent}include:`, `${indent}${step}- component: ${ref}`];
  const before = at === lineStart(text, at) ? '' : eol;
  const behind = start === undefined ? '' : eol;
  return [insertion(at, `${before}${lines.map((line) => `${line}${eol}`).join('')}${behind}`)];
}

/**
 * Behind the first comment, unless that is about the first key. `undefined` where something else stands there.
 * @param key the first one; `undefined` where there is none.
 */
function topOf(text: string, end: number, key: string | undefined): number | undefined {
  const marker = [...text.slice(0, end).matchAll(/^---(?:[ \t].*)?(?:\r\n|\n|$)/gm)].at(-1);
  const begin = marker ? marker.index + marker[0].length : 0;
  const lines = text.slice(begin, end).match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (lines.some((line) => !/^\s*(?:#|$)/.test(line))) return undefined;
  const isBlank = (line: string): boolean => line.trim() === '';
  const first = lines.findIndex((line) => !isBlank(line));
  if (first < 0) return end;
  const next = lines.findIndex((line, at) => at > first && isBlank(line));
  const offset = (count: number): number => begin + lines.slice(0, count).join('').length;
  if (next < 0) {
    const comment = lines.slice(first).join('');
    const isOfKey = comment.toLowerCase().includes(key?.toLowerCase() ?? '') || lines.length - first === 1;
    return key !== undefined && isOfKey && !ABOUT_THE_FILE.test(comment) ? offset(first) : end;
  }
  const after = lines.findIndex((line, at) => at > next && !isBlank(line));
  return after < 0 ? end : offset(after);
}

const ABOUT_THE_FILE = /yaml-language-server|spdx|copyright|licen[cs]e|\bvim?:|-\*-|yamllint|prettier|\$schema/i;

/** Where a document without content ends: before the line that ends it. */
function contentEnd(text: string, document: Document.Parsed): number {
  const ended = /^\.\.\.\s/m.exec(text.slice(document.range[0]));
  return ended ? document.range[0] + ended.index : text.length;
}

/** A line of its own below whatever ends at `end`. */
function below(text: string, end: number, line: string): readonly Splice[] | string {
  // A block scalar ends with its line.
  if (end > 0 && text[end - 1] === '\n') return [insertion(end, `${line}${eolBefore(text, end)}`)];
  const rest = /^[ \t]*(?:[ \t]#[^\r\n]*)?(\r\n|\n|$)/.exec(text.slice(end));
  if (!rest) return 'goes on in a line with something else';
  const at = end + rest[0].length;
  return rest[1] === '' ? [insertion(at, `${eolBefore(text, at)}${line}`)] : [insertion(at, `${line}${rest[1]}`)];
}

/** The end of what is written of a node: comments behind its last part are none of it. */
function endOf(node: Node): number {
  if (isCollection(node) && !node.flow && node.items.length > 0) {
    const last = node.items.at(-1);
    if (!isPair(last)) return last ? endOf(last as Node) : (node.range?.[1] ?? 0);
    const { key, value } = last as Pair<Node, Node | null>;
    return value?.range ? endOf(value) : (key.range?.[1] ?? 0) + 1;
  }
  return node.range?.[1] ?? 0;
}

function dashOf(list: YAMLSeq): number | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  const dashes = token.items.flatMap(({ start }) => start.filter(({ type }) => type === 'seq-item-ind'));
  return dashes.at(-1)?.offset;
}

function colonOf({ srcToken }: Pair): number | undefined {
  return srcToken?.sep?.find(({ type }) => type === 'map-value-ind')?.offset;
}

/** Where the tag or anchor before a value stands, else the value. */
function propertiesStart(text: string, colon: number, from: number): number {
  const gap = text.slice(colon + 1, from);
  const found = /(?<=^|\s)[!&]\S*\s+(?:[!&]\S*\s+)?$/.exec(gap);
  return found ? colon + 1 + found.index : from;
}

function isFlush(text: string, list: YAMLSeq, indent: string): boolean {
  const dash = dashOf(list);
  return dash !== undefined && dash - lineStart(text, dash) === indent.length;
}

/** @param isJson the whole file is in braces, so it may be JSON, and stays so. */
function inFlow(ref: string, isJson: boolean): string {
  if (isJson) return `{"component": "${ref}"}`;
  return `{ component: ${/[{}]/.test(ref) ? `'${ref}'` : ref} }`;
}

function insertion(at: number, insert: string): Splice {
  return { at, length: 0, insert };
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
}

/** How the line before ends, else the first one of the file. */
function eolBefore(text: string, at: number): string {
  const last = at === 0 ? -1 : text.lastIndexOf('\n', at - 1);
  const end = last >= 0 ? last : text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}

const UNUSUAL = 'is written in a way that an include cannot safely be added to';
