import { describe, expect, it } from 'vitest';
import fc from '../../../test/fast-check.ts';
import { FileInScan } from '../../scan-file.ts';
import { makeRule } from '../../testing/make-codex.ts';
import type { AstGrepCheck } from '../check.ts';
import type { FileCheck, Hit } from '../kind.ts';
import { forAscii } from './ascii.ts';
import { grammarFor } from './grammars.ts';
import { astGrep } from './index.ts';

type Parts = Omit<AstGrepCheck, 'kind' | 'language'> & { readonly language?: readonly string[] };

const ready = async (parts: Parts): Promise<FileCheck> => {
  const check: AstGrepCheck = { kind: 'ast-grep', language: ['typescript'], ...parts };
  return (await astGrep.prepare(check, makeRule({ id: 'T-1', check }))) as FileCheck;
};
const hitsIn = async (parts: Parts, path: string, text: string): Promise<readonly Hit[]> =>
  (await ready(parts)).inspect(new FileInScan(path, text));

describe('a rule that can never run', () => {
  it.each<[string, Parts, string]>([
    [
      'an unknown kind',
      { rule: { kind: 'no_such_kind' } },
      'ast-grep refuses the rule for typescript: Kind `no_such_kind` is invalid.',
    ],
    ['an unknown key', { rule: { patern: 'foo' } }, 'rule: unknown key "patern"'],
    [
      'an unknown key far down',
      { rule: { any: [{ kind: 'identifier', has: { pattern: 'a', stopby: 'end' } }] } },
      'rule.any.0.has: unknown key "stopby"',
    ],
    [
      'an unknown key in a stopBy',
      { rule: { kind: 'identifier', has: { kind: 'a', stopBy: { knd: 'b' } } } },
      'rule.has.stopBy: unknown key "knd"',
    ],
    [
      'an unknown key of a pattern',
      { rule: { pattern: { context: 'a', select: 'b' } } },
      'rule.pattern: unknown key "select"; known: context, selector, strictness',
    ],
    [
      'an unknown key of a util',
      { rule: { matches: 'u' }, utils: { u: { patern: 'a' } } },
      'utils.u: unknown key "patern"',
    ],
    [
      'an unknown key of a constraint',
      { rule: { pattern: 'foo($A)' }, constraints: { A: { regx: 'a' } } },
      'constraints.A: unknown key "regx"',
    ],
    [
      'an undefined util',
      { rule: { matches: 'u' } },
      'ast-grep refuses the rule for typescript: Rule `u` is not defined.',
    ],
    [
      'a util that is nothing but itself',
      { rule: { matches: 'u' }, utils: { u: { matches: 'u' } } },
      'ast-grep refuses the rule for typescript: Rule `u` has a cyclic dependency in its `matches` sub-rule.',
    ],
    [
      'a regex that Rust does not take',
      { rule: { kind: 'identifier', regex: '(?=a)' } },
      'ast-grep refuses the rule for typescript: error: look-around, including look-ahead and look-behind, is not supported',
    ],
    ['no matcher', { rule: {} }, 'ast-grep refuses the rule for typescript: Rule must have one positive matcher.'],
    [
      'two patterns in one',
      { rule: { pattern: 'a; b' } },
      'ast-grep refuses the rule for typescript: Multiple AST nodes are detected. Please check the pattern source `a; b`.',
    ],
    [
      'a pattern that does not parse',
      { rule: { pattern: 'fn (' } },
      'rule.pattern is no typescript: "fn (" does not parse; write code that stands by itself, or give `context` and `selector`',
    ],
    [
      'one below a not',
      { rule: { kind: 'identifier', not: { has: { pattern: 'fn (' } } } },
      'rule.not.has.pattern is no typescript: "fn (" does not parse; write code that stands by itself, or give `context` and `selector`',
    ],
    [
      'one that is no code of one of its languages',
      { language: ['typescript', 'python'], rule: { pattern: 'foo($A) ? a : b' } },
      'ast-grep refuses the rule for python: Multiple AST nodes',
    ],
    [
      'an unknown language',
      { language: ['typscript'], rule: { pattern: 'a' } },
      'ast-grep has no language "typscript"; did you mean "typescript"?',
    ],
  ])('is named: %s', async (_, parts, reason) => {
    const error = await ready(parts).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: 'CheckError', message: expect.stringContaining(`T-1: ${reason}`) });
    expect((error as Error).message).not.toContain('\n');
  });

  it('is named where it is nested beyond reason', async () => {
    let rule: AstGrepCheck['rule'] = { kind: 'identifier' };
    for (let at = 0; at < 100_000; at++) rule = { not: rule };
    await expect(ready({ rule })).rejects.toThrow('nested more than 64 deep');
  });

  it('is another matter where a grammar is not installed', async () => {
    await expect(ready({ language: ['haskell'], rule: { pattern: 'a' } })).rejects.toMatchObject({
      name: 'UnavailableError',
      message: 'the grammar for haskell is not installed: npm install @ast-grep/lang-haskell',
    });
  });

  it.each<[string, Parts, string]>([
    ['members', { language: ['java'], rule: { pattern: 'class $A { $$$BODY }' } }, 'class A { int x; void f() {} }'],
    [
      'a statement',
      { language: ['java'], rule: { pattern: '@Test public void $A() { $$$ }' } },
      'class A { @Test public void f() { g(); } }',
    ],
    ['a lone keyword', { language: ['java'], rule: { pattern: 'this' } }, 'class A { A f() { return this; } }'],
    ['an end that is made up', { language: ['go'], rule: { pattern: '$A := 1' } }, 'package a\nfunc f() { x := 1 }'],
  ])('is not one with a metavariable for %s', async (_, parts, code) => {
    expect(await hitsIn(parts, parts.language?.[0] === 'go' ? 'a.go' : 'A.java', code)).toHaveLength(1);
  });
});

describe('files of a language', () => {
  it.each([
    ['a.ts', true],
    ['a.tsx', true],
    ['a.mts', true],
    ['a.js', false],
    ['a.py', false],
    ['README', false],
  ])('%s as TypeScript: %s', async (path, wanted) => {
    expect((await ready({ rule: { pattern: 'foo($A)' } })).wants(path)).toBe(wanted);
  });

  it('leaves .tsx alone where the rule is no code there', async () => {
    const check = await ready({ rule: { kind: 'type_assertion' } });
    expect([check.wants('a.ts'), check.wants('a.tsx')]).toEqual([true, false]);
  });

  it('knows styles and markup, which nothing else here counts as code', async () => {
    expect((await ready({ language: ['css'], rule: { kind: 'important' } })).wants('a/b.css')).toBe(true);
    expect((await ready({ language: ['html'], rule: { kind: 'script_element' } })).wants('b.HTM')).toBe(true);
  });

  it('asks the rule own prefilter beside the one worked out', async () => {
    const check = await ready({ rule: { pattern: 'foo($A)' }, prefilter: ['one', 'two'] });
    expect(check.prefilter).toEqual([['one', 'two'], ['foo']]);
  });
});

describe('places', () => {
  it.each<[string, string, readonly (readonly [number, number, number, number])[]]>([
    [
      'after characters of two code units',
      'const a = "\u{1f600}"; foo(1)\n/*\u{1f600}\u{1f600}*/ foo(2)',
      [
        [1, 17, 1, 23],
        [2, 10, 2, 16],
      ],
    ],
    ['after CRLF', '\r\n\r\nfoo(\r\n  1)\r\n', [[3, 1, 4, 5]]],
    ['after a lone CR', 'a;\rfoo(1)', [[2, 1, 2, 7]]],
    ['after a combining character', 'e\u0301; foo(1)', [[1, 5, 1, 11]]],
  ])('count UTF-16 from 1: %s', async (_, code, places) => {
    const hits = await hitsIn({ rule: { pattern: 'foo($A)' }, message: 'no foo' }, 'a.ts', code);
    expect(hits.map(({ line, column, endLine, endColumn }) => [line, column, endLine, endColumn])).toEqual(places);
    expect(hits[0]).toMatchObject({ path: 'a.ts', subject: expect.stringMatching(/^foo\(/), message: 'no foo' });
  });
});

describe('deep nesting', () => {
  const recursive: Parts = {
    rule: { matches: 'holds' },
    utils: { holds: { any: [{ pattern: 'needle' }, { has: { matches: 'holds' } }] } },
  };
  const around: Parts = { rule: { kind: 'call_expression', has: { pattern: 'needle', stopBy: 'end' } } };
  const calls = (depth: number): string => `${'f('.repeat(depth)}1${')'.repeat(depth)}`;

  it('of 100,000 levels is searched by plain patterns', async () => {
    const text = `foo(1);\nx = ${'('.repeat(100_000)}1${')'.repeat(100_000)};`;
    expect(await hitsIn({ rule: { pattern: 'foo($A)' } }, 'a.ts', text)).toHaveLength(1);
  });

  it.each([
    ['a util that asks itself', recursive],
    ['a rule that looks around', around],
  ])('is left unjudged, and ends nothing, by %s', { timeout: 60_000 }, async (_, parts) => {
    const check = await ready(parts);
    for (const text of [calls(100_000), `needle${'+1'.repeat(100_000)}`, '['.repeat(100_000)]) {
      const file = new FileInScan('a.ts', `x = ${text};`);
      expect(check.inspect(file)).toEqual([]);
      if (text.startsWith('[')) continue;
      expect([...file.reasons]).toEqual(['code nested more than 500 levels deep; rules that look around leave it out']);
    }
  });

  it('as people write it is judged', async () => {
    const file = new FileInScan('a.ts', `${calls(150).replace('1', 'needle')};`);
    expect((await ready(recursive)).inspect(file).length).toBeGreaterThan(150);
    expect(file.reasons.size).toBe(0);
  });
});

describe('forAscii', () => {
  it.each([
    ['\\w+\\b', '(?-u)\\w+\\b'],
    ['(?i)secret', '(?-u)(?i)secret'],
    // It could match half a character.
    ['a.b', 'a.b'],
    ['[^a]', '[^a]'],
    // Its lower case is an ASCII letter.
    ['(?i)\u212a', '(?i)\u212a'],
    ['(?i)\\u{212a}', '(?i)\\u{212a}'],
    ['(?i)\\x{17f}', '(?i)\\x{17f}'],
    ['\\p{L}', '\\p{L}'],
  ])('takes %s as %s', async (regex, expected) => {
    const config = { rule: { any: [{ kind: 'identifier', not: { regex } }] } };
    expect(forAscii(config as never, await grammarFor('typescript'))).toEqual({
      rule: { any: [{ kind: 'identifier', not: { regex: expected } }] },
    });
  });

  it('finds the same', async () => {
    const { parse } = await grammarFor('javascript');
    const pieces = [
      '\\w',
      '\\d+',
      '\\s*',
      '\\b',
      '(?i)',
      'k',
      'S',
      '_',
      '^',
      '$',
      '|',
      '[a-f]',
      '[[:alpha:]]',
      '(a|b)',
      '\\v',
      '\\B',
    ];
    const regexes = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    const texts = fc.string({ unit: 'binary-ascii', maxLength: 12 });
    const grammar = await grammarFor('javascript');
    let found = 0;
    fc.assert(
      fc.property(regexes, texts, (regex, text) => {
        const config = { rule: { regex } } as never;
        const root = parse(text).root();
        let plain: number;
        try {
          plain = root.findAll(config).length;
        } catch {
          return;
        }
        found += plain;
        expect(root.findAll(forAscii(config, grammar)).length).toBe(plain);
      }),
      { numRuns: 2000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('is not asked of other files', async () => {
    const rule = { kind: 'identifier', regex: '(?i)^\\w+k$' };
    expect(await hitsIn({ rule }, 'a.ts', '\u00fcnik; unik')).toHaveLength(2);
    expect(await hitsIn({ rule }, 'a.ts', 'unik')).toHaveLength(1);
  });
});
