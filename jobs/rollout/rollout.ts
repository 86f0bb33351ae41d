import type { Kysely, Selectable } from 'kysely';
import type { RolloutTable, Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import { currentCampaign } from './campaign.ts';
import { waveOf } from './waves.ts';

/** How far the codex and generator of today have spread. */
export type Rollout = Selectable<RolloutTable>;

/** That of today; a new one begins at its first wave. */
export async function currentRollout(db: Kysely<Tables>, world: Pick<World, 'campaign' | 'now'>): Promise<Rollout> {
  const campaign = await currentCampaign(db, world);
  const find = () => db.selectFrom('rollout').selectAll().where('campaign', '=', campaign).executeTakeFirst();
  const known = await find();
  if (known) return known;
  const now = new Date(world.now());
  await db
    .insertInto('rollout')
    .values({ campaign, wave: 0, wave_since: now, started_at: now })
    .onConflict((conflict) => conflict.column('campaign').doNothing())
    .execute();
  return (await find())!;
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
    rollout = await db.selectFrom('rollout').selectAll().where('campaign', '=', campaign).executeTakeFirstOrThrow();
  }
  return rollout;
}

async function isOver(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances' | 'now'>,
  rollout: Rollout,
): Promise<boolean> {
  const { advanceAt, advanceAfterDays } = world.config.fleet.rollout;
  if (world.now() - rollout.wave_since.getTime() >= advanceAfterDays * A_DAY) return true;
  const { open, merged, closed } = await countWave(db, rollout);
  const decided = merged + closed;
  const isEnough = (all: number): boolean => all === 0 || decided / all >= advanceAt;
  // What is left can only make it less.
  return isEnough(open + decided) && isEnough(open + decided + (await countLeft(db, world, rollout)));
}

/** What became of the merge requests of a wave; those that we closed are nobody's word. */
export interface WaveCount {
  readonly open: number;
  readonly merged: number;
  /** By people. */
  readonly closed: number;
}

/** @param since only what was decided from then on. */
export async function countWave(
  db: Kysely<Tables>,
  { campaign, wave }: Pick<Rollout, 'campaign' | 'wave'>,
  since?: Date,
): Promise<WaveCount> {
  const rows = await db
    .selectFrom('merge_request')
    .select(['state', 'ended_by', (of) => of.fn.countAll().as('count')])
    .where('campaign', '=', campaign)
    .where('wave', '=', wave)
    .where('purpose', '=', 'agents-md')
    .where('key', 'like', '%://%')
    .$if(since !== undefined, (query) =>
      query.where((of) => of.or([of('state', 'in', OPEN), of(of.fn.coalesce('ended_at', 'opened_at'), '>=', since!)])),
    )
    .groupBy(['state', 'ended_by'])
    .execute();
  const of = (wanted: (row: (typeof rows)[number]) => boolean): number =>
    rows.filter(wanted).reduce((sum, { count }) => sum + Number(count), 0);
  return {
    open: of(({ state }) => OPEN.includes(state)),
    merged: of(({ state }) => state === 'merged'),
    closed: of(({ state, ended_by }) => state === 'closed' && ended_by !== 'us'),
  };
}

/** Repositories of a wave that may still need a merge request; where none is known at all, nobody can tell. */
async function countLeft(
  db: Kysely<Tables>,
  { config, instances }: Pick<World, 'config' | 'instances'>,
  { campaign, wave, started_at }: Rollout,
): Promise<number> {
  const known = db
    .selectFrom('repository')
    .where('instance', 'in', ['', ...instances])
    .where('key', 'like', '%://%');
  if (!(await known.select('key').limit(1).executeTakeFirst())) return Number.POSITIVE_INFINITY;
  const left = await known
    .select(['key', 'path'])
    .where('excluded', 'is', null)
    .where('gone_since', 'is', null)
    .where('dead_since', 'is', null)
    // A person has to change something first.
    .where((of) => of.or([of('result', 'is', null), of('result', '!=', 'refused')]))
    // Its team wants none, whatever is new: nobody comes to it for that.
    .where((of) =>
      of.or([
        of('result', 'is', null),
        of('result', 'not in', ['skipped', 'closed']),
        of('reason', 'is', null),
        of('reason', 'not in', UNWANTED),
      ]),
    )
    .where((of) =>
      of.or([of('due', 'is not', null), of('processed_at', 'is', null), of('processed_at', '<', started_at)]),
    )
    .where((of) =>
      of.not(
        of.exists(
          of
            .selectFrom('merge_request')
            .select('merge_request.key')
            .whereRef('merge_request.key', '=', 'repository.key')
            .where('merge_request.purpose', '=', 'agents-md')
            .where('merge_request.campaign', '=', campaign),
        ),
      ),
    )
    .execute();
  return left.filter((each) => waveOf(config.fleet.rollout.waves, each) === wave).length;
}

const UNWANTED = ['opted-out', 'asked-to-stop'];
const OPEN = ['opened', 'locked'];
const A_DAY = 24 * 3_600_000;
