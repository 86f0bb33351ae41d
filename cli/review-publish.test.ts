import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ForgeError } from '../forge/errors.ts';
import { makeRepository, type TestRepository } from '../forge/git/testing/make-repo.ts';
import type { ReviewState } from '../forge/review-port.ts';
import { REVIEW_DEFAULTS } from '../reviewer/config.ts';
import { summaryMarks } from '../reviewer/publish/marks.ts';
import { reviewOf } from '../reviewer/publish/testing/gitlab-place.ts';
import { recordingReview } from '../reviewer/publish/testing/recording-review.ts';
import { ADA, BEN, BOT, noteOf, stateOf, threadOf } from '../reviewer/publish/testing/threads.ts';
import type { CommandInput } from './command.ts';
import { type Hear, standingOf } from './review-publish.ts';
import type { ReviewSession } from './review-session.ts';
import type { ReviewWish } from './review-target.ts';

let history: TestRepository;
beforeAll(async () => {
  history = await makeRepository({ commits: [{ files: { 'a.ts': 'a\n' } }, { files: { 'a.ts': 'b\n' } }] });
});
afterAll(() => history.cleanup());

/** A merge request as it is when the review begins, and when it is to be told. */
async function stood(
  before: Partial<ReviewState> | Error,
  then: Partial<ReviewState> | Error,
  took = 60_000,
  more: { readonly hear?: Hear; readonly last?: Partial<ReviewState> } = {},
) {
  const review = reviewOf([]);
  const head = history.commit;
  const refs = { base: head, start: head, head };
  const at = (more: Partial<ReviewState>) => ({
    ...stateOf(more.threads),
    ...more,
    mergeRequest: { ...stateOf([], { head, refs }).mergeRequest, ...more.mergeRequest },
  });
  const { api, done } = recordingReview({
    states: [before, then, ...(more.last ? [more.last] : [])].map((one) => (one instanceof Error ? one : at(one))),
  });
  let minutes = 0;
  const told: string[] = [];
  const out = { warn: (text: string) => told.push(text), note: (text: string) => told.push(text) };
  const place = {
    instance: { url: 'https://gitlab.example.com' },
    project: 'shop/pay',
    id: '1',
    iid: 7,
    writes: 'publish',
  };
  const standing = await standingOf(
    { place, api, requests: [] } as unknown as ReviewSession,
    { head, repo: history.dir, mergeRequest: { target: 'main' } } as unknown as ReviewWish,
    {
      keys: REVIEW_DEFAULTS,
      config: { values: { publish: { ownUsers: ['Agentsmd-Old'] } } } as never,
      input: { out } as unknown as CommandInput,
      now: () => minutes++ * took,
    },
  );
  const result = await standing.publish(review, undefined, more.hear);
  return { standing, effect: result.effect, done, told };
}

const mergeRequest = (more: Partial<ReviewState['mergeRequest']>) => ({ mergeRequest: more }) as Partial<ReviewState>;
const GLASS = { threads: [threadOf([noteOf(BEN, 'agentsmd break-glass: the shop is down')])] };

it('does not look again at what it saw a moment ago', async () => {
  const { done, effect } = await stood({}, mergeRequest({ state: 'closed' }), 100);
  expect({ done, kind: effect?.kind }).toEqual({
    done: ['summary', expect.stringMatching(/^approve /)],
    kind: 'approve',
  });
});

describe('a review that took its time', () => {
  it('approves where nothing happened meanwhile', async () => {
    const { done, effect, standing } = await stood({}, {});
    expect({ done, kind: effect?.kind, failure: standing.failure }).toEqual({
      ...{ done: ['summary', `approve ${history.commit.slice(0, 4)}`], kind: 'approve', failure: undefined },
    });
  });

  it.each([
    ['somebody pushed', mergeRequest({ head: 'd'.repeat(40) }), /!7 is at dddddddddddd now/],
    ['it goes elsewhere', mergeRequest({ target: 'release' }), /!7 goes into release now, and this is about main/],
    ['GitLab went away', new ForgeError('unavailable', 'no answer'), /nothing more could be said .*: no answer/],
  ])('says nothing, and fails, where %s', async (_, then, why) => {
    const { done, effect, standing } = await stood({}, then);
    expect({ done, kind: effect?.kind }).toEqual({ done: [], kind: 'none' });
    expect(standing.failure).toMatch(why);
  });

  it.each(['closed', 'merged'] as const)('says nothing where it was %s, and does not fail', async (state) => {
    const { done, effect, standing, told } = await stood({}, mergeRequest({ state }));
    expect({ done, effect, failure: standing.failure }).toEqual({
      ...{ done: [], effect: { kind: 'none', because: `it is ${state}` }, failure: undefined },
    });
    expect(told).toEqual([`nothing is said on !7: it is ${state}`]);
  });

  it.each([
    ['it is a draft by then', mergeRequest({ draft: true }), 'it is a draft'],
    ['a user of ours opened it', mergeRequest({ author: { id: '77', username: 'agentsmd-old' } }), 'we opened it'],
    ['who opened it is gone', mergeRequest({ author: { id: '', username: '' } }), 'who opened it is not known'],
  ])('does not approve where %s', async (_, then, because) => {
    const { done, effect } = await stood({}, { ...then, approvedByUs: true });
    expect({ done, effect }).toEqual({ done: ['revoke', 'summary'], effect: { kind: 'none', because } });
  });

  it('hears who overruled it meanwhile, and says so once', async () => {
    const { done, standing, told } = await stood({}, GLASS);
    expect({ done, overruled: standing.overruled }).toEqual({
      done: ['summary', `approve ${history.commit.slice(0, 4)}`],
      overruled: true,
    });
    expect(told).toEqual(['ben overruled the review: the shop is down; approved']);
  });

  it('overruled, takes back what it approved where it may not approve', async () => {
    const { done, standing } = await stood(
      {},
      { ...GLASS, ...mergeRequest({ draft: true, author: ADA }), approvedByUs: true },
    );
    expect({ done, overruled: standing.overruled }).toEqual({ done: ['revoke', 'summary'], overruled: true });
  });

  it('takes an approval back that was for another target, though there is nothing to be said', async () => {
    const marks = summaryMarks({ head: history.commit, target: 'main' });
    const threads = [threadOf([noteOf(BOT, marks.map(({ markdown }) => markdown).join('\n\n'))])];
    const { done, standing } = await stood({ ...mergeRequest({ target: 'release' }), threads, approvedByUs: true }, {});
    expect({ done, failure: standing.failure }).toEqual({
      ...{ done: ['revoke'], failure: expect.stringContaining('!7 goes into release now') },
    });
    const closed = mergeRequest({ target: 'release', state: 'closed' });
    expect((await stood({ ...closed, threads, approvedByUs: true }, {})).done).toEqual([]);
  });

  it('knows nothing of how it stands where GitLab could not be asked at first, and asks no more', async () => {
    const { done, effect, standing } = await stood(new ForgeError('unavailable', 'no answer'), {});
    expect({ done, effect, policy: standing.policy }).toEqual({ done: [], effect: undefined, policy: undefined });
    expect(standing.failure).toContain('no answer');
  });

  it('is not overruled where it is over', async () => {
    const closed = { ...GLASS, ...mergeRequest({ state: 'closed' }) };
    const { done, standing } = await stood(closed, closed);
    expect({ done, overruled: standing.overruled }).toEqual({ done: [], overruled: false });
  });

  it('looks once more where a model read what people said, which takes its time as well', async () => {
    const threads = [threadOf([noteOf(BEN, '@agentsmd-bot, how are you?')], { resolvable: false })];
    const read: number[] = [];
    const hear: Hear = async (talks) => {
      read.push(talks.length);
      const heard = new Map(talks.map(({ note }) => [note, { means: 'question', answer: 'Well.' } as const]));
      return { heard, spent: null };
    };
    const last = { threads, ...mergeRequest({ state: 'merged' }) };
    const over = await stood({ threads }, { threads }, 60_000, { hear, last });
    expect([over.done, over.told]).toEqual([[], [expect.stringContaining('it is merged')]]);
    const said = await stood({ threads }, { threads }, 60_000, { hear, last: { threads } });
    expect(said.told[0]).toContain('1 comments');
    // Of what is over nobody reads anything.
    await stood({ threads }, last, 60_000, { hear });
    expect(read).toEqual([1, 1]);
  });
});
