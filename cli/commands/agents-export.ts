import { openCodeConfig, openCodeFiles, openCodeJson, type TierModels } from '../../models/agents/opencode.ts';
import { TIERS, type Tier } from '../../models/config.ts';
import type { CommandModule } from '../command.ts';
import { UsageError } from '../errors.ts';
import { writeOpenCode } from '../opencode-folder.ts';
import { effectiveAgents } from '../own-agents.ts';
import { printableLine } from '../printable.ts';

/** Prints agents and commands as an opencode.json, or writes them as Markdown that OpenCode reads. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const dir = input.text('out');
  const models = tierModels(input.text('models'));
  const config = openCodeConfig(await effectiveAgents(input), models);
  if (dir === undefined) {
    out.result(openCodeJson(config));
    return 0;
  }
  const { written, removed } = writeOpenCode(dir, openCodeFiles(config));
  if (out.json) out.document({ schema: 'agentsmd/agents-export/1', dir, written, removed });
  else {
    const gone = removed.length === 0 ? '' : `, removed ${removed.length} of an earlier export`;
    out.note(printableLine(`wrote ${written.length} files below ${dir}/.opencode${gone}`));
  }
  return 0;
};

/** `top=gw/large,light=gw/small`. @throws {UsageError} */
function tierModels(text: string | undefined): TierModels {
  const models: Partial<Record<Tier, string>> = {};
  for (const pair of text?.split(',') ?? []) {
    const [, tier = '', model = ''] = /^\s*([^=\s]*)\s*=\s*([^/\s]+\/\S+)\s*$/.exec(pair) ?? [];
    const known = TIERS.find((each) => each === tier);
    if (!known || model === '' || models[known] !== undefined)
      throw new UsageError(
        `--models ${printableLine(pair)}: expected a tier (${TIERS.join(', ')}), each once, and a model of OpenCode: top=provider/model`,
      );
    models[known] = model;
  }
  return models;
}
