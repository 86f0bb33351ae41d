import type { Insertable, Kysely } from 'kysely';
import { GENERATE_DEFAULTS } from '../../../generator/config.ts';
import { PUBLISH_DEFAULTS } from '../../../generator/publish/config.ts';
import { FLEET_DEFAULTS, type FleetConfig } from '../../config.ts';
import { SILENT } from '../../log.ts';
import type { MergeRequestTable, RepositoryTable, Tables } from '../../store/tables.ts';
import type { World } from '../../world.ts';
import { openGate } from '../gate.ts';
import type { Asking } from '../port.ts';

const GITLAB = 'https://gitlab.example.com';
export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const DAY = 24 * HOUR;
/** A Friday. */
export const START = Date.parse('2026-11-20T10:00:00Z');

/** A repository as a gate is asked about it. */
export function asking(path: string, instance = GITLAB): Asking {
  return { key: `${instance}#${path}`, instance, path };
}

export type FleetPart = Partial<Omit<FleetConfig, 'limits' | 'rollout'>> & {
  readonly limits?: Partial<FleetConfig['limits']>;
  readonly rollout?: Partial<FleetConfig['rollout']>;
};

/** A world of which only the clock, the fleet's settings and the campaign are there. */
export function clockWorld(fleet: FleetPart = {}, campaign = 'one'): World & { time: number; campaignNow: string } {
  const limits = { openMergeRequests: null, newPerHour: null, pipelinesPerHour: null, groups: {}, ...fleet.limits };
  const absent = (): never => {
    throw new Error('not in this world');
  };
  return {
    time: START,
    campaignNow: campaign,
    config: {
      fleet: { ...FLEET_DEFAULTS, ...fleet, limits, rollout: { ...FLEET_DEFAULTS.rollout, ...fleet.rollout } },
      publish: PUBLISH_DEFAULTS,
      generate: GENERATE_DEFAULTS,
      limits: {} as World['config']['limits'],
    },
    instances: [GITLAB],
    now() {
      return this.time;
    },
    async campaign() {
      return this.campaignNow;
    },
    forge: absent,
    policy: absent,
    narrowed: absent,
    propose: absent,
    audit: absent,
    about: absent,
    requests: { total: () => 0, count: absent },
    log: SILENT,
    close: async () => {},
  };
}

/** A state with a gate, where time goes on when a test says so. */
export function placeOver(db: Kysely<Tables>, fleet: FleetPart = {}) {
  const world = clockWorld(fleet);
  const gate = openGate(db, world);
  return {
    db,
    world,
    gate,
    /** Opens a merge request as a worker does: asks, writes, and keeps what came of it. @returns its reason where it may not. */
    open: async (path: string): Promise<string> => {
      const permit = await gate.take(asking(path), 'open');
      if ('reason' in permit) return permit.reason;
      await permit.use();
      await addMergeRequest(db, path, {
        opened_at: new Date(world.now()),
        campaign: permit.campaign,
        wave: permit.wave,
      });
      return 'opened';
    },
    push: async (path: string): Promise<string> => {
      const permit = await gate.take(asking(path), 'push');
      if ('reason' in permit) return permit.reason;
      await permit.use();
      return 'pushed';
    },
  };
}

export async function addRepository(
  db: Kysely<Tables>,
  path: string,
  fields: Partial<Insertable<RepositoryTable>> = {},
): Promise<void> {
  const { key, instance } = asking(path);
  await db
    .insertInto('repository')
    .values({
      key,
      instance,
      project: path,
      path,
      url: `${instance}/${path}`,
      first_seen: new Date(START),
      last_seen: new Date(START),
      ...fields,
    })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ path, ...fields }))
    .execute();
}

/** The next merge request of a repository, which is known from then on, and was worked on. */
export async function addMergeRequest(
  db: Kysely<Tables>,
  path: string,
  fields: Partial<Insertable<MergeRequestTable>> = {},
): Promise<number> {
  const { key } = asking(path);
  await addRepository(db, path, { due: null, processed_at: fields.opened_at ?? new Date(START) });
  const { last } = await db
    .selectFrom('merge_request')
    .select((of) => of.fn.max('iid').as('last'))
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  const iid = Number(last ?? 0) + 1;
  const opened = { state: 'opened', source: 'agentsmd/refresh', opened_at: new Date(START), purpose: 'agents-md' };
  await db
    .insertInto('merge_request')
    .values({ key, iid, url: `${GITLAB}/${path}/-/merge_requests/${iid}`, ...opened, ...fields })
    .execute();
  return iid;
}

/** What became of the open merge request of a repository. */
export async function end(
  db: Kysely<Tables>,
  path: string,
  state: 'merged' | 'closed',
  at: number,
  by: 'us' | 'people' = 'people',
): Promise<void> {
  await db
    .updateTable('merge_request')
    .set({ state, ended_at: new Date(at), ended_by: state === 'closed' ? by : null })
    .where('key', '=', asking(path).key)
    .where('state', '=', 'opened')
    .execute();
}
