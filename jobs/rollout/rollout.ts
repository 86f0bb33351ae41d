import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import { currentCampaign } from './campaign.ts';
import { countLeft, outgrownWaves, unlistedGroups } from './left.ts';
import { resumedAt } from './resumed.ts';
import type { Rollout } from './rollout-row.ts';

/** That of today; a new one begins at its first wave. What people halted stays halted, whatever is new, until they resume it. */
export async function currentRollout(db: Kysely<Tables>, world: Pick<World, 'campaign' | 'now'>): Promise<Rollout> {
  const campaign = await currentCampaign(db, world);
  const known = await find(db, campaign);
  if (known) return known;
  const now = new Date(world.now());
  await db
    .insertInto('rollout')
    .values({ campaign, wave: 0, wave_since: now, started_at: now })
    .onConflict((conflict) => conflict.column('campaign').doNothing())
    .execute();
  return (await find(db, campaign))!;
}

/** As it is kept, with the halt of whichever rollout was halted. */
async function find(db: Kysely<Tables>, campaign: string): Promise<Rollout | undefined> {
  const rows = await db
    .selectFrom('rollout')
    .selectAll()
    .where((of) => of.or([of('campaign', '=', campaign), of('halted_at', 'is not', null)]))
    .execute();
  const row = rows.find((each) => each.campaign === campaign);
  return row && withHalt(row, rows);
}

/** A rollout stands still while any is halted: people say when it goes on, not the next version. */
export function withHalt(rollout: Rollout, halted: readonly Rollout[]): Rollout {
  if (rollout.halted_at !== null) return rollout;
  const [last] = halted.filter(({ halted_at }) => halted_at !== null).toSorted((a, b) => +b.halted_at! - +a.halted_at!);
  return last ? { ...rollout, halted_at: last.halted_at, halt_reason: last.halt_reason } : rollout;
}

/** Goes back to the first wave that was used up before those were known whom it is for: a first sweep may be a small one. */
export async function goBack(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances' | 'now'>,
  rollout: Rollout,
): Promise<Rollout> {
  for (const wave of await outgrownWaves(db, world, rollout)) {
    if (await isDecided(db, world, { ...rollout, wave })) continue;
    await db
      .updateTable('rollout')
      .set({ wave, wave_since: new Date(world.now()) })
      .where('campaign', '=', rollout.campaign)
      .where('wave', '=', rollout.wave)
      .execute();
    return (await find(db, rollout.campaign))!;
  }
  return rollout;
}

/**
 * Begins the next wave where this one is over, and so on: people decided on enough of its merge requests, it has none and
 * needs none, or it had its time. Repositories of the wave that nobody came to yet count as undecided; otherwise the first
 * merge request that is merged would open the gates. One that is halted stays where it is.
 */
export async function advance(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances' | 'now'>,
  from: Rollout,
): Promise<Rollout> {
  const { waves } = world.config.fleet.rollout;
  let rollout = from;
  while (rollout.wave < waves.length && rollout.halted_at === null && (await isOver(db, world, rollout))) {
    const { campaign, wave } = rollout;
    await db
      .updateTable('rollout')
      .set({ wave: wave + 1, wave_since: new Date(world.now()) })
      .where('campaign', '=', campaign)
      .where('wave', '=', wave)
      .where('halted_at', 'is', null)
      .execute();
    rollout = (await find(db, campaign))!;
  }
  return rollout;
}

async function isOver(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances' | 'now'>,
  rollout: Rollout,
): Promise<boolean> {
  if (world.now() >= (await endOf(db, world, rollout))) return true;
  const wave = world.config.fleet.rollout.waves[rollout.wave];
  return (await unlistedGroups(db, wave, world.instances)).length === 0 && (await isDecided(db, world, rollout));
}

/** Whether people decided on enough of a wave. */
async function isDecided(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances'>,
  rollout: Rollout,
): Promise<boolean> {
  const { advanceAt } = world.config.fleet.rollout;
  const { open, merged, closed } = await countWave(db, rollout);
  const decided = merged + closed;
  const isEnough = (all: number): boolean => all === 0 || decided / all >= advanceAt;
  // What is left can only make it less.
  return isEnough(open + decided) && isEnough(open + decided + (await countLeft(db, world, rollout)));
}

/** When a wave has had its time, in ms since 1970. While a rollout is halted, that does not count. */
export async function endOf(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'now'>,
  { wave_since }: Pick<Rollout, 'wave_since'>,
): Promise<number> {
  const resumed = await resumedAt(db, world.now());
  return Math.max(wave_since.getTime(), resumed?.getTime() ?? 0) + world.config.fleet.rollout.advanceAfterDays * A_DAY;
}

/** What became of the merge requests of a wave; those that we closed are nobody's word. */
export interface WaveCount {
  readonly open: number;
  readonly merged: number;
  /** By people. */
  readonly closed: number;
}

export async function countWave(
  db: Kysely<Tables>,
  { campaign, wave }: Pick<Rollout, 'campaign' | 'wave'>,
): Promise<WaveCount> {
  return (await countWaves(db, campaign)).get(wave) ?? { open: 0, merged: 0, closed: 0 };
}

/** By wave. @param since only what is open, or was decided from then on. */
export async function countWaves(
  db: Kysely<Tables>,
  campaign: string,
  since?: Date,
): Promise<ReadonlyMap<number, WaveCount>> {
  const all = await db
    .selectFrom('merge_request')
    .select(['wave', 'state', 'ended_by', (of) => of.fn.countAll().as('count')])
    .where('campaign', '=', campaign)
    .where('wave', 'is not', null)
    .where('purpose', '=', 'agents-md')
    .where('key', 'like', '%://%')
    .$if(since !== undefined, (query) =>
      query.where((of) => of.or([of('state', 'in', OPEN), of(of.fn.coalesce('ended_at', 'opened_at'), '>=', since!)])),
    )
    .groupBy(['wave', 'state', 'ended_by'])
    .execute();
  const count = (rows: typeof all): number => rows.reduce((sum, { count }) => sum + Number(count), 0);
  const counts = [...Map.groupBy(all, ({ wave }) => wave!)].map(([wave, rows]): [number, WaveCount] => [
    wave,
    {
      open: count(rows.filter(({ state }) => OPEN.includes(state))),
      merged: count(rows.filter(({ state }) => state === 'merged')),
      closed: count(rows.filter(({ state, ended_by }) => state === 'closed' && ended_by !== 'us')),
    },
  ]);
  return new Map(counts);
}

const OPEN = ['opened', 'locked'];
const A_DAY = 24 * 3_600_000;
