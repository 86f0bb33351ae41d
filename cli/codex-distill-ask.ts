import { dirname, join } from 'node:path';
import { cacheFolder } from '../codex/cache.ts';
import { distillAgentsWith } from '../codex/distill/agents.ts';
import { openAnswerStore } from '../codex/distill/answer-store.ts';
import { type DistillResult, distil } from '../codex/distill/index.ts';
import type { CodexTexts } from '../codex/import/index.ts';
import { chainFor } from '../models/chain.ts';
import { openConfigured } from '../models/open.ts';
import type { DistillWish } from './codex-distill-wish.ts';
import { ConfigError } from './config/config-error.ts';
import type { LoadedConfig } from './config/load.ts';
import { UsageError } from './errors.ts';
import type { Output } from './output.ts';
import { agentsFolder, problemLines } from './own-agents.ts';
import { printableLine } from './printable.ts';
import { stateFolder } from './state-folder.ts';

/** What came of a distillation, and what was asked for it. */
export interface Asked {
  readonly result: DistillResult;
  readonly asked: number;
  /** Answers of an earlier run. */
  readonly kept: number;
  readonly tokens: number;
  /** In the currency of the price tables; `null`: not known. */
  readonly cost: number | null;
}

/**
 * Distils with the models of the configuration.
 *
 * @throws {UsageError} where there are none. {ConfigError} where its own agents are wrong, or others may have written who they are.
 */
export async function askDistillation(
  { standard, target, inside, ...options }: DistillWish,
  codex: CodexTexts,
  loaded: LoadedConfig,
  out: Output,
): Promise<Asked> {
  const { values, file } = loaded;
  const settings = values.models;
  if (settings === 'none')
    throw new UsageError(
      'models is none, and nobody reads the documents; set models.providers and models.tiers, or use agentsmd codex import, which takes sections as they are',
    );
  const folder = agentsFolder(loaded);
  const compilation = await distillAgentsWith(folder);
  if (!compilation.ok) throw new ConfigError(problemLines(compilation.problems, join(folder ?? '.', 'distill')));
  const agents = compilation.compiled;
  const { env } = process;
  const models = await openConfigured(settings, {
    env,
    home: file === undefined ? process.cwd() : dirname(file),
    state: () => stateFolder(env),
    onProblem: (message) => out.warn(printableLine(message)),
  });
  try {
    const account = models.account();
    const count = { asked: 0, kept: 0 };
    const result = await distil(
      standard,
      codex,
      {
        ...options,
        ...(inside === undefined ? {} : { folder: inside }),
        today: new Date().toISOString().slice(0, 10),
        progress: (done, of, section) => out.progress(`${done} of ${of}: ${section}`),
      },
      {
        models,
        account,
        count,
        agents,
        about: { project: target.kind === 'project' ? target.address.path : '', tags: [] },
        modelOf: (agent, tier) => chainFor({ agent, tier }, settings, undefined)[0]?.name ?? '',
        store: openAnswerStore(cacheFolder(env)),
      },
    );
    const { usage, cost } = account.spent();
    return { result, ...count, tokens: usage.inputTokens + usage.outputTokens, cost };
  } finally {
    out.progress('');
    await models.close();
  }
}
