import { describe, expect, it } from 'vitest';
import fc from '../../../test/fast-check.ts';
import { grammarFor } from './grammars.ts';
import { regexClauses } from './regex-literals.ts';

describe('regexClauses', () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['@ts-ignore', [['@ts-ignore']]],
    ['^(?://+|/\\*+)\\s*@ts-ignore\\W*$', [['@ts-ignore']]],
    ['^json\\.(?:Unmarshal|NewDecoder)$', [['json.'], ['NewDecoder', 'Unmarshal']]],
    ['^(?:(?:cp|childProcess)\\.)?(?:exec|execSync|execAsync)$', [['exec']]],
    ['alpha|bravo', [['alpha', 'bravo']]],
    ['alpha|be', []],
    ['alpha|', []],
    ['(alpha)?bravo', [['bravo']]],
    ['(alpha)*', []],
    ['(alpha){0,2}', []],
    ['(alpha){1,2}', [['alpha']]],
    ['alpha+', [['alpha']]],
    ['alpha?', [['alph']]],
    ['alpha+?bravo', [['alpha'], ['bravo']]],
    ['(alpha+)?', []],
    ['(?P<name>alpha)', [['alpha']]],
    ['(?s-m:alpha)', [['alpha']]],
    ['(?s)alpha', [['alpha']]],
    // Whatever ignores case or white space.
    ['(?i)alpha', []],
    ['alpha(?i:bravo)', []],
    ['(?sx) al pha', []],
    ['[xyz]alpha[^a]', [['alpha']]],
    ['[]a]alpha', [['alpha']]],
    ['[[:alpha:]]bravo', []],
    ['[[a-z]x]bravo', []],
    ['[a-z&&b]bravo', []],
    ['\\.alpha\\(', [['.alpha(']]],
    ['alpha\\bbravo', [['alpha'], ['bravo']]],
    // Edges of words, not angle brackets.
    ['\\<alpha\\>', []],
    ['\\b{start}alpha', []],
    ['\\x61lpha', []],
    ['\\u{61}lpha', []],
    ['\\p{L}alpha', []],
    ['alpha)', []],
    ['(alpha', []],
    [`${'('.repeat(99)}alpha${')'.repeat(99)}`, []],
    ['sm\u{1f600}rt', [['sm\u{1f600}rt']]],
  ])('%s', (regex, clauses) => {
    expect(regexClauses(regex)).toEqual(clauses);
  });

  it('requires nothing that a match can do without', { timeout: 60_000 }, async () => {
    const { parse } = await grammarFor('javascript');
    const piece = fc.constantFrom(
      ...[
        'abc',
        'abd',
        'a',
        'b',
        'c',
        '.',
        '^',
        '$',
        '|',
        '(',
        ')',
        '(?:',
        '(?s:',
        '?',
        '*',
        '+',
        '{0,1}',
        '{2}',
        '{1,}',
        '+?',
      ],
      ...[
        '[ab]',
        '[^a]',
        '[]a]',
        '[a&&b]',
        '[[a]b]',
        '[a-c]',
        '\\b',
        '\\<',
        '\\w',
        '\\.',
        '\\(',
        '(?i)',
        '(?i:',
        '(?x)',
        '(?U)',
        '(?-u)',
        ' ',
        '\\x61',
      ],
    );
    const regexes = fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
    const text = fc.array(fc.constantFrom('abc', 'abd', 'ab', 'c', 'ABC', '.', '(', ' '), { maxLength: 6 });
    let [required, found] = [0, 0];
    fc.assert(
      fc.property(regexes, fc.array(text, { minLength: 4, maxLength: 4 }), (regex, texts) => {
        const clauses = regexClauses(regex);
        if (clauses.length === 0) return;
        required++;
        for (const parts of texts) {
          // A comment is one node, whatever it says.
          const code = `/*${parts.join('')}*/`;
          let matches: boolean;
          try {
            matches =
              parse(code)
                .root()
                .find({ rule: { kind: 'comment', regex } }) !== null;
          } catch {
            return;
          }
          if (!matches) continue;
          found++;
          for (const clause of clauses)
            expect(
              clause.some((literal) => code.includes(literal)),
              regex,
            ).toBe(true);
        }
      }),
      { numRuns: 60_000 },
    );
    expect(required).toBeGreaterThan(1000);
    expect(found).toBeGreaterThan(500);
  });
});
