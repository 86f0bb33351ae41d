import { isKnown } from '../../jobs/pause.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withEngine } from '../fleet-store.ts';
import { printableLine } from '../printable.ts';
import { cronFields } from '../schedule-fields.ts';
import { rowOf, schedulesText } from '../schedule-text.ts';
import { groupPath } from '../sweep-options.ts';

/** Keeps a sweep that begins by itself. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const name = nameOf(input.argument('name') ?? '');
  const cron = cronFields(input.argument('cron') ?? '');
  const timeZone = zoneOf(input.text('timeZone') ?? loaded.values.fleet.timeZone);
  const groups = input.list('group').map(groupPath);
  const schedule = { name, cron, timeZone, options: { groups, schedule: name } };
  const row = await withEngine(loaded, input, async ({ db, scheduler }) => {
    const row = rowOf(schedule, scheduler);
    await scheduler.set(schedule);
    const isAnyKnown = await isKnown(db, '*');
    for (const group of groups)
      if (isAnyKnown && !(await isKnown(db, group)))
        out.warn(`${printableLine(group)}: no repository that is known so far is there; is it spelt right?`);
    return row;
  });
  if (out.json) out.document({ schema: 'agentsmd/schedule/1', schedules: [row] });
  else out.result(schedulesText([row], out.style));
  return 0;
};

function nameOf(text: string): string {
  if (/^[a-z0-9][\w.-]{0,59}$/i.test(text)) return text;
  throw new UsageError(
    `${JSON.stringify(printableLine(text))}: no name for a schedule: letters, digits, ".", "-" and "_", 60 at most; such as nightly`,
  );
}

function zoneOf(text: string): string {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return text;
  } catch {
    throw new UsageError(`--time-zone ${printableLine(text)}: no time zone; such as Europe/Berlin or UTC`);
  }
}
