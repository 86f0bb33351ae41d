import type { Kysely } from 'kysely';
import type { FleetConfig } from '../config.ts';
import { countWave, type WaveCount } from '../rollout/rollout.ts';
import { hoursOf } from '../rollout/windows.ts';
import type { Tables } from '../store/tables.ts';

/** How far what is new has spread. */
export interface RolloutStatus {
  /** The generator's and the codex' version. */
  readonly campaign: string;
  readonly startedAt: Date;
  /** The first one is 1; one more than `waves`: all of them are over. */
  readonly wave: number;
  readonly waves: number;
  readonly waveSince: Date;
  /** Merge requests of this wave. */
  readonly mergeRequests: WaveCount;
  readonly halted: { readonly since: Date; readonly reason: string } | null;
}

/** The newest rollout; null before the first one. */
export async function rolloutStatus(
  db: Kysely<Tables>,
  { rollout: { waves } }: Pick<FleetConfig, 'rollout'>,
): Promise<RolloutStatus | null> {
  // What is rolled back to is an old one that goes on.
  const row = await db.selectFrom('rollout').selectAll().orderBy('wave_since', 'desc').limit(1).executeTakeFirst();
  if (!row) return null;
  const { campaign, started_at, wave, wave_since, halted_at, halt_reason } = row;
  return {
    campaign,
    startedAt: started_at,
    wave: wave + 1,
    waves: waves.length,
    waveSince: wave_since,
    mergeRequests: await countWave(db, row),
    halted: halted_at && { since: halted_at, reason: halt_reason ?? '' },
  };
}

/** What the clock allows now, and until when. */
export interface Hours {
  /** Nothing is done at all. */
  readonly quiet: boolean;
  /** Merge requests may be opened and branches pushed. */
  readonly writing: boolean;
  /** When either changes; null: never. */
  readonly until: Date | null;
}

export function hoursNow({ quiet, windows, timeZone }: FleetConfig, now: number): Hours {
  const [still, open] = [hoursOf(quiet, timeZone), hoursOf(windows, timeZone)];
  const isQuiet = still.hold(now);
  const changes = [still.next(now), windows.length > 0 ? open.next(now) : undefined].filter((at) => at !== undefined);
  return {
    quiet: isQuiet,
    writing: !isQuiet && (windows.length === 0 || open.hold(now)),
    until: changes.length > 0 ? new Date(Math.min(...changes)) : null,
  };
}
