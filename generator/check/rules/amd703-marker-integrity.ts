import { type Comment, commentsOf } from '../../documents/comments.ts';
import type { AgentDocument } from '../../documents/document.ts';
import { pieceBetween } from '../piece.ts';
import type { Found, Rule } from '../rule.ts';

/** Tools that keep a block of a document find it by a comment before and one behind it. */
export const markerIntegrity: Rule = {
  id: 'AMD703',
  name: 'marker-integrity',
  severity: 'warning',
  title: 'A comment that begins or ends a block of a tool has no counterpart, or the block is there twice.',
  why: 'The tool no longer finds its block: it adds a second one, leaves a stale one, or replaces text that is not its own.',
  source: 'https://github.com/microsoft/apm/pull/1589',
  *check(document) {
    const open: Marker[] = [];
    const closed = new Map<string, number>();
    for (const marker of markersOf(document)) {
      if (marker.edge === 'start') {
        open.push(marker);
        continue;
      }
      const at = open.findLastIndex(({ label }) => isSame(label, marker.label));
      if (at < 0) {
        if (!isNamedBefore(document, marker)) yield found(document, marker, 'ends a block that nothing begins');
        continue;
      }
      const [start] = open.splice(at, 1);
      const { label, comment } = start!;
      const first = closed.get(label);
      if (first !== undefined && !REPEATABLE.test(label))
        yield found(document, start!, `begins the same block as line ${first}: keep one of the two`);
      else closed.set(label, document.lines.lineAt(comment.start));
    }
    for (const marker of open) yield found(document, marker, 'begins a block that nothing ends');
  },
};

interface Marker {
  readonly comment: Comment;
  readonly edge: 'start' | 'end';
  readonly label: string;
}

/** What may begin and end as often as one likes. */
const REPEATABLE = /\b(?:ignore|disable|enable|lint|off|example|snippet|code|fold|region)\b|^$/;
const LONGEST = 80;
/** Whoever has more is testing us. */
const MOST_MARKERS = 200;

function markersOf(document: AgentDocument): readonly Marker[] {
  const markers = commentsOf(document).flatMap((comment): readonly Marker[] => {
    const text = comment.text.trim();
    if (text.length > LONGEST || text.includes('\n')) return [];
    const words = wordsOf(text);
    const first = EDGES.get(words[0] ?? '');
    const last = EDGES.get(words.at(-1) ?? '');
    const edge = first ?? last;
    // Without a name it may belong to anything, and prose begins with "end", too.
    if (edge === undefined || words.length < 2 || words.length > 6) return [];
    return [
      { comment, edge, label: (first ? words.slice(1) : words.slice(0, -1)).filter((word) => word !== 'of').join(' ') },
    ];
  });
  return markers.slice(0, MOST_MARKERS);
}

const EDGES: ReadonlyMap<string, Marker['edge']> = new Map([
  ['begin', 'start'],
  ['start', 'start'],
  ['end', 'end'],
]);

/** One of the two often carries a version or a remark. */
function isSame(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** `<!-- tool-rules-v1 -->` ... `<!-- end-tool-rules -->`: what begins need not say so, but has the first word of the name. */
function isNamedBefore(document: AgentDocument, { comment, label }: Marker): boolean {
  const [name = ''] = label.split(' ');
  return commentsOf(document).some(({ text, start }) => start < comment.start && wordsOf(text).includes(name));
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

function found(document: AgentDocument, { comment }: Marker, what: string): Found {
  const at = pieceBetween(document, comment.start, comment.end);
  return { at, severity: 'warning', message: `this comment ${what}` };
}
