import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it, vi } from 'vitest';
import { query, startPostgres } from './start.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('agentsmd-postgres-'));

it('gives databases that know nothing of each other, and keeps them while it is away', async () => {
  const postgres = await startPostgres();
  const [one, other] = [await postgres.database(), await postgres.database()];
  await query(one, 'create table t as select 1 as n');
  await postgres.stop();
  await expect(query(one, 'select 1')).rejects.toThrow('ECONNREFUSED');
  await postgres.start();
  expect(await query(one, 'select n from t')).toEqual([{ n: 1 }]);
  await expect(query(other, 'select n from t')).rejects.toThrow('does not exist');
  await postgres.close();
  await expect(query(one, 'select 1')).rejects.toThrow('ECONNREFUSED');
});

it('goes with the process that started it, however that goes', async () => {
  const before = folders();
  const start = new URL('start.ts', import.meta.url).href;
  const program = `const p = await (await import('${start}')).startPostgres(); console.log(await p.database()); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  const url = String(said).trim();
  expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  const made = folders().filter((name) => !before.includes(name));
  child.kill('SIGKILL');
  await vi.waitFor(() => expect(query(url, 'select 1')).rejects.toThrow('ECONNREFUSED'), PATIENCE);
  // Other tests make and delete such folders, too.
  await vi.waitFor(
    () => expect(folders().filter((name) => made.includes(name)).length).toBeLessThan(made.length),
    PATIENCE,
  );
});
