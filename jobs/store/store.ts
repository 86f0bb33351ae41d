import type { Kysely } from 'kysely';
import type { Db } from 'pg-boss';
import type { SharedCounter } from '../engine.ts';
import type { Tables } from './tables.ts';

/** A database that is open, with our tables in it. */
export interface Store {
  readonly kind: 'embedded' | 'postgres';
  readonly where: string;
  readonly db: Kysely<Tables>;
  /** The same database as the queue wants it. */
  readonly forQueue: Db;
  readonly shared: SharedCounter;
  /** In ms since 1970, the same for all who use the database. */
  now(): number;
  /** Makes what it needs after `steps`, which make our tables; only one process at a time gets to do so. */
  setUp(steps: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}
