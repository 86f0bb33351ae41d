import { describe, expect, it } from 'vitest';
import type { ReviewState, Thread } from '../../forge/review-port.ts';
import { REVIEW_DEFAULTS, type ReviewKeys } from '../config.ts';
import type { Finding } from '../findings/finding.ts';
import { policyFor } from '../scope/policy.ts';
import { findingMark, ownSummary } from './marks.ts';
import { publishOverruled, publishReview } from './publish.ts';
import { reviewOf } from './testing/gitlab-place.ts';
import { type Recording, recordingReview } from './testing/recording-review.ts';
import { ADA, BEN, BOT, findingOf, noteOf, stateOf, threadAbout, threadOf } from './testing/threads.ts';

const PLACE = { instance: 'https://gitlab.example.com', hosts: [], lineUrl: () => 'https://gitlab.example.com/a' };
const AUTHOR = { username: ADA.username, bot: false, ours: false };
const CRITICAL = findingOf('one', { severity: 'critical', detail: 'It will break.' });
const NOT_IN_DIFF = () => ({ rung: 'general', why: 'not-in-diff' }) as const;

interface Case extends Recording {
  readonly findings?: readonly Finding[];
  readonly threads?: readonly Thread[];
  readonly state?: Partial<ReviewState>;
  readonly keys?: Partial<ReviewKeys>;
  readonly draft?: boolean;
  readonly skipped?: string;
  /** Where it is to go. Default: `main`. */
  readonly target?: string;
}

function inputOf({
  findings = [],
  threads = [],
  state = {},
  keys = {},
  draft = false,
  skipped,
  target = 'main',
}: Case) {
  const all = { ...REVIEW_DEFAULTS, ...keys };
  return {
    ...{ review: reviewOf(findings, skipped === undefined ? {} : { skipped }), keys: all, ownUsers: [], refused: [] },
    ...{ state: { ...stateOf(threads, { target }), ...state }, anchorOf: NOT_IN_DIFF, place: PLACE },
    policy: policyFor({ draft, source: 'topic', author: AUTHOR }, all),
  };
}

async function published(one: Case) {
  const { api, done, summaries } = recordingReview(one);
  return { ...(await publishReview(inputOf(one), api)), done, summary: summaries[0] };
}

async function overruled(one: Case) {
  const { api, done, summaries } = recordingReview(one);
  const asked = { note: '5', by: BEN, reason: 'the shop is down' };
  return { ...(await publishOverruled(asked, inputOf(one), api)), done, summary: summaries[0] };
}

describe('what is done to a merge request', () => {
  it('is in the order in which nothing can be believed that is not so', async () => {
    const findings = [CRITICAL];
    const twice = [threadAbout(findingOf('two')), threadAbout(CRITICAL), threadAbout(CRITICAL)];
    const { done } = await published({ findings, threads: twice, state: { approvedByUs: true } });
    expect(done).toEqual(['revoke', `resolve ${twice[2]!.id}`, 'publish 0 1', 'summary', 'request-changes']);
    expect((await published({})).done).toEqual(['summary', 'approve aaaa']);
  });

  it('is nothing twice: no second approval, and no summary that stands there already', async () => {
    const { summary } = await published({});
    const there = threadOf([noteOf(BOT, summary!)]);
    expect((await published({ threads: [there], state: { approvedByUs: true } })).done).toEqual([]);
    const older = threadOf([noteOf(BOT, `Older.\n${summary}`)]);
    const renewed = await published({ threads: [older], state: { approvedByUs: true } });
    expect(renewed.done).toEqual([`summary ${older.notes[0]!.id}`]);
  });

  it('takes an approval back first that was for another target, or nobody knows for what, and gives it anew', async () => {
    const { summary } = await published({ target: 'release' });
    const state = { approvedByUs: true, mayApprove: false };
    const there = threadOf([noteOf(BOT, summary!)]);
    const again = ['revoke', `summary ${there.notes[0]!.id}`, 'approve aaaa'];
    expect((await published({ threads: [there], state })).done).toEqual(again);
    expect((await overruled({ threads: [there], state })).done).toEqual(again);
    expect((await published({ state })).done).toEqual(['revoke', 'summary', 'approve aaaa']);
    expect((await published({ threads: [there], state, findings: [CRITICAL] })).done).toEqual([
      ...again.slice(0, 2),
      'request-changes',
    ]);
    expect((await published({ threads: [there], state, target: 'release' })).done).toEqual([]);
  });

  it.each(['it is a draft', 'it is merged'])('is no approval where by then %s, and that is told', async (unfit) => {
    const { done, effect, problem } = await published({ unfit });
    expect({ done, effect, problem }).toEqual({
      ...{ done: ['summary'], effect: { kind: 'none', because: unfit }, problem: '' },
    });
    expect(await overruled({ unfit })).toMatchObject({ done: ['summary'], approved: false });
  });

  it('asks for changes each time, and tells where that cannot be', async () => {
    expect(await published({ findings: [CRITICAL] })).toMatchObject({ problem: '' });
    const none = await published({ findings: [CRITICAL], takesChanges: false });
    expect(none.problem).toContain('the job fails all the same');
  });

  it.each([
    ['a bot opened it', { bots: [ADA] }],
    ['it is a draft', { draft: true }],
  ])('is no approval where %s, and the summary says so', async (because, one) => {
    const { done, effect, summary } = await published(one);
    expect({ done, effect }).toEqual({ done: ['summary'], effect: { kind: 'none', because } });
    expect(summary).toContain(`It is not approved by this: ${because}.`);
  });

  it('tells where GitLab does not let us approve', async () => {
    const { done, problem } = await published({ state: { mayApprove: false } });
    expect({ done, problem }).toEqual({ done: ['summary'], problem: 'this GitLab does not let us approve it' });
  });

  it('decides nothing of what nobody looked at', async () => {
    const { review, done } = await published({ skipped: 'it is a draft', state: { approvedByUs: true } });
    expect(review).toMatchObject({ decision: null, because: 'it is a draft' });
    expect(done).toEqual(['revoke', 'summary']);
  });

  it('tells in full, and counts, what could not be brought to its place', async () => {
    const anchorOf = () => ({ rung: 'file', position: {} as never, why: 'binary' }) as const;
    const key = findingMark(CRITICAL).markdown;
    const run = async (lost: ReadonlyMap<string, string>) => {
      const { api, summaries } = recordingReview({ lost });
      const { said } = await publishReview({ ...inputOf({ findings: [CRITICAL] }), anchorOf }, api);
      return { said, summary: summaries[0]! };
    };
    const there = await run(new Map());
    expect(there.said).toBe(1);
    expect(there.summary).toContain('Finding one');
    expect(there.summary).not.toContain('It will break.');
    const gone = await run(new Map([[key, 'refused']]));
    expect(gone.said).toBe(0);
    expect(gone.summary).toContain('It will break.');
    expect(gone.summary).toContain('1 comments could not be brought to their places');
  });

  it('holds a critical finding against it that somebody dismissed who may not', async () => {
    const threads = [threadAbout(CRITICAL, [noteOf(ADA, "won't fix")])];
    const { review, summary } = await published({ findings: [CRITICAL], threads });
    expect(review).toMatchObject({ decision: 'significant_concerns', findings: [{ fingerprint: 'one' }] });
    expect(summary).toContain('left as it is by `ada` (it counts all the same, for it is critical)');
  });

  it('is summed up with who asked for it to be overruled in vain, and where it can be run again', async () => {
    const { api, summaries } = recordingReview();
    const refused = [{ note: '1', by: BEN, reason: '', because: 'it takes a developer of the project' }];
    const job = 'https://gitlab.example.com/shop/pay/-/jobs/42';
    await publishReview({ ...inputOf({}), refused, job }, api);
    expect(summaries[0]).toContain(
      '@ben asked for this review to be overruled; that does not count: it takes a developer',
    );
    expect(summaries[0]).toContain(`[Run the job again](${job})`);
    expect((await published({})).summary).toContain('A new pipeline reviews it again.');
  });

  it.each([
    ['a note', { trivial: true, severity: 'suggestion' }, '**note** Finding one'],
    ['a file as a whole', { line: 0, endLine: 0, quote: '' }, '[`a.ts`]('],
    ['what goes', { suggestion: '' }, 'Take it out.'],
    ['what should stand there', { suggestion: 'new' }, 'It should read:'],
  ] as const)('is told of %s in words of its own', async (_, more, text) => {
    expect((await published({ findings: [findingOf('one', more)] })).summary).toContain(text);
  });

  it('tells notes in the summary alone', async () => {
    const trivial = findingOf('small', { severity: 'suggestion', trivial: true });
    const anchorOf = () => ({ rung: 'file', position: {} as never, why: 'binary' }) as const;
    const { api, done } = recordingReview();
    await publishReview({ ...inputOf({ findings: [trivial] }), anchorOf }, api);
    expect(done).toEqual(['summary', 'approve aaaa']);
  });
});

/** As a mistake of the renderer would have it. */
const refusedBy = (gate: string) => ({ kind: 'inline', markdown: gate, meant: [] }) as unknown as string;

describe('a finding whose text is refused', () => {
  const unsafe = findingOf('one', {
    ...{
      severity: 'critical',
      title: refusedBy('Hello @all'),
      detail: 'It will break.',
      rules: [{ id: 'X-1', rev: 2 }],
    },
  });

  it('is told by its place and rules, counts, and takes an approval back', async () => {
    const anchorOf = () => ({ rung: 'file', position: {} as never, why: 'binary' }) as const;
    const { api, done, summaries, notes } = recordingReview();
    const input = inputOf({ findings: [unsafe, findingOf('two')], state: { approvedByUs: true } });
    const { review, withheld } = await publishReview({ ...input, anchorOf }, api);
    expect(done).toEqual(['revoke', 'publish 2 0', 'summary', 'request-changes']);
    expect(review).toMatchObject({ decision: 'significant_concerns', findings: [unsafe, findingOf('two')] });
    expect(withheld).toEqual(['a.ts:1 (X-1@2) is told without its text: a mention that was not meant']);
    for (const text of [notes[0]!.body, summaries[0]!]) {
      expect(text).toContain('**critical** Its text cannot be shown here; the log of the job has it. (`X-1@2`)');
      expect(text).not.toMatch(/@all|It will break/);
    }
    expect(notes[0]!.key).toBe(findingMark(unsafe).markdown);
    expect(notes[1]!.body).toContain('Finding two');
  });

  it('leaves of the summary what was decided where it is something else that is refused', async () => {
    const input = inputOf({ findings: [CRITICAL], state: { approvedByUs: true } });
    const { api, done, summaries } = recordingReview();
    const { withheld } = await publishReview(
      { ...input, review: { ...input.review, tierBecause: refusedBy('Hello @all') } },
      api,
    );
    expect(done).toEqual(['revoke', 'summary', 'request-changes']);
    expect(withheld).toEqual(['the summary is told without its text: a mention that was not meant']);
    expect(summaries[0]).toMatch(/^## Significant concerns\n\nThere are 1 findings\./);
    expect(ownSummary([threadOf([noteOf(BOT, summaries[0]!)])], BOT)?.mark).toMatchObject({ target: 'main' });
  });

  it('is no reason that keeps anybody from overruling the review', async () => {
    const { api, summaries } = recordingReview();
    const asked = { note: '5', by: BEN, reason: refusedBy('@all, look') };
    expect(await publishOverruled(asked, inputOf({}), api)).toEqual({ approved: true });
    expect(summaries[0]).toContain('@ben overruled the review');
    expect(summaries[0]).toContain('No reason was given');
  });
});

describe('a review that was overruled', () => {
  it('approves, and says once who it was', async () => {
    const { done, approved, summary } = await overruled({});
    expect({ done, approved }).toEqual({ done: ['summary', 'approve aaaa'], approved: true });
    expect(summary).toContain('@ben overruled the review');
    const threads = [threadOf([noteOf(BOT, summary!)])];
    expect((await overruled({ threads, state: { approvedByUs: true } })).done).toEqual([]);
  });

  it.each([
    ['a bot opened it', { bots: [ADA] }],
    ['it is a draft', { draft: true }],
    ['review.mode is advisory', { keys: { mode: 'advisory' } }],
    ['this GitLab does not let us approve it', { state: { mayApprove: false } }],
  ] as const)('is not approved where %s', async (because, one) => {
    const { done, approved, summary } = await overruled(one);
    expect({ done, approved }).toEqual({ done: ['summary'], approved: false });
    expect(summary).toContain(`It is not approved by us: ${because}. The job lets it pass.`);
  });
});

describe('a summary', () => {
  it('is ours where we wrote it, and nobody else', async () => {
    const { summary } = await published({});
    const forged = [threadOf([noteOf(ADA, summary!)]), threadOf([noteOf(ADA, 'See:'), noteOf(BOT, summary!)])];
    expect(ownSummary(forged, BOT)).toBeUndefined();
    const own = threadOf([noteOf(BOT, summary!)]);
    expect(ownSummary([...forged, own], BOT)).toMatchObject({
      note: own.notes[0],
      mark: { head: 'a'.repeat(40), target: 'main' },
    });
  });
});
