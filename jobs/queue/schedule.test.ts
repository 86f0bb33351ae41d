import { sql } from 'kysely';
import { expect, it, vi } from 'vitest';
import { QUEUE_SCHEMA } from '../store/tables.ts';
import { onBothStores } from '../testing/engines.ts';
import type { Scheduled } from './port.ts';

vi.setConfig({ testTimeout: 120_000 });

const AT = Date.parse('2026-11-21T10:00:00Z');
const problems: string[] = [];

onBothStores(
  (engine) => {
    const nightly: Scheduled = {
      name: 'nightly',
      cron: '30 2 * * 1-5',
      timeZone: 'Europe/Berlin',
      options: { groups: ['shop'] },
    };
    const refused = (message: RegExp) =>
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) });

    it('keeps schedules by name', async () => {
      const { scheduler } = engine();
      await scheduler.set(nightly);
      await scheduler.set({ ...nightly, name: 'often', options: { groups: [], limit: 5 } });
      const later = { ...nightly, cron: '0 4 * * *' };
      await scheduler.set(later);
      expect(await scheduler.list()).toEqual([later, { ...nightly, name: 'often', options: { groups: [], limit: 5 } }]);
      expect([await scheduler.remove('nightly'), await scheduler.remove('nightly')]).toEqual([true, false]);
      expect(await scheduler.remove('often')).toBe(true);
      expect(await scheduler.list()).toEqual([]);
    });

    it('refuses what cannot be followed, and keeps nothing of it', async () => {
      const { scheduler } = engine();
      const set = (change: Partial<Scheduled>) => scheduler.set({ ...nightly, ...change });
      for (const cron of ['', 'daily', '* * * *', '0 0 * * * *', 'FREQ=DAILY', '@daily'])
        await expect(set({ cron })).rejects.toEqual(refused(/is no cron expression: that has five fields/));
      await expect(set({ cron: '61 2 * * *' })).rejects.toEqual(refused(/'61 2 \* \* \*' cannot be followed.*61/));
      await expect(set({ timeZone: 'Europe/Atlantis' })).rejects.toEqual(refused(/Europe\/Atlantis/));
      for (const name of ['', 'a b', "a'b", 'a\0'])
        await expect(set({ name })).rejects.toEqual(refused(/is no name for a schedule/));
      expect(await scheduler.list()).toEqual([]);
    });

    it('says when, by the clock of the time zone', () => {
      const { scheduler } = engine();
      const iso = (cron: string, timeZone: string) =>
        scheduler.preview(cron, timeZone, 2).map((date) => date.toISOString());
      expect(iso('30 2 * * 1-5', 'Europe/Berlin')).toEqual(['2026-11-23T01:30:00.000Z', '2026-11-24T01:30:00.000Z']);
      expect(iso('0 12 * * *', 'UTC')).toEqual(['2026-11-21T12:00:00.000Z', '2026-11-22T12:00:00.000Z']);
      expect(() => scheduler.preview('x', 'UTC', 1)).toThrow(/five fields/);
    });

    it('runs one after the other, and of those that wait not what is removed', async () => {
      const { scheduler } = engine();
      const stop = new AbortController();
      const ran: string[] = [];
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      for (const name of ['a', 'b', 'c']) await scheduler.set({ ...nightly, name, cron: '* * * * *' });
      const end = scheduler.work(async ({ name }) => {
        ran.push(name);
        if (ran.length === 1) await released;
      }, stop.signal);
      const waiting = async () =>
        (
          await sql<{ key: string }>`
            select singleton_key as key from ${sql.id(QUEUE_SCHEMA, 'job')} where name = 'sweep' and state = 'created'`.execute(
            engine().db,
          )
        ).rows.map(({ key }) => key);
      await vi.waitFor(() => expect(ran).toHaveLength(1), { timeout: 60_000 });
      await vi.waitFor(async () => expect(await waiting()).toHaveLength(2), { timeout: 60_000 });
      const [gone, next] = await waiting();
      await scheduler.remove(gone!);
      release();
      await vi.waitFor(() => expect(ran[1]).toBe(next), { timeout: 60_000 });
      stop.abort();
      await end;
      for (const name of ['a', 'b', 'c']) await scheduler.remove(name);
      expect(ran).not.toContain(gone);
    });

    it('tells a run that another process may run it instead', async () => {
      const { scheduler, db } = engine();
      const stop = new AbortController();
      const told: string[] = [];
      await scheduler.set({ ...nightly, name: 'lost', cron: '* * * * *' });
      const end = scheduler.work(async (_, lost) => {
        if (told.length > 0) return;
        told.push('begun');
        await sql`delete from ${sql.id(QUEUE_SCHEMA, 'job')} where name = 'sweep' and state = 'active'`.execute(db);
        await new Promise((resolve) => lost.addEventListener('abort', resolve));
        told.push('lost');
      }, stop.signal);
      await vi.waitFor(() => expect(told).toEqual(['begun', 'lost']), { timeout: 110_000 });
      await vi.waitFor(() => expect(problems).toHaveLength(1), { timeout: 10_000 });
      stop.abort();
      await end;
      await scheduler.remove('lost');
      expect(problems.splice(0)).toEqual([expect.stringMatching(/lost did not run to its end: .*taken away$/)]);
    });

    it('runs what is due, again where that broke, and not what was removed', async () => {
      const { scheduler } = engine();
      const stop = new AbortController();
      const ran: Scheduled[] = [];
      const every = { ...nightly, cron: '* * * * *' };
      await scheduler.set(every);
      const end = scheduler.work(async (schedule) => {
        ran.push(schedule);
        throw new Error('no');
      }, stop.signal);
      const waiting = () =>
        sql`
        update ${sql.id(QUEUE_SCHEMA, 'job')} set start_after = now() where name = 'sweep' and state = 'retry'`.execute(
          engine().db,
        );
      await vi.waitFor(() => expect(ran).toEqual([every]), { timeout: 60_000 });
      await vi.waitFor(async () => expect((await waiting()).numAffectedRows).toBe(1n), { timeout: 60_000 });
      await vi.waitFor(() => expect(ran).toEqual([every, every]), { timeout: 60_000 });
      expect(problems).toEqual([expect.stringMatching(/nightly .*: no$/)]);
      expect(await scheduler.remove('nightly')).toBe(true);
      expect((await waiting()).numAffectedRows).toBe(0n);
      stop.abort();
      await end;
      problems.splice(0);
    });
  },
  { now: () => AT, onProblem: (message) => problems.push(message) },
);
