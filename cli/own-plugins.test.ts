import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { loadPlugins, PluginFileError } from '../reviewer/plugins/loader.ts';
import { loadConfig } from './config/load.ts';
import { ownPlugins } from './own-plugins.ts';

let home: string;
let repo: Awaited<ReturnType<typeof makeRepository>>;

beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-own-')));
  repo = await makeRepository({ commits: [{ files: { 'a.ts': '' } }] });
});
afterEach(async () => {
  await rm(home, { recursive: true });
  await repo.cleanup();
});

const PLUGIN = "export default { name: 'audit', configure() {} };\n";

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function pluginsOf(file: string | undefined, cwd = home, reviewed: string | null = repo.dir) {
  return await ownPlugins(await loadConfig({ cwd, env: {}, file }), reviewed);
}

describe('plugins of a configuration', () => {
  it('are loaded from where it lies, as they export themselves', async () => {
    await write(home, {
      'agentsmd.config.yaml': 'review: { plugins: [./plugins/a.ts, plugins/b.mjs] }\n',
      'plugins/a.ts': "const name: string = 'typed';\nexport default { name, onEvent(): void {} };\n",
      'plugins/b.mjs': "export default async () => ({ name: 'made', bootstrap: async () => {} });\n",
    });
    const plugins = await pluginsOf(join(home, 'agentsmd.config.yaml'));
    expect(plugins.map(({ name }) => name)).toEqual(['typed', 'made']);
  });

  it.each<[string, string, RegExp]>([
    ['none.ts', '', /plugins\/none\.ts: there is no such file$/],
    ['a.ts', 'export default 1;', /its default export must be a plugin/],
    ['a.ts', 'export const plugin = {};', /its default export must be a plugin/],
    ['a.ts', "throw new Error('broken');", /could not be loaded: broken$/],
    ['a.ts', 'export default {', /could not be loaded: /],
    ['a.ts', 'export default { configure() {} };', /name: must be small letters/],
    ['a.ts', "export default { name: 'x' };", /it has none of the hooks: bootstrap, configure, /],
    ['a.ts', "export default { name: 'x', configure: 1 };", /configure: must be a function$/],
    [
      'a.ts',
      "export default { name: 'x', onEvent() {}, postconfigure() {} };",
      /postconfigure: no hook; did you mean "postConfigure"\?$/,
    ],
  ])('are refused where they are none: %s %s', async (name, text, message) => {
    await write(home, { 'agentsmd.config.yaml': `review: { plugins: [plugins/${name}] }\n` });
    if (text !== '') await write(home, { [`plugins/${name}`]: text });
    const refused = await pluginsOf(join(home, 'agentsmd.config.yaml')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(PluginFileError);
    expect(refused).toMatchObject({ exitCode: 2, message: expect.stringMatching(/^review\.plugins: /) });
    expect((refused as Error).message).toMatch(message);
  });

  it('do not hold it up by hanging', async () => {
    await write(home, { 'p.mjs': 'export default () => new Promise(() => {});\n' });
    await expect(loadPlugins([join(home, 'p.mjs')], [], 20)).rejects.toThrow(
      `review.plugins: ${join(home, 'p.mjs')}: could not be loaded: did not end within 0.02 s`,
    );
  });

  it.each([
    'review: { plugins: [p.ts] }',
    'review: { template: { url: "https://x.io/t" } }',
    'review: { tracing: { url: "https://x.io" } }',
  ])('count only where somebody named the configuration: %s', async (text) => {
    await write(repo.dir, { 'agentsmd.config.yaml': `${text}\n`, 'p.ts': PLUGIN });
    await expect(pluginsOf(undefined, repo.dir)).rejects.toThrow(
      /:1: review\.\S+: this file was only found in a git rep/,
    );
    await write(home, { 'agentsmd.config.yaml': `${text}\n`, 'p.ts': PLUGIN });
    await expect(pluginsOf(undefined, home)).resolves.toBeInstanceOf(Array);
  });

  it('are never taken from the repository that is reviewed, by whatever way', async () => {
    const ran = join(home, 'ran');
    const evil = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(ran)}, '');\n${PLUGIN}`;
    await write(repo.dir, { 'sub/p.ts': evil, 'agentsmd.config.yaml': 'review: { plugins: [sub/p.ts] }\n' });
    await symlink(join(repo.dir, 'sub'), join(home, 'linked'));
    await symlink(join(repo.dir, 'sub/p.ts'), join(home, 'p.ts'));
    await write(home, { 'sub/q.ts': PLUGIN });
    const inside = 'lies in the repository that is reviewed';
    await expect(pluginsOf(join(repo.dir, 'agentsmd.config.yaml'))).rejects.toThrow(inside);
    for (const file of ['p.ts', 'linked/p.ts', join(repo.dir, 'sub/../sub/p.ts')]) {
      await write(home, { 'agentsmd.config.yaml': `review: { plugins: [${JSON.stringify(file)}] }\n` });
      await expect(pluginsOf(join(home, 'agentsmd.config.yaml'), home, join(repo.dir, 'sub')), file).rejects.toThrow(
        inside,
      );
      await expect(pluginsOf(join(home, 'agentsmd.config.yaml'), home, repo.dir), file).rejects.toThrow(inside);
    }
    await expect(realpath(ran)).rejects.toThrow('ENOENT');
    await write(home, { 'agentsmd.config.yaml': 'review: { plugins: [sub/q.ts] }\n' });
    expect(await pluginsOf(join(home, 'agentsmd.config.yaml'))).toHaveLength(1);
  });
});
