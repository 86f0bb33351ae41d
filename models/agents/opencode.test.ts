import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../../forge/front-matter.ts';
import type { ToolName } from './agent.ts';
import { isOpenCodeExport, openCodeConfig, openCodeFiles, openCodeJson } from './opencode.ts';
import { type OpenCodeConfig, type OpenCodePermission, openCodeSchema } from './opencode-schema.ts';
import { agentFile, compiledOf, compileFiles, markdown } from './testing/folder.ts';

const FILES = {
  'agents/base.md': 'You review.\n',
  'agents/plan.md': agentFile(
    { tier: 'top', tools: ['read', 'list', 'git_log'] },
    'Find holes.\n\n---\n\nAll: of them.',
  ),
  'agents/docs.md': agentFile({ tier: 'light', tools: 'none', description: 'Reads: "all" of it #1' }),
  'commands/review.md': markdown({ description: 'Reviews.', agent: 'plan', subtask: false }, 'Review $ARGUMENTS.'),
  'commands/else.md': markdown({ description: 'Asks.', agent: 'build' }, '!`git diff`'),
};

async function exported(files: Readonly<Record<string, string>> = FILES): Promise<OpenCodeConfig> {
  return openCodeConfig(await compiledOf(compileFiles(files)));
}

describe('an export for OpenCode', () => {
  it('has subagents of names that OpenCode has none of, told what all are told first', async () => {
    const { agent, command } = await exported();
    expect(Object.keys(agent)).toEqual(['agentsmd-docs', 'agentsmd-plan']);
    expect(agent['agentsmd-plan']).toMatchObject({
      description: 'Looks.',
      mode: 'subagent',
      prompt: 'You review.\n\nFind holes.\n\n---\n\nAll: of them.',
    });
    expect(command).toEqual({
      else: { description: 'Asks.', agent: 'build', template: '!`git diff`' },
      review: { description: 'Reviews.', agent: 'agentsmd-plan', subtask: false, template: 'Review $ARGUMENTS.' },
    });
  });

  it('names a model only where one is given for the tier', async () => {
    const compiled = await compiledOf(compileFiles(FILES));
    const { agent } = openCodeConfig(compiled, { top: 'gw/large' });
    expect(agent['agentsmd-plan']?.model).toBe('gw/large');
    expect(agent['agentsmd-docs']).not.toHaveProperty('model');
    expect(() => openCodeConfig(compiled, { top: 'large' })).toThrow('must name a provider and a model');
  });

  it('writes no field that OpenCode does not know', async () => {
    const config = await exported();
    expect(openCodeSchema.safeParse(JSON.parse(openCodeJson(config))).error).toBeUndefined();
    const wrong = (change: (copy: Changeable) => void) => {
      const copy = structuredClone(config) as unknown as Changeable;
      change(copy);
      return openCodeSchema.safeParse(copy).success;
    };
    expect(wrong(() => {})).toBe(true);
    expect(wrong((copy) => Object.assign(copy, { agents: {} }))).toBe(false);
    expect(wrong(({ agent }) => Object.assign(agent['agentsmd-docs']!, { tier: 'top' }))).toBe(false);
    expect(wrong(({ agent }) => Object.assign(agent['agentsmd-docs']!, { mode: 'sub' }))).toBe(false);
    expect(wrong(({ agent }) => Object.assign(agent['agentsmd-docs']!.permission!, { bsh: 'deny' }))).toBe(false);
    expect(wrong(({ agent }) => Object.assign(agent['agentsmd-docs']!.permission!, { bash: 'never' }))).toBe(false);
    expect(wrong(({ command }) => Object.assign(command.review!, { prompt: 'x' }))).toBe(false);
    expect(wrong(({ command }) => delete command.review!.template)).toBe(false);
  });

  describe('lets subagents look, and nothing else', () => {
    const permission = async (tools: string | readonly ToolName[]) =>
      (await exported({ 'agents/a.md': agentFile({ tools }) })).agent['agentsmd-a']!.permission;

    it.each([
      ['read', 'src/a.ts', 'allow'],
      ['read', '.env', 'deny'],
      ['read', 'config/prod.env', 'deny'],
      ['read', '.env.local', 'deny'],
      ['read', '.env.example', 'allow'],
      ['list', 'src', 'allow'],
      ['glob', '**/*.ts', 'allow'],
      ['grep', 'token', 'allow'],
      ['edit', 'src/a.ts', 'deny'],
      ['bash', 'git status', 'deny'],
      ['webfetch', 'https://example.com', 'deny'],
      ['websearch', 'x', 'deny'],
      ['task', 'general', 'deny'],
      ['skill', 'x', 'deny'],
      ['external_directory', '/etc/*', 'deny'],
      ['a_tool_of_some_server', '*', 'deny'],
    ])('%s %s: %s, even where the user allows everything', async (tool, on, action) => {
      const user: OpenCodePermission = { '*': 'allow', edit: 'allow', bash: { '*': 'allow' }, read: { '*': 'allow' } };
      expect(decided(tool, on, user, await permission('all'))).toBe(action);
    });

    it('as far as its tools go', async () => {
      const only = await permission(['grep', 'git_blame']);
      expect(['grep', 'read', 'list', 'glob', 'bash'].map((tool) => decided(tool, 'x', only))).toEqual([
        'allow',
        'deny',
        'deny',
        'deny',
        'deny',
      ]);
      const none = await permission('none');
      expect(['grep', 'read', 'list', 'glob'].map((tool) => decided(tool, 'x', none))).toEqual(Array(4).fill('deny'));
    });

    it('by an order that counts: with the first rule last, nothing is left', async () => {
      const { '*': all, ...rest } = await permission('all');
      expect(decided('read', 'src/a.ts', { ...rest, '*': all })).toBe('deny');
    });
  });

  it('keeps that order in both of its forms', async () => {
    const config = await exported();
    const { permission } = config.agent['agentsmd-plan']!;
    const order = JSON.stringify(permission);
    expect(Object.keys(permission)[0]).toBe('*');
    const read = JSON.parse(openCodeJson(config)) as OpenCodeConfig;
    expect(JSON.stringify(read.agent['agentsmd-plan']?.permission)).toBe(order);
    const { text } = openCodeFiles(config).find(({ path }) => path.endsWith('plan.md'))!;
    expect(JSON.stringify(readFrontMatter(text).data.permission)).toBe(order);
  });

  it('says as Markdown what it says as JSON', async () => {
    const config = await exported();
    const files = openCodeFiles(config);
    expect(files.map(({ path }) => path)).toEqual([
      '.opencode/agent/agentsmd-docs.md',
      '.opencode/agent/agentsmd-plan.md',
      '.opencode/command/else.md',
      '.opencode/command/review.md',
    ]);
    const read = files.map(({ text }) => readFrontMatter(text));
    expect(read.slice(0, 2).map(({ data, body }) => ({ ...data, prompt: body }))).toEqual(Object.values(config.agent));
    expect(read.slice(2).map(({ data, body }) => ({ ...data, template: body }))).toEqual(Object.values(config.command));
    expect(files.every(({ text }) => isOpenCodeExport(text))).toBe(true);
    expect(isOpenCodeExport(FILES['agents/plan.md'])).toBe(false);
  });

  it('has nothing replaced in it: a prompt may speak of {env:NAME} and {file:PATH}', async () => {
    const body = 'Never write {env:TOKEN}, {file:~/.ssh/id_rsa} or ${other:x}.';
    const config = await exported({ 'agents/a.md': agentFile({ description: 'x {env:A}' }, body) });
    const text = openCodeJson(config);
    // As OpenCode looks for them, in the text of the whole file.
    expect(text).not.toMatch(/\{(?:env|file):[^}]+\}/);
    expect(JSON.parse(text)).toEqual(config);
    expect(config.agent['agentsmd-a']?.prompt).toBe(body);
  });
});

/** What a test makes wrong. */
interface Changeable {
  readonly agent: Record<string, { permission?: object }>;
  readonly command: Record<string, { template?: string }>;
}

/** What OpenCode does with rules: all of them in one row, the user's first, and the last one that matches decides. */
function decided(tool: string, on: string, ...all: readonly OpenCodePermission[]): string | undefined {
  const rules = all.flatMap((permission) =>
    Object.entries(permission).flatMap(([key, rule]) =>
      (typeof rule === 'string' ? [['*', rule] as const] : Object.entries(rule ?? {})).map(
        ([pattern, action]) => [key, pattern, action] as const,
      ),
    ),
  );
  return rules.findLast(([key, pattern]) => matches(tool, key) && matches(on, pattern))?.[2];
}

function matches(text: string, wildcard: string): boolean {
  const parts = wildcard.split('*').map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
