import { describe, expect, it } from 'vitest';
import fc from '../../../test/fast-check.ts';
import { FileInScan } from '../../scan-file.ts';
import { makeRule } from '../../testing/make-codex.ts';
import type { AstGrepCheck } from '../check.ts';
import { CheckError, type FileCheck } from '../kind.ts';
import { grammarFor } from './grammars.ts';
import { astGrep } from './index.ts';
import { requiredLiterals } from './prefilter.ts';

describe('requiredLiterals', () => {
  it.each<[string, string, AstGrepCheck['rule'], readonly (readonly string[])[]]>([
    ['the names of a pattern', 'typescript', { pattern: 'console.log($$$ARGS)' }, [['console'], ['log']]],
    ['no metavariables', 'typescript', { pattern: '$A.$B($_, $$$)' }, []],
    ['a metavariable in a word is no metavariable, and no known text', 'typescript', { pattern: 'handle$A(1)' }, []],
    ['a word beside an expando of the grammar', 'go', { pattern: 'getµName' }, []],
    [
      'metavariables by the sign of the grammar',
      'python',
      { pattern: 'subprocess.run($CMD, shell=True)' },
      [['subprocess'], ['shell'], ['True'], ['run']],
    ],
    ['a lower-case dollar word as what it is', 'java', { pattern: 'obj.exit($a)' }, [['exit'], ['obj']]],
    ['no keywords: the parser makes them up', 'typescript', { pattern: 'do { work($A) } while ($B)' }, [['work']]],
    [
      'what a string holds',
      'java',
      { pattern: 'MessageDigest.getInstance("MD5")' },
      [['MessageDigest'], ['getInstance'], ['MD5']],
    ],
    [
      'an escape apart from the text beside it',
      'typescript',
      { pattern: "send('first\\nsecond')" },
      [['second'], ['first'], ['send']],
    ],
    ['no text that ast-grep does not compare', 'python', { pattern: 'send("first\\nsecond")' }, [['send']]],
    ['no comments', 'typescript', { pattern: 'foo(/* carefully */ bar)' }, [['foo'], ['bar']]],
    ['no short names', 'typescript', { pattern: 'a.of($X)' }, []],
    [
      'the selected part of a context',
      'typescript',
      { pattern: { context: 'class Outer { static field = inner($A) }', selector: 'call_expression' } },
      [['inner']],
    ],
    [
      'nothing of a signature, of which only kinds are compared',
      'typescript',
      { pattern: { context: 'foo(bar)', strictness: 'signature' } },
      [],
    ],
    [
      'what relaxed matching compares',
      'typescript',
      { pattern: { context: 'foo(bar)', strictness: 'relaxed' } },
      [['foo'], ['bar']],
    ],
    [
      'both of all',
      'typescript',
      { all: [{ pattern: 'first($A)' }, { has: { pattern: 'second' } }] },
      [['second'], ['first']],
    ],
    ['one of any', 'typescript', { any: [{ pattern: 'eval($A)' }, { pattern: 'execute($A)' }] }, [['eval', 'execute']]],
    [
      'what all branches share, and one of what they do not',
      'typescript',
      { any: [{ pattern: 'console.log($A)' }, { pattern: 'console.warn($A)' }] },
      [['console'], ['log', 'warn']],
    ],
    [
      'nothing of any as soon as one branch is open',
      'typescript',
      { any: [{ pattern: 'eval($A)' }, { kind: 'debugger_statement' }] },
      [],
    ],
    [
      'nothing of any as soon as one branch has only short names',
      'typescript',
      { any: [{ pattern: 'eval($A)' }, { pattern: 'fn($A)' }] },
      [],
    ],
    [
      'the shorter one where a literal holds another',
      'typescript',
      { any: [{ pattern: 'exec($A)' }, { pattern: 'execSync($A)' }] },
      [['exec']],
    ],
    [
      'relations',
      'typescript',
      { pattern: 'inner($A)', inside: { pattern: 'outer($$$)', stopBy: 'end' } },
      [['inner'], ['outer']],
    ],
    [
      'no stopBy',
      'typescript',
      { pattern: 'inner($A)', inside: { kind: 'arguments', stopBy: { pattern: 'limit($A)' } } },
      [['inner']],
    ],
    ['nothing of not and kind', 'typescript', { kind: 'identifier', not: { pattern: 'other' } }, []],
    [
      'nothing of nthChild',
      'typescript',
      { kind: 'identifier', nthChild: { position: 1, ofRule: { pattern: 'other' } } },
      [],
    ],
  ])('knows %s', async (_, language, rule, literals) => {
    expect(requiredLiterals({ rule }, [await grammarFor(language)])).toEqual(literals);
  });

  it('knows the words that kinds begin with, where they are wanted', async () => {
    const rule = { kind: 'call_expression', inside: { any: [{ kind: 'catch_clause' }, { kind: 'throw_statement' }] } };
    const grammars = [await grammarFor('typescript')];
    expect(requiredLiterals({ rule }, grammars, true)).toEqual([['catch', 'throw']]);
    expect(requiredLiterals({ rule }, grammars)).toEqual([]);
    expect(requiredLiterals({ rule: { kind: 'identifier' } }, grammars, true)).toEqual([]);
  });

  it('looks into utils, and ends where they go in circles', async () => {
    const utils = {
      logger: { any: [{ pattern: 'logger' }, { has: { matches: 'logger' } }] },
      sink: { pattern: 'sink($A)', has: { matches: 'sink', stopBy: 'end' } },
    };
    const of = async (name: string) => requiredLiterals({ rule: { matches: name }, utils }, [await grammarFor('java')]);
    expect(await of('logger')).toEqual([]);
    expect(await of('sink')).toEqual([['sink']]);
    expect(await of('unheard-of')).toEqual([]);
  });

  it('requires of several grammars what holds in each', async () => {
    const grammars = await Promise.all(['go', 'python'].map(grammarFor));
    // Python does not compare the text beside an escape.
    expect(requiredLiterals({ rule: { pattern: 'send("first\\nsecond")' } }, grammars)).toEqual([['send']]);
  });

  it('keeps to the few that rule out most', async () => {
    const rule = { pattern: 'alpha.bravo.charlie.deltas.echoes.foxtrot($A)' };
    expect(requiredLiterals({ rule }, [await grammarFor('typescript')])).toEqual([
      ['charlie'],
      ['foxtrot'],
      ['deltas'],
      ['echoes'],
    ]);
  });
});

describe('the prefilter', () => {
  it.each(['typescript', 'java', 'python', 'go', 'rust'])('changes no finding of %s', {
    timeout: 120_000,
  }, async (name) => {
    const known = new Map<string, FileCheck | undefined>();
    let [matched, ruledOut] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        ruleOf(name),
        fc.array(fc.constantFrom(...CODE[name]!), { maxLength: 6 }),
        async (rule, code) => {
          const key = JSON.stringify(rule);
          if (!known.has(key)) known.set(key, await readyCheck(name, rule));
          const check = known.get(key);
          if (!check) return;
          const file = new FileInScan(`a.${ENDINGS[name]}`, code.join('\n'));
          const hits = check.inspect(file);
          if (hits.length > 0) matched++;
          if (!file.holdsOfEach(check.prefilter)) {
            ruledOut++;
            expect(hits).toEqual([]);
          }
        },
      ),
      { numRuns: 1500 },
    );
    // Neither a prefilter that lets everything through nor rules that find nothing would show anything.
    expect(matched).toBeGreaterThan(100);
    expect(ruledOut).toBeGreaterThan(100);
  });
});

const ENDINGS: Readonly<Record<string, string>> = {
  typescript: 'ts',
  java: 'java',
  python: 'py',
  go: 'go',
  rust: 'rs',
};

async function readyCheck(language: string, rule: AstGrepCheck['rule']): Promise<FileCheck | undefined> {
  const check: AstGrepCheck = { kind: 'ast-grep', language: [language], rule };
  try {
    return (await astGrep.prepare(check, makeRule({ id: 'T-1', check }))) as FileCheck;
  } catch (error) {
    if (error instanceof CheckError) return undefined;
    throw error;
  }
}

/** Whole and broken pieces of code; the same texts are patterns. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  typescript: [
    'foo(bar)',
    'foo ( /* note */ bar , )',
    'foo?.(bar)',
    "send('first\\nsecond')",
    'send("first\\nsecond")',
    'tag`first${bar}second`',
    'const alpha = async () => await foo(bar);',
    'do { work() } (bar)',
    'debugger',
    '// foo(bar)',
    "'foo(bar)'",
    'class Alpha { static bravo = foo(bar); }',
    'if (alpha) { foo',
    '/first/g.test(bar)',
    'x = handle$A(1)',
    'alpha.bravo.foo(bar).then(work)',
    'function foo(bar: string): void {}',
    '<T>(x: T) => foo(x)',
    '\u{1f600} foo(bar)',
    '}',
  ],
  java: [
    'class Alpha { void foo() { bar(1); } }',
    'class Bravo { int x = foo(bar); }',
    'foo(bar);',
    'foo /* note */ ( bar );',
    'send("first\\nsecond");',
    'send("""\n  first\n  second""");',
    '@Test void foo() {}',
    'try { foo(); } catch (Alpha e) { }',
    '// foo(bar)',
    'synchronized (this) { foo(bar); }',
    'new Alpha(bar)',
    'alpha.bravo.foo(bar)',
    'if (alpha) { foo',
    'this',
    '}',
    'List<Alpha> list = new Bravo<>();',
    "char c = 'x';",
    'String $a = obj.exit($a);',
  ],
  python: [
    'foo(bar)',
    'foo( # note\n  bar)',
    'send("first\\nsecond")',
    'send("other\\nsecond")',
    "send(f'first{bar}second')",
    'def foo(bar):\n  work(bar)',
    'class Alpha(Bravo):\n  pass',
    '@alpha\ndef foo(): ...',
    'try:\n  foo()\nexcept Alpha:\n  pass',
    '# foo(bar)',
    'if alpha:',
    'alpha.bravo.foo(bar)',
    'async def alpha(): await foo(bar)',
    'lambda bar: foo(bar)',
    'raise Alpha(bar) from bravo',
    "b'first' + r'second'",
    ')',
  ],
  go: [
    'package alpha',
    'func foo(bar int) { work(bar) }',
    'func alpha() { foo(bar) }',
    'foo(bar)',
    'foo( /* note */ bar )',
    'send("first\\nsecond")',
    'send(`first\\nsecond`)',
    'import "first/second"',
    'type Alpha struct { Bravo int }',
    'defer foo()',
    'if err != nil { return foo(err) }',
    '// foo(bar)',
    'alpha.Bravo(foo)',
    'x := alpha{bar: foo}',
    'go work()',
    'func (a *Alpha) foo() {',
    '}',
  ],
  rust: [
    'fn foo(bar: Alpha) { work(bar) }',
    'foo(bar);',
    'foo(/* note */ bar);',
    'send("first\\nsecond");',
    'send(r"first\\nsecond");',
    'println!("first {}", bar);',
    'alpha.unwrap()',
    'unsafe { foo(bar) }',
    'impl Alpha for Bravo {}',
    '#[test] fn foo() {}',
    '// foo(bar)',
    'use alpha::bravo::foo;',
    'let alpha = foo?;',
    'match alpha { Bravo => foo(bar), _ => work() }',
    'fn foo() {',
    '}',
    "fn foo<'alpha>(x: &'alpha str) {}",
  ],
};
const PATTERNS = [
  ...['foo($A)', 'foo($$$)', '$A($$$ARGS)', '$A.foo($$$)', 'alpha.$M', 'work', 'bar', 'this', '$X'],
  ...['"first"', 'send($TEXT)', 'foo($A, $B)', 'handle$A(1)', '$a', 'foo(bar, $$$)'],
];

function ruleOf(language: string): fc.Arbitrary<AstGrepCheck['rule']> {
  const text = fc.constantFrom(...PATTERNS, ...CODE[language]!);
  const strictness = fc.constantFrom('cst', 'smart', 'ast', 'relaxed', 'signature', 'template');
  const pattern = fc.oneof(
    { weight: 3, arbitrary: text },
    fc.record({ context: text, strictness }),
    fc.record({
      context: text,
      selector: fc.constantFrom('identifier', 'call_expression', 'method_invocation', 'call'),
    }),
  );
  const leaf = fc.oneof(
    { weight: 4, arbitrary: fc.record({ pattern }) },
    fc.record({ kind: fc.constant('identifier') }),
    fc.record({ regex: fc.constantFrom('foo', '^b', 'second') }),
  );
  return fc.letrec<{ rule: AstGrepCheck['rule'] }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      { weight: 3, arbitrary: leaf },
      fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
      fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 2 }) }),
      fc
        .tuple(leaf, fc.constantFrom('has', 'inside', 'follows', 'precedes', 'not'), tie('rule'))
        .map(([rule, relation, other]) => ({
          ...rule,
          [relation]: relation === 'not' ? other : { ...other, stopBy: 'end' },
        })),
    ),
  })).rule;
}
