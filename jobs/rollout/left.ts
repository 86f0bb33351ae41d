import type { Kysely } from 'kysely';
import type { Wave } from '../config.ts';
import type { Tables } from '../store/tables.ts';
import type { World } from '../world.ts';
import { pathBelow } from './limits.ts';
import type { Rollout } from './rollout-row.ts';
import { plainPath } from './scope.ts';
import { waveOf } from './waves.ts';
import { AHEAD } from './wrong-clock.ts';

type Fleet = Pick<World, 'config' | 'instances'>;

/** Repositories of a wave that may still need a merge request; where none is known at all, nobody can tell. */
export async function countLeft(db: Kysely<Tables>, { config, instances }: Fleet, rollout: Rollout): Promise<number> {
  if (!(await known(db, instances).select('key').limit(1).executeTakeFirst())) return Number.POSITIVE_INFINITY;
  const left = await leftOf(db, instances, rollout)
    .where((of) =>
      of.or([of('due', 'is not', null), of('processed_at', 'is', null), of('processed_at', '<', rollout.started_at)]),
    )
    .select(['key', 'path'])
    .execute();
  return left.filter((each) => waveOf(config.fleet.rollout.waves, each) === rollout.wave).length;
}

/**
 * Waves that were passed before some of their repositories were known, the first one first: where the fleet has grown a lot
 * since, by more than two and more than a tenth of all. A few that come by the way do not hold up all others.
 */
export async function outgrownWaves(
  db: Kysely<Tables>,
  { config, instances }: Fleet,
  rollout: Rollout,
): Promise<readonly number[]> {
  if (rollout.wave === 0) return [];
  const fresh = await leftOf(db, instances, rollout)
    .where('processed_at', 'is', null)
    .where('first_seen', '>=', since(rollout))
    .select(['key', 'path'])
    .execute();
  if (fresh.length <= FEW) return [];
  const { all } = await inScope(db, instances)
    .select((of) => of.fn.countAll().as('all'))
    .executeTakeFirstOrThrow();
  if (fresh.length <= Number(all) * GROWTH) return [];
  const waves = new Set(fresh.map((each) => waveOf(config.fleet.rollout.waves, each)));
  return [...waves].filter((wave) => wave < rollout.wave).sort((a, b) => a - b);
}

const FEW = 2;
const GROWTH = 0.1;

/** Whoever lists need not have the clock of whoever began the wave. */
function since({ wave_since }: Pick<Rollout, 'wave_since'>): Date {
  return new Date(wave_since.getTime() - AHEAD);
}

/** Whether a repository came to be known after the rollout was where it is now. */
export async function isFresh(db: Kysely<Tables>, key: string, rollout: Pick<Rollout, 'wave_since'>): Promise<boolean> {
  const found = await db
    .selectFrom('repository')
    .select('key')
    .where('key', '=', key)
    .where('processed_at', 'is', null)
    .where('first_seen', '>=', since(rollout))
    .executeTakeFirst();
  return found !== undefined;
}

/** Groups that a wave names and of which nothing was ever listed: they may be misspelt, or nobody looked there yet. */
export async function unlistedGroups(
  db: Kysely<Tables>,
  wave: Wave | undefined,
  instances?: readonly string[],
): Promise<readonly string[]> {
  if (wave === undefined || 'percent' in wave) return [];
  const rows = instances === undefined ? shared(db) : known(db, instances);
  const listed = await Promise.all(
    wave.groups.map((group) =>
      rows
        .where(pathBelow('path', plainPath(group)))
        .select('key')
        .limit(1)
        .executeTakeFirst(),
    ),
  );
  return wave.groups.filter((_, at) => listed[at] === undefined);
}

/** What is known of GitLab. */
function shared(db: Kysely<Tables>) {
  return db.selectFrom('repository').where('key', 'like', '%://%');
}

function known(db: Kysely<Tables>, instances: readonly string[]) {
  return shared(db).where('instance', 'in', ['', ...instances]);
}

function inScope(db: Kysely<Tables>, instances: readonly string[]) {
  return known(db, instances).where('excluded', 'is', null).where('gone_since', 'is', null);
}

/** Those that got no merge request yet, and may get one. */
function leftOf(db: Kysely<Tables>, instances: readonly string[], { campaign }: Pick<Rollout, 'campaign'>) {
  return (
    inScope(db, instances)
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
  );
}

const UNWANTED = ['opted-out', 'asked-to-stop'];
