import type { Kysely } from 'kysely';
import type { Scheduler, TaskQueue } from './queue/port.ts';
import type { Tables } from './store/tables.ts';

/** State and queue in one database. */
export interface Engine {
  readonly kind: 'embedded' | 'postgres';
  /** For people: a folder, or an address without its password. */
  readonly where: string;
  readonly db: Kysely<Tables>;
  readonly queue: TaskQueue;
  readonly scheduler: Scheduler;
  /** A count over all processes that use the database, for what may happen so often in some time. */
  readonly shared: SharedCounter;
  /** In ms since 1970: the time of the database, the same for all processes. */
  now(): number;
  close(): Promise<void>;
}

/** So many points in a time, whoever takes them. */
export interface SharedCounter {
  /**
   * Waits until a point is free.
   * @param perSecond points in any second; below 1 a point takes so many seconds: 0.5 is one in two.
   * @throws the signal's reason
   */
  take(name: string, perSecond: number, signal?: AbortSignal): Promise<void>;
  /** Nobody takes a point for so long, in ms. */
  hold(name: string, ms: number): Promise<void>;
}

export interface EngineOptions {
  /** `postgres://…`; where absent the embedded store is opened. */
  readonly url?: string | undefined;
  /** The folder of the embedded store. */
  readonly folder: string;
  readonly retries: number;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  /** What the queue complains of by itself. */
  readonly onProblem?: (message: string) => void;
  /** In s, for tests. Defaults: 30, 20, 5, 60. */
  readonly timing?: {
    readonly heartbeat?: number;
    readonly monitor?: number;
    readonly retryDelay?: number;
    readonly retryDelayMax?: number;
  };
}
