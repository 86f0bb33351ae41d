import { expect, it } from 'vitest';
import { memoryState } from '../testing/state.ts';

it('has the tables that it says it has', async () => {
  const db = await memoryState();
  const at = new Date('2026-11-21T10:00:00Z');
  await db
    .insertInto('repository')
    .values({
      key: 'https://gitlab.example.com#1',
      instance: 'https://gitlab.example.com',
      project: '1',
      path: 'shop/cart',
      url: 'https://gitlab.example.com/shop/cart',
      first_seen: at,
      last_seen: at,
      ledger: JSON.stringify({ v: 1 }),
    })
    .execute();
  const { id } = await db
    .insertInto('sweep')
    .values({ started_at: at, state: 'running', options: JSON.stringify({ groups: [] }) })
    .returning('id')
    .executeTakeFirstOrThrow();
  const [repository] = await db.selectFrom('repository').selectAll().execute();
  expect(id).toBe(1);
  expect(repository).toMatchObject({ path: 'shop/cart', first_seen: at, due: null, ledger: { v: 1 } });
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('repository').set({ due: 'new' }).execute();
  });
  expect((await db.selectFrom('repository').select('due').execute())[0]?.due).toBe('new');
  await db.destroy();
});
