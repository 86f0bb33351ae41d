import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AMBIENT } from '../canary/canary.ts';
import { watch } from '../canary/watch.ts';

export const ROOT = join(import.meta.dirname, '../..');
export const MAIN = join(ROOT, 'cli/main.ts');

/** A home of nobody: no settings in it, and what is cached there is gone afterwards. */
const HOME = mkdtempSync(join(tmpdir(), 'agentsmd-home-'));
process.once('exit', () => rmSync(HOME, { recursive: true, force: true }));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of node itself. */
  readonly node?: readonly string[];
}

/** Runs the real program from its sources, with nothing in its environment but PATH, secrets of others, and what is given. */
export function runCli(args: readonly string[], { cwd = ROOT, env = {}, node = [] }: RunOptions = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, MAIN, ...args], {
    cwd,
    env: { ...AMBIENT, PATH: process.env.PATH ?? '', HOME, ...env },
    encoding: 'utf8',
  });
  watchRan(args, stdout, stderr);
  return { code: status, stdout, stderr };
}

/** {@link runCli} beside a server of the test's own process, which goes on answering meanwhile. */
export function runCliBeside(
  args: readonly string[],
  { cwd = ROOT, env = {}, node = [] }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...AMBIENT, PATH: process.env.PATH ?? '', HOME, ...env }, maxBuffer: 64 << 20 };
    execFile(process.execPath, [...node, MAIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      watchRan(args, stdout, stderr);
      resolve({ code, stdout, stderr });
    });
  });
}

/** What a program printed: nobody's secret is in it. */
export function watchRan(args: readonly string[], stdout: string, stderr: string): void {
  watch(`stdout of ${args.join(' ')}`, stdout);
  watch(`stderr of ${args.join(' ')}`, stderr);
}
