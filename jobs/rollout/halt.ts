import type { Kysely } from 'kysely';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import type { World } from '../world.ts';
import { unlistedGroups } from './left.ts';
import { keepResumed, resumedAt } from './resumed.ts';
import { advance, countWaves, currentRollout, endOf, goBack, type WaveCount } from './rollout.ts';
import type { Rollout } from './rollout-row.ts';
import { clockText } from './windows.ts';

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
  const observed = await haltWhereDue(db, world, await goBack(db, world, await currentRollout(db, world)));
  const { halted } = observed;
  if (halted === undefined) {
    const rollout = await advance(db, world, observed.rollout);
    await tellUnlisted(db, world, on, rollout);
    return { rollout };
  }
  tellHalted(world, on, observed);
  return observed;
}

/** A wave waits for groups of which nothing was ever listed: somebody may have misspelt them. */
async function tellUnlisted(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'instances' | 'now'>,
  on: (event: SweepEvent) => void,
  rollout: Rollout,
): Promise<void> {
  const { rollout: settings, timeZone } = world.config.fleet;
  const groups = await unlistedGroups(db, settings.waves[rollout.wave], world.instances);
  if (groups.length === 0) return;
  const until = clockText(await endOf(db, world, rollout), timeZone);
  const message = `fleet.rollout.waves: nothing was ever listed of ${groups.join(', ')}; wave ${rollout.wave + 1} waits for that until ${until}: sweep it, or take it out`;
  on({ type: 'warning', message });
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

/**
 * Whether people turned down too many, of one wave or of all so far, since the rollout began, or was resumed. Many decide on a
 * wave only when the next one is under way.
 */
export async function haltWhereDue(
  db: Kysely<Tables>,
  world: Pick<World, 'config' | 'now'>,
  rollout: Rollout,
): Promise<Observed> {
  if (rollout.halted_at !== null) return { rollout };
  const { haltAt, haltAfter } = world.config.fleet.rollout;
  const waves = await countWaves(db, rollout.campaign, await resumedAt(db, world.now()));
  const sums = [
    { of: '', ...sumOf([...waves.values()]) },
    ...[...waves].map(([wave, count]) => ({ of: ` of wave ${wave + 1}`, ...sumOf([count]) })),
  ];
  const bad = sums.find(({ closed, decided }) => decided >= haltAfter && closed / decided > haltAt);
  if (!bad) return { rollout };
  const message = `the rollout is halted: people closed ${bad.closed} of ${bad.decided} decided merge requests${bad.of} without a merge, more than ${percent(haltAt)}; no new ones are opened until agentsmd resume`;
  const halted = { halted_at: new Date(world.now()), halt_reason: message };
  const { numUpdatedRows } = await db
    .updateTable('rollout')
    .set(halted)
    .where('campaign', '=', rollout.campaign)
    .where('halted_at', 'is', null)
    .executeTakeFirst();
  return { rollout: { ...rollout, ...halted }, ...(numUpdatedRows > 0n ? { halted: message } : {}) };
}

function sumOf(counts: readonly WaveCount[]): { readonly closed: number; readonly decided: number } {
  const closed = counts.reduce((sum, each) => sum + each.closed, 0);
  return { closed, decided: counts.reduce((sum, { merged }) => sum + merged, closed) };
}

/** Rollouts that are halted. */
export async function halts(db: Kysely<Tables>): Promise<readonly Rollout[]> {
  return db.selectFrom('rollout').selectAll().where('halted_at', 'is not', null).orderBy('halted_at').execute();
}

/** Goes on with them; what people decided until now does not halt them again. @returns how many were halted. */
export async function endHalts(db: Kysely<Tables>, now: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('rollout')
      .set({ halted_at: null, halt_reason: null })
      .where('halted_at', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await keepResumed(trx, now);
    return Number(numUpdatedRows);
  });
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
