import { sent } from './obedient.ts';
import type { Tokenizer } from './tokenizer.ts';
import { freshId, type Turn } from './turn.ts';

/** One token of an answer. */
export type Piece =
  | { readonly kind: 'reasoning' | 'text' | 'refusal'; readonly text: string }
  | { readonly kind: 'call'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly kind: 'arguments'; readonly index: number; readonly text: string };

/** A turn token by token; an endless one never ends by itself. */
export function* piecesOf(turn: Turn, tokenizer: Tokenizer): Generator<Piece> {
  if (turn.reasoning !== undefined) {
    const words = tokenizer.pieces('Let me look at this line once more, and at the one before it. ');
    for (let n = 0; n < turn.reasoning.tokens; n++) yield { kind: 'reasoning', text: words[n % words.length]! };
  }
  for (const text of tokenizer.pieces(turn.refusal ?? '')) yield { kind: 'refusal', text };
  for (const text of tokenizer.pieces(turn.text ?? '')) yield { kind: 'text', text };
  for (const [index, { name, arguments: given }] of (turn.calls ?? []).entries()) {
    yield { kind: 'call', index, id: freshId('call_'), name };
    for (const text of tokenizer.pieces(sent(given))) yield { kind: 'arguments', index, text };
  }
  if (turn.endless) {
    const words = turn.endless === 'blanks' ? ['\n'] : tokenizer.pieces(' and then one more thing has to be said,');
    for (let n = 0; ; n++) yield { kind: 'text', text: words[n % words.length]! };
  }
}

/** Cut to what may be said; `length` where there was more. */
export function* cut(pieces: Iterable<Piece>, limit: number): Generator<Piece, 'whole' | 'length'> {
  let said = 0;
  for (const piece of pieces) {
    if (said >= limit) return 'length';
    said++;
    yield piece;
  }
  return 'whole';
}

/** The message, or the delta of a chunk, that these pieces make together. */
export function messageOf(pieces: readonly Piece[], turn: Turn, delta: boolean): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  const calls = new Map<number, Record<string, unknown> & { function: { name?: string; arguments: string } }>();
  for (const piece of pieces) {
    if (piece.kind === 'call')
      calls.set(piece.index, { id: piece.id, type: 'function', function: { name: piece.name, arguments: '' } });
    else if (piece.kind === 'arguments') {
      if (!calls.has(piece.index)) calls.set(piece.index, { function: { arguments: '' } });
      calls.get(piece.index)!.function.arguments += piece.text;
    } else {
      const key = piece.kind === 'reasoning' ? turn.reasoning!.field : piece.kind === 'text' ? 'content' : 'refusal';
      message[key] = `${message[key] ?? ''}${piece.text}`;
    }
  }
  if (calls.size > 0) message.tool_calls = [...calls].map(([index, call]) => (delta ? { index, ...call } : call));
  return delta ? message : { role: 'assistant', content: null, refusal: null, ...message };
}
