import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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

/** Runs the real program from its sources, with nothing in its environment but PATH and what is given. */
export function runCli(args: readonly string[], { cwd = ROOT, env = {}, node = [] }: RunOptions = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, MAIN, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME, ...env },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** {@link runCli} beside a server of the test's own process, which goes on answering meanwhile. */
export function runCliBeside(
  args: readonly string[],
  { cwd = ROOT, env = {}, node = [] }: RunOptions = {},
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, env: { PATH: process.env.PATH ?? '', HOME, ...env }, maxBuffer: 64 << 20 };
    execFile(process.execPath, [...node, MAIN, ...args], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}
