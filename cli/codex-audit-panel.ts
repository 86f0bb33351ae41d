import { dirname } from 'node:path';
import { auditAgents } from '../codex/audit/agents.ts';
import type { Panel } from '../codex/audit/panel.ts';
import type { Engine } from '../reviewer/engine/port.ts';
import type { AuditTarget } from './codex-audit-target.ts';
import type { CommandInput } from './command.ts';
import { ConfigError } from './config/config-error.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnModels } from './config/servers.ts';
import { agentsFolder, problemLines } from './own-agents.ts';
import { printableLine } from './printable.ts';
import { stateFolder } from './state-folder.ts';

interface OpenAuditPanel {
  /** A text says why nobody is asked. */
  readonly panel: Panel | string;
  close(): Promise<void>;
}

/**
 * The roles of an audit over the models of the configuration, which run in a process of their own. It starts with the first question.
 *
 * @param tags of the project in the catalog: they may decide which provider sees it.
 * @throws {ConfigError} where the configuration names models or agents that others may have written.
 */
export async function openAuditPanel(
  input: CommandInput,
  config: LoadedConfig,
  { sees, project }: Pick<AuditTarget, 'sees' | 'project'>,
  tags: readonly string[],
): Promise<OpenAuditPanel> {
  const { models, review } = config.values;
  const nobody = (why: string): OpenAuditPanel => ({
    panel: `only a reader can tell, and ${why}`,
    close: async () => {},
  });
  if (!input.flag('models')) return nobody('--no-models asks no language model');
  if (models === 'none') return nobody('no language model is configured');
  if (sees === undefined) return nobody('models look at local repositories alone: clone it, and name its folder');
  assertOwnModels(config);
  const folder = agentsFolder(config);
  const compilation = await auditAgents(folder);
  if (!compilation.ok) throw new ConfigError(problemLines(compilation.problems, folder ?? '.'));
  const { env } = process;
  const { out } = input;
  let opening: Promise<Engine> | undefined;
  const open = async (): Promise<Engine> => {
    const [{ openEngine }, { eventText }, { forgeTokens }] = await Promise.all([
      import('../reviewer/engine/open.ts'),
      import('./review-panel.ts'),
      import('./forge-tokens.ts'),
    ]);
    return await openEngine(
      {
        ...{ models, sees, patches: null, environment: {} },
        home: config.file === undefined ? process.cwd() : dirname(config.file),
        state: stateFolder(env),
        about: { project: project.path, tags },
        name: ['audit', ...project.path.split('/')].join('-'),
      },
      {
        env,
        forgeTokens: Object.keys(forgeTokens(config, env)),
        onEvent: (event) => out.note(printableLine(eventText(event))),
      },
    );
  };
  const { base, agents } = compilation.compiled;
  return {
    panel: {
      base: base.prompt,
      roles: agents,
      async ask({ agent, tier, tools, prompt }) {
        opening ??= open();
        const deadline = review.deadlines.agent * 1000;
        return await (await opening).ask({ agent, tier, tools, prompt, answer: 'audit', deadline });
      },
    },
    close: async () => await (await opening)?.close(),
  };
}
