import { describe, expect, it } from 'vitest';
import { hasAccess } from '../../forge/access-level.ts';
import type { AccessLevel } from '../../forge/port.ts';
import type { Person, ThreadNote } from '../../forge/review-port.ts';
import { REVIEW_DEFAULTS } from '../config.ts';
import { askedToBreakGlass } from './break-glass.ts';
import { ADA, BEN, BOT, noteOf, stateOf, threadOf } from './testing/threads.ts';

const PUSHED = '2026-11-22T09:00:00.000Z';

async function asked(notes: readonly ThreadNote[], more: { level?: AccessLevel; bot?: boolean; own?: boolean } = {}) {
  const { level = 'developer', bot = false, own = false } = more;
  const calls: string[] = [];
  const forge = {
    pushedAt: async () => {
      calls.push('pushedAt');
      return PUSHED;
    },
    accessOf: async ({ username }: Person) => {
      calls.push(`access ${username}`);
      return level;
    },
    isBot: async () => bot,
  };
  const keys = { ...REVIEW_DEFAULTS, breakGlass: { role: 'developer', author: own } } as const;
  const result = await askedToBreakGlass(stateOf(notes.map((note) => threadOf([note]))), forge, keys);
  return { ...result, calls };
}

describe('break glass', () => {
  it('counts where a member asks for it who did not open the merge request', async () => {
    const { granted, refused } = await asked([noteOf(BEN, 'agentsmd break-glass: the shop is down\r\nmore')]);
    expect(granted).toMatchObject({ by: BEN, reason: 'the shop is down' });
    expect(refused).toEqual([]);
    expect((await asked([noteOf(BEN, 'agentsmd break-glass')])).granted).toMatchObject({ reason: '' });
  });

  it('asks nobody where nobody asks for it', async () => {
    expect(await asked([noteOf(BEN, 'LGTM')])).toEqual({ granted: null, refused: [], calls: [] });
  });

  it('asks once for each person, and names each reason once, however many comments there are', async () => {
    const ask = 'agentsmd break-glass';
    const edited = { updatedAt: '2026-11-22T11:00:00.000Z' };
    const notes = [
      noteOf(BEN, ask),
      noteOf(BEN, ask),
      noteOf(BEN, ask, edited),
      noteOf(ADA, ask),
      noteOf(BEN, ask, edited),
    ];
    const { granted, refused, calls } = await asked(notes, { level: 'guest' });
    expect({ granted, calls }).toEqual({ granted: null, calls: ['pushedAt', 'access ben'] });
    expect(refused.map(({ by, because }) => `${by.username}: ${because.slice(0, 12)}`)).toEqual([
      ...['ben: the comment ', 'ada: who opened t', 'ben: it takes a d'],
    ]);
    // An older one that nobody changed is heard.
    expect((await asked(notes)).granted).toMatchObject({ by: BEN, note: notes[1]!.id });
  });

  it.each([
    '> agentsmd break-glass',
    '```\nagentsmd break-glass\n```',
    'Please: agentsmd break-glass',
    ' agentsmd break-glass',
    '`agentsmd break-glass`',
    'agentsmd break-glasses',
    'agentsmd break-glass-not',
    'LGTM\nagentsmd break-glass',
    '\u200bagentsmd break-glass',
    'AGENTSMD BREAK-GLASS',
  ])('does not hear %j', async (body) => {
    expect(await asked([noteOf(BEN, body)])).toEqual({ granted: null, refused: [], calls: [] });
  });

  it('does not count from before the last push, from the forge, or from ourselves', async () => {
    const ask = 'agentsmd break-glass: now';
    const before = await asked([noteOf(BEN, ask, { createdAt: '2026-11-22T08:59:59.000Z' })]);
    expect(before).toMatchObject({ granted: null, refused: [] });
    expect(await asked([noteOf(BEN, ask, { system: true }), noteOf(BOT, ask)])).toMatchObject({
      granted: null,
      calls: [],
    });
  });

  it.each([
    ['of its author', noteOf(ADA, 'agentsmd break-glass'), {}, /who opened/],
    ['of a bot', noteOf(BEN, 'agentsmd break-glass'), { bot: true }, /a bot/],
    [
      'of somebody with too little access',
      noteOf(BEN, 'agentsmd break-glass'),
      { level: 'reporter' },
      /takes a developer/,
    ],
    [
      'of somebody of whom nothing is known',
      noteOf(BEN, 'agentsmd break-glass'),
      { level: 'unknown' },
      /takes a developer/,
    ],
    [
      'that was edited',
      noteOf(BEN, 'agentsmd break-glass', { updatedAt: '2026-11-22T11:00:00.000Z' }),
      {},
      /changed after/,
    ],
  ] as const)('does not count %s, and says why', async (_, note, more, because) => {
    const { granted, refused } = await asked([note], more);
    expect(granted).toBeNull();
    expect(refused).toMatchObject([{ by: note.author, because: expect.stringMatching(because) }]);
  });

  it('counts of its author where the organisation lets it', async () => {
    expect((await asked([noteOf(ADA, 'agentsmd break-glass')], { own: true })).granted).toMatchObject({ by: ADA });
  });

  it('takes the newest that counts', async () => {
    const notes = [noteOf(BEN, 'agentsmd break-glass: one'), noteOf(ADA, 'agentsmd break-glass: two')];
    expect(await asked(notes)).toMatchObject({ granted: { reason: 'one' }, refused: [{ reason: 'two' }] });
  });

  it('knows levels by their order', () => {
    expect(hasAccess('owner', 'maintainer')).toBe(true);
    expect(hasAccess('developer', 'developer')).toBe(true);
    expect(hasAccess('planner', 'developer')).toBe(false);
    expect(hasAccess('unknown', 'none')).toBe(false);
  });
});
