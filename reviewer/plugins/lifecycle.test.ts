import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PROVIDER, settings } from '../../models/testing/settings.ts';
import { builtinAgents } from '../agents/builtin.ts';
import type { SetUpBase } from './draft.ts';
import { PluginError, setUp } from './lifecycle.ts';
import type { ConfigureContext, PluginSubject, PostConfigureContext, ReviewPlugin } from './plugin.ts';

const SUBJECT: PluginSubject = {
  ...{ project: 'a/b', iid: 1, tier: 'full' },
  files: [{ path: 'a.ts', status: 'modified', added: 1, removed: 0 }],
};
const NOBODY = new AbortController().signal;
const { providers, ...MODELS } = settings({ models: { one: {}, two: {} } });
const BASE = async (more: Partial<SetUpBase> = {}): Promise<SetUpBase> => ({
  ...{ agents: await builtinAgents(), models: 'none', tokens: { BOT: 'glpat-secret' } },
  ...more,
});
const SOON = { bootstrap: 20, configure: 20, postConfigure: 20 };
const run = async (plugins: readonly ReviewPlugin[], more: Partial<SetUpBase> = {}) =>
  await setUp(plugins, await BASE(more), SUBJECT, NOBODY);
const never = () => new Promise<void>(() => {});

/** What one call in `configure` comes to. */
const configuring = async (configure: (context: ConfigureContext) => void | Promise<void>, more?: Partial<SetUpBase>) =>
  await run([{ name: 'x', configure }], more);

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'agentsmd-plugins-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

describe('the order of the hooks', () => {
  it('is bootstrap of all, configure one after the other, postConfigure of all', async () => {
    const seen: string[] = [];
    const met = { bootstrap: Promise.withResolvers<void>(), postConfigure: Promise.withResolvers<void>() };
    // The first waits for the second: run one after the other, this would never end.
    const plugin = (name: 'a' | 'b'): ReviewPlugin => ({
      name,
      async bootstrap() {
        if (name === 'b') met.bootstrap.resolve();
        await met.bootstrap.promise;
        seen.push('bootstrap');
      },
      async configure() {
        seen.push(`${name} begins`);
        await Promise.resolve();
        seen.push(`${name} ends`);
      },
      async postConfigure() {
        if (name === 'b') met.postConfigure.resolve();
        await met.postConfigure.promise;
        seen.push('postConfigure');
      },
    });
    expect((await run([plugin('a'), plugin('b')])).problems).toEqual([]);
    expect(seen).toEqual([
      ...['bootstrap', 'bootstrap', 'a begins', 'a ends', 'b begins', 'b ends', 'postConfigure', 'postConfigure'],
    ]);
  });

  it('goes on without what fails, or does not end, before and after configure', async () => {
    const fails = async () => {
      throw new Error('no\nserver');
    };
    const plugins: ReviewPlugin[] = [
      { name: 'fails', bootstrap: fails, postConfigure: fails },
      { name: 'hangs', bootstrap: never, postConfigure: never },
      { name: 'works', configure: ({ addPrompt }) => addPrompt({ title: 'T', text: 't', for: 'all' }) },
    ];
    const { problems, prompts } = await setUp(plugins, await BASE(), SUBJECT, NOBODY, SOON);
    expect(problems).toEqual([
      { plugin: 'fails', phase: 'bootstrap', message: 'no server' },
      { plugin: 'hangs', phase: 'bootstrap', message: 'did not end within 0.02 s' },
      { plugin: 'fails', phase: 'postConfigure', message: 'no server' },
      { plugin: 'hangs', phase: 'postConfigure', message: 'did not end within 0.02 s' },
    ]);
    expect(prompts.all).toHaveLength(1);
  });

  it('tells a plugin that is late to stop', async () => {
    let told: unknown;
    const bootstrap: ReviewPlugin['bootstrap'] = (_, signal) =>
      new Promise(() => signal.addEventListener('abort', () => (told = signal.reason)));
    await setUp([{ name: 'late', bootstrap }], await BASE(), SUBJECT, NOBODY, SOON);
    expect(told).toMatchObject({ message: 'did not end within 0.02 s' });
  });

  it('ends with the first that fails to configure, by its name and with its exit code', async () => {
    const reached: string[] = [];
    const wrong = Object.assign(new Error('the token is not set'), { exitCode: 2 });
    const plugins: ReviewPlugin[] = [
      { name: 'vcs', configure: () => Promise.reject(wrong) },
      { name: 'after', configure: () => void reached.push('after') },
    ];
    const failed = await run(plugins).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(PluginError);
    expect(failed).toMatchObject({ message: 'review plugin "vcs": configure: the token is not set', exitCode: 2 });
    expect(reached).toEqual([]);
    await expect(setUp([{ name: 'x', configure: never }], await BASE(), SUBJECT, NOBODY, SOON)).rejects.toThrow(
      'review plugin "x": configure: did not end within 0.02 s',
    );
  });

  it.each(['bootstrap', 'configure', 'postConfigure'])('is left when the review is called off in %s', async (hook) => {
    const off = new AbortController();
    const reason = new Error('cancelled');
    const call = () => {
      off.abort(reason);
      return never();
    };
    const plugin = { name: 'x', [hook]: call };
    await expect(setUp([plugin], await BASE(), SUBJECT, off.signal)).rejects.toBe(reason);
  });

  it('takes no two plugins of one name', async () => {
    await expect(run([{ name: 'x' }, { name: 'x' }])).rejects.toThrow('review plugin "x": there are two of that name');
  });
});

describe('what plugins add', () => {
  it('is put together in their order, whoever was first to end', async () => {
    const slow = Promise.withResolvers<void>();
    const plugins: ReviewPlugin[] = [
      {
        name: 'a',
        configure: ({ addPrompt }) => {
          addPrompt({ title: 'one', text: '1', for: ['security', 'release'] });
          addPrompt({ title: 'two', text: '2', for: 'all', verbatim: true });
        },
        async postConfigure({ addPrompt, assign }) {
          await slow.promise;
          addPrompt({ title: 'late', text: 'of a', for: 'all' });
          assign({ security: { tier: 'top' } });
        },
      },
      {
        name: 'b',
        async postConfigure({ addPrompt, assign }) {
          addPrompt({ title: 'late', text: 'of b', for: 'all' });
          assign({ security: { model: 'gw/two' }, release: { model: 'gw/two' } });
          slow.resolve();
        },
      },
      { name: 'models', configure: ({ addProvider }) => addProvider('gw', providers.gw!) },
    ];
    const setup = await run(plugins, { models: MODELS });
    expect(setup.prompts.all).toEqual([
      { title: 'two', text: '2', for: 'all', verbatim: true },
      { title: 'late', text: 'of a', for: 'all' },
    ]);
    expect(Object.keys(setup.prompts.agents)).toEqual(['release', 'security']);
    expect(setup.assignments).toEqual({ security: { tier: 'top' }, release: { model: 'gw/two' } });
    expect(setup.models).toEqual({ ...MODELS, providers });
    expect(setup.problems.map(({ plugin, message }) => [plugin, message])).toEqual([
      ['b', 'the model of security is assigned already, by a plugin before it'],
      ['b', 'section "late" is there already, by the plugin "a"'],
    ]);
  });

  it('of a late hook that fails is nothing', async () => {
    const setup = await run([
      {
        name: 'x',
        async postConfigure({ addPrompt }) {
          addPrompt({ title: 'half', text: 'of it', for: 'all' });
          throw new Error('broke off');
        },
      },
    ]);
    expect(setup.prompts.all).toEqual([]);
  });

  it('are agents in layers, restrictions, reasons and variables', async () => {
    const security = '---\nname: security\ntools: [read, grep, list]\n---\nLook twice.\n';
    const folder = await folderOf({ 'agents/security.md': security, 'agents/audit.md': AUDIT });
    const setup = await configuring(async (context) => {
      expect(context.agents()).not.toContain('audit');
      await context.addAgents(folder, 'audit-layer');
      expect(context.agents()).toContain('audit');
      context.restrictTools('security', ['read', 'list']);
      context.restrictTools('security', ['grep', 'read']);
      context.skipAgent('audit', 'nothing to\naudit');
      context.skipAgent('audit', 'again');
      context.setEnvironment('AUDIT_URL', 'https://audit.example.com');
      context.report('seen');
    });
    const agent = (name: string) => setup.agents.agents.find((one) => one.name === name);
    expect(agent('audit')).toMatchObject({ from: { prompt: ['audit-layer/agents/audit.md'] } });
    expect(agent('security')).toMatchObject({ prompt: 'Look twice.', tools: ['list', 'read', 'grep'] });
    expect(setup).toMatchObject({
      tools: { security: ['read'] },
      skipped: { audit: 'nothing to audit' },
      environment: { AUDIT_URL: 'https://audit.example.com' },
      problems: [{ plugin: 'x', phase: 'configure', message: 'seen' }],
    });
  });

  it('are agents also where nobody waited for them; broken ones end the review', async () => {
    const folder = await folderOf({ 'agents/audit.md': AUDIT });
    const setup = await configuring((context) => void context.addAgents(folder, 'l'));
    expect(setup.agents.agents.map(({ name }) => name)).toContain('audit');
    const broken = await folderOf({ 'agents/audit.md': '---\ntier: huge\n---\nx\n' });
    await expect(configuring((context) => void context.addAgents(broken, 'l'))).rejects.toThrow(
      /plugin "x": configure: l\/agents\/audit\.md:2: tier: /,
    );
  });

  it('does not hold for agents that a later layer takes away', async () => {
    const folder = await folderOf({ 'agents/release.md': '---\ndisable: true\n---\n' });
    const setup = await run([
      {
        name: 'a',
        configure({ addPrompt, skipAgent, restrictTools }) {
          addPrompt({ title: 't', text: 't', for: ['release'] });
          skipAgent('release', 'no');
          restrictTools('release', []);
        },
      },
      { name: 'b', configure: ({ addAgents }) => addAgents(folder, 'l') },
    ]);
    expect(setup).toMatchObject({ tools: {}, skipped: {}, prompts: { agents: {} } });
  });

  it.each<[string, (context: ConfigureContext) => void | Promise<void>]>([
    ['unknown agent "securty"; did you mean "security"?', (c) => c.skipAgent('securty', 'no')],
    ['unknown agent "__proto__"; known: agents-md, ', (c) => c.restrictTools('__proto__', [])],
    ['unknown agent "relase"; did you mean "release"?', (c) => c.addPrompt({ title: 't', text: 't', for: ['relase'] })],
    ['security: why it is not asked must be said', (c) => c.skipAgent('security', '\u200b ')],
    ['tools of security: 0: expected one of', (c) => c.restrictTools('security', ['bash' as 'read'])],
    ['a section of a prompt: text: must not be empty', (c) => c.addPrompt({ title: 't', text: '', for: 'all' })],
    ['a section of a prompt: title: ', (c) => c.addPrompt({ title: '\u200b', text: 't', for: 'all' })],
    ['a section of a prompt: is missing', (c) => c.addPrompt(undefined as never)],
    [
      'section "t" is there already, by the plugin "x"',
      (c) => {
        for (const text of ['1', '2']) c.addPrompt({ title: 't', text, for: 'all' });
      },
    ],
    [
      'environment "A" is there already, by the plugin "x"',
      (c) => {
        for (const text of ['1', '2']) c.setEnvironment('A', text);
      },
    ],
    ['layer "built-in" is there already', (c) => c.addAgents('.', 'built-in')],
    ['agents: needs a folder, and the name of a layer', (c) => c.addAgents('.', '../x')],
    ['provider "gw": nobody would ask it, models: none', (c) => c.addProvider('gw', PROVIDER)],
    ['"A=B": no name of an environment variable', (c) => c.setEnvironment('A=B', '')],
    ['OTHER: holds the token of BOT', (c) => c.setEnvironment('OTHER', 'Bearer glpat-secret')],
    ...[...TOKENS, 'bot', 'BOT'].map(
      (name) =>
        [`${name}: holds a token of the forge`, (c: ConfigureContext) => c.setEnvironment(name, '')] as [
          string,
          typeof never,
        ],
    ),
    ...['NODE_OPTIONS', 'LD_PRELOAD', 'PATH', 'GIT_SSH_COMMAND'].map(
      (name) =>
        [`${name}: decides what a process runs`, (c: ConfigureContext) => c.setEnvironment(name, '')] as [
          string,
          typeof never,
        ],
    ),
  ])('is refused at once: %s', async (message, configure) => {
    await expect(configuring(configure)).rejects.toThrow(`review plugin "x": configure: ${message}`);
  });

  it('is no tool that the agent does not have', async () => {
    const folder = await folderOf({ 'agents/audit.md': AUDIT });
    const configure = async (context: ConfigureContext) => {
      await context.addAgents(folder, 'l');
      context.restrictTools('audit', ['read', 'grep']);
    };
    await expect(configuring(configure)).rejects.toThrow('audit has no tool "grep": a plugin can only take away');
  });

  it('names whose the name is that is taken', async () => {
    const plugin = (name: string): ReviewPlugin => ({ name, configure: (c) => c.addProvider('gw', providers.gw!) });
    await expect(run([plugin('a'), plugin('b')], { models: MODELS })).rejects.toThrow(
      'review plugin "b": configure: provider "gw" is there already, by the plugin "a"',
    );
  });

  it.each<[string, Parameters<ConfigureContext['addProvider']>]>([
    ['provider "p": baseUrl: must be an address', ['p', { ...PROVIDER, baseUrl: 'https://u:p@x/v1' }]],
    ['GITLAB_TOKEN: holds a token of the forge', ['p', { ...PROVIDER, keyEnv: 'GITLAB_TOKEN' }]],
    ['BOT: holds a token of the forge', ['p', { ...PROVIDER, keyEnv: 'BOT' }]],
    ['"a/b": no name of a provider', ['a/b', PROVIDER]],
  ])('is a provider by the rules of the configuration: %s', async (message, given) => {
    await expect(configuring((c) => c.addProvider(...given), { models: MODELS })).rejects.toThrow(message);
  });

  it('must be the models that the tiers name', async () => {
    await expect(run([], { models: MODELS })).rejects.toThrow('models.tiers.top: unknown model "gw/one"; known: none');
  });

  it.each<[string, Parameters<PostConfigureContext['assign']>[0]]>([
    ['unknown agent "securty"; did you mean "security"?', { securty: {} }],
    ['agents.security.model: unknown model "gw/three"; known: gw/one, gw/two', { security: { model: 'gw/three' } }],
    ['assignments: security.tier: expected one of', { security: { tier: 'huge' as 'top' } }],
  ])('is no assignment to what is not there: %s', async (message, assignments) => {
    const models: ReviewPlugin = { name: 'models', configure: (c) => c.addProvider('gw', providers.gw!) };
    const plugin: ReviewPlugin = { name: 'x', postConfigure: async (c) => c.assign(assignments) };
    const { problems, assignments: made } = await run([models, plugin], { models: MODELS });
    expect(problems).toEqual([{ plugin: 'x', phase: 'postConfigure', message: expect.stringContaining(message) }]);
    expect(made).toEqual({});
  });

  it('is cut where it is too long, visibly, between two characters', async () => {
    const { prompts, problems } = await configuring((c) =>
      c.addPrompt({ title: 't', text: `a${'é'.repeat(1 << 16)}`, for: 'all' }),
    );
    const [kept, mark] = prompts.all[0]!.text.split('\n');
    expect(kept).toBe(`a${'é'.repeat((1 << 15) - 1)}`);
    expect(mark).toBe('[cut here: 65536 of 131073 bytes are shown]');
    expect(problems).toEqual([
      { plugin: 'x', phase: 'configure', message: 'the section "t" is cut: it has 131073 bytes' },
    ]);
  });
});

const AUDIT = '---\nname: audit\ndescription: Audits.\ntier: light\nanswer: findings\ntools: [read]\n---\nAudit.\n';
const TOKENS = [
  'GITLAB_TOKEN',
  'CI_JOB_TOKEN',
  'CI_JOB_JWT_V2',
  'GITLAB_PRIVATE_TOKEN',
  'CI_REGISTRY_PASSWORD',
  'gh_token',
  'AGENTSMD_WEBHOOK_SIGNING_TOKEN',
];

describe('what a plugin can get hold of', () => {
  it('is its own context, in its own hook', async () => {
    const kept: { configure?: ConfigureContext; post?: PostConfigureContext } = {};
    const late: string[] = [];
    const attempt = (call: () => unknown) => {
      try {
        call();
        late.push('worked');
      } catch (error) {
        late.push((error as Error).message);
      }
    };
    const setup = await run([
      {
        name: 'first',
        configure(context) {
          kept.configure = context;
        },
        postConfigure: async (context) => {
          kept.post = context;
          attempt(() => kept.configure!.skipAgent('security', 'late'));
        },
      },
      {
        name: 'second',
        configure: (context) => {
          attempt(() => kept.configure!.addPrompt({ title: 't', text: 't', for: 'all' }));
          expect(context).not.toBe(kept.configure);
          expect(context.addPrompt).not.toBe(kept.configure!.addPrompt);
        },
      },
    ]);
    attempt(() => kept.post!.assign({}));
    attempt(() => kept.post!.agents());
    expect(late).toEqual([
      ...Array(2).fill('the plugin "first" uses the context of configure, which is over'),
      ...Array(2).fill('the plugin "first" uses the context of postConfigure, which is over'),
    ]);
    expect(setup).toMatchObject({ skipped: {}, prompts: { all: [] } });
  });

  it('cannot be changed, and leads nowhere', async () => {
    const looked = (context: object) => {
      expect(Object.getPrototypeOf(context)).toBeNull();
      expect(Object.isFrozen(context)).toBe(true);
      expect(() => Object.setPrototypeOf(context, { a: 1 })).toThrow(TypeError);
      expect(() => Object.defineProperty(context, 'addPrompt', { value: 1 })).toThrow(TypeError);
      for (const key of Reflect.ownKeys(context)) {
        const value: unknown = Reflect.get(context, key);
        expect(typeof value === 'function' || key === 'models', String(key)).toBe(true);
        expect(Object.isFrozen(value), String(key)).toBe(true);
        expect(() => Object.assign(value as object, { extra: 1 })).toThrow(TypeError);
      }
    };
    await run(
      [
        {
          name: 'models',
          configure(context) {
            looked(context);
            context.addProvider('gw', providers.gw!);
          },
        },
        {
          name: 'x',
          async postConfigure(context, about) {
            looked(context);
            const { tiers } = context.models!;
            expect(() => Object.assign(tiers, { top: 'gw/two' })).toThrow(TypeError);
            expect(() => Object.assign(about.files[0]!, { path: 'x' })).toThrow(TypeError);
            expect(() => (about.files as unknown[]).push(1)).toThrow(TypeError);
          },
        },
      ],
      { models: MODELS },
    );
  });

  it('is none of what it gave: a change later on counts no more', async () => {
    const section = { title: 't', text: 'as it was', for: ['security'] };
    const provider = structuredClone(providers.gw!);
    const tools = ['read' as const];
    const setup = await configuring(
      (context) => {
        context.addPrompt(section);
        context.addProvider('gw', provider);
        context.restrictTools('security', tools);
        Object.assign(section, { text: 'changed', for: ['release'] });
        Object.assign(provider, { baseUrl: 'https://elsewhere.example.com/v1' });
        tools.push('grep' as 'read');
        context.agents().concat('x');
        (context.agents() as string[]).length = 0;
      },
      { models: MODELS },
    );
    expect(setup.prompts.agents).toEqual({ security: [{ title: 't', text: 'as it was', for: ['security'] }] });
    expect(setup.models).toMatchObject({ providers: { gw: { baseUrl: providers.gw!.baseUrl } } });
    expect(setup.tools).toEqual({ security: ['read'] });
    expect(setup.agents.agents.length).toBeGreaterThan(0);
  });

  it('leaves a result that nobody can change', async () => {
    const base = await BASE();
    const setup = await setUp([{ name: 'x', configure: (c) => c.skipAgent('security', 'no') }], base, SUBJECT, NOBODY);
    expect(() => Object.assign(setup.skipped, { release: 'no' })).toThrow(TypeError);
    expect(() => Object.assign(setup.agents.agents[0]!, { prompt: '' })).toThrow(TypeError);
    expect(setup.agents).not.toBe(base.agents);
    expect(Object.isFrozen(base.agents)).toBe(false);
  });
});
