import type { Kysely } from 'kysely';
import type { FleetConfig, FleetLimits } from '../config.ts';
import { isComing } from '../rollout/limits.ts';
import { isShared, isWithin } from '../rollout/scope.ts';
import { AHEAD } from '../rollout/wrong-clock.ts';
import type { Tables } from '../store/tables.ts';

/** How much of ours an instance, or one of its groups, still bears now. */
export interface LimitLeft {
  readonly instance: string;
  /** Null: all of it. */
  readonly group: string | null;
  readonly openMergeRequests: Room;
  /** In the last 60 minutes. */
  readonly newPerHour: Room;
  readonly pipelinesPerHour: Room;
}

export interface Room {
  readonly used: number;
  /** Null: no limit. */
  readonly most: number | null;
  readonly left: number | null;
}

const AN_HOUR = 3_600_000;

/** Counted as the gate counts (jobs/rollout/limits.ts). */
export async function limitsLeft(
  db: Kysely<Tables>,
  { groups, ...all }: FleetConfig['limits'],
  now: number,
): Promise<readonly LimitLeft[]> {
  const known = await db.selectFrom('repository').select('instance').distinct().orderBy('instance').execute();
  const instances = known.map(({ instance }) => instance).filter(isShared);
  if (instances.length === 0) return [];
  const [open, permits] = await Promise.all([openOf(db), permitsOf(db, now)]);
  return instances.flatMap((instance) => {
    const inScope = (group: string | null) => (one: { readonly instance: string; readonly path: string }) =>
      one.instance === instance && (group === null || isWithin(one.path, group));
    return [[null, all] as const, ...Object.entries(groups)].map(([group, limits]) => {
      const taken = permits.filter(inScope(group));
      const rooms: Readonly<Record<keyof FleetLimits, number>> = {
        openMergeRequests:
          open.filter(inScope(group)).reduce((sum, { count }) => sum + count, 0) +
          taken.filter(({ coming }) => coming).length,
        newPerHour: taken.filter(({ kind }) => kind === 'open').length,
        pipelinesPerHour: taken.length,
      };
      const room = (name: keyof FleetLimits): Room => roomOf(rooms[name], limits[name] ?? null);
      return {
        instance,
        group,
        openMergeRequests: room('openMergeRequests'),
        newPerHour: room('newPerHour'),
        pipelinesPerHour: room('pipelinesPerHour'),
      };
    });
  });
}

function roomOf(used: number, most: number | null): Room {
  return { used, most, left: most === null ? null : Math.max(0, most - used) };
}

/** By project. */
async function openOf(
  db: Kysely<Tables>,
): Promise<readonly { readonly instance: string; readonly path: string; readonly count: number }[]> {
  const rows = await db
    .selectFrom('merge_request as m')
    .innerJoin('repository as r', 'r.key', 'm.key')
    .select(({ fn }) => ['r.instance', 'r.path', fn.countAll().as('count')])
    .where('m.state', '=', 'opened')
    .where('r.gone_since', 'is', null)
    .groupBy(['r.instance', 'r.path'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Of the last hour. `coming`: a merge request that is just being opened. */
async function permitsOf(db: Kysely<Tables>, now: number) {
  return await db
    .selectFrom('permit')
    .select(['instance', 'path', 'kind', (of) => isComing(of, now).as('coming')])
    .where('kind', 'in', ['open', 'pipeline'])
    .where('at', '>', new Date(now - AN_HOUR))
    .where('at', '<=', new Date(now + AHEAD))
    .execute();
}
