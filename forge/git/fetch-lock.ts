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
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() });
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
    const { pid, host, at = statSync(file).mtimeMs } = holderOf(file);
    return Date.now() - at > longest || (host === hostname() && pid !== undefined && !isRunning(pid));
  } catch {
    return false; // just released
  }
}

/** What a lock says; nothing where it is not written yet, or never will be. */
interface Holder {
  readonly pid?: number;
  readonly host?: string;
  /** In ms since 1970, by the clock of who holds it: that of the disk may be another one. */
  readonly at?: number;
}

/** @throws {Error} where it is gone. */
function holderOf(file: string): Holder {
  const text = readFileSync(file, 'utf8');
  try {
    return Object(JSON.parse(text)) as Holder;
  } catch {
    return {};
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
