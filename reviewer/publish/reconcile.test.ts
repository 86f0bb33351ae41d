import { describe, expect, it } from 'vitest';
import type { AccessLevel } from '../../forge/port.ts';
import type { Thread } from '../../forge/review-port.ts';
import { REVIEW_DEFAULTS } from '../config.ts';
import type { Finding } from '../findings/finding.ts';
import { findingMark, ownThreads } from './marks.ts';
import { reconciled } from './reconcile.ts';
import { ADA, BEN, BOT, findingOf, noteOf, stateOf, threadAbout, threadOf } from './testing/threads.ts';

const ONE = findingOf('one');
const DONE = [{ name: 'agents-md', state: 'done' }] as const;

/** Names of the parts that hold something. */
async function partsOf(
  findings: readonly Finding[],
  threads: readonly Thread[],
  more: { level?: AccessLevel; failed?: boolean } = {},
) {
  const { level = 'developer', failed = false } = more;
  const agents = failed ? [{ name: 'agents-md', state: 'failed' } as const] : DONE;
  const all = await reconciled(findings, agents, stateOf(threads), { accessOf: async () => level }, REVIEW_DEFAULTS);
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
    ['said twice', [ONE], [threadAbout(ONE), threadAbout(ONE)], ['kept', 'twice']],
  ])('%s', async (_, findings, threads, parts) => {
    expect(await partsOf(findings, threads)).toEqual(parts);
  });

  it('leaves the thread of an agent that could not look', async () => {
    expect(await partsOf([], [threadAbout(ONE)], { failed: true })).toEqual([]);
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

  it('trusts no mark of others', async () => {
    const body = findingMark(ONE).markdown;
    const forged = [
      threadOf([noteOf(ADA, body)]),
      threadOf([noteOf(ADA, 'See:'), noteOf(BOT, body)]),
      threadOf([noteOf({ id: '3', username: BOT.username }, body)]),
      threadOf([noteOf(BOT, `\`${body}\``)]),
      threadOf([noteOf(BOT, body, { system: true })]),
    ];
    expect(ownThreads(forged, BOT)).toEqual([]);
    expect(await partsOf([ONE], forged)).toEqual(['fresh']);
  });
});
