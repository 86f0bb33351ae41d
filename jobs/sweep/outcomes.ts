import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import { Counts } from './counts.ts';
import type { RepositoryResult } from './events.ts';
import { type DueRepository, restOf } from './moved.ts';
import { type Counted, resultOf } from './result.ts';
import { type Row, rowsOf } from './rows.ts';

/** Rows read at a time. */
const PAGE = 1000;
/** An outcome can come to be seen after one with a higher number: so many are read again. */
const LATE = 200;

interface Settled extends Counted {
  /** Of the outcome; 0 where there is none. */
  readonly id: number;
  readonly requests: number;
}

/** The number of the last outcome there is. */
export async function lastOutcome(db: Kysely<Tables>): Promise<number> {
  const { last } = await db
    .selectFrom('outcome')
    .select((eb) => eb.fn.max('id').as('last'))
    .executeTakeFirstOrThrow();
  return Number(last ?? 0);
}

/** What became of the repositories of a sweep, whichever process worked on them: read from the state, again and again. */
export class Outcomes {
  readonly #db: Kysely<Tables>;
  readonly #due: ReadonlyMap<string, DueRepository>;
  /** The last one before the sweep. */
  readonly #first: number;
  readonly #settled = new Map<string, Settled>();
  #last: number;
  #failed = 0;

  constructor(db: Kysely<Tables>, due: readonly DueRepository[], after: number) {
    this.#db = db;
    this.#due = new Map(due.map((each) => [each.key, each]));
    this.#first = after;
    this.#last = after;
  }

  get done(): number {
    return this.#settled.size;
  }

  get failed(): number {
    return this.#failed;
  }

  /** What came since the last time. */
  async read(): Promise<readonly RepositoryResult[]> {
    const results: RepositoryResult[] = [];
    for (let after = Math.max(this.#first, this.#last - LATE); ; after = this.#last) {
      const rows = await this.#query().where('outcome.id', '>', after).orderBy('outcome.id').limit(PAGE).execute();
      for (const row of rows) results.push(...this.#take(row));
      this.#last = Math.max(this.#last, ...rows.slice(-1).map(({ id }) => Number(id)));
      if (rows.length < PAGE) return results;
    }
  }

  /**
   * Those that are still to be worked on. What was settled without an outcome that could be counted here is taken as it
   * stands: by somebody who does not need it any more, or holds it back.
   *
   * @param ended of those it is given, which were put and are not in the queue any more.
   */
  async open(
    now: number,
    ended: (keys: readonly string[]) => Promise<ReadonlySet<string>>,
  ): Promise<{ readonly keys: readonly string[]; readonly results: readonly RepositoryResult[] }> {
    const missing = () => [...this.#due.keys()].filter((key) => !this.#settled.has(key));
    // First: what became of these is kept by then.
    const over = new Set<string>();
    for (const keys of batches(missing())) for (const key of await ended(keys)) over.add(key);
    const results = [...(await this.read())];
    for (const keys of batches(missing())) {
      const rows = await this.#query().where('outcome.id', '>', this.#first).where('outcome.key', 'in', keys).execute();
      for (const row of rows.toSorted((a, b) => Number(a.id) - Number(b.id))) results.push(...this.#take(row));
    }
    const open: string[] = [];
    for (const keys of batches(missing())) {
      const rows = await rowsOf(this.#db, keys);
      for (const key of keys) {
        const counted = withoutOutcome(rows.get(key), now, over.has(key));
        if (counted === undefined) open.push(key);
        else results.push(...this.#settle(key, { ...counted, id: 0, requests: 0 }, { ms: 0 }));
      }
    }
    return { keys: open, results };
  }

  /** Sent for them, by processes that are not told of in `except`. */
  requests(except: ReadonlySet<string>): number {
    let sum = 0;
    for (const [key, { requests }] of this.#settled) if (!except.has(key)) sum += requests;
    return sum;
  }

  counts(): Counts {
    const counts = new Counts();
    for (const each of this.#settled.values()) counts.add(each);
    return counts;
  }

  #query() {
    return this.#db
      .selectFrom('outcome')
      .leftJoin('merge_request', (join) =>
        join.onRef('merge_request.key', '=', 'outcome.key').onRef('merge_request.iid', '=', 'outcome.iid'),
      )
      .select(['outcome.id', 'outcome.key', 'outcome.kind', 'outcome.reason', 'outcome.message', 'outcome.iid'])
      .select(['outcome.ms', 'outcome.requests', 'merge_request.url']);
  }

  #take(row: {
    readonly id: number;
    readonly key: string;
    readonly kind: string;
    readonly reason: string | null;
    readonly message: string | null;
    readonly iid: number | null;
    readonly ms: number;
    readonly requests: number;
    readonly url: string | null;
  }): readonly RepositoryResult[] {
    const { key, kind, reason, message, iid, ms, requests, url } = row;
    return this.#settle(
      key,
      { ...resultOf(kind, reason), id: Number(row.id), requests },
      {
        ms,
        ...(message === null ? {} : { message }),
        ...(iid === null || url === null ? {} : { mergeRequest: { iid, url } }),
      },
    );
  }

  #settle(
    key: string,
    settled: Settled,
    told: Pick<RepositoryResult, 'ms' | 'message' | 'mergeRequest'>,
  ): readonly RepositoryResult[] {
    const due = this.#due.get(key);
    const before = this.#settled.get(key);
    if (due === undefined || (before && before.id >= settled.id)) return [];
    const requests = settled.requests + (before?.requests ?? 0);
    // What was written is not undone by another look that finds nothing to write.
    const stands = before !== undefined && settled.outcome === 'unchanged' && WRITTEN.has(before.outcome);
    this.#settled.set(key, { ...settled, ...(stands ? { outcome: before.outcome } : {}), requests });
    if (stands) return [];
    this.#failed += Number(settled.outcome === 'failed') - Number(before?.outcome === 'failed');
    const { id: _, requests: __, ...counted } = settled;
    return [{ path: due.path, instance: due.instance, ...counted, ...told }];
  }
}

const WRITTEN: ReadonlySet<string> = new Set(['generated', 'refreshed']);

/** What a repository counts as that has no outcome; `undefined` where it is still to be worked on. */
function withoutOutcome(row: Row | undefined, now: number, isOver: boolean): Counted | undefined {
  if (row === undefined || row.gone_since !== null) return { outcome: 'skipped', reason: 'gone' };
  if (row.due !== null) {
    // Held back once more for the same reason, by whoever it was, it has no outcome of its own.
    const isHeld = isOver && row.due === 'deferred';
    const isLater = row.not_before !== null && row.not_before.getTime() > now;
    return isHeld || isLater ? restOf(row, { kind: 'waiting' }) : undefined;
  }
  if (row.excluded !== null) return restOf(row, { kind: 'excluded', reason: row.excluded });
  return resultOf(row.result ?? 'skipped', row.reason);
}

function* batches(keys: readonly string[]): Iterable<readonly string[]> {
  for (let from = 0; from < keys.length; from += PAGE) yield keys.slice(from, from + PAGE);
}
