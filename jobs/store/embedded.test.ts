import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine.ts';
import { stateFolder } from '../testing/engines.ts';
import { startProcess } from '../testing/process.ts';
import { prepareFolder } from '../testing/template.ts';
import { openEngine } from './open.ts';
import { QUEUE_SCHEMA } from './tables.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const LONG = process.env.AGENTSMD_LONG !== undefined;
const TIMING = { retryDelay: 0, monitor: 1 };

let folder: string;
let drop: () => Promise<void>;
beforeEach(async () => {
  ({ folder, drop } = await stateFolder());
});
afterEach(() => drop());

const fill = () => prepareFolder(folder);
const open = (retries = 3) => openEngine({ folder, retries, timing: TIMING });
const count = async (engine: Engine) =>
  (
    await engine.db
      .selectFrom('memo')
      .select(({ fn }) => fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
  ).n;
const put = (engine: Engine, ...keys: string[]) =>
  engine.queue.put(keys.map((key) => ({ key, cause: 'moved', sweep: null })));

describe('a folder', () => {
  it('is made for its owner alone, and keeps what was written', async () => {
    const first = await open();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect([first.kind, first.where]).toEqual(['embedded', folder]);
    await first.db.insertInto('memo').values({ name: 'a', value: '{}' }).execute();
    await put(first, 'a');
    await first.close();
    await first.close();
    // As a process left it that was killed while it made a database.
    mkdirSync(join(folder, 'pg-unfinished-x', 'base'), { recursive: true });
    const second = await open();
    expect(await count(second)).toBe(1);
    expect(await second.queue.counts()).toEqual({ ready: 1, waiting: 0, active: 0 });
    await second.close();
    expect(readdirSync(folder).sort()).toEqual(['lock.db', 'pg']);
  });

  it('lets one process in, and the next once that is gone, however it went', async () => {
    await fill();
    const first = startProcess({ engine: { folder }, wait: true });
    await first.says('ready');
    const refused = { exitCode: 2, message: expect.stringMatching(/is in use by another agentsmd.*DATABASE_URL/) };
    await expect(open()).rejects.toMatchObject(refused);
    await expect(open()).rejects.toThrow(folder);
    await first.kill();
    const second = await open();
    await expect(open()).rejects.toMatchObject(refused);
    await second.close();
    await (await open()).close();
  });

  it('is left alone where it holds a database that is not ours', async () => {
    mkdirSync(join(folder, 'pg'), { recursive: true });
    writeFileSync(join(folder, 'pg', 'PG_VERSION'), '18\n');
    await expect(open()).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(join(folder, 'pg')) });
    expect(readdirSync(join(folder, 'pg'))).toEqual(['PG_VERSION']);
  });

  it('says what to do where its database is broken', async () => {
    await fill();
    writeFileSync(join(folder, 'pg', 'global', 'pg_control'), 'x');
    await expect(open()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/cannot be opened.*move the folder away/),
    });
    writeFileSync(join(folder, 'lock.db'), 'x'.repeat(5000));
    await expect(open()).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('lock.db cannot be locked'),
    });
  });

  it('says what to do where it cannot be made', async () => {
    mkdirSync(join(folder, '..'), { recursive: true });
    writeFileSync(folder, '');
    await expect(open()).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(folder) });
  });
});

describe('a killed process', () => {
  it('loses nothing of what it was told is written', async () => {
    await fill();
    let wrote = 0;
    for (let round = 0; round < (LONG ? 30 : 2); round += 1) {
      const child = startProcess({ engine: { folder, timing: TIMING }, write: wrote });
      await child.says('written');
      await sleep(Math.random() * 600);
      await child.kill();
      const told = Math.max(...child.all('written'));
      const engine = await open();
      const rows = await count(engine);
      expect(rows).toBeGreaterThanOrEqual(told);
      // One more may be there than was told, whole: rows and tasks came together.
      expect([told, told + 20]).toContain(rows);
      expect(await engine.queue.counts()).toEqual({ ready: rows, waiting: 0, active: 0 });
      wrote = rows;
      await engine.close();
    }
  });

  it('leaves a folder that opens again, killed while it made it', async () => {
    mkdirSync(folder);
    for (let round = 0; round < (LONG ? 12 : 1); round += 1) {
      const child = startProcess({ engine: { folder }, wait: true });
      await firstFile();
      await sleep(round * 10);
      await child.kill();
      expect(existsSync(join(folder, 'pg'))).toBe(false);
    }
    const engine = await open();
    await put(engine, 'a');
    await engine.close();
    await vi.waitFor(() => expect(readdirSync(folder).sort()).toEqual(['lock.db', 'pg']), { timeout: 60_000 });
  });

  it('leaves a folder that opens again, killed while it filled it', async () => {
    for (let round = 0; round < (LONG ? 12 : 1); round += 1) {
      rmSync(folder, { recursive: true, force: true });
      await fill();
      const child = startProcess({ engine: { folder }, wait: true });
      while (!existsSync(join(folder, 'lock.db'))) await sleep(5);
      await sleep(200 + Math.random() * 800);
      await child.kill();
      const engine = await open();
      expect(await put(engine, 'a')).toBe(1);
      await engine.close();
    }
  });

  it('leaves tasks in hand that the next one does again, and what kills each is given up', {
    timeout: 120_000,
  }, async () => {
    const engine = await open(1);
    await engine.queue.put([{ key: 'poison', cause: 'new', sweep: 1 }]);
    await put(engine, 'a', 'b', 'c');
    await engine.close();
    const act = { engine: { folder, retries: 1, timing: TIMING }, work: { concurrency: 2, kills: 'poison' } };
    const rounds = [startProcess(act)];
    await rounds[0]!.ended;
    rounds.push(startProcess(act));
    await rounds[1]!.ended;
    rounds.push(startProcess(act));
    await rounds[2]!.ended;
    const told = rounds.flatMap((each) => each.told);
    expect(told.filter((each) => each.begun === 'poison').map((each) => each.tries)).toEqual([0, 1]);
    expect(told.filter((each) => each.buried)).toEqual([{ buried: 'poison', tries: 2, reason: '' }]);
    expect(told.flatMap((each) => each.done ?? []).sort()).toEqual(['a', 'b', 'c']);
    const after = await open();
    expect(await after.queue.counts()).toEqual({ ready: 0, waiting: 0, active: 0 });
    await after.close();
  });
});

describe('a transaction', () => {
  it('waits for ever for a queue that is not known yet: all of ours are', async () => {
    // A hang of PGlite can only be ended with its process.
    const cold = await transactionIn('cold');
    const warm = await transactionIn('warm');
    expect([cold, warm]).toEqual(['hangs', 'ends']);
  });

  it('of each kind ends', async () => {
    await fill();
    const engine = await open();
    await engine.db.transaction().execute((trx) => engine.queue.put([{ key: 'a', cause: 'new', sweep: null }], trx));
    const stop = new AbortController().signal;
    let tries = 0;
    await engine.queue.work(
      async (claim) => {
        tries += 1;
        if (tries < 5) throw new Error('no');
        await engine.db.transaction().execute((trx) => claim.complete(trx));
      },
      async (dead) => void (await engine.db.transaction().execute((trx) => dead.complete(trx))),
      { concurrency: 1, stop, untilIdle: true },
    );
    await engine.close();
    expect(tries).toBe(4);
  });

  it('frees the room of what it replaced when the folder is opened', async () => {
    await fill();
    const size = async (engine: Engine) =>
      (
        await sql<{ n: number }>`select pg_relation_size(${sql.lit(`${QUEUE_SCHEMA}.job_common`)})::int as n`.execute(
          engine.db,
        )
      ).rows[0]!.n;
    const engine = await open();
    for (let round = 0; round < 5; round += 1) {
      await put(engine, ...Array.from({ length: 400 }, (_, n) => `k${n}`));
      await engine.queue.drop();
    }
    expect(await size(engine)).toBeGreaterThan(100_000);
    await engine.close();
    const again = await open();
    expect(await size(again)).toBeLessThan(50_000);
    await again.close();
  });
});

/** Sends a job inside a transaction to a queue that pg-boss has, or has not, heard of. */
async function transactionIn(cache: 'cold' | 'warm'): Promise<'hangs' | 'ends'> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('testing/cold-queue.ts', import.meta.url)), cache], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<'ends'>((resolve) => child.once('exit', () => resolve('ends')));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const end = await Promise.race([exit, sleep(3000).then(() => 'hangs' as const)]);
  child.kill('SIGKILL');
  await exit;
  return end;
}

/** Waits for the first file of a database that is being made. */
async function firstFile(): Promise<void> {
  const made = () => readdirSync(folder).filter((name) => name.startsWith('pg-unfinished-'));
  while (!made().some((name) => readdirSync(join(folder, name)).length > 0)) await sleep(1);
}
