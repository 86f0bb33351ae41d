import type { Nodes } from 'mdast';
import type { AgentDocument } from '../../documents/document.ts';
import { plainText } from '../../documents/spans.ts';
import { pieceBetween } from '../piece.ts';
import type { Piece } from '../rule.ts';

/** A paragraph of a document, or what a list item says. */
export interface Paragraph {
  /** What a person reads; code as it is written, white space as one space. */
  readonly text: string;
  /** Its first line. */
  readonly piece: Piece;
  /** Offsets of all of it. */
  readonly start: number;
  readonly end: number;
  readonly within: 'item' | 'cell' | 'quote' | 'paragraph';
  /** It holds code, a link or an image: something definite. */
  readonly code: boolean;
  readonly link: boolean;
  readonly headings: readonly string[];
  /** How deep the last of them is, 0 where there is none, and how many the document had so far. */
  readonly depth: number;
  readonly section: number;
}

const known = new WeakMap<AgentDocument, readonly Paragraph[]>();

/** The paragraphs of a document, those of list items and quotes too, in reading order. */
export function paragraphsOf(document: AgentDocument): readonly Paragraph[] {
  let paragraphs = known.get(document);
  if (!paragraphs) {
    const found: Paragraph[] = [];
    walk(document.tree, 'paragraph', { document, found, headings: [], section: 0 });
    paragraphs = found;
    known.set(document, paragraphs);
  }
  return paragraphs;
}

interface Walk {
  readonly document: AgentDocument;
  readonly found: Paragraph[];
  headings: { readonly depth: number; readonly text: string }[];
  section: number;
}

function walk(node: Nodes, within: Paragraph['within'], state: Walk): void {
  if (node.type === 'heading') {
    state.headings = state.headings.filter(({ depth }) => depth < node.depth);
    state.headings.push({ depth: node.depth, text: plainText(node) });
    state.section++;
  } else if (node.type === 'paragraph' || node.type === 'tableCell') {
    const start = node.position?.start.offset;
    const end = node.position?.end.offset;
    if (start === undefined || end === undefined) return;
    const text = plainText(node).replace(/\s+/g, ' ').trim();
    if (text === '') return;
    state.found.push({
      text,
      piece: pieceBetween(state.document, start, end),
      start,
      end,
      within: node.type === 'tableCell' ? 'cell' : within,
      code: holds(node, (each) => each === 'inlineCode'),
      link: holds(node, (each) => each === 'link' || each === 'image' || each === 'linkReference'),
      headings: state.headings.map((heading) => heading.text),
      depth: state.headings.at(-1)?.depth ?? 0,
      section: state.section,
    });
  } else if ('children' in node) {
    const inner = node.type === 'listItem' ? 'item' : node.type === 'blockquote' ? 'quote' : within;
    for (const child of node.children) walk(child as Nodes, inner, state);
  }
}

function holds(node: Nodes, is: (type: string) => boolean): boolean {
  return is(node.type) || ('children' in node && node.children.some((child) => holds(child as Nodes, is)));
}

/** The sentences of a text; the dot of `e.g.` or of a version ends none. */
export function sentencesOf(text: string): readonly string[] {
  return text
    .split(/(?<!\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|Dr|No))(?<=[.!?])\s+(?=[\p{Lu}\d"'“*_(`])/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

const VERBS =
  "add|adhere|adopt|aim|allow|always|annotate|apply|ask|assert|assume|attach|avoid|be|bump|call|capture|change|check|choose|clean|commit|compile|configure|confirm|consider|consult|copy|cover|create|declare|default|define|delete|describe|do|document|don['’]t|emit|enable|ensure|escape|execute|explain|export|expose|extend|extract|fail|favou?r|fetch|find|fix|focus|follow|format|generate|group|guard|handle|have|hold|implement|import|include|inherit|inject|insert|inspect|install|invoke|isolate|keep|leave|leverage|limit|link|lint|list|log|look|maintain|make|mark|match|merge|minimi[sz]e|mirror|mock|modify|move|must|name|never|note|only|open|order|organi[sz]e|pass|perform|pin|place|please|prefer|prefix|preserve|propagate|provide|publish|push|put|raise|re-?use|read|rebase|refactor|refer|register|regenerate|reject|remember|remove|rename|replace|report|request|require|reserve|resolve|respect|restart|return|review|rewrite|run|scope|search|see|separate|set|show|skip|sort|specify|split|start|state|stay|stick|stop|store|strive|submit|suggest|support|take|test|think|throw|treat|try|type|understand|update|use|validate|verify|wait|wrap|write";
const IMPERATIVE = new RegExp(`^(?:${VERBS})\\b`, 'i');

/** True for a sentence that tells somebody to do something. */
export function isImperative(sentence: string): boolean {
  const plain = sentence.replace(/^[^\p{L}]*(?:[\p{L}\d /&-]{1,40}:\s+)?/u, '');
  return (
    IMPERATIVE.test(plain) ||
    IMPERATIVE.test(sentence) ||
    /\b(?:must|should|shall|need to|have to)\b/i.test(plain.slice(0, 80))
  );
}
