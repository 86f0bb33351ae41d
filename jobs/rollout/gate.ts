import type { Kysely } from 'kysely';
import { pauseOf } from '../pause.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { World } from '../world.ts';
import { currentCampaign } from './campaign.ts';
import { haltWhereDue, tellHalted } from './halt.ts';
import { isFresh } from './left.ts';
import { refusalOf, type Taken, takePermit, type What } from './limits.ts';
import type { Asking, Deferral, Gate, Permit } from './port.ts';
import { advance, currentRollout, goBack } from './rollout.ts';
import type { Rollout } from './rollout-row.ts';
import { isShared } from './scope.ts';
import { waveOf } from './waves.ts';
import { clockText, hoursOf } from './windows.ts';

/**
 * The gate of this process; all that share a state let through no more together than the configuration allows.
 *
 * @param on told where it finds that people close too many, and halts the rollout.
 */
export function openGate(db: Kysely<Tables>, world: World, on: (event: SweepEvent) => void = () => {}): Gate {
  const { fleet } = world.config;
  const quiet = hoursOf(fleet.quiet, fleet.timeZone);
  const windows = hoursOf(fleet.windows, fleet.timeZone);
  let looked: number | undefined;

  const mayWork = async ({ instance, path }: Asking): Promise<Deferral | undefined> => {
    const pause = await pauseOf(db, path);
    if (pause) {
      const what = pause.scope === '*' ? 'everything' : pause.scope;
      const why = pause.reason === '' ? '' : `: ${pause.reason}`;
      const command = pause.scope === '*' ? 'agentsmd resume' : `agentsmd resume ${pause.scope}`;
      return { reason: 'paused', message: `${what} is paused by ${pause.by}${why}; ${command} ends that` };
    }
    const now = world.now();
    if (!isShared(instance) || !quiet.hold(now)) return undefined;
    return { reason: 'quiet-hours', ...until('quiet hours', quiet.next(now)) };
  };

  const until = (message: string, moment: number | undefined): Pick<Deferral, 'message' | 'until'> =>
    moment === undefined
      ? { message }
      : { message: `${message} until ${clockText(moment, fleet.timeZone)}`, until: moment };

  const mayWrite = async (asking: Asking): Promise<Deferral | undefined> => {
    const deferred = await mayWork(asking);
    if (deferred) return deferred;
    const now = world.now();
    if (!isShared(asking.instance) || fleet.windows.length === 0 || windows.hold(now)) return undefined;
    return { reason: 'outside-window', ...until('outside of fleet.windows', windows.next(now)) };
  };

  /** How far today's rollout is; whether the next wave may begin is looked at now and then. */
  const rolloutFor = async (asking: Asking): Promise<Rollout> => {
    const current = await currentRollout(db, world);
    // The sweep that lists it may not have come to look at the rollout yet.
    const isLate = current.wave > 0 && (await isFresh(db, asking.key, current));
    const observed = await haltWhereDue(db, world, isLate ? await goBack(db, world, current) : current);
    tellHalted(world, on, observed);
    const { rollout } = observed;
    const now = world.now();
    const isEarly = looked !== undefined && now >= looked && now - looked < A_MINUTE;
    if (waveOf(fleet.rollout.waves, asking) <= rollout.wave || isEarly) return rollout;
    looked = now;
    return advance(db, world, rollout);
  };

  const mayOpenIn = (asking: Asking, rollout: Rollout): Deferral | undefined => {
    if (rollout.halted_at !== null)
      return { reason: 'halted', message: rollout.halt_reason ?? 'the rollout is halted until agentsmd resume' };
    const wave = waveOf(fleet.rollout.waves, asking);
    if (wave <= rollout.wave) return undefined;
    const waves = fleet.rollout.waves.length;
    const whose = wave < waves ? `wave ${wave + 1} of ${waves}` : 'what comes after the last wave';
    return { reason: 'wave', message: `is in ${whose}, and the rollout is at wave ${rollout.wave + 1}` };
  };

  return {
    mayWork,
    mayOpen: async (asking) => {
      const deferred = await mayWrite(asking);
      if (deferred || !isShared(asking.instance)) return deferred;
      return (
        mayOpenIn(asking, await rolloutFor(asking)) ?? (await refusalOf(db, fleet.limits, asking, 'open', world.now()))
      );
    },
    take: async (asking, what) => {
      const deferred = await mayWrite(asking);
      if (deferred) return deferred;
      if (!isShared(asking.instance)) return free(await currentCampaign(db, world));
      const rollout = what === 'open' ? await rolloutFor(asking) : await currentRollout(db, world);
      const early = what === 'open' ? mayOpenIn(asking, rollout) : undefined;
      if (early) return early;
      const taken = await takePermit(db, fleet.limits, asking, { what, rollout, now: () => world.now() });
      return 'reason' in taken ? taken : permitOf(db, asking, what, taken, rollout);
    },
  };
}

const A_MINUTE = 60_000;

/** Of a folder. */
function free(campaign: string): Permit {
  return { campaign, wave: 0, use: async () => {}, giveBack: async () => {} };
}

function permitOf(
  db: Kysely<Tables>,
  { key, path, instance }: Asking,
  what: What,
  { id, at }: Taken,
  { campaign, wave }: Rollout,
): Permit {
  return {
    campaign,
    wave,
    use: async () => {
      const used = await db.updateTable('permit').set({ state: 'used' }).where('id', '=', id).executeTakeFirst();
      if (used.numUpdatedRows > 0n) return;
      // Somebody took this task for a dead one's, and its permit with it; what was done counts all the same.
      const kind = what === 'open' ? 'open' : 'pipeline';
      await db
        .insertInto('permit')
        .values({ key, path, instance, kind, at: new Date(at), state: 'used', campaign, wave })
        .execute();
    },
    giveBack: async () => {
      await db.deleteFrom('permit').where('id', '=', id).where('state', '=', 'taken').execute();
    },
  };
}
