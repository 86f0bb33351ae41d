import type { Nodes } from 'mdast';
import { remark } from 'remark';
import frontmatter from 'remark-frontmatter';
import gfm from 'remark-gfm';
import { LANGUAGES } from './code-block.ts';
import { assertSafeRaw } from './gate-plain.ts';
import { MARKER } from './marker.ts';
import { meaningsIn } from './meanings.ts';
import { allowedUrl, type RenderPolicy } from './policy.ts';
import { UnsafeTextError } from './unsafe-text.ts';

export interface GatePolicy extends RenderPolicy {
  /** Mentions and references that are meant: `@name`, `!12`. */
  readonly meant: readonly string[];
}

/**
 * The second look at a text in Markdown: it is parsed again, and whatever the policy does not list is refused, whoever put
 * it there. Only the renderer's own mistakes end here.
 *
 * @throws {UnsafeTextError}
 */
export function assertSafe(text: string, policy: GatePolicy): void {
  assertSafeRaw(text);
  if (/^(?:---|\+\+\+|;;;)/.test(text)) throw new UnsafeTextError('front matter');
  const root = PARSER.parse(text);
  assertNode(root, policy);
  assertNoAction(text, root);
}

const PARSER = remark().use(frontmatter, ['yaml', 'toml']).use(gfm).freeze();

const PLAIN_NODES: ReadonlySet<Nodes['type']> = new Set<Nodes['type']>([
  ...(['root', 'paragraph', 'heading', 'text', 'strong', 'emphasis', 'inlineCode', 'list', 'listItem'] as const),
  ...(['table', 'tableRow', 'tableCell', 'blockquote', 'code', 'html', 'link'] as const),
]);

function assertNode(node: Nodes, policy: GatePolicy): void {
  if (!PLAIN_NODES.has(node.type)) throw new UnsafeTextError(`Markdown of the kind ${node.type}`);
  if (node.type === 'html' && !isOurHtml(node.value)) throw new UnsafeTextError('HTML');
  if (node.type === 'link' && (node.title || allowedUrl(node.url, policy) !== node.url))
    throw new UnsafeTextError('a link to where the policy does not allow one');
  if (node.type === 'code' && !isOurCode(node.lang, node.meta))
    throw new UnsafeTextError('a code block that GitLab draws');
  if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell')
    assertWords(wordsOf(node), policy);
  if ('children' in node) for (const child of node.children) assertNode(child, policy);
}

/** The words of a sentence as GitLab's patterns meet them: code is a hole. */
function wordsOf(node: Nodes): string {
  if (node.type === 'text') return node.value;
  if (node.type === 'inlineCode') return '`\u0000`';
  return 'children' in node ? node.children.map(wordsOf).join('') : '';
}

function assertWords(words: string, policy: GatePolicy): void {
  for (const { kind, text } of meaningsIn(words))
    if (!policy.meant.includes(text)) throw new UnsafeTextError(`a ${kind} that was not meant`);
}

/** What this renderer writes itself, letter by letter. */
function isOurHtml(html: string): boolean {
  if (html === '</details>' || html.replace(MARKER, '').trim() === '') return true;
  const summary = DETAILS.exec(html)?.[1];
  return summary !== undefined && [...meaningsIn(summary.replace(CODE_ELEMENT, '`\u0000`'))].length === 0;
}

/** Words, and code elements in which every sign is a number. */
const DETAILS = /^<details>\n<summary>((?:[^<>&`\\\n]|<code>(?:[\p{L}\p{N} ]|&#\d{1,7};)*<\/code>)*)<\/summary>$/u;
const CODE_ELEMENT = /<code>.*?<\/code>/g;

function isOurCode(language: string | null | undefined, meta: string | null | undefined): boolean {
  return !meta && (!language || LANGUAGES.has(language) || /^suggestion:-\d{1,3}\+\d{1,3}$/.test(language));
}

/** A line that begins with a command behind whatever marks and spaces stand before it; code blocks are none. */
function assertNoAction(text: string, root: Nodes): void {
  const lines = text.split('\n');
  for (const { start, end } of codeLines(root)) lines.fill('', start - 1, end);
  if (lines.some((line) => /^(?:\s|>|[-+*](?=\s)|\d{1,9}[.)](?=\s)|\[[ x]\](?=\s))*\/[\p{L}_]/iu.test(line)))
    throw new UnsafeTextError('a quick action');
}

function codeLines(node: Nodes): readonly { readonly start: number; readonly end: number }[] {
  if (node.type === 'code' && node.position) return [{ start: node.position.start.line, end: node.position.end.line }];
  return 'children' in node ? node.children.flatMap(codeLines) : [];
}
