import type { InstanceSettings } from '../../forge/config.ts';
import { ForgeError } from '../../forge/errors.ts';
import type { CommandModule } from '../command.ts';
import { ConfigError } from '../config/config-error.ts';
import { instancesOf } from '../config/instances.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import { catalogChecks } from '../doctor/catalog.ts';
import { type Check, MARKS, type Mark } from '../doctor/check.ts';
import { gitlabChecks } from '../doctor/gitlab.ts';
import { machineChecks } from '../doctor/machine.ts';
import { modelsChecks } from '../doctor/models.ts';
import type { Output } from '../output.ts';
import { printableLine } from '../printable.ts';
import { table } from '../table.ts';

/** Looks at everything a run rests on. Exit code 1 where something will not work. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  out.progress('looking at this machine');
  const checks: Check[] = [...(await machineChecks(loaded, process.env))];
  const instances = knownInstances(loaded, checks);
  if (instances.length === 0)
    checks.push({
      about: 'GitLab',
      mark: 'note',
      says: 'none is configured: only local repositories can be worked on',
      mend: 'set gitlab.instances (agentsmd init --gitlab URL), or GITLAB_URL and GITLAB_TOKEN',
    });
  for (const instance of instances) {
    out.progress(`asking ${instance.url}`);
    checks.push(...(await gitlabChecks(instance, process.env)));
  }
  out.progress('asking the catalog');
  checks.push(...(await catalogChecks(loaded, process.env)));
  out.progress('asking the providers of models');
  checks.push(...(await modelsChecks(loaded, process.env)));
  out.progress('');
  if (out.json) out.document({ schema: 'agentsmd/doctor/1', checks });
  else out.result(table(checks.flatMap((check) => rowsOf(check, out.style))));
  return checks.some(({ mark }) => mark === 'fails') ? 1 : 0;
};

/** A configuration that does not hold for servers is something to report, too. */
function knownInstances(loaded: LoadedConfig, checks: Check[]): readonly InstanceSettings[] {
  try {
    return instancesOf(loaded, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof ForgeError)) throw error;
    checks.push({ about: 'configuration', mark: 'fails', says: error.message });
    return [];
  }
}

const COLORS: Readonly<Record<Mark, 'green' | 'yellow' | 'red' | 'dim'>> = {
  ok: 'green',
  note: 'dim',
  warns: 'yellow',
  fails: 'red',
};

function rowsOf({ about, mark, says, mend }: Check, style: Output['style']): readonly (readonly string[])[] {
  const rows = [[style(COLORS[mark], MARKS[mark]), printableLine(about), printableLine(says)]];
  return mend === undefined ? rows : [...rows, ['', '', style('dim', `to mend it: ${printableLine(mend)}`)]];
}
