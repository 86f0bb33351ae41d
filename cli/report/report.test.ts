import { describe, expect, it } from 'vitest';
import type { FleetReport } from '../../jobs/report.ts';
import { rateOf } from '../../reviewer/eval/rate.ts';
import { reportPage } from './document.ts';
import { moneyShown } from './figures.ts';
import { bars, columns, lines, strips } from './plots.ts';

const AGES = { day: 1, week: 0, month: 0, quarter: 0, older: 0, never: 0 };
const AT = new Date('2026-11-21T12:00:00Z');
const NONE = rateOf(0, 0);

/** A fleet of which only little is known. */
const LITTLE: FleetReport = {
  at: AT,
  since: new Date('2026-10-22T12:00:00Z'),
  group: null,
  repositories: {
    inScope: 1,
    agentsMd: { with: 0, proposed: 0, without: 1, unknown: 0 },
    review: { with: 0, without: 0, unknown: 1 },
    looked: AGES,
    waiting: AGES,
  },
  stale: [],
  overTime: { unit: 'week', slices: [] },
  mergeRequests: {
    ...{ opened: 0, merged: 0, closedByPeople: 0, closedByUs: 0, open: 0, oldest: [] },
    ...{ accepted: NONE, hoursToMerge: null, daysOpen: null },
  },
  reviews: {
    ...{ mergeRequests: 0, repositories: 0, reviews: 0, perMergeRequest: null, tiers: [], whole: null, decisions: [] },
    ...{ overruled: NONE, stale: NONE, cached: { input: 0, cached: 0, share: null }, outputTokens: 0 },
  },
  findings: { total: 0, mergeRequests: 0, bySeverity: [], byCategory: [], byAgent: [], fixed: NONE },
  rules: { broken: 0, revisions: 0, top: [], states: {} },
  items: { kept: 0, edited: 0, deleted: 0, bySection: [], byKind: [] },
  groups: { count: 0, top: [] },
};

/** The report with a foreign text wherever one can stand. */
function withText(text: string): FleetReport {
  const counted = { name: text, count: 2, severities: { [text]: 2 }, outcomes: { [text]: 2 }, fixed: rateOf(1, 2) };
  const percentiles = { median: 1, p90: 2, p95: 3, p99: 4 };
  const tier = { tier: text, mergeRequests: 1, reviews: 1, duration: percentiles, cost: null, costUnknown: 1 };
  const outcomes = { fixed: 1, dismissed: 1, argued: 0, waived: 0, ignored: 0 };
  const known = { rule: text, rev: 1, title: text, state: text };
  const rule = { ...known, findings: 2, repositories: 1, outcomes, fixed: rateOf(1, 2) };
  const items = { kept: 1, edited: 1, deleted: 1 };
  return {
    ...LITTLE,
    group: text,
    stale: [
      { path: text, instance: text, url: `javascript:${text}`, why: text, reason: text, since: AT, staleBy: [text] },
      { path: text, instance: text, url: `https://x/${text}`, why: 'moved', reason: null, since: null, staleBy: [] },
    ],
    mergeRequests: { ...LITTLE.mergeRequests, oldest: [{ path: text, iid: 1, url: text, openedAt: AT }] },
    reviews: {
      ...{ ...LITTLE.reviews, mergeRequests: 1, reviews: 1, tiers: [tier], whole: tier },
      decisions: [{ decision: text, count: 1 }],
    },
    findings: {
      ...{ ...LITTLE.findings, total: 2, bySeverity: [counted], byCategory: [counted] },
      byAgent: [{ ...counted, computed: false }],
    },
    rules: { broken: 1, revisions: 1, top: [rule], states: { [text]: 1 } },
    items: { ...items, bySection: [{ ...items, section: text }], byKind: [{ ...items, kind: text }] },
    groups: {
      count: 2,
      top: [text, null].map((group) => ({
        ...{ instance: `${text}${group}`, group, inScope: 1, withFile: 1, reviewed: 1, waiting: 1, mergeRequests: 1 },
        ...{ accepted: rateOf(1, 1), findings: 1, fixed: NONE, cost: null },
      })),
    },
  };
}

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'><svg onload=alert(1)>",
  '</title></style><iframe src=https://evil.example>',
  '--><!-- ]]><b>',
  '&lt;b&gt;&#60;b&#62;',
];

/** Names of elements and attributes, as they stand in a page. */
const markupIn = (page: string): string =>
  [...page.matchAll(/<\/?[a-z!][^>]*>/gi)].map(([tag]) => shapeOf(tag)).join('');
const shapeOf = (tag: string): string => tag.replace(/"[^"]*"/g, '""');

describe('the page', () => {
  it('says of what nobody knows that it is not known, and shows no plot of it', () => {
    const page = reportPage(LITTLE);
    expect(page).toContain('<b>not known</b>');
    expect(page).toContain('No merge request is known that was reviewed');
    expect(page).toContain('No findings are known.');
    expect(page).toContain('Of no rule it is known how it fares.');
    for (const name of ['Merge requests reviewed', 'Findings', 'Bullets kept as they are'])
      expect(page).toMatch(new RegExp(`>${name}</span><b>not known</b>`));
    expect(page).not.toMatch(/>0 reviews|>0 edited/);
    expect(page).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  it('of reviews that found nothing does not say that nothing is known', () => {
    const { whole, tiers } = withText('lite').reviews;
    const page = reportPage({ ...LITTLE, reviews: { ...LITTLE.reviews, mergeRequests: 1, reviews: 1, whole, tiers } });
    expect(page).toContain('The reviews found nothing.');
  });

  it.each(HOSTILE)('holds the markup of a plain name, and no other, where a name is %s', (text) => {
    const page = reportPage(withText(text));
    expect(markupIn(page)).toBe(markupIn(reportPage(withText('plain'))));
    expect(page).not.toContain(text);
  });

  it('links to addresses of the web alone', () => {
    const page = reportPage(withText('shop'));
    const addresses = [...page.matchAll(/ href="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.filter((address) => !address?.startsWith('#'))).toEqual(['https://x/shop']);
  });

  it('shows nothing that turns the direction of a line, or that nobody sees', () => {
    const page = reportPage(withText('a\u202eb\u2066c\u200bd\u{e0041}e\u001b[31mf'));
    expect(page).toContain('<bdi>abcdef</bdi>');
    expect(page).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b\u{e0000}-\u{e007f}\u001b]/u);
  });

  it('cuts long names in plots, and has them whole in their titles', () => {
    const long = 'x'.repeat(300);
    const page = reportPage(withText(long));
    expect(page).toContain(`>${'x'.repeat(29)}…</text>`);
    expect(page).toContain(`<title>${long}: `);
  });

  it('has a policy that lets a browser load nothing and run nothing, and holds neither', () => {
    const page = reportPage(withText('shop'));
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`);
    expect(page).not.toMatch(/<script|\ssrc=|@import|url\(| on\w+=/i);
  });

  it('counts rules and not their revisions, and says of one that another holds', () => {
    const { top } = withText('A-1').rules;
    const past = { ...top[0]!, rev: 1, state: 'past' };
    const rules = { broken: 1, revisions: 2, top: [past, { ...past, rev: 2, state: 'fine' }], states: { fine: 1 } };
    const page = reportPage({ ...LITTLE, rules });
    expect(page).toContain('1 rule was named by findings in 2 revisions. State of all rules that are judged');
    expect(page).toContain('when a sweep last ended: 1 fine.');
    expect(page).toContain('<td class=""><bdi>a later revision holds</bdi></td>');
    const more = reportPage({ ...LITTLE, rules: { ...rules, broken: 40, revisions: 40 } });
    expect(more).toContain('40 rules were named by findings; the 2 that were named most are below.');
  });

  it('counts reviewed repositories of those that were looked at, and shows what waits where anything does', () => {
    const calm = { ...LITTLE.repositories, waiting: { ...AGES, day: 0 } };
    expect(reportPage({ ...LITTLE, repositories: calm })).not.toContain('May be out of date<');
    const review = { with: 1, without: 3, unknown: 6 };
    const repositories = { ...LITTLE.repositories, inScope: 10, review, waiting: { ...AGES, day: 0, week: 2 } };
    const page = reportPage({ ...LITTLE, repositories });
    expect(page).toContain('>Reviewed repositories</span><b>25 %</b><span class="small dim">1 of 4 looked at</span>');
    expect(page).toContain('May be out of date<');
  });

  it('tells how long our merge requests took and wait, in the units of people', () => {
    const percentiles = { median: 2, p90: 4, p95: 5, p99: 6 };
    const mergeRequests = { ...LITTLE.mergeRequests, open: 1, hoursToMerge: percentiles, daysOpen: percentiles };
    const page = reportPage({ ...LITTLE, mergeRequests });
    expect(page).toContain('<b>2 h</b><span class="small dim">median; P90 4 h</span>');
    expect(page).toContain('for 2 d (median), P90 4 d');
  });

  it('tells of a group without reviews no findings for each', () => {
    const [group] = withText('shop').groups.top;
    const page = reportPage({ ...LITTLE, groups: { count: 1, top: [{ ...group!, mergeRequests: 0, findings: 0 }] } });
    expect(page).toContain('<td class="n">0</td><td class="n">not known</td>');
  });

  it('tells findings for each merge request, however often it was reviewed', () => {
    const { whole, tiers } = withText('lite').reviews;
    const reviews = { ...LITTLE.reviews, mergeRequests: 4, reviews: 40, whole, tiers };
    const findings = { ...withText('x').findings, total: 6, mergeRequests: 2 };
    expect(reportPage({ ...LITTLE, reviews, findings })).toContain(
      '6 findings in 2 merge requests, 1.5 for each that was reviewed',
    );
  });

  it.each([
    [null, 'not known'],
    [0, '0.00'],
    [0.0004, '0.0004'],
    [0.5, '0.50'],
    [1234.5, '1,235'],
  ])('shows a cost of %s as %s', (money, shown) => {
    expect(moneyShown(money)).toBe(shown);
  });

  it('gives every plot a name that tells its numbers', () => {
    const page = reportPage(withText('shop'));
    const plots = [...page.matchAll(/<svg (?!aria-hidden)[^>]*>/g)].map(([tag]) => tag);
    expect(plots.length).toBeGreaterThan(8);
    for (const tag of plots) expect(tag).toMatch(/ role="img" aria-label="[^"]+"/);
  });
});

const numbers = (markup: string, pattern: RegExp): number[] =>
  [...markup.matchAll(pattern)].map(([, value]) => Number(value));

describe('plots', () => {
  it('of bars are as long as their numbers, all on one scale', () => {
    const part = (name: string, count: number) => ({ name, colour: 'one' as const, count });
    const { markup } = bars({ caption: 'x' }, [
      { label: 'a', value: '40', parts: [part('p', 30), part('q', 10)] },
      { label: 'b', value: '10', parts: [part('p', 10), part('q', 0)] },
    ]);
    expect(numbers(markup, /class="one" x="[\d.]+%" y="[\d.]+" width="([\d.]+)%"/g)).toEqual([75, 25, 25]);
    expect(markup).toContain('<title>a: 40 (p 30, q 10)</title>');
  });

  it('of lines have a gap where nothing is known', () => {
    const line = { name: 'n', colour: 'two' as const, values: [0, null, 50, 100] };
    const { markup } = lines({ caption: 'x' }, ['a', 'b', 'c', 'd'], [line], String);
    expect(numbers(markup, /cy="([\d.]+)"/g)).toEqual([168, 93, 18]);
    expect(markup.match(/<line class="two"/g)).toHaveLength(1);
  });

  it('of columns pile their parts up', () => {
    const part = (colour: 'one' | 'two', values: number[]) => ({ name: colour, colour, values });
    const { markup } = columns({ caption: 'x' }, ['a', 'b'], [part('one', [25, 0]), part('two', [75, 50])]);
    expect(numbers(markup, /y="([\d.]+)" width/g)).toEqual([130.5, 18, 93]);
    expect(numbers(markup, /<rect[^>]* height="([\d.]+)"/g).filter((height) => height !== 10)).toEqual([
      37.5, 112.5, 75,
    ]);
  });

  it('of percentiles lie on one scale', () => {
    const rows = [1, 2].map((by) => ({
      label: `${by}`,
      points: [
        ['P50', 10 * by],
        ['P99', 50 * by],
      ] as const,
    }));
    const { markup } = strips({ caption: 'x' }, rows, String);
    expect(numbers(markup, /cx="([\d.]+)%"/g)).toEqual([49.5, 98]);
  });

  it('of nothing are none', () => {
    for (const plot of [
      bars({ caption: 'x' }, []),
      columns({ caption: 'x' }, [], []),
      lines({ caption: 'x' }, ['a'], [], String),
    ])
      expect(plot.markup).not.toContain('<svg');
  });
});
