import { describe, expect, it } from 'vitest';
import type { AccessLevel } from '../../forge/port.ts';
import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import { REVIEW_DEFAULTS } from '../config.ts';
import type { Finding } from '../findings/finding.ts';
import { answerMark, findingMark, ownThreads } from './marks.ts';
import { isOursWith } from './ours.ts';
import { type Looked, reconciled } from './reconcile.ts';
import { rightsOf } from './rights.ts';
import { ADA, BEN, BOT, findingOf, noteOf, stateOf, threadAbout, threadOf } from './testing/threads.ts';

/** The bot of a token that was replaced. */
const OLD: Person = { id: '8', username: 'agentsmd-old' };
const ONE = findingOf('one');
const DONE = [{ name: 'agents-md', state: 'done' }] as const;

/** Names of the parts that hold something. */
async function partsOf(
  findings: readonly Finding[],
  threads: readonly Thread[],
  more: {
    level?: AccessLevel;
    failed?: boolean;
    bots?: readonly Person[];
    maintainers?: readonly Person[];
    looked?: Looked;
  } = {},
) {
  const { level = 'developer', failed = false, bots = [], maintainers = [] } = more;
  const agents = failed ? [{ name: 'agents-md', state: 'failed' } as const] : DONE;
  const forge = {
    accessOf: async (person: Person) => (maintainers.includes(person) ? 'maintainer' : level),
    isBot: async (person: Person) => bots.includes(person),
  };
  const state = stateOf(threads);
  const rights = rightsOf(state.mergeRequest.author, forge, REVIEW_DEFAULTS);
  const all = await reconciled(
    findings,
    more.looked ?? { agents, models: null },
    state,
    isOursWith(BOT, [OLD.username]),
    rights,
  );
  return Object.entries(all).flatMap(([name, part]) => {
    const detail = part.map((each: object) => ('counts' in each ? String(each.counts) : 'why' in each ? each.why : ''));
    return part.length === 0 ? [] : [[name, ...detail].filter(Boolean).join(' ')];
  });
}

const RESOLVED = { resolved: true, resolvedAt: '2026-11-22T12:00:00.000Z' };
const byPerson = { ...RESOLVED, resolvedBy: BEN };
const byUs = { ...RESOLVED, resolvedBy: BOT };
const MOVED = noteOf(BEN, 'changed this line in version 2 of the diff', {
  system: true,
  createdAt: '2026-11-22T12:00:01.000Z',
});
const EARLIER = noteOf(BEN, 'changed this line in version 2 of the diff', {
  system: true,
  createdAt: '2026-11-22T11:00:00.000Z',
});
const EVE: Person = { id: '3', username: 'eve' };
const WONT = noteOf(BEN, "won't fix");
const [FIXED, LEFT] = (['fixed', 'left'] as const).map((answer) =>
  noteOf(BOT, answerMark('t', answer, 'a').markdown),
) as [ThreadNote, ThreadNote];
const WORSE = { ...ONE, severity: 'critical' } as const;

describe('what is found, held against what was said', () => {
  it.each([
    ['nothing said', [ONE], [], ['fresh']],
    ['said, and found again', [ONE], [threadAbout(ONE)], ['kept']],
    ['said, and gone', [], [threadAbout(ONE)], ['fixed']],
    ['said, gone, and resolved by somebody', [], [threadAbout(ONE, [], byPerson)], []],
    ['resolved by a person', [ONE], [threadAbout(ONE, [], byPerson)], ['dismissed false']],
    [
      'resolved by a person long after its line moved',
      [ONE],
      [threadAbout(ONE, [EARLIER], byPerson)],
      ['dismissed false'],
    ],
    ['resolved by the forge, for its line moved', [ONE], [threadAbout(ONE, [MOVED], byPerson)], ['reopened']],
    ['resolved by us, and there again', [ONE], [threadAbout(ONE, [], byUs)], ['again back']],
    ['resolved by a person, and worse now', [WORSE], [threadAbout(ONE, [], byPerson)], ['again worse']],
    ['milder now than when it was resolved', [ONE], [threadAbout(WORSE, [], byPerson)], ['dismissed false']],
    [
      'answered with an end',
      [ONE],
      [threadAbout(ONE, [noteOf(BEN, "Won't fix, it is only a demo.")])],
      ['dismissed false', 'ended'],
    ],
    [
      'answered with an end, and resolved',
      [ONE],
      [threadAbout(ONE, [noteOf(BEN, 'Acknowledged')], byUs)],
      ['dismissed false'],
    ],
    ['answered otherwise', [ONE], [threadAbout(ONE, [noteOf(BEN, 'Why? I would say "won\'t fix".')])], ['kept']],
    ['answered by ourselves', [ONE], [threadAbout(ONE, [noteOf(BOT, "won't fix")])], ['kept']],
    ['said twice', [ONE], [threadAbout(ONE), threadAbout(ONE)], ['kept', 'left']],
  ])('%s', async (_, findings, threads, parts) => {
    expect(await partsOf(findings, threads)).toEqual(parts);
  });

  it.each([
    ['told as fixed by a run that ended before it was resolved', [], [FIXED], ['left']],
    ['told as fixed, opened again, and spoken of', [], [FIXED, noteOf(BEN, 'No, look.')], []],
    ['told as fixed, and noted by the forge', [], [FIXED, noteOf(BEN, 'changed', { system: true })], ['left']],
    ['told as fixed, and there again', [ONE], [FIXED], ['kept']],
    ['left by a run that ended before it was resolved', [ONE], [WONT, LEFT], ['dismissed false', 'left']],
    ['left, opened again, and spoken of', [ONE], [WONT, LEFT, noteOf(BEN, 'Do.')], ['kept']],
    ['left, and back with a word of ours', [ONE], [WONT, LEFT, noteOf(BOT, findingMark(ONE).markdown)], ['kept']],
  ])('goes on from where it was left: %s', async (_, findings, answers, parts) => {
    expect(await partsOf(findings, [threadAbout(ONE, answers)])).toEqual(parts);
  });

  it('does not end what nobody can resolve', async () => {
    const single = { resolvable: false };
    expect(await partsOf([], [threadAbout(ONE, [], single)])).toEqual([]);
    expect(await partsOf([ONE], [threadAbout(ONE, [], single), threadAbout(ONE, [], single)])).toEqual(['kept']);
    expect(await partsOf([ONE], [threadAbout(ONE, [WONT], single)])).toEqual(['dismissed false']);
  });

  it('is ended by an answer of whoever could resolve it, and of nobody else', async () => {
    const answered = (...by: readonly Person[]) => [
      threadAbout(
        ONE,
        by.map((person) => noteOf(person, 'ack')),
      ),
    ];
    expect(await partsOf([ONE], answered(BEN), { level: 'reporter' })).toEqual(['kept']);
    expect(await partsOf([ONE], answered(ADA), { level: 'none' })).toEqual(['dismissed false', 'ended']);
    const more = { level: 'none', maintainers: [BEN] } as const;
    expect(await partsOf([ONE], answered(BEN, EVE), more)).toEqual(['dismissed false', 'ended']);
  });

  it('keeps the thread of a critical finding open that somebody answered who may not dismiss it', async () => {
    const answered = (...by: readonly Person[]) => [
      threadAbout(
        WORSE,
        by.map((person) => noteOf(person, 'ack')),
      ),
    ];
    expect(await partsOf([WORSE], answered(ADA))).toEqual(['dismissed true', 'kept']);
    expect(await partsOf([WORSE], answered(BEN), { bots: [BEN] })).toEqual(['dismissed true', 'kept']);
    expect(await partsOf([WORSE], answered(BEN, ADA))).toEqual(['dismissed false', 'ended']);
    const resolved = [threadAbout(WORSE, [noteOf(ADA, 'ack')], byPerson)];
    expect(await partsOf([WORSE], resolved)).toEqual(['dismissed false']);
  });

  it('goes on with threads of users that we had before, and takes their answers for ours', async () => {
    const theirs = (more: Partial<Thread> = {}) => [threadOf([noteOf(OLD, findingMark(ONE).markdown)], more)];
    expect(await partsOf([ONE], theirs())).toEqual(['kept']);
    expect(await partsOf([], theirs())).toEqual(['fixed']);
    expect(await partsOf([ONE], theirs({ ...RESOLVED, resolvedBy: OLD }))).toEqual(['again back']);
    expect(await partsOf([ONE], [threadAbout(ONE, [noteOf(OLD, 'ack')])])).toEqual(['kept']);
  });

  it('leaves the thread of an agent that could not look', async () => {
    expect(await partsOf([], [threadAbout(ONE)], { failed: true })).toEqual([]);
  });

  it('ends the thread of a muted rule without a word: nobody mended it', async () => {
    const cited = { ...ONE, rules: [{ id: 'X-1', rev: 2 }] };
    const looked = (rev: number) => ({
      ...{ agents: DONE, models: null },
      codex: { muted: [{ rule: 'X-1', rev, findings: 1 }] } as unknown as NonNullable<Looked['codex']>,
    });
    expect(await partsOf([], [threadAbout(cited)], { looked: looked(2) })).toEqual(['left']);
    expect(await partsOf([], [threadAbout(cited)], { looked: looked(1) })).toEqual(['fixed']);
    expect(await partsOf([], [threadAbout(cited, [], byPerson)], { looked: looked(2) })).toEqual([]);
  });

  it('holds a critical finding until somebody dismisses it who may overrule the review', async () => {
    const resolved = (by: typeof BEN) => [threadAbout(WORSE, [], { ...RESOLVED, resolvedBy: by })];
    expect(await partsOf([WORSE], resolved(BEN))).toEqual(['dismissed false']);
    expect(await partsOf([WORSE], resolved(BEN), { level: 'reporter' })).toEqual(['dismissed true']);
    expect(await partsOf([WORSE], resolved(ADA), { level: 'owner' })).toEqual(['dismissed true']);
    expect(await partsOf([WORSE], [threadAbout(WORSE, [], RESOLVED)])).toEqual(['dismissed true']);
  });

  it('goes on from what was said last: once worse and resolved again it is at rest', async () => {
    const said = noteOf(BOT, `It got worse.\n\n${findingMark(WORSE).markdown}`);
    expect(await partsOf([WORSE], [threadAbout(ONE, [said], byPerson)])).toEqual(['dismissed false']);
    expect(await partsOf([WORSE], [threadAbout(ONE, [noteOf(BEN, "won't fix"), said])])).toEqual(['kept']);
  });

  it('is about what its first comment says, whatever stands in a later one of ours', async () => {
    const threads = [threadAbout(ONE, [noteOf(BOT, findingMark({ ...WORSE, fingerprint: 'two' }).markdown)], byUs)];
    expect(ownThreads(threads, isOursWith(BOT, []))).toMatchObject([
      { mark: { fingerprint: 'one', severity: 'warning' } },
    ]);
  });

  it('trusts no mark of others', async () => {
    const body = findingMark(ONE).markdown;
    const forged = [
      threadOf([noteOf(ADA, body)]),
      threadOf([noteOf(ADA, 'See:'), noteOf(BOT, body)]),
      threadOf([noteOf({ id: '3', username: BOT.username }, body)]),
      threadOf([noteOf(BOT, `\`${body}\``)]),
      threadOf([noteOf(BOT, body, { system: true })]),
    ];
    expect(ownThreads(forged, isOursWith(BOT, []))).toEqual([]);
    expect(await partsOf([ONE], forged)).toEqual(['fresh']);
  });
});

describe('a thread about what a model found, and nobody tells any more', () => {
  const MODELS: NonNullable<Looked['models']> = {
    spent: {
      usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0, estimated: false },
      ...{ cost: 0, calls: 0, ms: 0 },
    },
    ...{ restarts: 0, spared: [], rejected: [] },
  };
  const computed = { name: 'agents-md', state: 'done' } as const;
  const failed = { name: 'agents-md', state: 'failed', model: null } as const;
  const asked = { name: 'agents-md', state: 'done', model: 'gw/light' } as const;

  it.each<[string, Looked, readonly string[]]>([
    ['stays where no model was asked', { agents: [computed], models: null }, []],
    [
      'stays where the program of that name looked, and the model failed',
      { agents: [computed, failed], models: MODELS },
      [],
    ],
    ['ends where the model looked again', { agents: [asked], models: MODELS }, ['fixed']],
    ['ends where others were asked, and it had nothing to look at', { agents: [computed], models: MODELS }, ['fixed']],
  ])('%s', async (_, looked, expected) => {
    const told = findingOf('one', { computed: false });
    expect(await partsOf([], [threadAbout(told)], { looked })).toEqual(expected);
  });
});

describe('a warning on which a risk rests', () => {
  const RISK = { kind: 'money', findings: ['one'] } as const;
  const looked: Looked = { agents: DONE, models: null, productionRisk: RISK };
  const wontFix = [threadAbout(ONE, [noteOf(ADA, "won't fix")])];

  it('is dismissed by who may overrule, and by nobody else', async () => {
    expect(await partsOf([ONE], wontFix, { looked: { ...looked, productionRisk: null } })).toEqual([
      'dismissed false',
      'ended',
    ]);
    expect(await partsOf([ONE], wontFix, { looked })).toEqual(['dismissed true', 'kept']);
    expect(
      await partsOf([ONE], wontFix, {
        looked: { ...looked, productionRisk: null, riskPattern: { ...RISK, kind: 'unbounded-work' } },
      }),
    ).toEqual(['dismissed true', 'kept']);
  });
});
