import { describe, expect, it } from 'vitest';
import fc from '../../test/fast-check.ts';
import { CATEGORIES } from '../findings/finding.ts';
import type { Defect } from './case.ts';
import { MOST_LINES_LONG, MOST_LINES_OFF, match, type Told } from './match.ts';

const DEFECT: Defect = {
  ...{ id: 'one', path: 'a.ts', lines: { from: 20, to: 22 }, side: 'new', alsoAt: [] },
  ...{ category: 'security', alsoAccept: ['code-quality'], severity: 'critical', what: 'It is.' },
};
const FINDING: Told = {
  ...{ path: 'a.ts', side: 'new', line: 20, endLine: 20, category: 'security', severity: 'critical' },
  ...{ title: 'Wrong', detail: '', agent: 'security', computed: false },
};

describe('a finding is a defect', () => {
  it.each<[string, Partial<Told>, Partial<Defect>, 'found' | 'beside' | 'unfounded']>([
    ['where it stands in its lines', { line: 21, endLine: 21 }, {}, 'found'],
    ['where it begins as many lines before as it may', { line: 17, endLine: 17 }, {}, 'found'],
    ['not where it ends one line earlier', { line: 16, endLine: 16 }, {}, 'unfounded'],
    ['where it begins as many lines behind as it may', { line: 25, endLine: 30 }, {}, 'found'],
    ['not where it begins one line later', { line: 26, endLine: 26 }, {}, 'unfounded'],
    ['where its own lines reach it', { line: 12, endLine: 18 }, {}, 'found'],
    ['not where only the end of half a file reaches it', { line: 1, endLine: 900 }, {}, 'unfounded'],
    ['not where it is of the file as a whole', { line: 0, endLine: 0 }, { lines: { from: 1, to: 1 } }, 'unfounded'],
    ['not in another file', { path: 'b.ts' }, {}, 'unfounded'],
    ['not on the other side', { side: 'old' }, {}, 'unfounded'],
    [
      'on the old side, where it is told there, too',
      { side: 'old', line: 5 },
      { alsoAt: [at('a.ts', 5, 'old')] },
      'found',
    ],
    ['at another place that goes', { path: 'b.ts', line: 90 }, { alsoAt: [at('b.ts', 90)] }, 'found'],
    ['by another category that goes', { category: 'code-quality' }, {}, 'found'],
    ['not by any category', { category: 'performance' }, {}, 'beside'],
    ['whatever its severity', { severity: 'suggestion' }, {}, 'found'],
  ])('%s', (_, finding, defect, expected) => {
    const told = { ...FINDING, ...finding };
    const result = match([{ ...DEFECT, ...defect }], [{ ...told, endLine: Math.max(told.line, told.endLine) }]);
    const kind = result.found.size > 0 ? 'found' : result.beside.length > 0 ? 'beside' : 'unfounded';
    expect(kind).toBe(expected);
  });

  it('once: who says it again has found nothing more', () => {
    const result = match([DEFECT], [{ ...FINDING, line: 24, endLine: 24 }, FINDING]);
    expect(result.found).toEqual(new Map([[0, 1]]));
    expect(result.again).toEqual([0]);
  });

  it('so that one that fits two leaves the other to whom fits it alone', () => {
    const near = { ...DEFECT, id: 'two', lines: { from: 24, to: 24 } };
    // The first finding fits both and is nearest to DEFECT; the second one fits DEFECT alone.
    const findings = [
      { ...FINDING, line: 23, endLine: 23 },
      { ...FINDING, line: 18, endLine: 18 },
    ];
    const result = match([DEFECT, near], findings);
    expect(result.found).toEqual(
      new Map([
        [0, 1],
        [1, 0],
      ]),
    );
  });
});

function at(path: string, line: number, side: 'new' | 'old' = 'new'): Defect['alsoAt'][number] {
  return { path, lines: { from: line, to: line }, side };
}

const path = fc.constantFrom('a.ts', 'a.ts', 'a.ts', 'b.ts');
const line = fc.integer({ min: 1, max: 24 });
const categories = fc.constantFrom(CATEGORIES[0], CATEGORIES[0], CATEGORIES[1]);
const anyFinding = fc
  .record({
    path,
    line,
    length: fc.oneof(fc.constant(0), fc.nat(20)),
    category: categories,
  })
  .map(({ length, ...told }): Told => ({ ...FINDING, ...told, endLine: told.line + length }));
const anyDefect = fc.record({ path, from: line, length: fc.nat(3), category: categories }).map(
  ({ from, length, ...told }): Defect => ({
    ...DEFECT,
    ...told,
    alsoAccept: [],
    lines: { from, to: from + length },
  }),
);

/** The plain rule, written down a second time. */
function fits(defect: Defect, finding: Told): boolean {
  if (defect.path !== finding.path || defect.category !== finding.category) return false;
  const lines = Array.from({ length: Math.min(MOST_LINES_LONG, finding.endLine - finding.line + 1) });
  return lines.some((_, by) => {
    const line = finding.line + by;
    return line >= defect.lines.from - MOST_LINES_OFF && line <= defect.lines.to + MOST_LINES_OFF;
  });
}

/** How many can be found at all, by trying everything. */
function most(defects: readonly Defect[], findings: readonly Told[]): number {
  const [first, ...others] = defects;
  if (!first) return 0;
  const without = most(others, findings);
  const options = findings.filter((finding) => fits(first, finding));
  return Math.max(
    without,
    ...options.map(
      (taken) =>
        1 +
        most(
          others,
          findings.filter((one) => one !== taken),
        ),
    ),
  );
}

describe('whatever is said of whatever there is', () => {
  const any = [fc.array(anyDefect, { maxLength: 4 }), fc.array(anyFinding, { maxLength: 5 })] as const;

  it('pairs only what fits, each once, and as many as can be', () => {
    fc.assert(
      fc.property(...any, (defects, findings) => {
        const { found } = match(defects, findings);
        for (const [defect, finding] of found) expect(fits(defects[defect]!, findings[finding]!)).toBe(true);
        expect(new Set(found.values()).size).toBe(found.size);
        expect(found.size).toBe(most(defects, findings));
      }),
      { numRuns: 2000 },
    );
  });

  it('puts every finding into one heap', () => {
    fc.assert(
      fc.property(...any, (defects, findings) => {
        const { found, again, beside, unfounded } = match(defects, findings);
        expect([...found.values(), ...again, ...beside, ...unfounded].sort((a, b) => a - b)).toEqual([
          ...findings.keys(),
        ]);
      }),
    );
  });

  it('finds no fewer with one finding more, and none without any', () => {
    fc.assert(
      fc.property(...any, anyFinding, (defects, findings, more) => {
        expect(match(defects, [...findings, more]).found.size).toBeGreaterThanOrEqual(
          match(defects, findings).found.size,
        );
        expect(match(defects, []).found.size).toBe(0);
      }),
    );
  });
});
