import { describe, expect, it } from 'vitest';
import { hiddenIn, oneLine, visible } from './visible.ts';

const FLAG = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}';
const FAMILY = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';

describe('visible', () => {
  it.each([
    ['tags', 'a\u{e0041}\u{e007f}b', 'ab'],
    ['zero width', 'a\u200b\u200c\u200d\u2060\ufeffb', 'ab'],
    ['directions', '\u202ea\u202c\u2066b\u2069\u200e\u200f\u061c', 'ab'],
    ['invisible operators', 'a\u2061\u2062\u2063\u2064b', 'ab'],
    ['fillers', 'a\u115f\u1160\u3164\uffa0\u180e\u034fb', 'ab'],
    ['variation selectors', 'a\ufe00\ufe0f\u{e0100}b', 'ab'],
    ['private and unassigned', 'a\ue000\u{f0000}\u{e0fff}\uffffb', 'ab'],
    ['half a pair', 'a\ud800b\udc00', 'ab'],
    ['controls', 'a\u0000\u0007\u0008\u007f\u0090b', 'ab'],
    ['terminal colours, whole', '\u001b[1;31mred\u001b[0m\u009b4m!', 'red!'],
    ['terminal links, whole', '\u001b]8;;https://evil.example\u0007x\u001b]8;;\u001b\\', 'x'],
    ['line ends', 'a\r\nb\rc\u2028d\u2029e\u0085f\u000bg\u000ch', 'a\nb\nc\nd\ne\nf\ng\nh'],
    ['odd spaces', 'a\u00a0b\u3000c\u2800d\u2003e', 'a b c d e'],
    ['marks on marks', `e${'\u0301'.repeat(9)}`, `e${'\u0301'.repeat(4)}`],
    ['a flag that is none', '\u{1f3f4}\u{e0067}\u{e0062}x', '\u{1f3f4}x'],
  ])('takes away %s', (_what, text, expected) => expect(visible(text)).toBe(expected));

  it.each([`plain\n\ttext`, FLAG, FAMILY, '❤️ 🇨🇭 👍🏽', 'é ñ 漢字 Ελλάδα עברית'])('keeps %j', (text) =>
    expect(visible(text)).toBe(text));

  it('oneLine: has one', () => expect(oneLine(' a\r\n\tb  c ')).toBe('a b c'));
});

describe('hiddenIn', () => {
  it('names the first one', () => {
    expect(hiddenIn('a\u202eb\u200b')).toBe('U+202E');
    expect(hiddenIn(`ok ${FLAG}${FAMILY}\n\t`)).toBeUndefined();
    for (const text of ['\ufeffa', 'a\r', 'a\u2028', 'a\u{e0041}', 'a\u0000']) expect(hiddenIn(text)).toBeDefined();
  });
});
