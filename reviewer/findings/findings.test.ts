import { describe, expect, it } from 'vitest';
import { citationOf, inOrder } from './finding.ts';
import { fingerprinted, type Unnamed } from './fingerprint.ts';
import { type Ground, verified } from './verify.ts';

const FINDING: Unnamed = {
  ...{ severity: 'warning', category: 'code-quality', title: 'Wrong', detail: 'It is.', agent: 'code-quality' },
  ...{ path: 'a.ts', side: 'new', line: 2, endLine: 2, quote: 'two', evidence: [], rules: [], suggestion: null },
  ...{ computed: false, trivial: false },
};
const make = (change: Partial<Unnamed> = {}): Unnamed => ({ ...FINDING, ...change });
const nameOf = (change: Partial<Unnamed> = {}) => fingerprinted([make(change)])[0]!.fingerprint;

describe('the name of a finding', () => {
  it('stays when its line moves, is indented, or is told in other words', () => {
    const name = nameOf();
    expect(nameOf({ line: 90, endLine: 91 })).toBe(name);
    expect(nameOf({ quote: '   two ' })).toBe(name);
    expect(nameOf({ title: 'Something is wrong', detail: '', severity: 'critical', suggestion: 'x' })).toBe(name);
    expect(name).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one elsewhere, of another text, kind or rule', () => {
    const others = [
      nameOf({ path: 'b.ts' }),
      nameOf({ quote: 'three' }),
      nameOf({ category: 'security' }),
      nameOf({ side: 'old' }),
      nameOf({ rules: [{ id: 'TS-1', rev: 1 }] }),
    ];
    expect(new Set([nameOf(), ...others]).size).toBe(6);
    expect(nameOf({ rules: [{ id: 'TS-1', rev: 2 }] })).toBe(nameOf({ rules: [{ id: 'TS-1', rev: 1 }] }));
  });

  it('goes along with a renamed file', () => {
    const [moved] = fingerprinted([make({ path: 'new.ts' })], (path) => (path === 'new.ts' ? 'a.ts' : path));
    expect(moved!.fingerprint).toBe(nameOf());
  });

  it('counts those that are alike, from the top of the file', () => {
    const [second, first] = fingerprinted([make({ line: 9 }), make({ line: 2 })]);
    expect(first!.fingerprint).toBe(nameOf());
    expect(second!.fingerprint).not.toBe(nameOf());
    const [again] = fingerprinted([make({ line: 4 }), make({ line: 20 })].toReversed());
    expect(again!.fingerprint).toBe(second!.fingerprint);
  });

  it('tells apart what a program says of a file as a whole', () => {
    const whole = { line: 0, endLine: 0, quote: '', computed: true };
    expect(nameOf({ ...whole, title: 'A' })).not.toBe(nameOf({ ...whole, title: 'B' }));
    const rules = [{ id: 'AMD706', rev: null }];
    expect(nameOf({ ...whole, rules, title: '9 MB' })).toBe(nameOf({ ...whole, rules, title: '8 MB' }));
    expect(nameOf({ ...whole, computed: false, title: 'A' })).toBe(nameOf({ ...whole, computed: false, title: 'B' }));
  });
});

describe('the order of findings', () => {
  it('is by severity, category and place', () => {
    const all = fingerprinted([
      make({ severity: 'suggestion', trivial: true, title: 'f' }),
      make({ severity: 'suggestion', category: 'documentation', title: 'e' }),
      make({ path: 'b.ts', title: 'd' }),
      make({ line: 10, title: 'c' }),
      make({ category: 'security', title: 'b', line: 99 }),
      make({ severity: 'critical', title: 'a' }),
    ]);
    expect(inOrder(all).map(({ title }) => title)).toEqual([...'abcdef']);
  });

  it('cites in one form', () => {
    expect([citationOf({ id: 'API-REST-01', rev: 3 }), citationOf({ id: 'AMD101', rev: null })]).toEqual([
      'API-REST-01@3',
      'AMD101',
    ]);
  });
});

describe('what a finding says', () => {
  const files: Record<string, readonly string[]> = {
    'new:a.ts': ['one', '  two', 'three', 'four', 'two more', '}', ...Array<string>(60).fill('same')],
    'old:a.ts': ['gone'],
    'new:image.png': [],
  };
  const ground: Ground = {
    lines: async (path, side) => files[`${side}:${path}`],
    hasRule: ({ id, rev }) => id === 'TS-1' && (rev === null || rev === 2),
  };
  const check = async (change: Partial<Unnamed>) => {
    const { kept, dropped } = await verified([make(change)], ground);
    expect(kept.length + dropped.length).toBe(1);
    return dropped[0]?.reason ?? { line: kept[0]!.line, endLine: kept[0]!.endLine, quote: kept[0]!.quote };
  };
  const stands = (line: number, quote: string, endLine = line) => ({ line, endLine, quote });

  it.each<[string, Partial<Unnamed>, unknown]>([
    ['stands there', {}, stands(2, '  two')],
    ['stands there over lines', { endLine: 4, quote: 'two\nthree\nfour' }, stands(2, '  two', 4)],
    ['stands there but for its second line', { endLine: 3, quote: 'two\nnine' }, 'no-such-quote'],
    ['stands there with an empty line behind it', { quote: 'two\n\n' }, stands(2, '  two')],
    ['is a bracket that stands elsewhere', { line: 3, endLine: 3, quote: '}' }, 'no-such-quote'],
    ['is a bracket that stands there', { line: 6, endLine: 6, quote: '}' }, stands(6, '}')],
    ['stands a few lines away, once', { line: 20, endLine: 21 }, stands(2, '  two', 3)],
    ['stands too far away', { line: 40, endLine: 40 }, 'no-such-quote'],
    ['stands near by more than once', { line: 5, endLine: 5, quote: 'same' }, 'no-such-quote'],
    ['is not to be found', { quote: 'tw' }, 'no-such-quote'],
    ['is nothing', { quote: '  ' }, 'no-such-quote'],
    ['is nothing, of a line that is not there', { line: 900, endLine: 900, quote: '' }, 'no-such-line'],
    ['is of a line behind the end', { line: 900, endLine: 900 }, 'no-such-quote'],
    ['goes on behind the end', { endLine: 90 }, 'no-such-line'],
    ['ends before it begins', { endLine: 1 }, 'no-such-line'],
    ['is of a broken line', { line: 1.5, endLine: 1.5 }, 'no-such-line'],
    ['is of a negative line', { line: -1, endLine: -1 }, 'no-such-line'],
    ['is of another file', { path: '../etc/passwd' }, 'no-such-file'],
    ['is of the wrong side', { side: 'old' }, 'no-such-quote'],
    ['was there', { side: 'old', line: 1, endLine: 1, quote: 'gone' }, stands(1, 'gone')],
    ['is of a whole file', { path: 'image.png', line: 0, endLine: 0, quote: '' }, stands(0, '', 0)],
    ['is of a whole file with a quote', { line: 0, endLine: 0 }, 'no-such-line'],
    ['cites a rule that there is', { rules: [{ id: 'TS-1', rev: 2 }] }, stands(2, '  two')],
    ['cites another revision', { rules: [{ id: 'TS-1', rev: 1 }] }, 'no-such-rule'],
    [
      'cites an invented rule',
      {
        rules: [
          { id: 'TS-1', rev: null },
          { id: 'TS-99', rev: null },
        ],
      },
      'no-such-rule',
    ],
    ['is proved', { evidence: [{ path: 'a.ts', line: 3, side: 'new' }] }, stands(2, '  two')],
    [
      'is proved by a line that there is not',
      { evidence: [{ path: 'a.ts', line: 2, side: 'old' }] },
      'no-such-evidence',
    ],
    [
      'is proved by a file that there is not',
      { evidence: [{ path: 'b.ts', line: 1, side: 'new' }] },
      'no-such-evidence',
    ],
  ])('%s', async (_, change, expected) => {
    expect(await check(change)).toEqual(expected);
  });
});
