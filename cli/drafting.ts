import { dirname } from 'node:path';
import type { RepositoryContext } from '../catalog/model.ts';
import type { Drafter } from '../generator/draft/port.ts';
import { digest } from '../generator/publish/proposal.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnModels } from './config/servers.ts';
import { UsageError } from './errors.ts';
import { forgeTokens } from './forge-tokens.ts';
import { agentsOf } from './own-agents.ts';
import { printableLine } from './printable.ts';
import { stateFolder } from './state-folder.ts';

/** Language models that draft. */
export interface Drafting {
  /** See {@link Drafter.id}. */
  readonly id: string;
  /** For one repository, which has a budget of its own: `models.budgets.review`. */
  drafterFor(project: string, catalog: RepositoryContext | 'unreachable' | undefined): Drafter;
}

const DRAFTER = 'drafter';
const MOST_STEPS = 20;

/**
 * What asks language models for drafts; `undefined` where none is to be asked, or none can be.
 *
 * @throws {UsageError} where the command line wants one, and none is configured.
 * @throws {ConfigError} where a configuration names models or agents that others may have written.
 */
export async function openDrafting(loaded: LoadedConfig, input: CommandInput): Promise<Drafting | undefined> {
  const { generate, models } = loaded.values;
  const asked = input.text('draft');
  if ((asked ?? generate.draft) === 'none') return undefined;
  if (models === 'none') {
    const missing = 'and no language model is configured; see models in the configuration';
    if (asked !== undefined) throw new UsageError(`--draft model, ${missing}`);
    input.out.note(`generate.draft is model, ${missing}`);
    return undefined;
  }
  assertOwnModels(loaded);
  const agent = (await agentsOf(loaded)).agents.find(({ name, answer }) => name === DRAFTER && answer === 'draft');
  if (!agent) {
    input.out.note('generate.draft is model, and the agent "drafter" is disabled; see agents.dir');
    return undefined;
  }
  const { env } = process;
  const id = digest([agent.prompt, agent.tier, agent.tools, models.agents[DRAFTER] ?? null]);
  const warn = (message: string) => input.out.warn(printableLine(message));
  return {
    id,
    drafterFor: (project, catalog) => ({
      id,
      async ask(material, reader, mend) {
        const { openEngine } = await import('../reviewer/engine/open.ts');
        const tags = typeof catalog === 'object' ? (catalog.mains ?? []).flatMap((main) => main.tags) : [];
        const engine = await openEngine(
          {
            models,
            home: loaded.file === undefined ? process.cwd() : dirname(loaded.file),
            state: stateFolder(env),
            about: { project, tags: [...new Set(tags)] },
            name: ['draft', ...project.split('/')].join('-'),
            ...{ sees: { reader }, patches: null, environment: {} },
          },
          {
            env,
            forgeTokens: Object.keys(forgeTokens(loaded, env)),
            onEvent: (event) => {
              if (event.type === 'warning') warn(`${project}: ${event.message}`);
            },
          },
        );
        const until = performance.now() + generate.deadline * 1000;
        const asking = async (own: string) =>
          await engine.ask({
            ...{ agent: DRAFTER, tier: agent.tier, answer: 'draft', tools: agent.tools, maxSteps: MOST_STEPS },
            prompt: { stable: agent.prompt, shared: '', own },
            deadline: Math.max(1, until - performance.now()),
          });
        try {
          const { askedTwice } = await import('../generator/draft/again.ts');
          return await askedTwice(asking, material, mend);
        } finally {
          await engine.close();
        }
      },
    }),
  };
}
