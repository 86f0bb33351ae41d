import { type ExpressionBuilder, type Kysely, type SelectQueryBuilder, sql, type Transaction } from 'kysely';
import type { FleetConfig, FleetLimits } from '../config.ts';
import type { PermitTable, Tables } from '../store/tables.ts';
import type { Asking, Deferral, Permit } from './port.ts';
import { isWithin, plainPath } from './scope.ts';
import { AHEAD } from './wrong-clock.ts';

/** A new merge request, whose branch is pushed, too; or a push alone. */
export type What = 'open' | 'push';

/** What is allowed until it is known what came of it. */
export interface Taken {
  readonly id: number;
  readonly at: number;
}

/** What is asked for, and what it belongs to: kept with it, for whoever finds out what came of it. */
export interface Wanted {
  readonly what: What;
  readonly rollout: Pick<Permit, 'campaign' | 'wave'>;
  /** In ms since 1970. */
  now(): number;
}

/**
 * Takes what a write needs, exactly, however many processes take at once: one after the other. A permit of the same
 * repository whose process died is taken over. Moments are those of whoever asks, in ms since 1970.
 */
export async function takePermit(
  db: Kysely<Tables>,
  limits: FleetConfig['limits'],
  asking: Asking,
  { what, rollout, now }: Wanted,
): Promise<Taken | Deferral> {
  return db.transaction().execute(async (trx) => {
    await oneAtATime(trx);
    const at = now();
    const refused = await refusalOf(trx, limits, asking, what, at);
    if (refused) return refused;
    await trx
      .deleteFrom('permit')
      .where((of) => of.or([of('at', '<', new Date(at - KEPT)), of('at', '>', new Date(at + AHEAD))]))
      .execute();
    const kind = KINDS[what];
    const { key, path, instance } = asking;
    await trx
      .deleteFrom('permit')
      .where('key', '=', key)
      .where('kind', '=', kind)
      .where('state', '=', 'taken')
      .execute();
    const { campaign, wave } = rollout;
    const values = { key, path, instance, kind, at: new Date(at), state: 'taken', campaign, wave };
    const { id } = await trx.insertInto('permit').values(values).returning('id').executeTakeFirstOrThrow();
    return { id, at };
  });
}

/** Held until the transaction ends, by one at a time. Nobody who holds it waits for anything else but a row. */
async function oneAtATime(trx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(1634167140, 1)`.execute(trx);
}

/** Which limit stands in the way of one more, of those of everything and of each group around a repository. */
export async function refusalOf(
  db: Kysely<Tables>,
  { groups, ...all }: FleetConfig['limits'],
  asking: Asking,
  what: What,
  at: number,
): Promise<Deferral | undefined> {
  const scopes: Scope[] = [
    { name: 'in all groups', limits: all },
    ...Object.entries(groups)
      .filter(([group]) => isWithin(asking.path, group))
      .map(([group, limits]) => ({ name: `in ${group}`, group: plainPath(group), limits })),
  ];
  const count = new Count(db, asking, what, at);
  if (what === 'open')
    for (const scope of scopes) {
      const most = scope.limits.openMergeRequests ?? null;
      if (most !== null && (await count.open(scope.group)) >= most)
        return { reason: 'limit-open', message: `open merge requests: at most ${most} ${scope.name}` };
    }
  const refused: Deferral[] = [];
  for (const { name, group, limits } of scopes) {
    for (const [key, { reason, noun, rows }] of Object.entries(RATES) as [keyof typeof RATES, Rate][]) {
      const most = limits[key] ?? null;
      if (most === null || !rows.includes(KINDS[what])) continue;
      const until = await count.freeAt(most, group, rows);
      if (until === 'now') continue;
      const message = `${noun}: at most ${most} an hour ${name}`;
      refused.push({ reason, message, ...(until === 'never' ? {} : { until }) });
    }
  }
  // All of them must let it through: the one that takes longest says when.
  return refused.toSorted((a, b) => (b.until ?? Number.POSITIVE_INFINITY) - (a.until ?? Number.POSITIVE_INFINITY))[0];
}

interface Scope {
  readonly name: string;
  readonly group?: string;
  readonly limits: { readonly [key in keyof FleetLimits]?: FleetLimits[key] | undefined };
}

/** As permits are called in the state. */
const KINDS = { open: 'open', push: 'pipeline' } as const satisfies Record<What, string>;

interface Rate {
  readonly reason: Deferral['reason'];
  readonly noun: string;
  /** The permits that count. */
  readonly rows: readonly string[];
}

const RATES = {
  newPerHour: { reason: 'limit-new-per-hour', noun: 'new merge requests', rows: ['open'] },
  pipelinesPerHour: { reason: 'limit-pipelines-per-hour', noun: 'pipelines', rows: ['open', 'pipeline'] },
} as const satisfies Partial<Record<keyof FleetLimits, Rate>>;

const AN_HOUR = 3_600_000;
/** Clocks of machines differ. */
const KEPT = 2 * AN_HOUR;
/** Clocks differ by less, and what was opened is written down by then, in ms. */
const AT_MOST = 600_000;

/** What there is already, beside what a dead process left of the same repository. */
class Count {
  readonly #db: Kysely<Tables>;
  readonly #asking: Asking;
  readonly #kind: string;
  readonly #at: number;

  constructor(db: Kysely<Tables>, asking: Asking, what: What, at: number) {
    this.#db = db;
    this.#asking = asking;
    this.#kind = KINDS[what];
    this.#at = at;
  }

  /** Open merge requests, and those that are just being opened: allowed, and not written down yet. */
  async open(group: string | undefined): Promise<number> {
    const known = await this.#db
      .selectFrom('merge_request as m')
      .leftJoin('repository as r', 'r.key', 'm.key')
      .where('m.state', '=', 'opened')
      .where('r.gone_since', 'is', null)
      .where((of) => of(of.fn('starts_with', ['m.key', of.val(`${this.#asking.instance}#`)]), '=', true))
      .$if(group !== undefined, (query) => query.where(pathBelow('r.path', group!)))
      .select((of) => of.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    const coming = await this.#permits(group, ['open'])
      .where((of) => isComing(of, this.#at))
      .select((of) => of.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(known.count) + Number(coming.count);
  }

  /** When there is room for one more, where at most so many may be in an hour. */
  async freeAt(most: number, group: string | undefined, kinds: readonly string[]): Promise<number | 'now' | 'never'> {
    if (most === 0) return 'never';
    const last = await this.#permits(group, kinds)
      .select('at')
      .orderBy('at', 'desc')
      .offset(most - 1)
      .limit(1)
      .executeTakeFirst();
    return last ? Math.min(last.at.getTime(), this.#at) + AN_HOUR : 'now';
  }

  #permits(group: string | undefined, kinds: readonly string[]): SelectQueryBuilder<Tables, 'permit', object> {
    const { key, instance } = this.#asking;
    return this.#db
      .selectFrom('permit')
      .where('instance', '=', instance)
      .where('kind', 'in', kinds)
      .where('at', '>', new Date(this.#at - AN_HOUR))
      .where('at', '<=', new Date(this.#at + AHEAD))
      .where((of) => of.not(of.and({ key, kind: this.#kind, state: 'taken' } satisfies Partial<PermitValues>)))
      .$if(group !== undefined, (query) => query.where(pathBelow('path', group!)));
  }
}

/** Whether what a permit allowed is not written down yet as a merge request. @param at in ms since 1970. */
export function isComing(of: ExpressionBuilder<Tables, 'permit'>, at: number) {
  const allowed = sql<Date>`${sql.ref('permit.at')} - ${AT_MOST / 1000} * interval '1 second'`;
  const written = of
    .selectFrom('merge_request')
    .select('merge_request.key')
    .whereRef('merge_request.key', '=', 'permit.key')
    .where('merge_request.opened_at', '>=', allowed);
  return of.and([
    of('permit.kind', '=', 'open'),
    of.or([of('permit.state', '=', 'taken'), of('permit.at', '>', new Date(at - AT_MOST))]),
    of.not(of.exists(written)),
  ]);
}

type PermitValues = Pick<PermitTable, 'key' | 'kind' | 'state'>;

/** Whether a path in the state is that of a scope, or below it. @param scope plain, as `plainPath` makes it. */
export function pathBelow(column: string, scope: string) {
  const path = sql`lower(${sql.ref(column)})`;
  return sql<boolean>`(${path} = ${scope} or starts_with(${path}, ${`${scope}/`}))`;
}
