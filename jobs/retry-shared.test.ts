import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../test/postgres/start.ts';
import { retry } from './retry.ts';
import { GITLAB, insertAll, repository } from './status/testing/seed.ts';
import { alone } from './sweep/alone.ts';
import { openPostgres } from './testing/engines.ts';

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterAll(() => postgres?.close());

it('waits for a sweep that writes the same repositories in another order', { timeout: 120_000 }, async () => {
  const url = await postgres.database();
  const [mine, others] = [await openPostgres(url), await openPostgres(url)];
  try {
    await insertAll(mine.db, 'repository', [repository('a/1', {}), repository('a/2', {})]);
    let retried: ReturnType<typeof retry> | undefined;
    await alone(mine.db, async (trx) => {
      const write = async (path: string) => {
        await trx.updateTable('repository').set({ seen_head: 'b' }).where('key', '=', `${GITLAB}#${path}`).execute();
      };
      await write('a/2');
      retried = retry(others, { projects: ['a/1', 'a/2'], failed: false, stale: false, now: Date.now() });
      retried.catch(() => {});
      await expect
        .poll(
          async () => {
            const waiting = await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`.execute(mine.db);
            return waiting.rows.length;
          },
          { timeout: 60_000 },
        )
        .toBeGreaterThan(0);
      await write('a/1');
    });
    expect(await retried).toMatchObject({ repositories: 2, queued: 2 });
  } finally {
    await mine.close();
    await others.close();
  }
});
