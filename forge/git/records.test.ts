import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { forEachRecord, showBytes } from './records.ts';

describe('forEachRecord', () => {
  it('visits each record as text, the last one too', () => {
    expect(visited(Buffer.from('a\0é b\n\0\0c\0'))).toEqual(['a', 'é b\n', '', 'c']);
    expect(visited(Buffer.alloc(0))).toEqual([]);
  });

  it('gives the bytes of only those records that are not UTF-8', () => {
    const seen: [string, Buffer | undefined][] = [];
    forEachRecord(bytes('caf\xe9\0', 'ok\0', '\xc3\xa9\0'), (text, raw) => seen.push([text, raw]));
    expect(seen).toEqual([
      ['caf\\xe9', bytes('caf\xe9')],
      ['ok', undefined],
      ['é', undefined],
    ]);
  });

  it('agrees with the slow path about valid records', () => {
    const records = fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')));
    fc.assert(
      fc.property(records, (texts) => {
        const valid = Buffer.from(texts.map((text) => `${text}\0`).join(''));
        expect(visited(valid)).toEqual(texts);
        expect(visited(Buffer.concat([valid, bytes('\xff\0')]))).toEqual([...texts, '\\xff']);
      }),
    );
  });
});

describe('showBytes', () => {
  it.each([
    [bytes('a\xff\xfe'), 'a\\xff\\xfe'],
    [bytes('a\\\xff'), 'a\\x5c\\xff'],
    [bytes('\xc3\xa9\xc3'), 'é\\xc3'],
    [bytes('\xf0\x9f\x98\x80\xff'), '\u{1f600}\\xff'],
    [bytes('\xed\xa0\x80'), '\\xed\\xa0\\x80'], // a surrogate is no UTF-8
    [bytes('\x01'), '\x01'],
  ])('shows %j as %j', (name, shown) => {
    expect(showBytes(name)).toBe(shown);
  });

  it('keeps every byte, so that no two names look the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (name) => {
        const shown = showBytes(Buffer.from(name));
        const parts = shown.split(/\\x([0-9a-f]{2})/);
        const back = parts.map((part, at) => (at % 2 === 1 ? Buffer.from(part, 'hex') : Buffer.from(part)));
        expect(Buffer.concat(back)).toEqual(Buffer.from(name));
        expect(isUtf8(Buffer.from(shown))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

function visited(output: Buffer): string[] {
  const texts: string[] = [];
  forEachRecord(output, (text) => texts.push(text));
  return texts;
}

function bytes(...latin1: string[]): Buffer {
  return Buffer.from(latin1.join(''), 'latin1');
}
