import { type Kysely, sql } from 'kysely';
import type { PgBoss, Schedule } from 'pg-boss';
import { FleetError } from '../errors.ts';
import { QUEUE_SCHEMA, type Tables } from '../store/tables.ts';
import type { SweepOptions } from '../sweep/options.ts';
import { SWEEPS } from './boss.ts';
import { textOf } from './ending.ts';
import type { Scheduled, Scheduler } from './port.ts';

/** The schedules of a database, without keeping time for them. `now`: in ms since 1970. */
export function schedules(boss: PgBoss, db: Kysely<Tables>, now: () => number): Omit<Scheduler, 'work'> {
  function preview(cron: string, timeZone: string, count: number): readonly Date[] {
    if (cron.trim().split(/\s+/).length !== 5)
      throw new FleetError(
        `'${cron}' is no cron expression: that has five fields, minute hour day month weekday, as in '30 2 * * 1-5'`,
      );
    try {
      return boss.previewSchedule(cron, { tz: timeZone, count, from: new Date(now()) });
    } catch (error) {
      throw new FleetError(`'${cron}' cannot be followed in the time zone '${timeZone}': ${textOf(error)}`, 2, {
        cause: error,
      });
    }
  }

  async function remove(name: string): Promise<boolean> {
    if (!(await findSchedule(boss, name))) return false;
    await boss.unschedule(SWEEPS, name);
    await sql`
      delete from ${sql.id(QUEUE_SCHEMA, 'job')}
      where name = ${SWEEPS} and singleton_key = ${name} and state in ('created', 'retry')`.execute(db);
    return true;
  }

  return {
    preview,
    remove,
    async set({ name, cron, timeZone, options }) {
      if (!/^[\w./-]{1,100}$/.test(name))
        throw new FleetError(`'${name}' is no name for a schedule: it may have letters, digits and - _ . / in it`);
      preview(cron, timeZone, 1);
      const before = await findSchedule(boss, name);
      // What it would have missed by its new times, it did not miss.
      if (before && (before.cron !== cron || before.timeZone !== timeZone)) await remove(name);
      await boss.schedule(SWEEPS, cron, dataOf(name, options), {
        tz: timeZone,
        key: name,
        missed: 'once',
        singletonKey: name,
      });
    },
    list: async () => (await boss.getSchedules(SWEEPS)).map(scheduledOf),
  };
}

export async function findSchedule(boss: PgBoss, name: string): Promise<Scheduled | undefined> {
  const found = await boss.getSchedule(SWEEPS, name);
  return found ? scheduledOf(found) : undefined;
}

/** What a firing carries: by then the rest may be another. */
export interface Firing {
  readonly schedule: string;
}

function dataOf(name: string, options: SweepOptions): Firing & { readonly options: SweepOptions } {
  return { schedule: name, options };
}

function scheduledOf({ key, cron, timezone, data }: Schedule): Scheduled {
  return { name: key, cron, timeZone: timezone, options: (data as ReturnType<typeof dataOf>).options };
}
