import { afterEach, describe, expect, it } from 'vitest';
import type { ThreadNote } from '../../forge/review-port.ts';
import type { CodexResult } from '../computed/codex.ts';
import type { Finding } from '../findings/finding.ts';
import type { AgentReport } from '../report.ts';
import type { Review } from '../review.ts';
import { summaryMarks } from './marks.ts';
import { publishOverruled } from './publish.ts';
import { type Tally, tallyAfter, tallyIn, tallyMarks } from './tally.ts';
import { found, openPublishPlace, type PublishPlace, reviewOf } from './testing/gitlab-place.ts';
import { ADA, BEN, BOT, findingOf, noteOf, threadOf } from './testing/threads.ts';

const isBot = ({ id }: ThreadNote['author']) => id === BOT.id;
const HEAD = 'a'.repeat(40);
const next = (
  before: Tally | undefined,
  findings: readonly Finding[],
  more: Partial<Review> = {},
  dismissed: Parameters<typeof tallyAfter>[2]['dismissed'] = [],
) => tallyAfter(before, reviewOf(findings, more), { head: HEAD, dismissed })!;
const states = ({ findings }: Tally) => findings.map(({ fingerprint, state, reason }) => [fingerprint, state, reason]);
const written = (tally: Tally | undefined, author = BOT) => [
  threadOf([
    noteOf(
      author,
      [...tallyMarks(tally), ...summaryMarks({ head: HEAD, target: 'main' })].map((b) => b.markdown).join('\n\n'),
    ),
  ]),
];
const codexOf = (more: Partial<NonNullable<Review['codex']>>): Review['codex'] => ({
  ...{ rules: [], unchecked: [], failed: [], unread: [], waived: 0, letOff: [], muted: [] },
  ...more,
});
const AGENT: AgentReport = { name: 'agents-md', state: 'done', findings: 0, ms: 1, message: null };
const CODEX = { ...AGENT, name: 'codex-compliance' };

describe('what reviews come to', () => {
  const [one, two] = [findingOf('f1'), findingOf('f2')];
  const dismissed = { finding: one, by: BEN, counts: false, refuted: false, reason: 'wont-fix' } as const;

  it.each<[string, (before: Tally) => Tally, readonly unknown[]]>([
    ['found again is open', (t) => next(t, [one]), ['f1', 'open', null]],
    ['not found any more is fixed', (t) => next(t, []), ['f1', 'fixed', null]],
    [
      'not looked for is as it was',
      (t) => next(t, [], { agents: [{ ...AGENT, state: 'failed' }] }),
      ['f1', 'open', null],
    ],
    ['dismissed is so, with the reason', (t) => next(t, [one], {}, [dismissed]), ['f1', 'dismissed', 'wont-fix']],
    [
      'dismissed by somebody who may not is open',
      (t) => next(t, [one], {}, [{ ...dismissed, counts: true }]),
      ['f1', 'open', null],
    ],
    [
      'refuted is so',
      (t) => next(t, [one], {}, [{ ...dismissed, refuted: true, reason: 'false-positive' }]),
      ['f1', 'refuted', 'false-positive'],
    ],
    [
      'resolved without a word, and gone then, is fixed',
      (t) => next(next(t, [one], {}, [{ ...dismissed, reason: null }]), []),
      ['f1', 'fixed', null],
    ],
    [
      'dismissed with a word, and gone then, stays dismissed',
      (t) => next(next(t, [one], {}, [dismissed]), []),
      ['f1', 'dismissed', 'wont-fix'],
    ],
    ['fixed, and there again, is open', (t) => next(next(t, []), [one]), ['f1', 'open', null]],
  ])('of a finding that is %s', (_, then, expected) => {
    expect(states(then(next(undefined, [one])))).toEqual([expected]);
  });

  it('a finding that a waiver lets off is waived, and another one of the file is fixed', () => {
    const codex = { agent: 'codex-compliance', category: 'codex', path: 'src/a.ts' } as const;
    const findings = [
      findingOf('c1', { ...codex, rules: [{ id: 'X-1', rev: 2 }] }),
      findingOf('c2', { ...codex, rules: [{ id: 'X-2', rev: 1 }] }),
    ];
    const letOff = codexOf({ letOff: [{ rule: 'X-1', path: 'src/a.ts' }] });
    const tally = next(next(undefined, findings, { agents: [CODEX] }), [], { agents: [CODEX], codex: letOff });
    expect(states(tally)).toEqual([
      ['c1', 'waived', null],
      ['c2', 'fixed', null],
    ]);
  });

  it('what a waiver lets off from the beginning is counted by its rule, and what was told before is not', () => {
    const told = findingOf('c1', {
      agent: CODEX.name,
      category: 'codex',
      path: 'src/a.ts',
      rules: [{ id: 'X-1', rev: 2 }],
    });
    const rules = [1, 2, 3].map((n) => ({ id: `X-${n}`, rev: 2 }));
    const letOff = [
      ...['src/a.ts', 'src/b.ts'].map((path) => ({ rule: 'X-1', path })),
      ...['src/b.ts', 'src/b.ts'].map((path) => ({ rule: 'X-2', path })),
    ];
    const before = next(undefined, [told], { agents: [CODEX], codex: codexOf({ rules }) });
    expect(before.waived).toEqual({});
    const tally = next(before, [], { agents: [CODEX], codex: codexOf({ rules, letOff }) });
    expect(states(tally)).toEqual([['c1', 'waived', null]]);
    expect(tally.waived).toEqual({ 'X-2@2': 2, 'X-1@2': 1 });
    expect(tallyIn(written(tally), isBot)).toEqual(tally);
    expect(next(tally, [], { agents: [CODEX] }).waived).toEqual(tally.waived);
    const many = Array.from({ length: 200 }, (_, n) => ({ id: `A-VERY-LONG-DOMAIN-${n}`, rev: 1 }));
    const all = next(undefined, [], {
      codex: codexOf({ rules: many, letOff: many.map(({ id }) => ({ rule: id, path: 'a' })) }),
    });
    expect(Object.keys(tallyIn(written(all), isBot)!.waived)).toHaveLength(50);
  });

  it('a finding whose rule is muted by now stays as it was, and is not fixed', () => {
    const cited = findingOf('c1', { agent: 'codex-compliance', category: 'codex', rules: [{ id: 'X-1', rev: 2 }] });
    const muted = (rev: number) => codexOf({ muted: [{ rule: 'X-1', rev, findings: 1 }] });
    const before = next(undefined, [cited], { agents: [CODEX] });
    const then = (rev: number) => states(next(before, [], { agents: [CODEX], codex: muted(rev) }));
    expect([then(2), then(1)]).toEqual([[['c1', 'open', null]], [['c1', 'fixed', null]]]);
  });

  it('sums up time, tokens and cost, which is not known where that of one is not', () => {
    const spent = (cost: number | null) => ({
      models: {
        ...{ spent: { calls: 1, usage: { inputTokens: 10, cachedTokens: 4, outputTokens: 3 }, cost } },
        ...{ restarts: 0, rejected: [], spared: [] },
      } as unknown as Review['models'],
      ms: 5,
    });
    const first = next(undefined, [one], spent(0.25));
    const second = next(first, [one, two], spent(0.5));
    expect(second).toMatchObject({ reviews: 2, ms: 10, cost: 0.75, tokens: { input: 20, cached: 8, output: 6 } });
    expect(next(second, [], spent(null))).toMatchObject({ reviews: 3, cost: null });
    expect(next(undefined, [])).toMatchObject({ reviews: 1, cost: 0, tokens: { input: 0, cached: 0, output: 0 } });
  });

  it('a review that looked at nothing changes nothing, and what is only told is left out', () => {
    const tally = next(undefined, [one]);
    expect(tallyAfter(tally, reviewOf([], { skipped: 'a draft' }), { head: 'b', dismissed: [] })).toBe(tally);
    expect(next(undefined, [findingOf('t', { trivial: true })]).findings).toEqual([]);
  });

  it('names the rules that were looked for: not those that could not be, nor those for models where there were none', () => {
    const codex = codexOf({
      rules: ['A-1', 'A-2', 'B-C-3'].map((id) => ({ id, rev: 1 })),
      ...{ unchecked: ['A-2'], failed: [{ rule: 'B-C-3', rev: 1, reason: 'x' }] as unknown as CodexResult['failed'] },
    });
    const first = next(undefined, [], { codex });
    expect(first.applied).toEqual(['A-1@1']);
    const more = codexOf({ rules: [{ id: 'D-4', rev: 7 }] });
    expect(next(first, [], { codex: more }).applied).toEqual(['A-1@1', 'D-4@7']);
  });
});

describe('a tally in a summary', () => {
  const full = next(undefined, [
    findingOf('f1', { rules: [{ id: 'TS-LOG-001', rev: 3 }], path: 'src/a-b/c.ts', title: 'No -- "quotes" --> @ben' }),
    findingOf('f2', { rules: [{ id: 'AMD401', rev: null }], computed: false, line: 0 }),
  ]);

  it('is read as it was written, from a note of ours alone', () => {
    const tally = { ...full, applied: ['TS-LOG-001@3', 'X-1@12'], cost: null, overruled: true };
    expect(tallyIn(written(tally), isBot)).toEqual(tally);
    expect(tallyIn(written(tally, ADA), isBot)).toBeUndefined();
    expect(tallyIn([...written({ ...tally, reviews: 99 }, ADA), ...written(tally)], isBot)?.reviews).toBe(1);
    const [{ notes }] = written(tally) as [ReturnType<typeof threadOf>];
    const broken = notes[0]!.body.replace('"v":1', '"v":2');
    expect(tallyIn([threadOf([noteOf(BOT, broken)])], isBot)).toBeUndefined();
  });

  it('has room for so much: titles go first, then the oldest that are fixed are only counted', () => {
    const many = (count: number, title: string) =>
      Array.from({ length: count }, (_, at) => findingOf(`f${at}`, { title, path: `src/some/folder/file-${at}.ts` }));
    const sizeOf = (tally: Tally) => tallyMarks(tally)[0]!.markdown.length;
    const long = next(undefined, many(40, 'a'.repeat(400)));
    expect(sizeOf(long)).toBeLessThanOrEqual(12_000);
    expect(tallyIn(written(long), isBot)).toMatchObject({ left: 0, findings: Array(40).fill({ title: '' }) });
    const some = many(200, 'short');
    const mended = next(next(undefined, some), some.slice(150));
    expect(sizeOf(mended)).toBeLessThanOrEqual(12_000);
    const read = tallyIn(written(mended), isBot)!;
    expect(read.left).toBeGreaterThan(50);
    expect(read.left + read.findings.length).toBe(200);
    expect(read.findings.filter(({ state }) => state === 'open')).toHaveLength(50);
    const kept = read.findings.filter(({ state }) => state === 'fixed').map(({ fingerprint }) => fingerprint);
    expect(kept).toEqual(some.slice(150 - kept.length, 150).map(({ fingerprint }) => fingerprint));
    const applied = Array.from({ length: 5000 }, (_, at) => `A-VERY-LONG-DOMAIN-${at}@1`);
    expect(sizeOf({ ...mended, applied })).toBeLessThanOrEqual(12_000);
  });
});

const opened: PublishPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.gitlab.close();
});

describe('on a merge request', { timeout: 120_000 }, () => {
  it('goes from review to review, with what had no comment, and outlives who overrules it', async () => {
    const place = await openPublishPlace();
    opened.push(place);
    const look = (isOurs = ({ username }: ThreadNote['author']) => username === 'bot') =>
      place.withReview(async (api) => tallyIn((await api.look()).threads, isOurs));
    const critical = { severity: 'critical', title: 'It breaks', quote: 'changed 3', line: 3, endLine: 3 } as const;
    const slow = { title: 'It is slow', quote: 'added 6', line: 6, endLine: 6 } as const;
    const keys = { maxNotes: { critical: 5, warning: 0, suggestion: 0 } };
    await place.run({ findings: found(critical, slow), keys });
    expect((await look())!.findings).toMatchObject([
      { title: 'It breaks', state: 'open', path: 'app.ts', line: 3 },
      { title: 'It is slow', state: 'open' },
    ]);
    await place.push({ 'app.ts': 'other\n' });
    await place.run();
    expect(await look()).toMatchObject({
      ...{ reviews: 2, head: await place.tip(), decision: 'approved', overruled: false },
      findings: [{ state: 'fixed' }, { state: 'fixed' }],
    });
    await place.withReview(async (api) => {
      const state = await api.look();
      const { policy, keys: own, place: text } = place.inputs(state);
      const by = { id: '1', username: 'boss' };
      const granted = { by, reason: '', note: '1' } as Parameters<typeof publishOverruled>[0];
      await publishOverruled(granted, { state, policy, keys: own, place: text }, api);
    });
    expect(await place.summaries()).toMatchObject([expect.stringMatching(/^## Overruled/)]);
    expect(await look()).toMatchObject({ reviews: 2, overruled: true, findings: [{ state: 'fixed' }, {}] });
    expect(await look(({ username }) => username === 'ann')).toBeUndefined();
  });
});
