import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { World } from '../world.ts';
import { advance, countWave, currentRollout, type Rollout } from './rollout.ts';

/** What a look at the merge requests came to. */
export interface Observed {
  readonly rollout: Rollout;
  /** It was halted just now; why, for people. Told once, whichever process finds it. */
  readonly halted?: string;
}

/**
 * To be called once it was read what became of merge requests: halts the rollout where people close too many, or goes on to
 * its next wave.
 */
export async function observe(
  db: Kysely<Tables>,
  world: World,
  on: (event: SweepEvent) => void = () => {},
): Promise<Observed> {
  const observed = await haltWhereDue(db, world, await currentRollout(db, world));
  const { rollout, halted } = observed;
  if (halted === undefined) return { rollout: await advance(db, world, rollout) };
  tellHalted(world, on, observed);
  return observed;
}

/** Whoever finds the halt says so: nobody finds it a second time. */
export function tellHalted(
  { log }: Pick<World, 'log'>,
  on: (event: SweepEvent) => void,
  { rollout: { campaign, wave }, halted }: Observed,
): void {
  if (halted === undefined) return;
  log.warn({ campaign, wave }, 'the rollout was halted');
  on({ type: 'warning', message: halted, halted: true });
}

/** Whether people turned down too many of a wave, as far as they decided since it began, or was resumed. */
export async function haltWhereDue(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'now'>,
  rollout: Rollout,
): Promise<Observed> {
  if (rollout.halted_at !== null) return { rollout };
  const { haltAt, haltAfter } = world.config.fleet.rollout;
  const { merged, closed } = await countWave(db, rollout, rollout.wave_since);
  const decided = merged + closed;
  if (decided < haltAfter || closed / decided <= haltAt) return { rollout };
  const message = `the rollout is halted: people closed ${closed} of ${decided} decided merge requests without a merge, more than ${percent(haltAt)}; no new ones are opened until agentsmd resume`;
  const halted = { halted_at: new Date(world.now()), halt_reason: message };
  const { numUpdatedRows } = await db
    .updateTable('rollout')
    .set(halted)
    .where('campaign', '=', rollout.campaign)
    .where('wave', '=', rollout.wave)
    .where('halted_at', 'is', null)
    .executeTakeFirst();
  return { rollout: { ...rollout, ...halted }, ...(numUpdatedRows > 0n ? { halted: message } : {}) };
}

/** Rollouts that are halted. */
export async function halts(db: Kysely<Tables>): Promise<readonly Rollout[]> {
  return db.selectFrom('rollout').selectAll().where('halted_at', 'is not', null).orderBy('halted_at').execute();
}

/** Goes on with them; what people decided until now does not halt them again. @returns how many were halted. */
export async function endHalts(db: Kysely<Tables>, now: number): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('rollout')
    .set({ halted_at: null, halt_reason: null, wave_since: new Date(now) })
    .where('halted_at', 'is not', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
