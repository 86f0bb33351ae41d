import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withKnownStore } from '../known-store.ts';
import { printableLine } from '../printable.ts';

/** Ends a schedule. A sweep of it that goes on is not stopped. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const name = input.argument('name') ?? '';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  await withKnownStore(loaded, input, async ({ scheduler }) => {
    if (await scheduler.remove(name)) return;
    const known = (await scheduler.list()).map((schedule) => schedule.name);
    throw new UsageError(
      `${JSON.stringify(printableLine(name))}: no schedule of that name; known: ${known.join(', ') || 'none'}`,
    );
  });
  if (out.json) out.document({ schema: 'agentsmd/schedule/1', removed: name });
  else out.note(`removed ${printableLine(name)}`);
  return 0;
};
