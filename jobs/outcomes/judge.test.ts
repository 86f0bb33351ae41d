import { describe, expect, it } from 'vitest';
import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import { answerMark } from '../../reviewer/publish/marks.ts';
import type { TalliedFinding, Tally } from '../../reviewer/publish/tally.ts';
import { ADA, BEN, BOT, findingOf, noteOf, threadAbout } from '../../reviewer/publish/testing/threads.ts';
import { endedFindings, isStaleLine, type Left } from './judge.ts';

const ONE = findingOf('f1', { computed: false });
const CI: Person = { id: '77', username: 'project_1_bot_x' };
const system = (body: string) => noteOf(ADA, body, { system: true, createdAt: '2026-11-22T11:00:00.000Z' });
const CHANGED = system('changed this line in [version 2 of the diff](https://gitlab.example.com/x)');
const answered = (answer: string, by = BOT) => noteOf(by, `So.\n\n${answerMark('t', answer, 'a').markdown}`);
const resolvedBy = (by: Person, at = '2026-11-22T12:00:00.000Z') => ({
  resolved: true,
  resolvedBy: by,
  resolvedAt: at,
});

function tallied(more: Partial<TalliedFinding> = {}): Tally {
  const { fingerprint, agent, computed, severity, category, path, line, title } = ONE;
  const finding = { fingerprint, agent, computed, severity, category, path, line, title };
  return {
    ...{ reviews: 1, head: 'head', tier: 'lite', decision: 'approved', overruled: false, ms: 1, cost: 0 },
    ...{ tokens: { input: 0, cached: 0, output: 0 }, agents: [], applied: [], left: 0, waived: {} },
    findings: [{ ...finding, rules: [], state: 'open', reason: null, ...more }],
  };
}

async function outcome(thread: Thread | null, more: Partial<Left> = {}) {
  const [ended] = await endedFindings({
    ...{ tally: tallied(), threads: thread ? [thread] : [], heard: new Map(), isMerged: true, head: 'head' },
    isOurs: ({ id }) => id === BOT.id,
    may: async ({ id }) => id === BEN.id,
    isBot: async ({ id }) => id === CI.id,
    emoji: async () => [],
    ...more,
  });
  return ended && [ended.outcome, ended.reason];
}
const about = (answers: readonly ThreadNote[], more: Partial<Thread> = {}) => threadAbout(ONE, answers, more);
const elsewhere = { head: 'later' };
const closed = { isMerged: false };
const thumbs = (by: Person): Partial<Left> => ({ emoji: async () => [{ name: 'thumbsdown', by }] });
const open = about([]);
const fixable = noteOf(BEN, 'Won’t fix, it is on the list.');
const read = noteOf(BEN, 'That cannot happen.');

describe('what became of a finding', () => {
  it.each<[string, readonly [string, string | null] | undefined, Thread | null, Partial<Left>?]>([
    ['the review saw that it is gone', ['fixed', null], open, { tally: tallied({ state: 'fixed' }) }],
    ['we said so, though the summary does not', ['fixed', null], about([answered('fixed')], resolvedBy(BOT))],
    ['others said so by our mark', ['argued', null], about([answered('fixed', ADA)])],
    [
      'others said so by our mark, and resolved it',
      ['dismissed', null],
      about([answered('fixed', ADA)], resolvedBy(ADA)),
    ],
    ['a waiver lets it off', ['waived', null], null, { tally: tallied({ state: 'waived' }) }],
    [
      'the review took it as dismissed',
      ['dismissed', 'by-design'],
      null,
      { tally: tallied({ state: 'dismissed', reason: 'by-design' }) },
    ],
    [
      'a model saw that it is wrong',
      ['dismissed', 'false-positive'],
      null,
      { tally: tallied({ state: 'refuted', reason: 'false-positive' }) },
    ],
    [
      'we said that, though the summary does not',
      ['dismissed', 'false-positive'],
      about([answered('refuted')], resolvedBy(BOT)),
    ],
    ['somebody says after the review that it stays', ['dismissed', 'wont-fix'], about([fixable])],
    ['somebody without rights says so', ['argued', null], about([noteOf(ADA, 'False positive')])],
    [
      'what they mean was read before',
      ['dismissed', 'false-positive'],
      about([read]),
      { heard: new Map([[read.id, 'disagrees-rightly']]) },
    ],
    ['somebody resolves it without a word', ['dismissed', null], about([], resolvedBy(ADA))],
    ['a program resolves it', ['ignored', null], about([], resolvedBy(CI))],
    [
      'GitLab resolves it, and it was found again',
      ['ignored', null],
      about([CHANGED], resolvedBy(ADA, CHANGED.createdAt)),
    ],
    [
      'it was changed and resolved after the last review',
      ['fixed', null],
      about([CHANGED], resolvedBy(ADA)),
      elsewhere,
    ],
    ['it was changed after the last review, and nobody resolved it', undefined, about([CHANGED]), elsewhere],
    ['it had no comment, and more was pushed', undefined, null, elsewhere],
    ['it stays, and more was pushed elsewhere', ['ignored', null], open, elsewhere],
    ['thumbs go down', ['dismissed', 'thumbs-down'], open, thumbs(BEN)],
    ['thumbs of somebody without rights go down', ['ignored', null], open, thumbs(ADA)],
    ['a person answers', ['argued', null], about([noteOf(ADA, 'Why?')])],
    ['a program answers', ['ignored', null], about([noteOf(CI, 'Coverage: 3')])],
    ['only the forge says something', ['ignored', null], about([system('marked as done')])],
    ['nobody says anything', ['ignored', null], open],
    ['it had no comment', ['ignored', null], null],
    ['it was closed, and nothing said', undefined, open, closed],
    ['it was closed, and argued about', undefined, about([noteOf(ADA, 'Why?')]), closed],
    ['it was closed, and dismissed before', ['dismissed', 'wont-fix'], about([fixable]), closed],
    ['it was closed, and fixed before', ['fixed', null], open, { ...closed, tally: tallied({ state: 'fixed' }) }],
  ])('where %s', async (_, expected, thread, more = {}) => {
    expect(await outcome(thread, more)).toEqual(expected);
  });

  it('takes back what was said before a person opened it again', async () => {
    const again = about([fixable, answered('left'), noteOf(ADA, 'It does matter.')]);
    expect(await outcome(again)).toEqual(['argued', null]);
  });

  it('asks for emoji of so many comments alone', async () => {
    const many = Array.from({ length: 15 }, (_, at) => findingOf(`f${at}`));
    const tally = {
      ...tallied(),
      findings: many.map((one) => ({ ...tallied().findings[0]!, fingerprint: one.fingerprint })),
    };
    let asked = 0;
    const emoji = async () => {
      asked += 1;
      return [];
    };
    const threads = many.map((one) => threadAbout(one));
    await outcome(null, { tally, threads, emoji });
    expect(asked).toBe(10);
  });
});

it('knows which were about lines that a change made false', () => {
  const [stale] = tallied({ category: 'agents-md', computed: true }).findings;
  expect(isStaleLine(stale!)).toBe(true);
  expect(isStaleLine({ ...stale!, rules: ['AMD101'] })).toBe(false);
  expect(isStaleLine({ ...stale!, computed: false })).toBe(false);
});
