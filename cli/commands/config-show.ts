import { relative } from 'node:path';
import type { CommandModule } from '../command.ts';
import { CONFIG_NAME } from '../config/find.ts';
import { type LoadedConfig, loadConfig, type Source } from '../config/load.ts';
import { printableLine } from '../printable.ts';
import { table } from '../table.ts';

/** Prints every setting with its effective value and where that comes from. */
export const run: CommandModule['run'] = async ({ configFile, out }) => {
  const config = await loadConfig({ cwd: process.cwd(), env: process.env, file: configFile });
  if (out.json) {
    out.document({
      schema: 'agentsmd/config/1',
      file: config.file ?? null,
      settings: config.settings.map((setting) => ({
        name: setting.path.join('.'),
        value: shown(setting),
        source: setting.source,
      })),
    });
    return 0;
  }
  const rows = config.settings.map((setting) => [
    printableLine(setting.path.join('.')),
    printableLine(JSON.stringify(shown(setting))),
    out.style('dim', printableLine(describeSource(setting.source, config))),
  ]);
  out.result(table(rows));
  if (!config.file) out.note(`no ${CONFIG_NAME} here or above; --config or AGENTSMD_CONFIG names one`);
  return 0;
};

/** A header may hold a key. */
function shown({ path, value }: LoadedConfig['settings'][number]): unknown {
  return path[0] === 'models' && path[3] === 'headers' && typeof value === 'string' ? '…' : value;
}

function describeSource(source: Source, { file }: LoadedConfig): string {
  if (source.kind === 'file') return `${relative(process.cwd(), file ?? '')}:${source.line}`;
  return source.kind === 'environment' ? source.variable : 'default';
}
