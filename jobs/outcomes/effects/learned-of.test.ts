import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tables } from '../../store/tables.ts';
import { memoryState } from '../../testing/state.ts';
import { learnedOf } from './learned-of.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const DAY = 24 * 3_600_000;
const at = (days: number) => new Date(NOW - days * DAY);

let db: Kysely<Tables>;
beforeAll(async () => {
  db = await memoryState();
});
afterAll(async () => await db?.destroy());
beforeEach(async () => {
  for (const table of ['reviewed', 'finding', 'item'] as const) await db.deleteFrom(table).execute();
});

async function reviewed(iid: number, applied: readonly string[], days = 1, key = 'one'): Promise<void> {
  const none = { ms: 1, input_tokens: 0, cached_tokens: 0, output_tokens: 0, agents: '[]' };
  await db
    .insertInto('reviewed')
    .values({
      ...{ key, iid, url: '', state: 'merged', opened_at: at(days), ended_at: at(days), harvested_at: at(days) },
      ...{ reviews: 1, tier: 'lite', decision: 'approved', overruled: false, stale: false, ...none },
      applied: JSON.stringify(applied),
    })
    .execute();
}

async function finding(fingerprint: string, outcome: string, days = 1, key = 'one'): Promise<void> {
  await db
    .insertInto('finding')
    .values({
      ...{ key, iid: 1, fingerprint, agent: 'a', computed: true, severity: 'warning', category: 'codex' },
      ...{ rules: '["A-1@2"]', path: 'a', line: 1, title: 'a', outcome, at: at(days) },
    })
    .execute();
}

async function item(key: string, outcome: string, text = 'Tests: `test/unit`', days = 1): Promise<void> {
  await db
    .insertInto('item')
    .values({
      ...{ key, file: 'AGENTS.md', item: 'layout.tests', text, section: 'Repository', outcome },
      ...{ stack: '["typescript","pnpm"]', at: at(days) },
    })
    .execute();
}

describe('learnedOf', () => {
  it('counts what reviews of the repository itself said of each rule in 90 days', async () => {
    for (const iid of [1, 2, 3]) await reviewed(iid, ['A-1@1', 'B-1@1']);
    await reviewed(4, ['A-1@2'], 89);
    await reviewed(5, ['A-1@2'], 91);
    await reviewed(1, ['A-1@2'], 1, 'another');
    for (const [index, outcome] of ['fixed', 'fixed', 'ignored', 'dismissed', 'argued'].entries())
      await finding(`f${index}`, outcome);
    await finding('old', 'fixed', 91);
    await finding('f9', 'fixed', 1, 'another');
    const { rules, since } = await learnedOf(db, 'one', NOW);
    expect(since).toBe('2026-08-24');
    expect(Object.fromEntries(rules)).toEqual({
      'A-1': { applied: 4, broken: 4, fixed: 2 },
      'B-1': { applied: 3, broken: 0, fixed: 0 },
    });
  });

  it.each<[string, readonly string[], string | undefined]>([
    ['three of six took it out', ['deleted', 'deleted', 'edited', 'kept', 'kept', 'kept'], '3 of 6'],
    ['three of seven did', ['deleted', 'deleted', 'deleted', 'kept', 'kept', 'kept', 'kept'], undefined],
    ['two of two did', ['deleted', 'deleted'], undefined],
    ['everybody kept it', ['kept', 'kept', 'kept'], undefined],
  ])('where %s', async (_, outcomes, expected) => {
    for (const [index, outcome] of outcomes.entries()) await item(`r${index}`, outcome, `Tests: \`test/${index}\``);
    const { unwanted } = await learnedOf(db, 'one', NOW);
    const asked = { key: 'layout.tests', text: 'Tests: `somewhere/else`' };
    const reason = expected && `people took it out of ${expected} repositories with pnpm`;
    expect(unwanted(asked, ['rust', 'pnpm'])).toBe(reason);
    // Another stack, another bullet, another key.
    expect(unwanted(asked, ['rust', 'cargo'])).toBeUndefined();
    expect(unwanted({ ...asked, text: 'Sources: `src`' }, ['pnpm'])).toBeUndefined();
    expect(unwanted({ ...asked, key: 'layout.sources' }, ['pnpm'])).toBeUndefined();
  });

  it('counts a repository once, and nobody who did so long ago', async () => {
    for (const text of ['Tests: `a`', 'Tests: `b`', 'Tests: `c`']) await item('one', 'deleted', text);
    await item('two', 'deleted');
    await item('three', 'deleted', 'Tests: `a`', 366);
    const { unwanted } = await learnedOf(db, 'one', NOW);
    expect(unwanted({ key: 'layout.tests', text: 'Tests: `x`' }, ['pnpm'])).toBeUndefined();
  });
});
