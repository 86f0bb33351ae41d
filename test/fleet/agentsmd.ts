import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RepositoryResult } from '../../jobs/sweep/events.ts';
import type { SweepSummary } from '../../jobs/sweep/summary.ts';
import { watchRan } from '../cli/run-cli.ts';

const ROOT = join(import.meta.dirname, '../..');
const HOOK = pathToFileURL(join(import.meta.dirname, 'usage-hook.ts')).href;

/** What a process took. */
export interface Usage {
  readonly peakBytes: number;
  readonly cpuMs: number;
  /** Its memory in bytes, second by second. */
  readonly samples: readonly (readonly [seconds: number, bytes: number])[];
}

export interface Ended {
  /** `null`: it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Absent where it was killed. */
  readonly usage?: Usage;
}

/** The real program, running. */
export interface Running {
  readonly process: ChildProcess;
  /** What it has said of repositories so far, where it was told `--json`: each is kept for good by then. */
  told(): readonly RepositoryResult[];
  /** Resolves as soon as that many repositories were told of, or it has ended. */
  toldOf(count: number): Promise<void>;
  /** Both as far as they came. */
  said(): { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What is shipped, which benches measure; tests run the sources. */
export const BUILT = 'dist/cli/bin.js';

/**
 * Starts it from its sources, or what `AGENTSMD_PROGRAM` names, with nothing in its environment but PATH, a home of nobody, and
 * what is given.
 */
export function start(args: readonly string[], { cwd = ROOT, env }: Surroundings): Running {
  return startNode([join(ROOT, process.env.AGENTSMD_PROGRAM ?? 'cli/main.ts'), ...args], { cwd, env });
}

/** The same of any other script. */
export function startNode(args: readonly string[], { cwd = ROOT, env }: Surroundings): Running {
  const own = mkdtempSync(join(tmpdir(), 'agentsmd-run-'));
  const usageFile = join(own, 'usage.json');
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', HOOK, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: own, NO_COLOR: '1', AGENTSMD_USAGE_FILE: usageFile, ...env },
  });
  let stdout = '';
  let stderr = '';
  let rest = '';
  const told: RepositoryResult[] = [];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      const event = eventIn(line);
      if (event?.type === 'repository') told.push(event as unknown as RepositoryResult);
    }
    for (const look of waiting) look();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      watchRan(args, stdout, stderr);
      const usage = usageIn(usageFile);
      rmSync(own, { recursive: true, force: true });
      resolve({ code, stdout, stderr, ms: performance.now() - began, ...(usage ? { usage } : {}) });
    });
  });
  return {
    process: child,
    told: () => told,
    toldOf: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (told.length < count && child.exitCode === null && child.signalCode === null) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        child.once('close', look);
        look();
      }),
    said: () => ({ stdout, stderr }),
    ended,
  };
}

/** The last line of a sweep with `--json`. @throws Error with all it said where it did not end well. */
export function summaryIn({ code, stdout, stderr }: Ended, codes: readonly number[] = [0]): SweepSummary {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (code !== null && codes.includes(code)) {
    const summary = eventIn(last);
    if (summary && 'repositories' in summary) return summary as unknown as SweepSummary;
  }
  throw new Error(`exit code ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-4000)}`);
}

function eventIn(line: string): { readonly type?: string } | undefined {
  try {
    return JSON.parse(line) as { readonly type?: string };
  } catch {
    return undefined;
  }
}

function usageIn(file: string): Usage | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Usage;
  } catch {
    return undefined;
  }
}
