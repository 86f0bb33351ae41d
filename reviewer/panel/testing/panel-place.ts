import { onTestFinished } from 'vitest';
import { openChange } from '../../../forge/git/change.ts';
import type { TestFiles } from '../../../forge/git/testing/fast-import.ts';
import { makeRepository } from '../../../forge/git/testing/make-repo.ts';
import type { CompiledAgents } from '../../../models/agents/agent.ts';
import { openModels } from '../../../models/door.ts';
import { settings } from '../../../models/testing/settings.ts';
import { type CapturedRequest, type ModelServer, startModels } from '../../../test/models/index.ts';
import { answerSchemas } from '../../agents/answers.ts';
import { builtinAgents } from '../../agents/builtin.ts';
import type { Engine } from '../../engine/port.ts';
import type { PromptSection } from '../../plugins/plugin.ts';
import { type ReviewInput, review } from '../../review.ts';
import { type PanelSettings, runPanel } from '../panel.ts';

/** Models `top`, `standard` and `light` behind a double of an endpoint, each the first of its tier. */
export async function startMinds(): Promise<ModelServer> {
  const server = await startModels({ models: { top: {}, standard: {}, light: {} } });
  onTestFinished(async () => await server.close());
  return server;
}

/** A door to them in this process, without tools: what the engine is without its process. */
export function engineTo(server: ModelServer): Engine {
  const config = {
    ...settings({ models: { top: {}, standard: {}, light: {} }, provider: { baseUrl: server.url, keyEnv: 'GW_KEY' } }),
    tiers: { top: 'gw/top', standard: 'gw/standard', light: 'gw/light' },
  };
  const models = openModels(config, { env: { GW_KEY: server.key }, sleep: async () => {} });
  const account = models.account();
  return {
    async ask({ answer, agent, tier, prompt, deadline }) {
      const schema = answerSchemas[answer] as never;
      const about = { project: 'shop/web', tags: [] };
      const signal = AbortSignal.timeout(deadline);
      return await models.ask({ agent, tier, prompt, about, account, signal, answer: { name: answer, schema } });
    },
    spent: () => account.spent(),
    restarts: () => 0,
    close: async () => await models.close(),
  };
}

/** What plugins would have added. */
export interface GivenSetup {
  readonly agents?: CompiledAgents;
  readonly sections?: readonly PromptSection[];
  readonly skipped?: Readonly<Record<string, string>>;
}

export async function panelSettings(
  open: PanelSettings['open'],
  { agents, sections = [], skipped = {} }: GivenSetup = {},
  more: Partial<PanelSettings> = {},
): Promise<PanelSettings> {
  const named = sections.flatMap((section) =>
    section.for === 'all' ? [] : section.for.map((name) => ({ name, section })),
  );
  const groups = Object.entries(Object.groupBy(named, ({ name }) => name));
  return {
    setup: {
      agents: agents ?? (await builtinAgents()),
      prompts: {
        all: sections.filter((section) => section.for === 'all'),
        agents: Object.fromEntries(groups.map(([name, group = []]) => [name, group.map(({ section }) => section)])),
      },
      skipped,
      tools: {},
    },
    deadlines: { agent: 60_000, whole: 100_000 },
    open,
    ...more,
  };
}

/** A change between two commits of a repository of its own. */
export async function changeOf(before: TestFiles, after: TestFiles, deleted: readonly string[] = []) {
  const { dir, cleanup } = await makeRepository({
    commits: [{ files: before }, { files: after, deleted: [...deleted] }],
  });
  const change = await openChange(dir, { base: 'HEAD~1', rev: 'HEAD' });
  onTestFinished(async () => {
    await change.close();
    await cleanup();
  });
  return change;
}

/** Reviews it with agents that a double answers for. */
export async function reviewWith(
  server: ModelServer,
  change: Awaited<ReturnType<typeof changeOf>>,
  given: GivenSetup & Partial<Pick<PanelSettings, 'open'>> = {},
  input: Partial<ReviewInput> = {},
) {
  const settled = await panelSettings(given.open ?? (async () => engineTo(server)), given);
  return await review({
    ...change,
    today: '2026-11-22',
    must: 'warning',
    panel: async (subject) => await runPanel(subject, settled),
    ...input,
  });
}

/** All that a request says to a model, as one text. */
export function promptOf({ body }: CapturedRequest): string {
  const { messages } = body as { readonly messages: readonly { readonly content: unknown }[] };
  return messages.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content))).join('\n');
}
