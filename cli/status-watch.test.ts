import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Engine } from '../jobs/engine.ts';
import { repository } from '../jobs/status/testing/seed.ts';
import { lockFolder } from '../jobs/store/lock.ts';
import { openEngine } from '../jobs/store/open.ts';
import { watchEmbedded, watchShared } from './status-watch.ts';

/** Stores are opened several times, on a machine that does other things, too. */
vi.setConfig({ testTimeout: 240_000 });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-watch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function withStore<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await openEngine({ folder, retries: 3 });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

const paths = async ({ db }: Pick<Engine, 'db'>): Promise<string> =>
  (await db.selectFrom('repository').select('path').orderBy('path').execute()).map(({ path }) => path).join(' ');
const insert = (path: string) => (engine: Engine) =>
  engine.db.insertInto('repository').values(repository(path)).execute();

it('shows a store of one process without holding it, what was read before while somebody uses it, and then the news', async () => {
  await withStore(insert('a'));
  const stop = new AbortController();
  const shown: string[] = [];
  const watching = watchEmbedded(folder, {
    open: withStore,
    read: paths,
    show: (text, note) => shown.push(note === '' ? text : `${text}: ${note.slice(0, 16)}`),
    stop: stop.signal,
    timing: { every: 10, settled: 300 },
  });
  const timeout = { timeout: 90_000, interval: 5 };
  await vi.waitFor(() => expect(shown).toContain('a'), timeout);
  await withStore(async (engine) => {
    await insert('b')(engine);
    await vi.waitFor(() => expect(shown).toContain('a: another agentsmd'), timeout);
  });
  await vi.waitFor(() => expect(shown).toContain('a b'), timeout);
  const unlock = await vi.waitFor(() => lockFolder(folder), timeout);
  unlock();
  stop.abort();
  await watching;
  expect(shown.filter((text) => text === 'a')).toHaveLength(1);
});

it('waits for a store that is in use from the first', async () => {
  await withStore(insert('a'));
  const unlock = await lockFolder(folder);
  const stop = new AbortController();
  const shown: string[] = [];
  const watching = watchEmbedded(folder, {
    open: withStore,
    read: paths,
    show: (text, note) => shown.push(`${text}|${note === '' ? '' : 'in use'}`),
    stop: stop.signal,
    timing: { every: 10, settled: 10 },
  });
  await vi.waitFor(() => expect(shown.length).toBeGreaterThan(1), { timeout: 90_000 });
  expect(new Set(shown)).toEqual(new Set(['|in use']));
  unlock();
  await vi.waitFor(() => expect(shown).toContain('a|'), { timeout: 90_000 });
  stop.abort();
  await watching;
});

it('asks a database that several share again and again, and ends when it is told to', async () => {
  const stop = new AbortController();
  const shown: string[] = [];
  let asked = 0;
  let open = 0;
  await watchShared({
    open: async (use) => {
      open++;
      return await use({} as Engine);
    },
    read: async () => String(++asked),
    show: (text) => {
      shown.push(text);
      if (shown.length === 3) stop.abort();
    },
    stop: stop.signal,
    timing: { every: 1 },
  });
  expect([shown, open]).toEqual([['1', '2', '3'], 1]);
});

it('tells any other failure', async () => {
  const { signal } = new AbortController();
  const failing = {
    open: () => Promise.reject(new Error('no database')),
    read: async () => '',
    show() {},
    stop: signal,
  };
  await expect(watchShared(failing)).rejects.toThrow('no database');
  await expect(watchEmbedded(folder, failing)).rejects.toThrow('no database');
});
