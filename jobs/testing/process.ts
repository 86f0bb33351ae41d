import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import type { EngineOptions } from '../engine.ts';

/** What a process is to do, one after the other, once its engine is open. */
export interface Act {
  readonly engine: Partial<Omit<EngineOptions, 'now' | 'onProblem'>>;
  /** Writes without end, from this number on. */
  readonly write?: number;
  readonly take?: { readonly name: string; readonly perSecond: number; readonly times: number };
  readonly schedules?: true;
  readonly work?: {
    readonly concurrency: number;
    /** That each task takes. */
    readonly ms?: number;
    /** The task that kills its process. */
    readonly kills?: string;
    /** The one that blocks its process when it is begun for the first time. */
    readonly blocks?: { readonly key: string; readonly ms: number };
    readonly untilIdle?: boolean;
  };
  readonly wait?: true;
}

/** What it says. */
export interface Told {
  readonly ready?: true;
  readonly failed?: string;
  readonly exitCode?: number;
  readonly problem?: string;
  readonly written?: number;
  readonly took?: number;
  readonly fired?: string;
  readonly begun?: string;
  readonly done?: string;
  readonly lost?: string;
  readonly aborted?: boolean;
  readonly buried?: string;
  readonly tries?: number;
  readonly reason?: string;
}

export interface Process {
  readonly told: readonly Told[];
  /** All that was said of one kind. */
  all<K extends keyof Told>(kind: K): NonNullable<Told[K]>[];
  /** Waits until it said something of a kind, so many times. */
  says(kind: keyof Told, times?: number): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves once it ended, by itself or not. */
  readonly ended: Promise<void>;
}

const PATIENCE = { timeout: 60_000, interval: 20 };

/** It does not outlive the process that starts it. */
export function startProcess(act: Act): Process {
  const child: ChildProcess = spawn(
    process.execPath,
    [fileURLToPath(new URL('child.ts', import.meta.url)), JSON.stringify(act)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const told: Told[] = [];
  const lines = createInterface({ input: child.stdout! });
  lines.on('line', (line) => void told.push(JSON.parse(line)));
  const ended = Promise.all([
    new Promise<void>((resolve) => child.once('exit', () => resolve())),
    new Promise<void>((resolve) => lines.once('close', () => resolve())),
  ]).then(() => {});
  const all = <K extends keyof Told>(kind: K) =>
    told.map((each) => each[kind]).filter((each) => each !== undefined) as NonNullable<Told[K]>[];
  return {
    told,
    ended,
    all,
    async says(kind, times = 1) {
      await vi.waitFor(
        () => expect(all(kind).length, JSON.stringify(told.slice(-5))).toBeGreaterThanOrEqual(times),
        PATIENCE,
      );
    },
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    },
  };
}
