import type { Nodes } from 'mdast';
import type { AgentDocument } from './document.ts';

/** An HTML comment. */
export interface Comment {
  /** What stands between `<!--` and `-->`. */
  readonly text: string;
  /** Of `<!--` and behind `-->`, in the document. */
  readonly start: number;
  readonly end: number;
}

/**
 * The HTML comments of a document that are comments to its readers: not those that a code block or a code span shows. Found in
 * the text, so that a document too large to be parsed has them too.
 */
export function commentsOf(document: AgentDocument): readonly Comment[] {
  const { text } = document;
  if (!text.includes('<!--')) return [];
  const shown = document.unparsed === undefined ? codeOf(document.tree) : fencedParts(document);
  const comments: Comment[] = [];
  let from = 0;
  let part = 0;
  for (;;) {
    const start = text.indexOf('<!--', from);
    const close = start < 0 ? -1 : text.indexOf('-->', start + 4);
    if (close < 0) return comments;
    // Both come in the order of the text.
    while (part < shown.length && shown[part]!.end <= start) part++;
    const code = shown[part] !== undefined && shown[part]!.start <= start ? shown[part] : undefined;
    from = code ? code.end : close + 3;
    if (!code) comments.push({ text: text.slice(start + 4, close), start, end: from });
  }
}

interface Part {
  readonly start: number;
  readonly end: number;
}

function codeOf(node: Nodes): readonly Part[] {
  if (node.type === 'code' || node.type === 'inlineCode') {
    const { start, end } = node.position ?? {};
    return start?.offset === undefined || end?.offset === undefined ? [] : [{ start: start.offset, end: end.offset }];
  }
  return 'children' in node ? node.children.flatMap((child) => codeOf(child as Nodes)) : [];
}

/** The fenced blocks of a text that was not parsed. */
function fencedParts({ lines, text }: AgentDocument): readonly Part[] {
  const parts: Part[] = [];
  let open: { readonly mark: string; readonly start: number } | undefined;
  for (let line = 1; line <= lines.count; line++) {
    const source = lines.line(line);
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(source);
    if (!fence) continue;
    const mark = fence[1]!;
    const rest = source.slice(fence[0].length).trim();
    if (!open) {
      if (mark[0] === '~' || !rest.includes('`')) open = { mark, start: lines.startOf(line) };
    } else if (mark[0] === open.mark[0] && mark.length >= open.mark.length && rest === '') {
      parts.push({ start: open.start, end: lines.startOf(line + 1) });
      open = undefined;
    }
  }
  if (open) parts.push({ start: open.start, end: text.length });
  return parts;
}
