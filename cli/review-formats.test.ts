import { describe, expect, it } from 'vitest';
import { loadCodex } from '../codex/load.ts';
import { memoryRepository } from '../forge/memory.ts';
import type { ChangedFile } from '../reviewer/change/change-set.ts';
import { fingerprinted, type Unnamed } from '../reviewer/findings/fingerprint.ts';
import type { Review } from '../reviewer/review.ts';
import { reviewDocument } from './review-document.ts';
import { reviewMarkdown } from './review-markdown.ts';
import { reviewCodeQuality, reviewSarif } from './review-reports.ts';
import { reviewText } from './review-text.ts';

const TOKEN = `ghp_${'aB3'.repeat(12)}`;
const KEY = ['-----BEGIN PRIVATE KEY-----', 'MIIE'.repeat(16), 'vQIB'.repeat(16), '-----END PRIVATE KEY-----'];
const TEXT = ['one', `two ${TOKEN}`, 'three', ...Array<string>(8).fill('more'), ...KEY];

const FINDING: Unnamed = {
  ...{ severity: 'warning', category: 'agents-md', title: 'Wrong', detail: '', agent: 'agents-md' },
  ...{ path: 'a.ts', side: 'new', line: 2, endLine: 3, quote: TEXT[1]!, evidence: [], rules: [], suggestion: null },
  ...{ computed: true, trivial: false },
};
const FILE: ChangedFile = { status: 'modified', path: 'a.ts', kind: 'file', added: 1, removed: 0, hunks: [] };

function reviewOf(findings: readonly Partial<Unnamed>[], more: Partial<Review> = {}): Review {
  return {
    ...{ skipped: null, tier: 'lite', tierBecause: '20 lines in 1 file', decision: 'approved_with_comments' },
    complete: true,
    ...{ because: 'x', dropped: [], files: [FILE], changes: [], offer: null, codex: null, ms: 1 },
    ...{ productionRisk: null, riskPattern: null, models: null },
    findings: fingerprinted(findings.map((change) => ({ ...FINDING, ...change }))),
    agents: [{ name: 'agents-md', state: 'done', findings: 1, ms: 1, message: null }],
    ...more,
  };
}

const change = { before: memoryRepository({}), after: memoryRepository({ 'a.ts': TEXT.join('\n') }) };
const text = async (review: Review) => await reviewText(review, change, (_, plain) => plain);
interface Run {
  readonly invocations: readonly [{ readonly executionSuccessful: boolean }];
  readonly results: readonly {
    readonly partialFingerprints: object;
    readonly locations: readonly [
      { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object } },
    ];
  }[];
}
const runOf = (review: Review) => (reviewSarif(review, undefined) as { readonly runs: readonly [Run] }).runs[0];

describe('what is printed of a review', () => {
  it('holds no secret', async () => {
    const review = reviewOf([{ suggestion: `use ${TOKEN}` }, { line: 12, endLine: 12, quote: KEY[0]! }]);
    const all = [
      await text(review),
      reviewMarkdown(review),
      JSON.stringify([reviewDocument(review, change), reviewSarif(review, undefined), reviewCodeQuality(review)]),
    ].join('\n');
    expect(all).not.toContain(TOKEN);
    expect(all).not.toContain('MIIE');
    expect(all).toContain('ghp_[…]');
    // Of a key over several lines no line is shown.
    expect(all).not.toContain(' 12 | ');
  });

  it('names what is left out, and why, without end for none', async () => {
    const files: readonly ChangedFile[] = [
      { ...FILE, path: 'big.txt', unread: 'too-large' },
      ...Array.from(
        { length: 25 },
        (_, at): ChangedFile => ({ ...FILE, path: `vendor/${at}\n.go`, noise: 'vendored' }),
      ),
    ];
    const review = reviewOf([], { files });
    expect(await text(review)).toContain(
      'left out, too-large: big.txt\nleft out, vendored: vendor/0 .go, vendor/1 .go,',
    );
    expect(await text(review)).toContain('vendor/19 .go, and 5 more\n');
    expect(reviewMarkdown(review)).toContain('left out, too-large: `big.txt`');
    expect(await text(reviewOf([]))).not.toContain('left out');
  });

  it('says that lines should go', async () => {
    const review = reviewOf([{ suggestion: '' }]);
    expect(await text(review)).toContain('take it out');
    expect(reviewMarkdown(review)).toContain('Take it out.');
    expect(reviewMarkdown(reviewOf([{ suggestion: null }]))).not.toContain('Take it out.');
  });

  it('counts nobody as having looked who did not', async () => {
    const agents = [
      { name: 'agents-md', state: 'failed', findings: 0, ms: 1, message: 'broken' },
      { name: 'codex-compliance', state: 'done', findings: 0, ms: 1, message: null },
    ] as const;
    const review = reviewOf([], { agents, decision: null });
    expect(await text(review)).toMatch(/^no decision: .*\n.*looked at by codex-compliance\n$/);
    expect(reviewMarkdown(review)).toMatch(/^## No decision\n/);
    expect(runOf(review).invocations[0].executionSuccessful).toBe(false);
    expect(reviewCodeQuality(review)).toMatchObject([{ check_name: 'not-reviewed', severity: 'blocker' }]);
  });
});

describe('reports for tools', () => {
  it('name what could not be read, and fail for what is sensitive', () => {
    const big: ChangedFile = { ...FILE, path: 'src/auth.ts', unread: 'too-large' };
    const plain = reviewOf([], { files: [big, { ...FILE, path: 'a.png', unread: 'binary' }] });
    const sensitive = reviewOf([], { files: [{ ...big, sensitive: 'security' }] });
    expect(reviewCodeQuality(plain)).toMatchObject([{ severity: 'info', location: { path: 'src/auth.ts' } }]);
    expect(reviewCodeQuality(sensitive)).toMatchObject([{ severity: 'blocker' }]);
    expect(runOf(plain).invocations[0]).toMatchObject({ executionSuccessful: true });
    expect(runOf(sensitive).invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: 'error', locations: [{ physicalLocation: {} }] }],
    });
    expect(runOf(reviewOf([])).invocations[0]).toEqual({ executionSuccessful: true, toolExecutionNotifications: [] });
  });

  it('have the name that a finding has everywhere', () => {
    const review = reviewOf([{}, { line: 9, endLine: 9 }, { path: 'b.ts' }]);
    const names = review.findings.map(({ fingerprint }) => fingerprint);
    expect(new Set(names).size).toBe(3);
    expect(reviewCodeQuality(review).map(({ fingerprint }) => fingerprint)).toEqual(names);
    expect(runOf(review).results.map(({ partialFingerprints }) => partialFingerprints)).toEqual(
      names.map((name) => ({ 'agentsmd/v1': name })),
    );
  });

  it('describe the rules of the codex, and count what is on trial for little', async () => {
    const codex = await loadCodex({ from: 'starter' });
    const rule = codex.rules.find(({ id }) => id === 'TS-ERR-002')!;
    const review = reviewOf([{ severity: 'critical', rules: [{ id: rule.id, rev: rule.rev }] }, { trivial: true }]);
    const { runs } = reviewSarif(review, codex) as { readonly runs: readonly [{ readonly tool: object }] };
    expect(runs[0].tool).toMatchObject({
      driver: { rules: [{ id: rule.id, shortDescription: { text: rule.title } }, { id: 'agents-md' }] },
    });
    expect(reviewCodeQuality(review).map(({ severity }) => severity)).toEqual(['critical', 'info']);
  });

  it('have lines that there are', () => {
    const [range, whole] = runOf(reviewOf([{}, { line: 0, endLine: 0, quote: '' }])).results.map(
      ({ locations }) => locations[0].physicalLocation.region,
    );
    expect(range).toEqual({ startLine: 2, startColumn: 1, endLine: 3 });
    expect(whole).toEqual({ startLine: 1, startColumn: 1 });
    expect(reviewCodeQuality(reviewOf([{ line: 0, endLine: 0, quote: '' }]))[0]!.location.lines).toEqual({ begin: 1 });
  });

  it.each([
    ['a b/ü.ts', 'a%20b/%C3%BC.ts'],
    ['a:b/c?#%.ts', 'a%3Ab/c%3F%23%25.ts'],
    ['\\xff\n.ts', '%5Cxff%0A.ts'],
  ])('have addresses of files that lead to them: %s', (path, uri) => {
    const [result] = runOf(reviewOf([{ path }])).results;
    expect(result!.locations[0].physicalLocation.artifactLocation.uri).toBe(uri);
    const resolved = new URL(uri, 'file:///repo/');
    expect(decodeURIComponent(resolved.pathname)).toBe(`/repo/${path}`);
  });
});
