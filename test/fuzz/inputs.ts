import fc from '../fast-check.ts';
import { withOddNode } from './odd-nodes.ts';
import type { Input, Target } from './target.ts';
import { CHARGES, HEAVY, TOKENS } from './tokens.ts';

/** In characters: what stands at the doors of most readers. */
const LONGEST = 1_100_000;
const WHOLE = 1 << 20;

/** Where something happens, as a part of the whole. */
const place = fc.nat(WHOLE - 1);
const at = (text: string, where: number): number => Math.floor((where / WHOLE) * (text.length + 1));
/** The begin of the line there. */
const lineAt = (text: string, where: number): number => text.lastIndexOf('\n', at(text, where) - 1) + 1;

/** Any 16 bits: halves of characters, too. */
const half = fc.nat(0xffff).map((code) => String.fromCharCode(code));

type Change = (text: string) => string;

/** Short pieces are likelier than long ones: a text that is half another one is soon refused. */
const length = fc.oneof(fc.nat(8), fc.nat(8), fc.nat(200), fc.nat(20_000));

function changes({ seeds, words = [] }: Target): fc.Arbitrary<Change> {
  const token = fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...TOKENS, ...words, ...words) },
    { weight: 4, arbitrary: fc.constantFrom(...CHARGES) },
    { weight: 2, arbitrary: fc.constantFrom(...HEAVY).map((make) => make()) },
  );
  const bit = fc.nat(15).map((shift) => 1 << (shift % 8));
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(place, bit).map(([where, flipped]) => (text: string) => {
        const from = Math.min(at(text, where), text.length - 1);
        return replaced(text, from, 1, String.fromCharCode((text.charCodeAt(from) || 0) ^ flipped));
      }),
    },
    { weight: 2, arbitrary: place.map((where) => (text: string) => text.slice(0, at(text, where))) },
    { weight: 1, arbitrary: place.map((where) => (text: string) => text.slice(at(text, where))) },
    {
      weight: 2,
      arbitrary: fc.tuple(place, length).map(
        ([where, many]) =>
          (text: string) =>
            replaced(text, at(text, where), many, ''),
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(place, length, fc.constantFrom(2, 2, 3, 10, 1000))
        .map(([where, many, times]) => (text: string) => {
          const from = at(text, where);
          const piece = text.slice(from, from + many);
          return replaced(
            text,
            from,
            piece.length,
            piece.repeat(Math.min(times, Math.ceil(20_000 / (piece.length || 1)))),
          );
        }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(place, fc.nat(), place).map(([where, other, from]) => (text: string) => {
        const { text: piece } = seeds[other % seeds.length]!;
        return text.slice(0, at(text, where)) + piece.slice(lineAt(piece, from));
      }),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(place, place).map(([where, to]) => (text: string) => {
        const from = lineAt(text, where);
        const line = text.slice(from, text.indexOf('\n', from) + 1 || text.length + 1);
        return replaced(text, lineAt(text, to), 0, line);
      }),
    },
    {
      weight: 6,
      arbitrary: fc.tuple(place, token).map(
        ([where, piece]) =>
          (text: string) =>
            replaced(text, at(text, where), 0, piece),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(place, token).map(
        ([where, piece]) =>
          (text: string) =>
            replaced(text, lineAt(text, where), 0, piece),
      ),
    },
    {
      weight: 4,
      arbitrary: fc.tuple(place, token).map(([where, piece]) => (text: string) => {
        const from = at(text, where);
        return replaced(text, from, /^[\w.-]*/.exec(text.slice(from, from + 100))![0].length, piece);
      }),
    },
    {
      weight: 8,
      arbitrary: fc
        .tuple(place, fc.nat(100), token)
        .map(([where, odd, piece]) => withOddNode(where / WHOLE, odd, piece)),
    },
    { weight: 1, arbitrary: fc.constant((text: string) => text.replaceAll('\n', '\r\n')) },
    { weight: 1, arbitrary: fc.constant((text: string) => `\ufeff${text}`) },
  );
}

function replaced(text: string, from: number, many: number, piece: string): string {
  return text.slice(0, Math.max(0, from)) + piece + text.slice(Math.max(0, from) + many);
}

/** Texts for a reader: real ones with changes, what can be made of pieces, and what has no form at all. */
export function inputs(target: Target): fc.Arbitrary<Input> {
  const { seeds, words = [] } = target;
  const seed = fc.nat(seeds.length - 1).map((number) => seeds[number]!);
  const piece = fc.constantFrom(...TOKENS, ...words, ...words, 'a', 'b: c\n', '\n', '  ');
  return fc.oneof(
    {
      weight: 16,
      arbitrary: fc.tuple(seed, fc.array(changes(target), { minLength: 1, maxLength: 5 })).map(([from, all]) => ({
        at: from.at,
        text: all.reduce((text, change) => bounded(change(text)), from.text),
      })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(seed, fc.array(piece, { maxLength: 40 }))
        .map(([from, pieces]) => ({ at: from.at, text: pieces.join('') })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(seed, fc.jsonValue()).map(([from, value]) => ({ at: from.at, text: JSON.stringify(value) })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(seed, fc.string({ unit: half, maxLength: 200 }))
        .map(([from, text]) => ({ at: from.at, text })),
    },
  );
}

function bounded(text: string): string {
  return text.length > LONGEST ? text.slice(0, LONGEST) : text;
}
