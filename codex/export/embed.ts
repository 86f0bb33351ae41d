import type { Nodes, Root } from 'mdast';
import { parseMarkdown, parserTrap } from '../../facts/parse/markdown.ts';
import { fenced } from '../fence.ts';
import { visibleText } from '../visible-text.ts';

/** Headings of a rule's own document lie below those of the page: `#### ` and deeper. */
const TOP = 4;
const MOST_ROUNDS = 4;

/**
 * A rule's Markdown as part of a larger page, so that whatever it holds it stays its own part: headings go below the page's,
 * HTML becomes text, links carry their address with them, and nothing that is open at its end reaches beyond it. Where
 * that cannot be had, it is shown as text in a fence.
 */
export function embed(markdown: string): string {
  let text = visibleText(markdown).replace(/\r\n?/g, '\n').trim();
  // Most texts hold nothing of the kind, and a parser costs more than all the rest.
  if (!RISKY.test(text)) return text;
  if (parserTrap(text) !== undefined) return fenced('text', text);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const tree = parseMarkdown(text);
    const edits = editsOf(tree, text);
    if (edits.length === 0) return isClosed(text) ? text : fenced('text', text);
    text = applied(text, edits);
  }
  return fenced('text', text);
}

/** Headings, underlines, tags, fences, indented code, definitions. */
const RISKY = /^[\s>*+\-\d.)]*(?:#{1,6}(?:\s|$)|=+\s*$|-+\s*$|`{3}|~{3})|<[a-z/!?]|^\s*\[[^\]]+\]:|^(?: {4}|\t)/im;

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function editsOf(tree: Root, text: string): readonly Edit[] {
  const edits: Edit[] = [];
  const definitions = new Map<string, string>();
  walk(tree, (node) => {
    if (node.type === 'definition' && !definitions.has(node.identifier)) definitions.set(node.identifier, node.url);
  });
  walk(tree, (node) => {
    const from = node.position?.start.offset;
    const to = node.position?.end.offset;
    if (from === undefined || to === undefined) return;
    const own = text.slice(from, to);
    if (node.type === 'definition') edits.push({ from, to, text: '' });
    else if (node.type === 'html') edits.push({ from, to, text: own.replace(/<(?=[a-z/!?])/gi, '\\<') });
    else if (node.type === 'heading') heading(node, own, from, to, edits);
    else if (node.type === 'linkReference' || node.type === 'imageReference') {
      const url = definitions.get(node.identifier);
      const words = node.type === 'imageReference' ? (node.alt ?? '') : labelOf(own);
      const address = url === undefined || /[\s<>]/.test(url) ? '' : `(${url.replace(/[()]/g, encodeURIComponent)})`;
      edits.push({ from, to, text: address === '' ? words : `[${words}]${address}` });
    }
  });
  return outermost(edits);
}

/** `# Title` and underlined ones are written anew, with more signs. */
function heading(
  node: Extract<Nodes, { type: 'heading' }>,
  own: string,
  from: number,
  to: number,
  edits: Edit[],
): void {
  const atx = /^#{1,6}/.exec(own);
  const depth = Math.min(6, Math.max(TOP, node.depth + TOP - 1));
  if (atx && node.depth >= TOP) return;
  const first = node.children[0]?.position?.start.offset;
  const last = node.children.at(-1)?.position?.end.offset;
  const inner = first === undefined || last === undefined ? '' : own.slice(first - from, last - from);
  const words = inner.replace(/\s*\n[\s>]*/g, ' ');
  edits.push({ from, to, text: words === '' ? '' : `${'#'.repeat(depth)} ${words}` });
}

/** `words` of `[words][name]`. */
function labelOf(own: string): string {
  const end = own.lastIndexOf('][');
  return own.slice(1, end > 0 ? end : own.length - 1);
}

/** An edit within another one is done in the next round. */
function outermost(edits: readonly Edit[]): readonly Edit[] {
  const kept: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.from - b.from || b.to - a.to)) {
    if (edit.from >= (kept.at(-1)?.to ?? 0)) kept.push(edit);
  }
  return kept;
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, text: words } of edits) {
    result += text.slice(at, from) + words;
    at = to;
  }
  return (result + text.slice(at)).trim();
}

/** Whether what comes behind it would be read as what it is: no fence or tag is open at its end. */
function isClosed(text: string): boolean {
  const probe = parseMarkdown(`${text}\n\n### END-1\n`);
  const last = probe.children.at(-1);
  return last?.type === 'heading' && last.depth === 3 && last.children[0]?.type === 'text';
}

function walk(node: Nodes, visit: (node: Nodes) => void): void {
  const open: Nodes[] = [node];
  for (let next = open.pop(); next; next = open.pop()) {
    visit(next);
    if ('children' in next) open.push(...next.children);
  }
}

/** Words of a rule on one line of a page: no line end, tag, table bar or link in them. */
export function embedLine(text: string): string {
  return visibleText(text)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/<(?=[a-z/!?])/gi, '\\<')
    .replace(/(?<!\\)\|/g, '\\|')
    .replace(/\](?=[([:])/g, '\\]');
}
