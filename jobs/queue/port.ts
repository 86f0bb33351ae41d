import type { Transaction } from 'kysely';
import type { Cause, Tables } from '../store/tables.ts';

/** One repository to be worked on. */
export interface Task {
  /** See `keyOf`: at most one task for it is queued or active at a time, whoever put it. */
  readonly key: string;
  readonly cause: Cause;
  readonly sweep: number | null;
}

/** A task in hand. */
export interface Claim {
  readonly task: Task;
  /** How often it was begun before. */
  readonly tries: number;
  /** Aborts when somebody else may have taken it over, and when the process has to end at once. */
  readonly signal: AbortSignal;
  /** Ends it inside the transaction that keeps its outcome. @returns false where it is not ours any more: roll back. */
  complete(trx: Transaction<Tables>): Promise<boolean>;
}

/** A task that was given up: by its tries, or because it took its process down each time. */
export interface DeadTask {
  readonly task: Task;
  readonly tries: number;
  /** The last error, as it was told; '' where the process died. */
  readonly reason: string;
  readonly message: string;
  complete(trx: Transaction<Tables>): Promise<boolean>;
}

/** Thrown by a handler for a task that shall be tried again, with the reason that is kept when it is the last time. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface WorkOptions {
  readonly concurrency: number;
  /** Only repositories of these are taken: others can be worked on elsewhere. Default: of all. */
  readonly instances?: readonly string[];
  /** Stops taking tasks; those in hand are finished. */
  readonly stop: AbortSignal;
  /** Ends those in hand, too: their claims abort, and they are tried again. */
  readonly abort?: AbortSignal;
  /** Return when nothing is ready, active here or waiting to be tried again. Default: wait for more. */
  readonly untilIdle?: boolean;
  /** Whether a task may be begun now; asked before each fetch. Default: yes. */
  readonly mayBegin?: () => boolean | Promise<boolean>;
}

export interface QueueCounts {
  readonly ready: number;
  /** To be tried again later. */
  readonly waiting: number;
  readonly active: number;
}

/** A repository that is in the queue. */
export interface Queued {
  /** `waiting`: to be tried again later. */
  readonly state: keyof QueueCounts;
  /** How often it was tried in vain, and how often it can be in all before it is given up. */
  readonly tries: number;
  readonly most: number;
  /** When it can be begun. */
  readonly from: Date;
  /** What the last try came to; '' where there was none. */
  readonly reason: string;
  readonly message: string;
}

/** The queue of repositories. Everything is done at least once. */
export interface TaskQueue {
  /** Those that are queued or active already are left out. @returns how many were taken. */
  put(tasks: readonly Task[], trx?: Transaction<Tables>): Promise<number>;
  /**
   * Takes tasks by priority (the order of `CAUSES`) and hands them out, so many at a time. A handler completes its claim in its
   * own transaction; one that throws has the task tried again, later each time. Returns once stopped, and all in hand are over.
   */
  work(
    handle: (claim: Claim) => Promise<void>,
    bury: (dead: DeadTask) => Promise<void>,
    options: WorkOptions,
  ): Promise<void>;
  /** @param instances only what can be done with these. */
  counts(instances?: readonly string[]): Promise<QueueCounts>;
  /** How it stands with a repository; `undefined`: it is not queued. */
  queued(key: string): Promise<Queued | undefined>;
  /** Whether a task for it is queued or active; one that was given up is neither. */
  holds(key: string, trx?: Transaction<Tables>): Promise<boolean>;
  /** Of which of them a task is queued or active, or was given up and that is not recorded yet. */
  held(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The tasks that somebody works on, whoever that is. */
  inHand(): Promise<readonly Task[]>;
  /** Takes tasks out that nobody began: of repositories that were paused, or all. */
  drop(keys?: readonly string[]): Promise<number>;
}

/** Sweeps that start by themselves. */
export interface Scheduled {
  readonly name: string;
  /** Five fields. */
  readonly cron: string;
  readonly timeZone: string;
  readonly options: import('../sweep/options.ts').SweepOptions;
}

export interface Scheduler {
  /** Replaces one of the same name. @throws {FleetError} for a cron expression that is none. */
  set(schedule: Scheduled): Promise<void>;
  remove(name: string): Promise<boolean>;
  list(): Promise<readonly Scheduled[]>;
  /** The next times of a cron expression. */
  preview(cron: string, timeZone: string, count: number): readonly Date[];
  /**
   * Runs each that comes due, in one process of all; one at a time. Returns once stopped.
   *
   * @param run is given a signal that aborts when another process may run it instead.
   */
  work(run: (schedule: Scheduled, lost: AbortSignal) => Promise<void>, stop: AbortSignal): Promise<void>;
}
