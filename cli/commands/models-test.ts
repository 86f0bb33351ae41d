import { closestMatch } from 'leven';
import type { ModelsSettings } from '../../models/config.ts';
import { daysOf } from '../../models/open.ts';
import type { RemoteOverrides } from '../../models/overrides.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { assertOwnModels } from '../config/servers.ts';
import { UsageError } from '../errors.ts';
import { type Probe, probe } from '../models-probe.ts';
import { remoteOf } from '../models-remote.ts';
import { modelsTestText } from '../models-test-text.ts';
import type { Output } from '../output.ts';
import { stateFolder } from '../state-folder.ts';

/** Asks each model something small. Those of one provider wait for one another, so that none slows another down. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const settings = loaded.values.models;
  if (settings === 'none')
    throw new UsageError('models is none: there is no model to test; set models.providers and models.tiers');
  // Keys are sent to whom it names.
  assertOwnModels(loaded);
  const { overrides, state } = await remoteOf(settings);
  if (state?.problem) out.warn(state.problem);
  const names = chosen(input.list('model'), settings, overrides, out);
  const probes = await probeAll(names, settings, out);
  if (out.json) out.document({ schema: 'agentsmd/models-test/1', models: probes });
  else out.result(modelsTestText(probes, out.style));
  for (const { model, tools } of probes)
    if (tools === 'not called')
      out.warn(`${model} did not call the tool it was told to call; tools: false keeps agents from counting on it`);
  if (!probes.some(({ answers }) => answers)) throw new NoAnswer();
  return probes.some(({ failure }) => failure !== null) ? 1 : 0;
};

/** Not one model answered: exit code 3. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly exitCode = 3;

  constructor() {
    super('no model answered');
  }
}

function chosen(
  named: readonly string[],
  { providers }: ModelsSettings,
  overrides: RemoteOverrides | undefined,
  out: Output,
): readonly string[] {
  const all = Object.entries(providers).flatMap(([provider, settings]) => {
    const enabled = overrides?.providers?.[provider]?.enabled ?? settings.enabled;
    return Object.keys(settings.models).map((id) => ({ name: `${provider}/${id}`, enabled }));
  });
  const known = all.map(({ name }) => name);
  for (const name of named) {
    if (known.includes(name)) continue;
    const near = closestMatch(name, known, { maxDistance: 4 });
    throw new UsageError(
      `unknown model "${name}"; ${near ? `did you mean ${near}?` : `known: ${known.join(', ') || 'none'}`}`,
    );
  }
  if (named.length > 0) return [...new Set(named)];
  const off = all.filter(({ enabled }) => !enabled).map(({ name }) => name);
  if (off.length > 0) out.note(`switched off, hence not tested unless named: ${off.join(', ')}`);
  if (off.length === all.length)
    throw new UsageError('no provider of models.providers is switched on, or none has models');
  return all.filter(({ enabled }) => enabled).map(({ name }) => name);
}

async function probeAll(names: readonly string[], settings: ModelsSettings, out: Output): Promise<readonly Probe[]> {
  const days = await daysOf(settings, () => stateFolder(process.env));
  const done = new Map<string, Probe>();
  const asking = new Set<string>();
  const tell = () => out.progress(`asked ${done.size} of ${names.length}, asking ${[...asking].join(', ')}`);
  const byProvider = Object.values(Object.groupBy(names, (name) => name.slice(0, name.indexOf('/'))));
  await Promise.all(
    byProvider.map(async (ofOne = []) => {
      for (const name of ofOne) {
        asking.add(name);
        tell();
        done.set(name, await probe(name, settings, process.env, days));
        asking.delete(name);
        tell();
      }
    }),
  );
  out.progress('');
  return names.map((name) => done.get(name)!);
}
