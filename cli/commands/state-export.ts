import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { withKnownStore } from '../known-store.ts';
import { printableLine } from '../printable.ts';
import { lineFile, lineStream } from '../state-file.ts';
import { number } from '../sweep-text.ts';

/** Writes all that is known of the fleet. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const file = input.argument('file') ?? '-';
  if (file === '-' && out.json) throw new UsageError('--json and an export on stdout exclude each other');
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const rows = await withKnownStore(loaded, input, async ({ db, scheduler }) => {
    const { exportState } = await import('../../jobs/transfer/export.ts');
    const isOurs = (start: string): boolean => start.startsWith('{"agentsmd":"state"');
    const writer = file === '-' ? lineStream(process.stdout) : await lineFile(file, isOurs);
    try {
      const written = await exportState(db, (line) => writer.write(line), await scheduler.list());
      await writer.end();
      return written;
    } catch (error) {
      await writer.discard();
      throw error;
    }
  });
  if (out.json) out.document({ schema: 'agentsmd/state-export/1', file, rows });
  else out.note(printableLine(`wrote ${number(rows)} rows${file === '-' ? '' : ` to ${file}`}`));
  return 0;
};
