import type { Nodes, Parent } from 'mdast';
import type { AgentDocument } from './document.ts';

/**
 * A piece of a document that a claim may stand in, on one line of it.
 * - `code`: an inline code span, without its backquotes.
 * - `block`: a line of a code block; its `language` says of what.
 * - `link`: the target of a link, an image or a definition.
 * - `text`: running text, as it stands in the file (escapes unresolved).
 * - `html`: a line of raw HTML, comments included.
 */
export interface Span {
  readonly kind: 'code' | 'block' | 'link' | 'text' | 'html';
  /** Exactly as it stands in the file. */
  readonly text: string;
  /** Both from 1; the column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** Where `text` begins in the document. */
  readonly offset: number;
  readonly place: Place;
  /** Of a `block`: the first word after the fence, lower-case; `''` where there is none. */
  readonly language?: string;
  /** Of a `block`: which code block of the document, from 0; its lines share it. */
  readonly block?: number;
}

/** What stands around a span: what it means depends on it. */
export interface Place {
  /** The headings it stands under, from the outermost; their plain text. */
  readonly headings: readonly string[];
  /**
   * The plain text of its paragraph, list item, table row or heading, as far as 2000 characters around it. Of a code block:
   * of the paragraph before it.
   */
  readonly around: string;
  /** What its sentence says before it, and after it. Of a code block: `''`. */
  readonly before: string;
  readonly after: string;
  /** `heading`, `item`, `cell`, `quote`, `code` or `paragraph`: what it stands in. */
  readonly within: 'heading' | 'item' | 'cell' | 'quote' | 'code' | 'paragraph';
  /** Of a list item: plain text of the items above it, from the outermost. */
  readonly parents: readonly string[];
}

const known = new WeakMap<AgentDocument, readonly Span[]>();

/** Every span of a document in reading order. */
export function spansOf(document: AgentDocument): readonly Span[] {
  let spans = known.get(document);
  if (!spans) {
    const state: Walk = { document, spans: [], headings: [], parents: [], last: '', blocks: 0 };
    for (const child of document.tree.children) walk(child, 'paragraph', state);
    spans = state.spans;
    known.set(document, spans);
  }
  return spans;
}

interface Walk {
  readonly document: AgentDocument;
  readonly spans: Span[];
  headings: { readonly depth: number; readonly text: string }[];
  parents: string[];
  /** The paragraph before: what a code block is about. */
  last: string;
  blocks: number;
}

function walk(node: Nodes, within: Place['within'], state: Walk): void {
  switch (node.type) {
    case 'heading':
      state.headings = state.headings.filter(({ depth }) => depth < node.depth);
      inline(node, 'heading', state);
      state.headings.push({ depth: node.depth, text: plainText(node) });
      state.last = plainText(node);
      return;
    case 'paragraph':
      inline(node, within, state);
      state.last = plainText(node);
      return;
    case 'tableRow':
      inline(node, 'cell', state);
      return;
    case 'code':
      codeBlock(node, state);
      return;
    case 'html':
    case 'yaml':
      rawLines(node, 'html', state);
      return;
    case 'definition':
      link(node, node.url, { ...BARE, headings: headingTexts(state), within }, state);
      return;
    case 'listItem': {
      const parents = state.parents;
      const [first, ...rest] = node.children;
      if (first) walk(first, 'item', state);
      state.parents = [...parents, first ? plainText(first) : ''];
      for (const child of rest) walk(child, 'item', state);
      state.parents = parents;
      return;
    }
    default:
      if ('children' in node)
        for (const child of node.children) walk(child as Nodes, node.type === 'blockquote' ? 'quote' : within, state);
  }
}

const BARE = { around: '', before: '', after: '', parents: [] };

function headingTexts(state: Walk): readonly string[] {
  return state.headings.map(({ text }) => text);
}

/** The plain text of a node: what a person reads. */
export function plainText(node: Nodes): string {
  if (node.type === 'html') return '';
  if ('value' in node) return node.value;
  if (node.type === 'break') return ' ';
  if (!('children' in node)) return 'alt' in node ? (node.alt ?? '') : '';
  const parts = (node as Parent).children.map((child) => plainText(child as Nodes));
  return parts.join(node.type === 'tableRow' ? ' | ' : '');
}

/** A sentence ends at a mark that is followed by space: the dot of `e.g.` or of a version does not. */
const ENDS = /(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|Dr|No|a\.k\.a))[.!?;](?=\s|$)|\n\s*\n/g;

/** What stands further away says nothing of a span; a paragraph of 100 KB would be read once for each of its spans. */
const MOST_AROUND = 2000;

function inline(block: Parent & Nodes, within: Place['within'], state: Walk): void {
  const leaves: { node: Nodes; start: number; end: number; url?: string }[] = [];
  let around = '';
  const collect = (node: Nodes): void => {
    const start = around.length;
    if (node.type === 'link' || node.type === 'image' || node.type === 'linkReference') {
      if ('children' in node) for (const child of node.children) collect(child as Nodes);
      else around += node.alt ?? '';
      if (node.type !== 'linkReference') leaves.push({ node, start, end: around.length, url: node.url });
      return;
    }
    // What is struck out is said no longer.
    if (node.type === 'delete') {
      around += plainText(node);
      return;
    }
    if ('children' in node) {
      for (const child of (node as Parent).children) {
        if (child.type === 'tableCell' && around !== '') around += ' | ';
        collect(child as Nodes);
      }
      return;
    }
    around += plainText(node);
    leaves.push({ node, start, end: around.length });
  };
  for (const child of block.children) {
    if (child.type === 'tableCell' && around !== '') around += ' | ';
    collect(child as Nodes);
  }
  const ends = [0, ...[...around.matchAll(ENDS)].map((match) => match.index + match[0].length), around.length];
  for (const { node, start, end, url } of leaves) {
    const from = ends.findLast((at) => at <= start) ?? 0;
    const to = ends.find((at) => at >= end && at > from) ?? around.length;
    const place: Place = {
      headings: headingTexts(state),
      around: around.slice(Math.max(0, start - MOST_AROUND), end + MOST_AROUND),
      before: around.slice(Math.max(from, start - MOST_AROUND), start),
      after: around.slice(end, Math.min(to, end + MOST_AROUND)),
      within,
      parents: state.parents,
    };
    if (url !== undefined) link(node, url, place, state);
    else if (node.type === 'inlineCode') codeSpan(node, place, state);
    else if (node.type === 'text') pieces(node, 'text', place, state);
    else if (node.type === 'html') pieces(node, 'html', place, state);
  }
}

function codeSpan(node: Nodes & { value: string }, place: Place, state: Walk): void {
  const offset = node.position?.start.offset;
  if (offset === undefined) return;
  const raw = state.document.text.slice(offset, node.position!.end.offset);
  const fence = /^`+/.exec(raw)?.[0].length ?? 0;
  const inner = raw.slice(fence, raw.length - fence);
  let at = 0;
  // A span may go over a line end; each line is a piece of its own.
  for (const piece of inner.split(/\r?\n/)) {
    const text = piece.trim();
    const start = inner.indexOf(piece, at);
    at = start + piece.length;
    if (text !== '') push('code', text, offset + fence + start + piece.indexOf(text), place, state);
  }
}

/** Every line of a node's source. */
function pieces(node: Nodes, kind: 'text' | 'html', place: Place, state: Walk): void {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  if (start === undefined || end === undefined) return;
  let at = start;
  for (const piece of state.document.text.slice(start, end).split('\n')) {
    const text = piece.trim();
    if (text !== '') push(kind, text, at + piece.indexOf(text), place, state);
    at += piece.length + 1;
  }
}

function rawLines(node: Nodes, kind: 'html', state: Walk): void {
  pieces(node, kind, { ...BARE, headings: headingTexts(state), within: 'paragraph' }, state);
}

function link(node: Nodes, url: string, place: Place, state: Walk): void {
  const start = node.position?.start.offset;
  if (start === undefined || url === '') return;
  const raw = state.document.text.slice(start, node.position!.end.offset);
  // The target stands behind the text: `[x](x)` names it twice.
  const at = raw.lastIndexOf(url);
  if (at >= 0) push('link', url, start + at, place, state);
}

function codeBlock(node: Nodes & { type: 'code' }, state: Walk): void {
  const { document } = state;
  const first = node.position?.start;
  if (first?.offset === undefined) return;
  const fenced = /^(?:`{3,}|~{3,})/.test(document.text.slice(first.offset));
  const place: Place = {
    headings: headingTexts(state),
    around: state.last,
    before: '',
    after: '',
    within: 'code',
    parents: state.parents,
  };
  const language = (node.lang ?? '').toLowerCase().replace(/^\{?\.?([\w+#-]*).*$/, '$1');
  const block = state.blocks++;
  let line = first.line + (fenced ? 1 : 0);
  let at = document.lines.startOf(line);
  for (const value of node.value.split('\n')) {
    const source = document.lines.line(line);
    const text = value.trimEnd();
    const column = source.lastIndexOf(text);
    if (text.trim() !== '' && column >= 0)
      state.spans.push({ kind: 'block', text, line, column: column + 1, offset: at + column, place, language, block });
    line++;
    at = document.lines.startOf(line);
  }
}

function push(kind: Span['kind'], text: string, offset: number, place: Place, state: Walk): void {
  const { lines } = state.document;
  const line = lines.lineAt(offset);
  state.spans.push({ kind, text, line, column: offset - lines.startOf(line) + 1, offset, place });
}
