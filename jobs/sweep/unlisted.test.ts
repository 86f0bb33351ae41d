import type { Kysely } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import type { Unlisted } from './events.ts';
import { type Asked, keepUnlisted, keptUnlisted } from './unlisted.ts';

const GITLAB = 'https://gitlab.example.com';
const NOW = Date.parse('2026-11-21T12:00:00Z');
const DAY = 24 * 3_600_000;

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
afterAll(() => db.destroy());

const list = (instance: string, group?: string): Unlisted => ({
  ...{ instance, reason: 'unavailable', message: 'down', repositories: 3 },
  ...(group === undefined ? {} : { group }),
});
async function kept(asked: Partial<Asked>): Promise<readonly string[]> {
  await keepUnlisted(db, { instances: [GITLAB], groups: undefined, unlisted: [], now: NOW, ...asked });
  return (await keptUnlisted(db)).map(({ instance, group }) => group ?? instance);
}

it('keeps which lists could not be had, until they can', async () => {
  expect(await kept({})).toEqual([]);
  expect(await db.selectFrom('memo').selectAll().execute()).toEqual([]);
  expect(await kept({ unlisted: [list(GITLAB)] })).toEqual([GITLAB]);
  expect(await keptUnlisted(db)).toEqual([{ ...list(GITLAB), at: '2026-11-21T12:00:00.000Z' }]);
  expect(await kept({ instances: ['/srv/repos'] })).toEqual([GITLAB]);
  expect(await kept({ groups: ['shop'], unlisted: [list('', 'shop')] })).toEqual(['shop']);
  expect(await kept({ instances: ['/srv/repos'] })).toEqual(['shop']);
  expect(await kept({ groups: ['infra'], unlisted: [list('', 'infra')] })).toEqual(['shop', 'infra']);
  expect(await kept({ groups: ['shop'] })).toEqual(['infra']);
  expect(await kept({ groups: ['tools'], now: NOW + 31 * DAY })).toEqual([]);
  expect(await kept({ unlisted: [list('', 'shop')] })).toEqual(['shop']);
  expect(await kept({})).toEqual([]);
});
