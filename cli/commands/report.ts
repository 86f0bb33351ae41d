import type { CommandInput, CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { exportFile } from '../export-file.ts';
import { withKnownStore } from '../known-store.ts';
import { printableJson, printableLine } from '../printable.ts';
import { MARK } from '../report/mark.ts';
import { groupPath, sinceOf } from '../sweep-options.ts';

/** Tells how the fleet fares, as a page or as JSON. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const format = formatOf(input);
  const file = input.text('out');
  if (file === undefined && format === 'html' && out.isTerminal)
    throw new UsageError('a page is nothing for a terminal: --out FILE writes it there, --json prints the numbers');
  const write = file === undefined ? out.result : exportFile('out', file, isOurs);
  const named = input.text('group');
  const group = named === undefined ? null : groupPath(named);
  const since = input.text('since') ?? '30d';
  sinceOf(since, Date.now());
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const report = await withKnownStore(loaded, input, async (engine) => {
    const { fleetReport } = await import('../../jobs/report.ts');
    const now = engine.now();
    return await fleetReport(engine, { from: new Date(sinceOf(since, now)), to: new Date(now), group });
  });
  if (format === 'json') write(printableJson({ schema: SCHEMA, ...report }));
  else {
    const { reportPage } = await import('../report/document.ts');
    write(reportPage(report));
  }
  if (file !== undefined) out.note(printableLine(`wrote ${file}`));
  return 0;
};

const SCHEMA = 'agentsmd/report/1';

function formatOf({ text, json }: Pick<CommandInput, 'text' | 'json'>): 'html' | 'json' {
  const format = text('format') ?? (json ? 'json' : 'html');
  if (json && format !== 'json') throw new UsageError(`--json and --format ${format} exclude each other`);
  return format === 'json' ? 'json' : 'html';
}

/** Whether a report of ours is there, in either form. */
function isOurs(text: string): boolean {
  return (
    text.startsWith(`{\n  "schema": "${SCHEMA}"`) || (text.startsWith('<!doctype html>') && text.includes(MARK.markup))
  );
}
