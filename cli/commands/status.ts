import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { embeddedFolder, withKnownStore } from '../known-store.ts';
import { redraw } from '../screen.ts';
import { statusReport } from '../status-report.ts';
import { moment } from '../status-text.ts';

/** Prints how the fleet is, or one project; with `--watch` again and again. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const watch = input.flag('watch');
  if (watch && out.json) throw new UsageError('--watch and --json exclude each other');
  if (watch && !out.isTerminal) throw new UsageError('--watch draws on a terminal, and this is none; leave it out');
  const compliance = input.flag('compliance');
  const asked = { project: input.argument('project'), reason: input.text('reason'), compliance };
  if (asked.project !== undefined && asked.reason !== undefined)
    throw new UsageError('--reason is about the fleet; leave it out, or the project');
  if (compliance && (asked.project !== undefined || asked.reason !== undefined))
    throw new UsageError('--compliance is about the fleet; leave it out, or the project and --reason');
  if (asked.reason === '') throw new UsageError('--reason: name one, as sweep and status tell it');
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const report = statusReport(loaded.values.fleet, asked);
  if (!watch) {
    if (out.json) out.document(await withKnownStore(loaded, input, (engine) => report.document(engine)));
    else out.result(await withKnownStore(loaded, input, (engine) => report.text(engine, out.style)));
    return 0;
  }
  const { stop } = input.stopping(() => {});
  const { watchEmbedded, watchShared } = await import('../status-watch.ts');
  const watching = {
    open: <T>(use: Parameters<typeof withKnownStore<T>>[2]) => withKnownStore(loaded, input, use),
    read: (engine: Parameters<typeof report.text>[0]) => report.text(engine, out.style),
    show: (text: string, note: string) => {
      const below = [
        ...(note === '' ? [] : [out.style('yellow', note)]),
        out.style('dim', `${moment(new Date())}, Ctrl-C ends`),
      ];
      redraw(process.stdout, text, below.join('\n'));
    },
    stop,
  };
  const folder = embeddedFolder(input);
  process.stdout.write('\x1b[2J');
  if (folder === undefined) await watchShared(watching);
  else await watchEmbedded(folder, watching);
  return 0;
};
