import { describe, expect, it } from 'vitest';
import fc from '../test/fast-check.ts';
import { printable, printableJson, printableLine } from './printable.ts';

describe('printable', () => {
  it.each([
    ['an escape sequence', 'a\u001b[31mb\u001b[0m', 'ab'],
    ['a window title', '\u001b]0;owned\u0007ok', 'ok'],
    ['a link', '\u001b]8;;https://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['a lone escape character', 'a\u001b', 'a'],
    ['an 8-bit control character', 'a\u009b31mb', 'ab'],
    ['backspaces and a bell', 'rm\b\b\u0007ls', 'rmls'],
    ['a carriage return that rewrites the line', 'bad\rgood', 'badgood'],
    ['a direction override', 'a\u202egpj.exe\u202c', 'agpj.exe'],
    ['zero-width characters', 'n\u200bp\u2060m\ufeff', 'npm'],
    ['tag characters', `npm${String.fromCodePoint(0xe0041)}`, 'npm'],
  ])('removes %s', (_, text, expected) => {
    expect(printable(text)).toBe(expected);
  });

  it('keeps line ends, tabs, letters of any script and emoji', () => {
    const text = 'a\tb\r\nc\n日本語 עברית 🦀 é';
    expect(printable(text)).toBe(text);
  });

  it('leaves no control character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e]/);
      }),
    );
  });
});

describe('printableLine', () => {
  it('keeps one item on one line', () => {
    expect(printableLine('make\n  fake: item\r\n\tx')).toBe('make   fake: item x');
  });
});

describe('printableJson', () => {
  it('means the same as the value, with nothing in it that a terminal obeys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        const text = printableJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text).toBe(printable(text));
      }),
    );
  });

  it('escapes what JSON.stringify leaves', () => {
    expect(printableJson({ a: '\u202e\u009b' }, 0)).toBe('{"a":"\\u202e\\u009b"}\n');
    expect(printableJson(String.fromCodePoint(0xe0041), 0)).toBe('"\\udb40\\udc41"\n');
  });
});
