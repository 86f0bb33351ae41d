import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { underLock } from './fetch-lock.ts';

const HOUR = 3_600_000;
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-lock-'));
  file = join(folder, 'a.lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A lock as somebody left it, the disk's time of it some hours ago. */
function left(content: string, hours: number): void {
  writeFileSync(file, content);
  const then = new Date(Date.now() - hours * HOUR);
  utimesSync(file, then, then);
}

it.each([
  ['is older than what is waited for', { pid: process.pid, host: hostname(), at: Date.now() - 2 * HOUR }, 0],
  ['is of another machine, and too old', { pid: 1, host: 'elsewhere', at: Date.now() - 2 * HOUR }, 0],
  ['is of a process that is gone', { pid: 2 ** 22 + 1, host: hostname(), at: Date.now() }, 0],
  ['does not say since when, by the time of the disk', { pid: process.pid, host: hostname() }, 2],
  ['was never written, by the time of the disk', '', 2],
  ['says nothing, by the time of the disk', null, 2],
])('breaks a lock that %s', async (_, holder, hours) => {
  left(holder === '' ? '' : JSON.stringify(holder), hours);
  expect(await underLock(file, HOUR, async () => 'done')).toBe('done');
  expect(existsSync(file)).toBe(false);
});

it('waits for one that is held, whatever time the disk has', async () => {
  left(JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() }), 24);
  let done = false;
  const waiting = underLock(file, HOUR, async () => {
    done = true;
  });
  await sleep(200);
  expect(done).toBe(false);
  rmSync(file);
  await waiting;
  expect(done).toBe(true);
});
