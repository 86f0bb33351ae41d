import { stringify } from 'yaml';
import type { Tier } from '../config.ts';
import type { Agent, Command, CompiledAgents, ToolName } from './agent.ts';
import { OPENCODE_SCHEMA, type OpenCodeConfig, type OpenCodePermission, openCodeSchema } from './opencode-schema.ts';

/** Before the names of agents there: OpenCode has a `plan` and a `general` of its own, and a command can tell ours by it. */
const PREFIX = 'agentsmd-';

/** What is answered by who drafts an AGENTS.md: that is no reviewer, and nobody to be asked there. */
const DRAFT = 'draft';

/** `provider/model` as OpenCode calls it; an agent of a tier that has none takes the model of who asks it. */
export type TierModels = Readonly<Partial<Record<Tier, string>>>;

/**
 * Agents and commands as a configuration of OpenCode. Agents become subagents that look and do nothing else: of our tools, `list`,
 * `read` and `grep` have their like there; the history has none, since a shell would be needed for it.
 *
 * @throws {Error} of zod for a model that is not named `provider/model`.
 */
export function openCodeConfig({ base, agents, commands }: CompiledAgents, models: TierModels = {}): OpenCodeConfig {
  const reviewers = agents.filter(({ answer }) => answer !== DRAFT);
  const ours = new Set(reviewers.map(({ name }) => name));
  const config: OpenCodeConfig = {
    $schema: OPENCODE_SCHEMA,
    agent: Object.fromEntries(
      reviewers.map((agent) => [`${PREFIX}${agent.name}`, agentOf(agent, base.prompt, models)]),
    ),
    command: Object.fromEntries(commands.map((command) => [command.name, commandOf(command, ours)])),
  };
  // What zod gives back would have its order of keys.
  openCodeSchema.parse(config);
  return config;
}

function agentOf(
  { description, tier, tools, prompt }: Agent,
  base: string,
  models: TierModels,
): OpenCodeConfig['agent'][string] {
  const model = models[tier];
  return {
    description,
    mode: 'subagent',
    ...(model === undefined ? {} : { model }),
    permission: permissionFor(tools),
    prompt: [base, prompt].filter((text) => text !== '').join('\n\n'),
  };
}

function commandOf(
  { description, agent, subtask, template }: Command,
  ours: ReadonlySet<string>,
): OpenCodeConfig['command'][string] {
  return {
    description,
    ...(agent === null ? {} : { agent: ours.has(agent) ? `${PREFIX}${agent}` : agent }),
    ...(subtask === null ? {} : { subtask }),
    template,
  };
}

/**
 * The last rule that matches decides there, and these come after the user's own. Hence everything is forbidden first, tools of
 * servers and plugins too (`grep` knows no rule about files); `read` repeats OpenCode's own exception, which a plain `allow` would undo; and what can do harm ends it.
 */
function permissionFor(tools: readonly ToolName[]): OpenCodePermission {
  const has = (name: ToolName) => tools.includes(name);
  return {
    '*': 'deny',
    ...(has('list') ? { list: 'allow', glob: 'allow' } : {}),
    ...(has('read')
      ? { read: { '*': 'allow', '*.env': 'deny', '*.env.*': 'deny', '*.env.example': 'allow' } as const }
      : {}),
    ...(has('grep') ? { grep: 'allow' } : {}),
    edit: 'deny',
    bash: 'deny',
    webfetch: 'deny',
    websearch: 'deny',
    task: 'deny',
    skill: 'deny',
    external_directory: 'deny',
  };
}

/**
 * As text for opencode.json. There, `{env:NAME}` and `{file:PATH}` are replaced in the text of the whole file before it is parsed: a
 * prompt that says so must neither fetch a secret nor fail. Its brace is written in another way, which means the same in JSON.
 */
export function openCodeJson(config: OpenCodeConfig): string {
  return `${JSON.stringify(config, null, 2).replace(/\{(?=(?:env|file):)/g, '\\u007b')}\n`;
}

export interface OpenCodeFile {
  /** From the project's top. */
  readonly path: string;
  readonly text: string;
}

/** The first line of front matter, a comment of YAML: OpenCode does not see it. */
const MARK = '# Written by agentsmd agents export; an export replaces it.';

/** The same as Markdown files, which OpenCode reads without replacing anything in them. */
export function openCodeFiles({ agent, command }: OpenCodeConfig): readonly OpenCodeFile[] {
  return [
    ...Object.entries(agent).map(([name, { prompt, ...front }]) => file(`agent/${name}`, front, prompt)),
    ...Object.entries(command).map(([name, { template, ...front }]) => file(`command/${name}`, front, template)),
  ];
}

function file(path: string, front: object, body: string): OpenCodeFile {
  const yaml = stringify(front, { lineWidth: 0 });
  return { path: `.opencode/${path}.md`, text: `---\n${MARK}\n${yaml}---\n\n${body}\n` };
}

/** Whether {@link openCodeFiles} wrote a file. */
export function isOpenCodeExport(text: string): boolean {
  return text.startsWith(`---\n${MARK}\n`);
}
