import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { AMBIENT } from '../canary/canary.ts';
import { MAIN, ROOT, type RunOptions, watchRan } from './run-cli.ts';

type Line = Readonly<Record<string, unknown>>;

/** The program, while it runs. */
export interface Begun {
  readonly process: ChildProcess;
  /** The first line of JSON on stdout that is so. */
  line(is: (line: Line) => boolean): Promise<Line>;
  /** The first line of JSON on stderr that is so, where logs go. */
  logged(is: (line: Line) => boolean): Promise<Line>;
  /** Until something is so, wherever it is seen. */
  until(is: () => boolean): Promise<void>;
  over(): Promise<{ readonly code: number | null; readonly stderr: string; readonly lines: readonly Line[] }>;
}

/** Runs the real program as `runCli` does, and does not wait for it. Its lines on stdout have to be JSON. */
export function begun(args: readonly string[], { cwd = ROOT, env = {} }: Omit<RunOptions, 'node'>): Begun {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...AMBIENT, PATH: process.env.PATH ?? '', HOME: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: Line[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const log = () =>
    stderr
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line): Line => JSON.parse(line));
  let ended = false;
  const closed = once(child, 'close').finally(() => {
    ended = true;
    watchRan(args, JSON.stringify(lines), stderr);
  });
  const until = async (is: () => boolean): Promise<void> => {
    while (!is()) {
      if (ended) throw new Error(`it ended before: ${stderr}`);
      await setTimeout(20);
    }
  };
  return {
    process: child,
    line: async (is) => {
      await until(() => lines.some(is));
      return lines.find(is)!;
    },
    logged: async (is) => {
      await until(() => log().some(is));
      return log().find(is)!;
    },
    until,
    over: async () => ({ code: (await closed)[0], stderr, lines }),
  };
}
