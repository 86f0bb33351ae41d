import type { AgentDocument } from '../documents/document.ts';
import type { Place, Span } from '../documents/spans.ts';
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

/** Sentences are looked at for so many characters on each side: a line may be a mebibyte long. */
const REACH = 400;

/** A part of a span, and what its sentence says before and after it. */
export function partOf(span: Span, start: number, length: number): { readonly piece: Piece; readonly place: Place } {
  const { text, line, column, offset, place, kind } = span;
  const piece = { text: text.slice(start, start + length), line, column: column + start, offset: offset + start };
  if (kind !== 'text') return { piece, place };
  const own = text.slice(Math.max(0, start - REACH), start);
  const rest = text.slice(start + length, start + length + REACH);
  const began = [...own.matchAll(/[.!?;](?=\s)/g)].at(-1);
  const ends = /[.!?;](?=\s|$)/.exec(rest);
  return {
    piece,
    place: {
      ...place,
      around: place.around.length > 4 * REACH ? own + piece.text + rest : place.around,
      before: began ? own.slice(began.index + 1) : place.before.slice(-REACH) + own,
      after: ends ? rest.slice(0, ends.index + 1) : rest + place.after.slice(0, REACH),
    },
  };
}
