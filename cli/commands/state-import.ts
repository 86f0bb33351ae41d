import { FleetError } from '../../jobs/errors.ts';
import type { Scheduled } from '../../jobs/queue/port.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withEngine } from '../fleet-store.ts';
import { printableLine } from '../printable.ts';
import { linesOf } from '../state-file.ts';
import { number } from '../sweep-text.ts';

/** Takes what an export wrote: all of it, or nothing. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const file = input.argument('file');
  if (file === undefined) throw new UsageError('name the file to import; "-" is stdin');
  const replace = input.flag('replace');
  const lines = await linesOf(file);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const rows = await withEngine(loaded, input, async ({ db, queue, scheduler }) => {
    const { importState } = await import('../../jobs/transfer/import.ts');
    const schedules: Scheduled[] = [];
    const onSchedule = (schedule: Scheduled) => void schedules.push(schedule);
    const imported = await importState(db, lines, { replace, onSchedule }).catch((error: unknown) => {
      throw inFile(error, file === '-' ? 'stdin' : printableLine(file));
    });
    // What was queued is of the state that was here.
    if (replace) {
      await queue.drop();
      for (const { name } of await scheduler.list()) await scheduler.remove(name);
    }
    for (const schedule of schedules) await scheduler.set(schedule);
    return imported;
  });
  if (out.json) out.document({ schema: 'agentsmd/state-import/1', file, rows });
  else out.note(`read ${number(rows)} rows; the next sweep goes on from there`);
  return 0;
};

function inFile(error: unknown, file: string): unknown {
  if (!(error instanceof FleetError) || error.message.startsWith('the state is not empty')) return error;
  return new FleetError(`${file}: ${error.message}`, error.exitCode, { cause: error });
}
