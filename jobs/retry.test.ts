import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { type RetryOptions, retry } from './retry.ts';
import { emptied, GITLAB, insertAll, repository } from './status/testing/seed.ts';
import { testEngine } from './testing/engine.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const before = new Date(NOW - 3_600_000);

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());
beforeEach(async () => {
  await insertAll(engine.db, 'repository', [
    repository('a/dead', { result: 'failed', reason: 'timeout', dead_since: before, due_sweep: 3 }),
    repository('a/dead-2', { result: 'failed', reason: 'crashed', dead_since: before, due: 'new', due_since: before }),
    repository('a/refused', { result: 'refused', reason: 'role', due: 'deferred', not_before: new Date(NOW + 1e9) }),
    repository('a/held', { result: 'deferred', reason: 'limit-open', due: 'deferred' }),
    repository('a/fine', { result: 'unchanged' }),
    repository('a/gone', { result: 'failed', reason: 'timeout', dead_since: before, gone_since: before }),
    repository('a/archived', { result: 'failed', reason: 'timeout', dead_since: before, excluded: 'archived' }),
  ]);
});
afterEach(async () => {
  await engine.queue.drop();
  await emptied(engine.db);
});

const again = (options: Partial<RetryOptions> = {}) =>
  retry(engine, { projects: [], failed: false, stale: false, now: NOW, ...options });

/** Those that are due now, by path. */
async function due(): Promise<Record<string, string>> {
  const rows = await engine.db
    .selectFrom('repository')
    .select(['path', 'due'])
    .where('due', 'is not', null)
    .where('not_before', 'is', null)
    .where('dead_since', 'is', null)
    .orderBy('path')
    .execute();
  return Object.fromEntries(rows.map((row) => [row.path, row.due!]));
}

/** The queue in its order. */
async function queued(): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    select singleton_key as key from agentsmd_queue.job where name = 'repository' and state in ('created', 'retry')
    order by priority desc, created_on, id`.execute(engine.db);
  return rows.map(({ key }) => key.slice(GITLAB.length + 1));
}

describe('retry', () => {
  it('takes up all that was set aside, where nothing is named, and nothing else', async () => {
    expect(await again()).toEqual({ repositories: 2, queued: 2, left: [] });
    expect(await due()).toEqual({ 'a/dead': 'retry', 'a/dead-2': 'new', 'a/held': 'deferred' });
    expect(await queued()).toEqual(['a/dead-2', 'a/dead']);
    const { due_since, due_sweep } = await engine.db
      .selectFrom('repository')
      .selectAll()
      .where('path', '=', 'a/dead')
      .executeTakeFirstOrThrow();
    expect([due_since, due_sweep]).toEqual([new Date(NOW), null]);
    expect(await again()).toEqual({ repositories: 0, queued: 0, left: [] });
  });

  it('takes up those that are named, whatever holds them back', async () => {
    expect(await again({ projects: ['A/refused', `${GITLAB}/a/fine`, 'a/fine'] })).toMatchObject({
      repositories: 2,
      queued: 2,
    });
    expect(await due()).toMatchObject({ 'a/refused': 'retry', 'a/fine': 'retry' });
  });

  it('says of those that are out of scope that there is nothing to do', async () => {
    expect(await again({ projects: ['a/gone', 'a/archived', 'a/held'] })).toEqual({
      repositories: 1,
      queued: 1,
      left: [
        { path: 'a/archived', why: 'archived' },
        { path: 'a/gone', why: 'gone' },
      ],
    });
    expect(Object.keys(await due())).toEqual(['a/held']);
  });

  it.each<[string, Partial<RetryOptions>, readonly string[]]>([
    ['that failed', { failed: true }, ['a/dead', 'a/dead-2', 'a/refused']],
    ['of a reason', { reason: 'timeout' }, ['a/dead']],
    ['of both', { failed: true, reason: 'role' }, ['a/refused']],
    ['that failed of some', { failed: true, projects: ['a/fine', 'a/refused'] }, ['a/refused']],
  ])('chooses those %s', async (_, options, paths) => {
    expect(await again(options)).toMatchObject({ repositories: paths.length });
    expect((await queued()).toSorted()).toEqual(paths);
  });

  it('takes what somebody says is stale before all but what was never seen', async () => {
    await again();
    await again({ projects: ['a/fine', 'a/dead', 'a/dead-2'], stale: true });
    expect(await due()).toMatchObject({ 'a/fine': 'reported', 'a/dead': 'reported', 'a/dead-2': 'new' });
    expect((await queued())[0]).toBe('a/dead-2');
    await again({ projects: ['a/fine'] });
    expect(await due()).toMatchObject({ 'a/fine': 'reported' });
  });

  it('gives one that lies in the queue its new place, and leaves one alone that is being worked on', async () => {
    const [held, fine] = ['a/held', 'a/fine'].map((path) => `${GITLAB}#${path}`) as [string, string];
    await engine.queue.put([{ key: fine, cause: 'moved', sweep: 1 }]);
    const stop = new AbortController();
    let result: unknown;
    await engine.queue.work(
      async (claim) => {
        await engine.queue.put([
          { key: held, cause: 'deferred', sweep: 1 },
          { key: `${GITLAB}#a/dead`, cause: 'moved', sweep: 1 },
        ]);
        result = await again({ projects: ['a/fine', 'a/held'] });
        stop.abort();
        await engine.db.transaction().execute(async (trx) => void (await claim.complete(trx)));
      },
      async () => {},
      { concurrency: 1, stop: stop.signal },
    );
    expect(result).toEqual({ repositories: 2, queued: 1, left: [] });
    expect(await queued()).toEqual(['a/held', 'a/dead']);
    expect(await due()).toMatchObject({ 'a/fine': 'retry', 'a/held': 'retry' });
  });

  it.each<[string, Partial<RetryOptions>, string]>([
    [
      'an unknown project',
      { projects: ['a/fine', 'a/finr'] },
      'a/finr: no project that was ever swept; did you mean a/fine',
    ],
    [
      'an unknown reason',
      { reason: 'timout' },
      '--reason timout: no repository ended for that; there are crashed, limit-open, role, timeout',
    ],
    ['--stale of nothing', { stale: true }, '--stale: name the projects'],
  ])('refuses %s and changes nothing', async (_, options, message) => {
    const was = await due();
    await expect(again(options)).rejects.toMatchObject({ message: expect.stringContaining(message), exitCode: 2 });
    expect(await due()).toEqual(was);
  });

  it('takes thousands', async () => {
    const many = Array.from({ length: 2500 }, (_, at) =>
      repository(`m/${at}`, { result: 'failed', reason: 'timeout', dead_since: before }),
    );
    await insertAll(engine.db, 'repository', many);
    expect(await again()).toMatchObject({ repositories: 2502, queued: 2502 });
    expect((await engine.queue.counts()).ready).toBe(2502);
  });
});
