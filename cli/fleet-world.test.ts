import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { GENERATE_DEFAULTS } from '../generator/config.ts';
import type { World } from '../jobs/world.ts';
import { wireEntity } from '../test/backstage/entities.ts';
import { startBackstage } from '../test/backstage/server.ts';
import type { GitlabSimulator } from '../test/gitlab/port.ts';
import { startGitlab } from '../test/gitlab/start.ts';
import type { CommandInput } from './command.ts';
import { loadConfig } from './config/load.ts';
import { fleetCodex } from './fleet-codex.ts';
import { openWorld, type WorldOptions } from './fleet-world.ts';
import { createOutput } from './output.ts';

let gitlab: GitlabSimulator;
let token = '';
beforeAll(async () => {
  gitlab = await startGitlab();
  gitlab.addUser({ username: 'bot', email: 'bot@example.com' });
  gitlab.addGroup({ path: 'shop', members: { bot: 'developer' } });
  token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
  await gitlab.addProject({ path: 'shop/cart', files: CART });
  await gitlab.addProject({ path: 'shop/pay', files: CART });
});
afterAll(() => gitlab.close());

const CART = {
  'package.json': '{"name":"cart","scripts":{"test":"node tools/test.js","build":"tsc -b"}}',
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
  'catalog-info.yaml': `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: cart }
spec: { type: service, lifecycle: production, owner: group:default/shop, dependsOn: [component:default/pay] }
`,
};

let folder = '';
const worlds: World[] = [];
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-world-')));
  vi.stubEnv('AGENTSMD_STATE_DIR', join(folder, 'state'));
  vi.stubEnv('AGENTSMD_CACHE_DIR', join(folder, 'cache'));
  vi.stubEnv('GITLAB_URL', gitlab.url);
  vi.stubEnv('GITLAB_TOKEN', token);
  gitlab.forget();
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function open(yaml = '', options: WorldOptions = {}, named = true, cwd = folder) {
  const file = join(cwd, 'agentsmd.config.yaml');
  if (yaml !== '') writeFileSync(file, yaml);
  const loaded = await loadConfig({ cwd, env: {}, file: named && yaml !== '' ? file : undefined });
  const said: string[] = [];
  const sink = { write: (text: string) => void said.push(text) };
  const out = createOutput({ json: false, verbosity: 'verbose', color: false }, sink, sink, {});
  const input = { path: ['sweep'], text: () => undefined, flag: () => false, out } as unknown as CommandInput;
  const world = await openWorld(loaded, input, options);
  worlds.push(world);
  return { world, said };
}

const policyOf = (world: World, path = 'shop/cart') => world.policy({ instance: gitlab.url, id: '1', path });

describe('a world of GitLab', () => {
  it('opens each instance once, and counts what whoever sends', async () => {
    const sent: string[] = [];
    const { world, said } = await open('', {
      onRequest: (instance, status) => void sent.push(`${instance} ${status}`),
    });
    expect(world.instances).toEqual([gitlab.url]);
    expect(gitlab.requests).toEqual([]);
    const forge = await world.forge(gitlab.url);
    expect(await world.forge(gitlab.url)).toBe(forge);
    const counted = await Promise.all([
      world.requests.count(() => forge.project('shop/cart')),
      world.requests.count(async () => [await forge.project('shop/pay'), await forge.project('shop/cart')]),
    ]);
    expect(counted.map(({ requests }) => requests)).toEqual([1, 2]);
    expect(world.requests.total()).toBe(3);
    expect(gitlab.requests).toHaveLength(3);
    expect(sent).toEqual(Array.from({ length: 3 }, () => `${gitlab.url} 200`));
    expect(said.join('')).toContain('GET /projects/shop%2Fcart: 200');
  });

  it('knows no other one', async () => {
    const { world } = await open();
    await expect(world.forge('https://gitlab.example.com')).rejects.toMatchObject({
      name: 'FleetError',
      message: expect.stringContaining(`https://gitlab.example.com: not configured here (known: ${gitlab.url})`),
    });
    vi.stubEnv('GITLAB_URL', '');
    await expect(open()).rejects.toMatchObject({ name: 'UsageError' });
  });

  it('tells of the way to a log, where there is one', async () => {
    const lines: string[] = [];
    const told = (_: unknown, message: string) => void lines.push(message);
    const { world, said } = await open('', { log: { debug: told, info: told, warn: told, error: told } });
    await (await world.forge(gitlab.url)).project('shop/cart');
    expect(said).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('GET /projects/shop%2Fcart')]);
  });

  it('keeps to what all processes keep to together', async () => {
    const entered: string[] = [];
    const asked: (number | undefined)[] = [];
    const { world } = await open(
      `gitlab:\n  instances:\n    - url: ${gitlab.url}/\n      token: { env: GITLAB_TOKEN }\n      requestsPerMinute: 600\n`,
      {
        shared: ({ requestsPerMinute }) => {
          asked.push(requestsPerMinute);
          return { enter: async (fingerprint) => void entered.push(fingerprint), hold: () => {} };
        },
      },
    );
    expect(world.instances).toEqual([gitlab.url]);
    await (await world.forge(gitlab.url)).project('shop/cart');
    expect(asked).toEqual([600]);
    expect(entered).toHaveLength(1);
  });

  it('takes writes instead of sending them', async () => {
    const writes: string[] = [];
    const { world } = await open('', { record: ({ method }) => void writes.push(method) });
    const forge = await world.forge(gitlab.url);
    const project = await forge.project('shop/cart');
    const { head } = await forge.standing(project, { branch: 'x', files: [] });
    const files = [{ path: 'a', text: 'a\n', exists: false }];
    const plan = { branch: 'x', base: head!, expectedTip: null, message: 'a' as never, files };
    await forge.publisher(project).ensureCommit(plan, 'a test');
    expect(writes).toEqual(['POST']);
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
  });

  it('is not steered by a configuration that was merely found in a repository', async () => {
    const inside = join(folder, 'repository');
    mkdirSync(join(inside, '.git'), { recursive: true });
    const yaml = 'publish:\n  titlePrefix: "evil: "\n';
    await expect(open(yaml, {}, false, inside)).rejects.toMatchObject({ name: 'ConfigError' });
    await expect(open(yaml, { folder: inside }, false, inside)).rejects.toMatchObject({ name: 'ConfigError' });
    const { world } = await open(yaml, {}, true, inside);
    expect(world.config.publish.titlePrefix).toBe('evil: ');
  });
});

describe('a world of a folder', () => {
  it('is the folder alone, and needs no GitLab', async () => {
    vi.stubEnv('GITLAB_URL', '');
    const repository = await makeRepository({ files: CART });
    try {
      const { world } = await open('', { folder: repository.dir });
      expect(world.instances).toEqual([repository.dir]);
      const forge = await world.forge(repository.dir);
      const project = await forge.project('repo');
      const reader = await world.narrowed(await forge.open(project, repository.commit));
      expect(await world.about(project, reader)).toMatchObject({ uncertain: false, owner: 'group:default/shop' });
      const { files } = await world.propose(project, reader, GENERATE_DEFAULTS);
      expect(files[0]!.text).toMatch(/npm test[\s\S]*pay/);
      expect(world.requests.total()).toBe(0);
      await reader.close();
    } finally {
      await repository.cleanup();
    }
    await expect(open('', { folder: join(folder, 'nowhere') })).rejects.toThrow('no such folder');
  });

  it('shows repositories without what is to be ignored', async () => {
    const { world } = await open('facts:\n  ignore: [tools/]\n');
    const { memoryRepository } = await import('../forge/memory.ts');
    const reader = await world.narrowed(memoryRepository({ 'tools/a.js': '', 'b.js': '' }));
    expect((await reader.paths()).map(({ path }) => path)).toEqual(['b.js']);
    expect(world.config.limits.fileBytes).toBeGreaterThan(0);
  });
});

describe('what proposals rest on', () => {
  const rule = (title: string, body = 'Because.') =>
    `---\nid: TST-001\ntitle: ${title}\nlevel: MUST\nstatus: active\napplies-to: { languages: [javascript] }\n---\n\n${body}\n`;

  function codex(files: Record<string, string>): string {
    mkdirSync(join(folder, 'codex'), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, 'codex', path), text);
    return 'codex:\n  from: ./codex\n';
  }

  it('is no codex that nobody chose, and no catalog that is read from each repository', async () => {
    const { world } = await open();
    const { generator, ...others } = await policyOf(world);
    expect(generator).toMatch(/^\d+\.\d+\.\d+/);
    expect(others).toEqual({ codex: '', catalog: null });
    expect(await world.campaign()).toBe(generator);
    const loaded = await loadConfig({ cwd: folder, env: {}, file: undefined });
    const nobodys = fleetCodex(loaded, { text: () => undefined } as unknown as CommandInput);
    expect(await nobodys.context()).toBe('unreachable');
    const none = await open('catalog:\n  from: none\n');
    expect(await policyOf(none.world)).toMatchObject({ catalog: '' });
  });

  it('is how language models are asked to draft, where they are', async () => {
    const model = '{ context: 8000, output: 1000 }';
    const models = `models:
  providers: { gw: { baseUrl: http://127.0.0.1:1/v1, models: { one: ${model} } } }
  tiers: { top: gw/one, standard: gw/one, light: gw/one }
`;
    const agents = join(folder, 'prompts', 'agents');
    mkdirSync(agents, { recursive: true });
    const generatorOf = async (yaml: string) => (await policyOf((await open(yaml)).world)).generator;
    const plain = await generatorOf(models);
    expect(plain).not.toContain('draft');
    const drafting = `${models}generate: { draft: model }\n`;
    const first = await generatorOf(drafting);
    expect(first).toMatch(new RegExp(`^${plain.replaceAll('.', '\\.')}\\+draft\\.\\S+$`));
    const { world } = await open(drafting);
    expect(await world.campaign()).toBe(first);
    // Another prompt, and another tier, are rollouts of their own.
    writeFileSync(join(agents, 'drafter.md'), '---\nappend: true\n---\nPrefer short bullets.\n');
    const prompt = await generatorOf(`${drafting}agents: { dir: ./prompts }\n`);
    writeFileSync(join(agents, 'drafter.md'), '---\ntier: light\n---\n');
    const tier = await generatorOf(`${drafting}agents: { dir: ./prompts }\n`);
    expect(new Set([plain, first, prompt, tier]).size).toBe(4);
  });

  it('is what the rules of a chosen codex say, and not how they explain it', async () => {
    const hash = async (files: Record<string, string>) => {
      const { world } = await open(codex(files));
      const { codex: is } = await policyOf(world);
      expect(await world.campaign()).toBe(`${(await policyOf(world)).generator} ${is}`);
      return is;
    };
    const first = await hash({ 'TST-001.md': rule('Keep to it') });
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(await hash({ 'TST-001.md': rule('Keep to it', 'Because it is better.') })).toBe(first);
    expect(await hash({ 'README.md': '# Codex\n' })).toBe(first);
    expect(await hash({ 'TST-001.md': rule('Never keep to it') })).not.toBe(first);
    const without = await open(`${codex({})}generate:\n  rules: 0\n`);
    expect(await policyOf(without.world)).toMatchObject({ codex: '' });
  });

  it('is read again after a quarter of an hour, and used as it was where that fails', async () => {
    const yaml = codex({ 'TST-001.md': rule('Keep to it') });
    await open(yaml);
    const loaded = await loadConfig({ cwd: folder, env: {}, file: join(folder, 'agentsmd.config.yaml') });
    const warnings: string[] = [];
    const out = { warn: (line: string) => void warnings.push(line) };
    let now = 0;
    const input = { text: () => undefined, out } as unknown as CommandInput;
    const read = fleetCodex(loaded, input, () => now);
    const first = await read.hash();
    codex({ 'TST-001.md': rule('Never keep to it') });
    now = 15 * 60_000 - 1;
    expect(await read.hash()).toBe(first);
    now += 1;
    const second = await read.hash();
    expect(second).not.toBe(first);
    codex({ 'TST-001.md': 'broken\n' });
    now += 15 * 60_000;
    expect(await read.hash()).toBe(second);
    expect(await read.context()).toMatchObject({ codex: { rules: [{ title: 'Never keep to it' }] } });
    expect(warnings).toEqual([expect.stringContaining('used as they were read before')]);
    Object.assign(loaded.values, { codex: { from: 'https://127.0.0.1:9/codex.git', rev: '', folder: '' } });
    now += 15 * 60_000;
    expect(await read.hash()).toBe(second);
  });

  it('is unknown where the codex is out of reach; a wrong one is told at once', async () => {
    const { world, said } = await open('codex:\n  from: https://127.0.0.1:9/codex.git\n');
    expect(await policyOf(world)).toMatchObject({ codex: null });
    expect(await world.campaign()).toContain('codex unreachable');
    expect(said.join('')).toMatch(/warning: .*nothing is said of its rules/);
    await expect(open(codex({ 'a.md': 'no rule\n' }))).rejects.toMatchObject({ name: 'CodexError' });
  });

  it('is what the catalog says of the very project', async () => {
    const metadata = (slug: string) => ({ annotations: { 'gitlab.com/project-slug': slug } });
    const cart = (relations: string[]) =>
      wireEntity('Component', 'cart', {
        metadata: metadata('shop/cart'),
        spec: { type: 'service', owner: 'group:default/shop' },
        relations,
      });
    const pay = wireEntity('Component', 'pay', {
      metadata: metadata('shop/pay'),
      spec: { type: 'service', owner: 'group:default/pay' },
      relations: ['ownedBy group:default/pay'],
    });
    const backstage = await startBackstage([cart(['ownedBy group:default/shop']), pay]);
    try {
      vi.stubEnv('BACKSTAGE_TOKEN', backstage.token);
      const { host } = new URL(gitlab.url);
      const yaml = `catalog:\n  from: backstage\n  baseUrl: ${backstage.url}\n  insights: false\n  ttl: 0\n  hosts: { "${host}": {} }\n`;
      const seen = async () => {
        const { world } = await open(yaml);
        const paths = ['shop/cart', 'shop/pay', 'shop/other'];
        return await Promise.all(paths.map(async (path) => (await policyOf(world, path)).catalog));
      };
      const [cartAt, payAt, otherAt] = await seen();
      expect(cartAt).toMatch(/^[0-9a-f]{16}$/);
      // Seen once only, what a catalog lacks may still come.
      expect(otherAt).toBeNull();
      const asked = backstage.requests.length;
      const { world } = await open(yaml);
      for (let time = 0; time < 3; time++) await policyOf(world);
      expect(backstage.requests.length - asked).toBeLessThanOrEqual(asked);
      expect((await seen())[2]).toBe('');
      backstage.entities = [cart(['ownedBy group:default/shop', 'dependsOn component:default/pay']), pay];
      const [moved, same] = await seen();
      expect(moved).not.toBe(cartAt);
      expect(same).toBe(payAt);
      backstage.traps.push({ kind: 'status', status: 401 });
      const known = (await open(yaml)).world;
      expect((await policyOf(known)).catalog).toBeNull();
    } finally {
      await backstage.close();
    }
  });
});
