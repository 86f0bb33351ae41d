import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { requiredLiterals } from './regex-literals.ts';

describe('requiredLiterals', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['FROM\\s+\\S+:latest', [':latest']],
    ['System\\.out\\.print', ['System.out.print']],
    ['^\\s*console\\.log\\(', ['console.log(']],
    ['verify=False|verify = False', ['verify=False', 'verify = False']],
    ['foo(bar|baz)quux', ['quux']],
    ['(?:foo|bar)', undefined],
    ['foo|b', undefined],
    ['abc?', undefined],
    ['abcd?', ['abc']],
    ['abcd*ef', ['abc']],
    ['abcd{0}ef', ['abc']],
    ['abcd{2,3}ef', ['abc']],
    ['abcd+ef', ['abc']],
    ['[abc]{3}', undefined],
    ['[]abc]def', ['def']],
    ['[^]abc]def', ['def']],
    ['[[:alpha:]]def', ['def']],
    ['[a\\]bc]def', ['def']],
    ['\\x61bcd', undefined],
    ['\\Qa+b\\E', undefined],
    ['\\p{Greek}abc\\pLdef', ['abc']],
    ['(?i)password', undefined],
    ['(?i:pass)word', undefined],
    ['(?s)begin.*end', ['begin']],
    ['(?P<name>abc)defg', ['defg']],
    ['a{2,x}bcd', ['2,x}bcd']],
    ['abc(?s)*def', undefined],
    ['first\nsecond', ['second']],
    ['\u{1f511}\u{1f511}\u{1f511}?', ['\u{1f511}\u{1f511}']],
    ['', undefined],
  ])('%j: %j', (pattern, literals) => {
    expect(requiredLiterals(pattern)).toEqual(literals);
  });

  const piece = fc.constantFrom(
    ...[
      'abc',
      'ab',
      'c',
      'xyz',
      '\\.',
      '.',
      '\\d',
      '\\w',
      '[ab]',
      '[^a]',
      '[]c]',
      '[[:digit:]x]',
      '^',
      '$',
      '\\b',
      '{',
      '}',
    ],
    ...[
      '(abc)',
      '(?:ab|xyz)',
      '(a(b|c)d)',
      '(?P<n>xyz)',
      '(?s)',
      '(?i)',
      '(?i:abc)',
      '|',
      '\\pL',
      '\\x61',
      '\\(',
      '\\Qa.c\\E',
    ],
  );
  const repeat = fc.constantFrom('', '', '', '?', '*', '+', '*?', '{0,2}', '{2}', '{1,}');
  const pattern = fc.array(
    fc.tuple(piece, repeat).map((parts) => parts.join('')),
    { minLength: 1, maxLength: 6 },
  );
  const text = fc.array(fc.constantFrom('abc', 'ab', 'c', 'xyz', '.', '1', '(', 'ABC', 'a.c', '{', ' ', '\n', 'aa'), {
    maxLength: 12,
  });

  it('of every text that matches one is part', () => {
    fc.assert(
      fc.property(pattern, text, (pieces, parts) => {
        const source = pieces.join('');
        const literals = requiredLiterals(source);
        fc.pre(literals !== undefined);
        let regex: RE2JS;
        try {
          regex = RE2JS.compile(source, RE2JS.MULTILINE);
        } catch {
          return fc.pre(false);
        }
        const whole = parts.join('');
        if (regex.test(whole)) expect(literals.some((literal) => whole.includes(literal))).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
