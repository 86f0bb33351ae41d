import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { withKnownStore } from '../known-store.ts';
import { rowOf, schedulesText } from '../schedule-text.ts';

/** Prints the sweeps that begin by themselves, by name. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const rows = await withKnownStore(loaded, input, async ({ scheduler }) =>
    (await scheduler.list()).map((schedule) => rowOf(schedule, scheduler)).sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  if (out.json) out.document({ schema: 'agentsmd/schedule/1', schedules: rows });
  else out.result(schedulesText(rows, out.style));
  if (rows.length === 0) out.note('no schedule; agentsmd schedule add nightly "0 3 * * *" makes one');
  return 0;
};
