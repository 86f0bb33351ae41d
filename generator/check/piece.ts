import type { AgentDocument } from '../documents/document.ts';
import type { Piece } from './rule.ts';

/** What stands in a document between two offsets, as far as it goes on its first line. */
export function pieceBetween({ text, lines }: AgentDocument, start: number, end: number): Piece {
  const line = lines.lineAt(start);
  const from = lines.startOf(line);
  const lineEnd = from + lines.line(line).length;
  return {
    text: text.slice(start, Math.max(start, Math.min(end, lineEnd))),
    line,
    column: start - from + 1,
    offset: start,
  };
}

/** A whole line without its indentation. */
export function pieceOfLine({ lines }: AgentDocument, line: number): Piece {
  const source = lines.line(line);
  const text = source.trim();
  const at = source.indexOf(text);
  return { text, line, column: at + 1, offset: lines.startOf(line) + at };
}
