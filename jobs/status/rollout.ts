import type { Kysely } from 'kysely';
import type { FleetConfig } from '../config.ts';
import { lastCampaign } from '../rollout/campaign.ts';
import { unlistedGroups } from '../rollout/left.ts';
import { countWave, type WaveCount, withHalt } from '../rollout/rollout.ts';
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
  /** Groups that this wave names, and of which nothing was ever listed. */
  readonly waitsFor: readonly string[];
  /** Whichever rollout it was that people did not want. */
  readonly halted: { readonly since: Date; readonly reason: string } | null;
}

/** The rollout of what spread last; null before the first one. */
export async function rolloutStatus(
  db: Kysely<Tables>,
  { rollout: { waves } }: Pick<FleetConfig, 'rollout'>,
): Promise<RolloutStatus | null> {
  const last = await lastCampaign(db);
  const rows = await db.selectFrom('rollout').selectAll().orderBy('wave_since', 'desc').execute();
  const row = rows.find(({ campaign }) => campaign === last) ?? rows[0];
  if (!row) return null;
  const { campaign, started_at, wave, wave_since, halted_at, halt_reason } = withHalt(row, rows);
  return {
    campaign,
    startedAt: started_at,
    wave: wave + 1,
    waves: waves.length,
    waveSince: wave_since,
    mergeRequests: await countWave(db, row),
    waitsFor: await unlistedGroups(db, waves[wave]),
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
