import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does work while no other process does work under the same lock file. A lock whose process is gone, or that is older than
 * `longest` ms, is broken. It saves work and waiting: what it guards must be whole without it as well.
 *
 * @throws {Error} of the operating system where the file cannot be written.
 */
export async function underLock<T>(file: string, longest: number, work: () => Promise<T>): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  while (!taken(file, mine)) {
    if (isLeftOver(file, longest)) rmSync(file, { force: true });
    else await sleep(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function taken(file: string, mine: string): boolean {
  try {
    writeFileSync(file, mine, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isLeftOver(file: string, longest: number): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > longest) return true;
    const { pid, host } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; host: string };
    return host === hostname() && !isRunning(pid);
  } catch {
    return false; // just released, or not written yet
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
