import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { withoutStackTraces } from '../../facts/parse/yaml.ts';

/** The part of a CI file that GitLab takes its pipeline from. */
export interface CiDocument {
  readonly document: Document.Parsed;
  /** `null` where it says nothing. */
  readonly root: YAMLMap | null;
  /** What stands under `include`; `undefined` where there is none. */
  readonly include: Pair | undefined;
}

/**
 * Parses a CI file: one document, or a `spec:` header and one document behind it (docs.gitlab.com: "CI/CD inputs").
 * @returns a reason, in words, for what GitLab would not read, or not read as it looks.
 */
export function parseCiFile(text: string): CiDocument | string {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) return TOO_DEEP;
    throw error;
  }
}

const TOO_DEEP = 'it is nested too deeply';

function read(text: string): CiDocument | string {
  // GitLab's own reader lets the last of two equal keys win, so two are no error yet.
  const options = { keepSourceTokens: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;
  const parsed = withoutStackTraces(() => parseAllDocuments(text, options));
  const documents: readonly Document.Parsed[] = parsed.length > 0 ? parsed : [parseDocument(text, options)];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error?.message.includes('call stack')) return TOO_DEEP;
    if (error) return `it is not valid YAML (line ${lineAt(text, error.pos[0])}: ${oneLine(error.message)})`;
  }
  const [first, second, third] = documents as readonly [Document.Parsed, Document.Parsed?, Document.Parsed?];
  if (third) return 'it holds more than two documents, which GitLab does not read';
  const hasHeader = isMap(first.contents) && first.contents.items.some((pair) => keyOf(pair) === 'spec');
  if (second && !hasHeader) return 'it holds two documents, and the first is no spec: header';
  if (hasHeader && !second) return 'it holds a spec: header and nothing else';
  const document = second ?? first;
  const unknown = unknownAlias(document);
  if (unknown !== undefined) return `it has an alias of what is not there (*${unknown})`;
  const root = document.contents as Node | null;
  if (root !== null && !isMap(root)) {
    if (isScalar(root) && root.value === null) return { document, root: null, include: undefined };
    return 'it is no mapping of jobs and keywords';
  }
  const includes = root?.items.filter((pair) => keyOf(pair) === 'include') ?? [];
  if (includes.length > 1) {
    const lines = includes.map(({ key }) => lineAt(text, (key as Node).range?.[0] ?? 0)).join(' and ');
    return `include stands there twice (lines ${lines}), and GitLab reads only the last`;
  }
  if (includes.length === 0 && root?.items.some((pair) => keyOf(pair) === '<<'))
    return 'its top level merges another mapping (<<), which an include of its own could override';
  return { document, root, include: includes[0] };
}

/** The components that a CI file includes itself, as it names them. */
export function componentsIn({ document, include }: CiDocument): readonly string[] {
  const value = include?.value as Node | null | undefined;
  if (!value) return [];
  try {
    return [value.toJS(document, { maxAliasCount: 100 })].flat().flatMap((item) => componentOf(item) ?? []);
  } catch {
    return []; // aliases without end: whatever they come to, GitLab does not read it either
  }
}

function componentOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { component, '<<': merged } = item as { readonly component?: unknown; readonly '<<'?: unknown };
  if (typeof component === 'string') return component;
  for (const each of [merged].flat()) {
    const found = componentOf(each);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What a node is, without where it stands and how it is written: tags, anchors and the order of keys count. */
export type Shape = string | { readonly [part: string]: Shape | readonly Shape[] };

/** @throws {RangeError} for what is nested too deeply. */
export function shapeOf(node: unknown): Shape {
  if (isPair(node)) return { key: shapeOf(node.key), value: shapeOf(node.value) };
  if (isAlias(node)) return { alias: node.source };
  const { tag = '', anchor = '' } = (node ?? {}) as { readonly tag?: string; readonly anchor?: string };
  if (isMap(node)) return { tag, anchor, map: node.items.map(shapeOf) };
  if (isSeq(node)) return { tag, anchor, list: node.items.map(shapeOf) };
  const value = isScalar(node) ? node.value : (node ?? null);
  return { tag, anchor, value: `${typeof value} ${String(value)}` };
}

export function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

function unknownAlias(document: Document): string | undefined {
  const anchors = new Set<string>();
  let unknown: string | undefined;
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        if (anchors.has(node.source)) return undefined;
        unknown = node.source;
        return visit.BREAK;
      }
      if ('anchor' in node && node.anchor) anchors.add(node.anchor);
      return undefined;
    },
  });
  return unknown;
}

/** Whether something else in the document stands for the same value. */
export function isReferredTo(document: Document, anchor: string): boolean {
  let found = false;
  visit(document, {
    Alias(_, { source }) {
      if (source !== anchor) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** From 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function oneLine(message: string): string {
  return message.split('\n')[0]!;
}
