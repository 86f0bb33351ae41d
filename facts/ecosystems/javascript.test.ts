import { describe, expect, it } from 'vitest';
import { processorTime } from '../../test/processor-time.ts';
import type { ConventionalCommand, PlainFact, Signal, Task } from '../signal.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture } from '../testing/told.ts';
import { say } from './javascript/say.ts';
import { javascript } from './javascript.ts';

type Files = Parameters<typeof signalsOf>[1];

const pkg = (content: object): string => JSON.stringify(content, null, 2);
const read = async (files: Files): Promise<readonly Signal[]> => (await signalsOf(javascript, files)).signals;
const facts = async (files: Files, key: string): Promise<readonly PlainFact[]> =>
  (await read(files))
    .filter((signal): signal is PlainFact => signal.kind === 'fact' && signal.key === key)
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
const values = async (files: Files, key: string): Promise<readonly string[]> =>
  (await facts(files, key)).map(({ value, dir }) => (dir === '' ? value : `${value} in ${dir}`));
const commands = async (files: Files, purpose: string): Promise<readonly string[]> =>
  (await read(files))
    .filter((signal): signal is ConventionalCommand => signal.kind === 'command' && signal.purpose === purpose)
    .sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0))
    .map(({ run, dir }) => (dir === '' ? run : `${run} in ${dir}`));
const tasks = async (files: Files): Promise<readonly Task[]> =>
  (await read(files)).filter((signal): signal is Task => signal.kind === 'task');

describe('javascript: whole repositories', () => {
  it('reads a pnpm and turbo monorepo', async () => {
    expect((await read(fixture('javascript/monorepo'))).map(say)).toEqual([
      'task pnpm build <- package.json:10',
      'task pnpm test <- package.json:11',
      'task pnpm lint after format:check <- package.json:12',
      'task pnpm format <- package.json:13',
      'task pnpm format:check <- package.json:14',
      'task pnpm typecheck <- package.json:15',
      'task pnpm check after lint typecheck <- package.json:16',
      'task pnpm run deploy <- package.json:17',
      'task pnpm prepare (internal) <- package.json:18',
      'task pnpm prebuild (internal) <- package.json:19',
      'task pnpm start in examples/hello <- examples/hello/package.json:1',
      'task pnpm build in packages/core <- packages/core/package.json:5',
      'task pnpm test in packages/core <- packages/core/package.json:6',
      'entrypoint = shelf -> packages/core/src/cli.js in packages/core <- packages/core/package.json:3',
      'task pnpm build in packages/web <- packages/web/package.json:4',
      'task pnpm dev in packages/web <- packages/web/package.json:5',
      'task pnpm test in packages/web <- packages/web/package.json:6',
      'package-manager = pnpm <- package.json:4',
      'install: pnpm install (convention) <- package.json:4 pnpm-lock.yaml:1',
      'runtime.pnpm = 10.2.0 <- package.json:4',
      'runtime.node = >=22 <- package.json:6',
      'runtime.node = 24.1.0 <- .nvmrc:1',
      'workspace = hello in examples/hello <- examples/hello/package.json:1',
      'workspace = @shelf/core in packages/core <- packages/core/package.json:2',
      'workspace = @shelf/web in packages/web <- packages/web/package.json:2',
      'test-framework = vitest <- packages/core/package.json:6',
      'test-framework = jest <- packages/web/package.json:6',
      'test-framework = jest in packages/web <- packages/web/package.json:6',
      'linter = eslint <- package.json:12',
      'formatter = prettier <- package.json:13',
      'type-checker = tsc <- package.json:15',
      'build-system = turbo <- package.json:10',
      'build-system = tsup <- packages/core/package.json:5',
      'test-single: pnpm --filter <name> test <file> (config) <- package.json:11 packages/core/package.json:6',
      'launcher pnpm exec <- package.json:4',
      'task npm run dev in docs <- docs/package.json:1',
      'package-manager = npm in docs <- docs/package-lock.json:1',
      'install: npm install in docs (convention) <- docs/package-lock.json:1',
      'install: npm ci in docs (convention) <- docs/package-lock.json:1',
      'launcher npx in docs <- docs/package-lock.json:1',
      'task pnpm build in packages/tool <- packages/tool/package.json:1',
      'type-checker = tsc in packages/tool <- packages/tool/package.json:1',
      'build-system = tsc in packages/tool <- packages/tool/package.json:1',
    ]);
  });

  it('reads an npm library whose tools are in no script', async () => {
    expect((await read(fixture('javascript/library'))).map(say)).toEqual([
      'task npm run unit <- package.json:8',
      'task npm start <- package.json:9',
      'entrypoint = lib/server.js <- package.json:9',
      'entrypoint = lib/index.js <- package.json:4',
      'package-manager = npm <- package-lock.json:1',
      'install: npm install (convention) <- package-lock.json:1',
      'install: npm ci (convention) <- package-lock.json:1',
      'runtime.node = >=20 <- package.json:20',
      'test-framework = mocha <- package.json:8',
      'linter = eslint <- package.json:15',
      'type-checker = tsc <- package.json:17',
      'lint: npx eslint . (config) <- package.json:15',
      'typecheck: npx tsc --noEmit (convention) <- package.json:17',
      'test-single: npx mocha --require test/setup.js <file> (config) <- package.json:8',
      'launcher npx <- package-lock.json:1',
    ]);
  });
});

describe('javascript: the manager', () => {
  it.each([
    ['packageManager over a lock file', { packageManager: 'yarn@4.3.1' }, ['package-lock.json'], 'yarn'],
    ['devEngines', { devEngines: { packageManager: { name: 'pnpm', version: '10' } } }, [], 'pnpm'],
    ['devEngines as a list', { devEngines: { packageManager: [{ name: 'x' }, { name: 'bun' }] } }, [], 'bun'],
    ['an only-allow guard', { scripts: { preinstall: 'npx only-allow pnpm' } }, [], 'pnpm'],
    ['pnpm-lock.yaml', {}, ['pnpm-lock.yaml'], 'pnpm'],
    ['yarn.lock', {}, ['yarn.lock'], 'yarn'],
    ['bun.lock', {}, ['bun.lock'], 'bun'],
    ['bun.lockb', {}, ['bun.lockb'], 'bun'],
    ['npm-shrinkwrap.json', {}, ['npm-shrinkwrap.json'], 'npm'],
    ['.yarnrc.yml', {}, ['.yarnrc.yml'], 'yarn'],
    ['pnpm-workspace.yaml', {}, ['pnpm-workspace.yaml'], 'pnpm'],
    ['engines as a hint', { engines: { yarn: '>=1.22' } }, [], 'yarn'],
    ['engines against a lock file', { engines: { yarn: '>=1.22' } }, ['package-lock.json'], 'npm'],
    ['a remark in engines', { engines: { yarn: 'please-use-npm' } }, [], 'npm'],
    ['volta', { volta: { node: '24.0.0', pnpm: '10.0.0' } }, [], 'pnpm'],
    ['other scripts', { scripts: { all: 'yarn a && yarn b', a: 'x', b: 'x' } }, [], 'yarn'],
    ['nothing', {}, [], 'npm'],
    ['a manager nobody knows', { packageManager: 'pip@24' }, [], 'npm'],
    ['odd types', { packageManager: 3, devEngines: [], engines: 'node', volta: null }, [], 'npm'],
  ])('%s', async (_, content, others, expected) => {
    const files = Object.fromEntries(others.map((name) => [name, 'x\n']));
    expect(await values({ 'package.json': pkg(content), ...files }, 'package-manager')).toEqual([expected]);
  });

  it('shows a manifest line where the lock file is binary', async () => {
    const found = await facts({ 'package.json': pkg({}), 'bun.lockb': '\0' }, 'package-manager');
    expect(found[0]?.evidence).toEqual([{ path: 'package.json', line: 1 }]);
  });

  it('reads the pins of mise and asdf as hints', async () => {
    expect(
      await values({ 'package.json': pkg({}), 'mise.toml': '[tools]\nnode = "24"\npnpm = "10"\n' }, 'package-manager'),
    ).toEqual(['pnpm']);
    expect(
      await values({ 'package.json': pkg({}), '.tool-versions': 'nodejs 24\nyarn 1.22.22\n' }, 'package-manager'),
    ).toEqual(['yarn']);
    expect(
      await values(
        { 'package.json': pkg({}), 'mise.toml': '[tools]\npnpm = "10"\n', 'yarn.lock': 'x\n' },
        'package-manager',
      ),
    ).toEqual(['yarn']);
  });

  it('settles two lock files by the pipeline and reports them', async () => {
    const files = {
      'package.json': pkg({ dependencies: { a: '1' } }),
      'package-lock.json': '{}\n',
      'yarn.lock': 'x\n',
      '.github/workflows/ci.yml': 'jobs:\n  a:\n    steps:\n      - run: npm ci\n',
    };
    const { signals, problems } = await signalsOf(javascript, files);
    expect(
      signals.flatMap((signal) => (signal.kind === 'fact' && signal.key === 'package-manager' ? signal.value : [])),
    ).toEqual(['npm']);
    expect(problems).toEqual([
      expect.objectContaining({
        ecosystem: 'javascript',
        message: 'more than one lock file: yarn.lock, package-lock.json',
      }),
    ]);
  });

  it('reports nothing of two lock files of one manager', async () => {
    const { problems } = await signalsOf(javascript, { 'package.json': pkg({}), 'bun.lock': '{}', 'bun.lockb': '\0' });
    expect(problems).toEqual([]);
  });

  it('lets packageManager settle two lock files', async () => {
    const files = {
      'package.json': pkg({ packageManager: 'npm@11' }),
      'package-lock.json': '{}\n',
      'pnpm-lock.yaml': 'x\n',
    };
    expect(await values(files, 'package-manager')).toEqual(['npm']);
  });

  it('gives a nested project with its own lock file its own manager, and one without that of the root', async () => {
    const files = {
      'package.json': pkg({ scripts: { a: 'x' } }),
      'pnpm-lock.yaml': 'x\n',
      'site/package.json': pkg({ scripts: { dev: 'vite' } }),
      'site/yarn.lock': 'x\n',
      'admin/package.json': pkg({ scripts: { dev: 'vite' } }),
    };
    expect(await values(files, 'package-manager')).toEqual(['pnpm', 'yarn in site']);
    expect((await tasks(files)).map(say)).toEqual([
      'task pnpm a <- package.json:3',
      'task pnpm dev in admin <- admin/package.json:3',
      'task yarn dev in site <- site/package.json:3',
    ]);
  });

  it('gives a root that only brings tools to another language a low weight', async () => {
    const go = { 'go.mod': 'module x\n', 'a.go': '', 'b.go': '' };
    const web = { 'package.json': pkg({ devDependencies: { prettier: '3' } }), '.prettierrc': '{}\n', 'a.js': '' };
    expect((await facts({ ...web, ...go }, 'package-manager'))[0]?.weight).toBeLessThan(0);
    expect((await facts(web, 'package-manager'))[0]?.weight).toBe(0);
    expect((await facts({ ...web, ...go, 'b.js': '', 'c.ts': '' }, 'package-manager'))[0]?.weight).toBe(0);
  });

  it('leaves projects that Deno installs to the deno plugin', async () => {
    const files = { 'package.json': pkg({ scripts: { dev: 'vite' }, dependencies: { a: '1' } }), 'deno.json': '{}\n' };
    expect((await read(files)).map(say)).toContain('task deno task dev <- package.json:3');
    expect(await values(files, 'package-manager')).toEqual([]);
    expect(await commands(files, 'install')).toEqual([]);
  });
});

describe('javascript: scripts', () => {
  it.each([
    ['npm@11', ['npm test', 'npm start', 'npm run lint', 'npm run deploy', 'npm run install:all']],
    ['pnpm@10', ['pnpm test', 'pnpm start', 'pnpm lint', 'pnpm run deploy', 'pnpm install:all']],
    ['yarn@4', ['yarn test', 'yarn start', 'yarn lint', 'yarn deploy', 'yarn install:all']],
    ['bun@1', ['bun run test', 'bun run start', 'bun run lint', 'bun run deploy', 'bun run install:all']],
  ])('%s', async (packageManager, expected) => {
    const scripts = { test: 'x', start: 'x', lint: 'x', deploy: 'x', 'install:all': 'x' };
    expect((await tasks({ 'package.json': pkg({ packageManager, scripts }) })).map(({ run }) => run)).toEqual(expected);
  });

  it.each([
    'audit',
    'publish',
    'add',
    'setup',
    'doctor',
    'why',
    'docs',
  ])('needs `run` where pnpm has a verb %s', async (name) => {
    expect(
      (await tasks({ 'package.json': pkg({ packageManager: 'pnpm@10', scripts: { [name]: 'x' } }) }))[0]?.run,
    ).toBe(`pnpm run ${name}`);
  });

  it('needs `run` where yarn has a verb', async () => {
    const files = {
      'package.json': pkg({ packageManager: 'yarn@1.22.22', scripts: { check: 'x', pack: 'x', verify: 'x' } }),
    };
    expect((await tasks(files)).map(({ run }) => run)).toEqual(['yarn run check', 'yarn run pack', 'yarn verify']);
  });

  it('hides what managers run by themselves', async () => {
    const scripts = {
      test: 'x',
      pretest: 'x',
      prepare: 'x',
      postinstall: 'x',
      prepublishOnly: 'x',
      version: 'x',
      prestart: 'x',
      prettier: 'x',
      preview: 'x',
      _inner: 'x',
      postcss: 'x',
    };
    const hidden = (await tasks({ 'package.json': pkg({ scripts }) }))
      .filter(({ internal }) => internal)
      .map(({ name }) => name);
    expect(hidden).toEqual(['pretest', 'prepare', 'postinstall', 'prepublishOnly', 'version', 'prestart', '_inner']);
  });

  it('leaves out headings and placeholders', async () => {
    const scripts = {
      '// build': '',
      '---': '---',
      test: 'echo "Error: no test specified" && exit 1',
      lint: 'echo nothing to lint',
      empty: '',
      odd: 3,
      list: ['x'],
      ok: 'node ok.js',
    };
    expect((await tasks({ 'package.json': pkg({ scripts }) })).map(({ name }) => name)).toEqual(['odd', 'ok']);
  });

  it('quotes a name that a shell would split', async () => {
    expect((await tasks({ 'package.json': pkg({ scripts: { 'build all': 'x' } }) }))[0]?.run).toBe(
      'npm run "build all"',
    );
  });

  it('shows the command that wireit runs', async () => {
    const files = {
      'package.json': pkg({
        scripts: { build: 'wireit', lint: 'wireit' },
        wireit: { build: { command: 'tsc -b' }, lint: { command: 'eslint .', dependencies: ['build'] } },
      }),
    };
    expect((await tasks(files)).map(({ name, body, needs }) => ({ name, body, needs }))).toEqual([
      { name: 'build', body: ['tsc -b'], needs: [] },
      { name: 'lint', body: ['eslint .'], needs: ['build'] },
    ]);
    expect(await values(files, 'build-system')).toEqual(['wireit', 'tsc']);
  });
});

describe('javascript: workspaces', () => {
  const member = (name: string): string => pkg({ name, scripts: { build: 'tsc' } });

  it.each([
    ['pnpm-workspace.yaml', { 'pnpm-workspace.yaml': 'packages:\n  - "libs/*"\n' }, {}],
    ['package.json workspaces', {}, { workspaces: ['libs/*'] }],
    ['workspaces.packages', {}, { workspaces: { packages: ['./libs/*'] } }],
    ['lerna.json', { 'lerna.json': '{ "packages": ["libs/*"] }' }, {}],
  ])('%s', async (_, files, root) => {
    const all = {
      'package.json': pkg(root),
      'libs/a/package.json': member('a'),
      'libs/b/package.json': member('b'),
      ...files,
    };
    expect(await values(all, 'workspace')).toEqual(['a in libs/a', 'b in libs/b']);
  });

  it.each([
    ['an empty list', { 'pnpm-workspace.yaml': 'packages: []\n' }, { workspaces: ['libs/*'] }],
    ['only the root', { 'pnpm-workspace.yaml': 'packages:\n  - .\n' }, {}],
    ['one member', { 'pnpm-workspace.yaml': 'packages:\n  - libs/a\n' }, {}],
    ['no members', {}, { workspaces: ['none/*'] }],
    ['settings without packages', { 'pnpm-workspace.yaml': 'savePrefix: ""\n' }, {}],
    ['odd types', { 'pnpm-workspace.yaml': 'packages:\n  libs: true\n' }, { workspaces: 3 }],
  ])('%s is no monorepo', async (_, files, root) => {
    const all = {
      'package.json': pkg(root),
      'libs/a/package.json': member('a'),
      'libs/b/package.json': member('b'),
      ...files,
    };
    expect(await values(all, 'workspace')).toEqual([]);
  });

  it('counts members only: no fixtures, nothing deep that no pattern names', async () => {
    const fixtures = Object.fromEntries(
      Array.from({ length: 1500 }, (_, i) => [`packages/a/fixtures/f${i}/package.json`, member(`f${i}`)]),
    );
    const files = {
      'package.json': pkg({ workspaces: ['packages/**'] }),
      'packages/a/package.json': member('a'),
      'packages/deep/er/still/b/package.json': member('b'),
      'other/x/y/package.json': member('y'),
      ...fixtures,
    };
    expect(await values(files, 'workspace')).toEqual(['a in packages/a', 'b in packages/deep/er/still/b']);
    expect((await tasks(files)).map(({ dir }) => dir)).toEqual(['packages/a', 'packages/deep/er/still/b']);
  });

  it('names a package without a name by its folder', async () => {
    const files = { 'package.json': pkg({ workspaces: ['a', 'b'] }), 'a/package.json': '{}', 'b/package.json': '{}' };
    expect(await values(files, 'workspace')).toEqual(['a in a', 'b in b']);
  });

  it('reads a workspace below the root', async () => {
    const files = {
      'web/package.json': pkg({ workspaces: ['apps/*'], scripts: { build: 'turbo run build' } }),
      'web/pnpm-lock.yaml': 'x\n',
      'web/apps/a/package.json': member('a'),
      'web/apps/b/package.json': member('b'),
    };
    expect(await values(files, 'workspace')).toEqual(['a in web/apps/a', 'b in web/apps/b']);
    expect(await values(files, 'package-manager')).toEqual(['pnpm in web']);
  });

  it('leaves out shows without scripts of their own, and says little of test beds', async () => {
    const files = {
      'package.json': pkg({}),
      'examples/a/package.json': member('a'),
      'lib/esm/package.json': pkg({ type: 'module' }),
      'test/e2e/package.json': pkg({ scripts: { test: 'playwright test' }, dependencies: { x: '1' } }),
    };
    expect((await read(files)).filter(({ dir }) => dir !== '').map(say)).toEqual([
      'task npm test in test/e2e <- test/e2e/package.json:3',
    ]);
  });

  it('runs a script everywhere where the root has none for it', async () => {
    const libs = { 'libs/a/package.json': member('a'), 'libs/b/package.json': member('b') };
    const root = (more: object): string => pkg({ workspaces: ['libs/*'], ...more });
    expect(await commands({ 'package.json': root({ packageManager: 'npm@11' }), ...libs }, 'build')).toEqual([
      'npm run build --workspaces --if-present',
    ]);
    expect(await commands({ 'package.json': root({ packageManager: 'pnpm@10' }), ...libs }, 'build')).toEqual([
      'pnpm -r build',
    ]);
    expect(await commands({ 'package.json': root({ scripts: { build: 'node all.js' } }), ...libs }, 'build')).toEqual(
      [],
    );
    const turbo = { 'turbo.json': '{ "tasks": { "build": {} } }' };
    expect(await commands({ 'package.json': root({ packageManager: 'pnpm@10' }), ...libs, ...turbo }, 'build')).toEqual(
      ['pnpm turbo run build'],
    );
    expect(
      await commands({ 'package.json': root({ scripts: { ci: 'turbo run build' } }), ...libs, ...turbo }, 'build'),
    ).toEqual([]);
  });

  it('installs nothing for a package.json that only names its manager', async () => {
    const files = { 'package.json': pkg({ private: true, packageManager: 'pnpm@10' }), 'pnpm-lock.yaml': 'x: 1\n' };
    expect(await commands(files, 'install')).toEqual([]);
    expect(await values(files, 'package-manager')).toEqual(['pnpm']);
    const used = { ...files, 'package.json': pkg({ packageManager: 'pnpm@10', dependencies: { zod: '4' } }) };
    expect(await commands(used, 'install')).toEqual(['pnpm install']);
  });

  it('reads the targets and projects of Nx', async () => {
    const files = {
      'package.json': pkg({ packageManager: 'pnpm@10', devDependencies: { nx: '21' } }),
      'nx.json': '{\n  "targetDefaults": {\n    "test": { "cache": true }\n  }\n}\n',
      'libs/ui/project.json':
        '{\n  "name": "ui",\n  "targets": {\n    "test": { "executor": "@nx/jest:jest", "dependsOn": ["^build", "lint"] },\n    "lint": { "executor": "nx:run-commands", "options": { "command": "eslint libs/ui" } }\n  }\n}\n',
      'libs/deep/api/project.json':
        '{ "targets": { "serve": { "options": { "commands": ["node a.js", { "command": "node b.js" }] } } } }',
      'libs/odd/project.json': '{ "targets": { "x": 3 } }',
    };
    expect((await tasks(files)).map(({ run, dir, body, needs }) => ({ run, dir, body, needs }))).toEqual([
      { run: 'pnpm nx test ui', dir: 'libs/ui', body: ['jest'], needs: ['lint'] },
      { run: 'pnpm nx lint ui', dir: 'libs/ui', body: ['eslint libs/ui'], needs: [] },
      { run: 'pnpm nx serve api', dir: 'libs/deep/api', body: ['node a.js', 'node b.js'], needs: [] },
    ]);
    expect(await values(files, 'workspace')).toEqual(['odd in libs/odd', 'ui in libs/ui', 'api in libs/deep/api']);
    expect(await values(files, 'build-system')).toEqual(['nx']);
  });
});

describe('javascript: tools', () => {
  it('prefers the script that runs a tool, then its configuration, then its dependency', async () => {
    const files = {
      'package.json': pkg({
        scripts: { test: 'vitest run', e2e: 'playwright test' },
        jest: {},
        devDependencies: { vitest: '4', jest: '30', ava: '6', '@playwright/test': '1' },
      }),
    };
    const found = await facts(files, 'test-framework');
    expect(found.map(({ value, evidence }) => `${value}:${evidence[0]?.line}`)).toEqual([
      'vitest:3',
      'jest:6',
      'ava:10',
      'playwright:4',
    ]);
  });

  it('does not take an installed linter for a configured one', async () => {
    const files = { 'package.json': pkg({ devDependencies: { eslint: '9', prettier: '3', typescript: '5' } }) };
    expect(await values(files, 'linter')).toEqual([]);
    expect(await values(files, 'formatter')).toEqual([]);
    expect(await values(files, 'type-checker')).toEqual([]);
  });

  it('reads halves of Biome that are switched off', async () => {
    const base = { 'package.json': pkg({ devDependencies: { '@biomejs/biome': '2' } }) };
    expect(await values({ ...base, 'biome.json': '{}' }, 'formatter')).toEqual(['biome']);
    expect(await values({ ...base, 'biome.json': '{ "formatter": { "enabled": false } }' }, 'formatter')).toEqual([]);
    expect(await commands({ ...base, 'biome.json': '{ "formatter": { "enabled": false } }' }, 'format')).toEqual([]);
    expect(await commands({ ...base, 'biome.json': '{ "formatter": { "enabled": false } }' }, 'lint')).toEqual([
      'npx biome check .',
    ]);
  });

  it('says what to type only where no script runs the tool', async () => {
    const config = { '.prettierrc': '{}\n', 'eslint.config.mjs': '\n' };
    const deps = { devDependencies: { prettier: '3', eslint: '9', vitest: '4' } };
    const bare = { 'package.json': pkg({ packageManager: 'pnpm@10', ...deps }), ...config };
    expect(await commands(bare, 'format')).toEqual(['pnpm prettier --write .']);
    expect(await commands(bare, 'lint')).toEqual(['pnpm eslint .']);
    expect(await commands(bare, 'test')).toEqual(['pnpm vitest run']);
    const scripted = {
      'package.json': pkg({ scripts: { verify: 'prettier --check . && eslint . && vitest' }, ...deps }),
      ...config,
    };
    expect(await commands(scripted, 'format')).toEqual([]);
    expect(await commands(scripted, 'lint')).toEqual([]);
    expect(await commands(scripted, 'test')).toEqual([]);
  });

  it('does not offer a configured linter beside one that a script runs, nor one that is not installed', async () => {
    const scripts = { lint: 'oxlint' };
    const files = {
      'package.json': pkg({ scripts, devDependencies: { oxlint: '1', eslint: '9' } }),
      '.eslintrc.json': '{}\n',
      '.prettierrc': '{}\n',
    };
    expect(await commands(files, 'lint')).toEqual([]);
    expect(await commands(files, 'format')).toEqual([]);
    expect(await values(files, 'linter')).toEqual(['oxlint', 'eslint']);
  });

  it('builds a tsconfig.json of references', async () => {
    const base = { 'package.json': pkg({ devDependencies: { typescript: '5' } }) };
    expect(
      await commands({ ...base, 'tsconfig.json': '{ "files": [], "references": [{ "path": "a" }] }' }, 'typecheck'),
    ).toEqual(['npx tsc --build']);
    expect(await commands({ ...base, 'tsconfig.json': '// strict\n{ "compilerOptions": {}, }' }, 'typecheck')).toEqual([
      'npx tsc --noEmit',
    ]);
  });

  it('finds the builder behind the build script', async () => {
    const scripts = {
      build: 'run-s clean compile:*',
      clean: 'rimraf dist',
      'compile:js': 'rollup -c',
      'compile:types': 'tsc -p .',
      other: 'webpack',
    };
    expect(await values({ 'package.json': pkg({ scripts }) }, 'build-system')).toEqual(['rollup']);
    expect(await values({ 'package.json': pkg({ scripts: { build: 'tsc -b' } }) }, 'build-system')).toEqual(['tsc']);
    expect(
      await values({ 'package.json': pkg({ scripts: { build: 'tsc --noEmit && vite build' } }) }, 'build-system'),
    ).toEqual(['vite']);
  });

  it('names a member only where it does otherwise than the rest', async () => {
    const lib = (name: string, test: string): string => pkg({ name, scripts: { test } });
    const files = {
      'package.json': pkg({ workspaces: ['libs/*'], scripts: { test: 'npm test --workspaces' } }),
      'libs/a/package.json': lib('a', 'vitest run'),
      'libs/b/package.json': lib('b', 'vitest run'),
      'libs/c/package.json': lib('c', 'ava'),
    };
    expect(await values(files, 'test-framework')).toEqual(['ava in libs/c', 'vitest', 'ava']);
  });
});

describe('javascript: the tests of one file', () => {
  const single = (content: object, files: Files = {}): Promise<readonly string[]> =>
    commands({ 'package.json': pkg(content), ...files }, 'test-single');

  it.each([
    ['npm@11', 'npm test -- <file>', 'npx vitest run <file>'],
    ['pnpm@10', 'pnpm test <file>', 'pnpm vitest run <file>'],
    ['yarn@4', 'yarn test <file>', 'yarn vitest run <file>'],
    ['bun@1', 'bun run test <file>', 'bunx vitest run <file>'],
  ])('%s', async (packageManager, script, direct) => {
    expect(await single({ packageManager, scripts: { test: 'vitest run' } })).toEqual([script, direct]);
  });

  it.each([
    ['jest --coverage', ['npm test -- <file>', 'npx jest <file>']],
    ['cross-env CI=1 jest', ['npm test -- <file>', 'npx jest <file>']],
    ['npm run build && mocha -r tsx', ['npm test -- <file>', 'npx mocha -r tsx <file>']],
    ['tsc && vitest run', ['npx vitest run <file>', 'npm test -- <file>']],
    ['mocha --exit test/', ['npx mocha --exit <file>']],
    ["node --test 'test/*.js'", ['node --test <file>']],
    ["node --import tsx --test 'src/**/*.test.ts'", ['node --import tsx --test <file>']],
    ['node --test', ['npm test -- <file>', 'node --test <file>']],
    ['bun test', ['bun test <file>', 'npm test -- <file>']],
    ['tap', ['npm test -- <file>', 'npx tap <file>']],
    ['uvu tests', ['npm test -- <pattern>', 'npx uvu tests <pattern>']],
    ['backstage-cli package test', ['npm test -- <file>', 'npx backstage-cli package test <file>']],
    ['vitest run | tee log', ['npx vitest run <file>']],
    ['vitest --watch', ['npx vitest run <file>']],
    ['node test/run.js', []],
    ['karma start', []],
  ])('test: %s', async (test, expected) => {
    expect(await single({ scripts: { test } })).toEqual(expected);
  });

  it('passes over a composite test to the script named like the runner', async () => {
    const scripts = {
      test: 'run-s lint vitest',
      lint: 'eslint',
      vitest: 'LOG=0 vitest run',
      'docs-test': 'vitest run test/docs',
    };
    expect(await single({ packageManager: 'pnpm@10', scripts })).toEqual([
      'pnpm vitest <file>',
      'pnpm exec vitest run <file>',
    ]);
  });

  it('follows scripts that call scripts, also into another package', async () => {
    expect(await single({ scripts: { test: 'npm run unit', unit: 'jest' } })).toEqual([
      'npm test -- <file>',
      'npm run unit -- <file>',
      'npx jest <file>',
    ]);
    const files = {
      'libs/unit/package.json': pkg({ name: '@x/unit', scripts: { threads: 'vitest --project threads' } }),
      'libs/b/package.json': '{}',
    };
    expect(
      await single(
        { packageManager: 'pnpm@10', workspaces: ['libs/*'], scripts: { test: 'pnpm --filter unit threads' } },
        files,
      ),
    ).toEqual(['pnpm test <file>']);
    expect(
      await single(
        { packageManager: 'pnpm@10', workspaces: ['libs/*'], scripts: { test: 'pnpm -C libs/unit threads' } },
        files,
      ),
    ).toEqual(['pnpm test <file>']);
    expect(await single({ scripts: { test: 'npm run a', a: 'npm run b', b: 'npm test' } })).toEqual([]);
    expect(await single({ scripts: { test: 'npm run unit -- src', unit: 'jest' } })).toEqual([
      'npm run unit -- <file>',
      'npx jest <file>',
    ]);
  });

  it.each([
    ['npm@11', 'npm test --workspaces', 'npm test -w <name> -- <file>'],
    ['pnpm@10', 'pnpm -r test', 'pnpm --filter <name> test <file>'],
    ['pnpm@10', 'turbo run test', 'pnpm --filter <name> test <file>'],
    ['pnpm@10', 'pnpm test:all', 'pnpm --filter <name> test <file>'],
    ['yarn@4', 'lerna run test:ci', 'yarn workspace <name> test <file>'],
    ['yarn@4', 'nx run-many -t test', 'yarn workspace <name> test <file>'],
    ['bun@1', "bun run --filter '*' test", 'bun run --filter <name> test <file>'],
  ])('%s, %s: runs in one package', async (packageManager, test, expected) => {
    const scripts = { test, 'test:all': 'pnpm -r test' };
    const lib = (name: string): string => pkg({ name, scripts: { test: 'jest', 'test:ci': 'jest --watch false' } });
    const files = { 'libs/a/package.json': lib('a'), 'libs/b/package.json': lib('b') };
    expect(await single({ packageManager, workspaces: ['libs/*'], scripts }, files)).toEqual([expected]);
  });

  it('lets a package speak for itself where the root cannot', async () => {
    const files = {
      'libs/a/package.json': pkg({ name: 'a', scripts: { test: 'vitest run' } }),
      'libs/b/package.json': pkg({ name: 'b', scripts: { test: 'node --test "t/*.js"' } }),
    };
    expect(await single({ workspaces: ['libs/*'], scripts: { test: 'npm test --workspaces' } }, files)).toEqual([
      'npm test -w <name> -- <file>',
      'node --test <file> in libs/b',
    ]);
  });

  it('starts a configured runner that is in no script', async () => {
    expect(await single({ devDependencies: { vitest: '4' } }, { 'vitest.config.ts': '\n' })).toEqual([
      'npx vitest run <file>',
    ]);
  });
});

describe('javascript: the runner that Bun brings', () => {
  const bun = { 'bun.lock': '{}', 'tests/a.test.ts': '', 'package.json': pkg({ scripts: { build: 'tsup' } }) };

  it('is said where Bun installs and nothing else would run the tests', async () => {
    expect(await commands(bun, 'test')).toEqual(['bun test']);
    expect(await commands(bun, 'test-single')).toEqual(['bun test <file>']);
    expect(await values(bun, 'test-framework')).toEqual(['bun test']);
  });

  it.each<[string, Files]>([
    [
      'another manager',
      { ...bun, 'bun.lock': '', 'package-lock.json': '{}', 'package.json': pkg({ packageManager: 'npm@11.0.0' }) },
    ],
    ['another runner', { ...bun, 'package.json': pkg({ devDependencies: { vitest: '5' } }) }],
    ['a script of its own', { ...bun, 'package.json': pkg({ scripts: { test: 'node run.js' } }) }],
    ['no tests', { 'bun.lock': '{}', 'package.json': pkg({ scripts: {} }) }],
  ])('is not said with %s', async (_, files) => {
    expect(await commands(files, 'test')).not.toContain('bun test');
  });
});

describe('javascript: runtimes and entry points', () => {
  it('puts what everybody must have before pins', async () => {
    const files = {
      'package.json': pkg({
        packageManager: 'pnpm@10.2.0+sha512.00',
        engines: { node: '>=22', pnpm: '^10' },
        volta: { node: '24.1.0' },
        devEngines: { runtime: { name: 'node', version: '^24' } },
      }),
      '.nvmrc': '# for nvm\nv24.2.0\n',
      '.node-version': 'lts/*\n',
    };
    expect(await values(files, 'runtime.node')).toEqual(['>=22', '^24', 'v24.2.0', 'lts/*', '24.1.0']);
    expect(await values(files, 'runtime.pnpm')).toEqual(['10.2.0', '^10']);
    expect((await facts(files, 'runtime.node'))[2]?.evidence).toEqual([{ path: '.nvmrc', line: 2 }]);
  });

  it('passes over remarks and ranges for other managers', async () => {
    const files = {
      'package.json': pkg({ engines: { node: 'any you like', npm: '>=9', yarn: '1' } }),
      'yarn.lock': 'x\n',
    };
    expect(
      (await read(files)).flatMap((signal) =>
        signal.kind === 'fact' && signal.key.startsWith('runtime.') ? `${signal.key} ${signal.value}` : [],
      ),
    ).toEqual(['runtime.yarn 1']);
  });

  it('takes what most packages ask for where the root is silent', async () => {
    const lib = (node: string): string => pkg({ engines: { node } });
    const files = {
      'package.json': pkg({ workspaces: ['a', 'b', 'c'] }),
      'a/package.json': lib('>=20'),
      'b/package.json': lib('>=22'),
      'c/package.json': lib('>=22'),
    };
    expect(await values(files, 'runtime.node')).toEqual(['>=22']);
  });

  it('names only files that are there, sources before what is built from them', async () => {
    const files = {
      'package.json': pkg({
        name: '@x/tool',
        bin: { tool: './dist/cli.js', gone: './dist/gone.js' },
        exports: { '.': { types: './dist/index.d.ts', import: './dist/index.js' } },
        scripts: {
          start: 'node --enable-source-maps server.js',
          dev: 'tsx watch src/dev-server.ts',
          other: 'node other.js',
        },
      }),
      'src/cli.ts': '',
      'src/index.ts': '',
      'server.js': '',
      'other.js': '',
      'src/dev-server.ts': '',
    };
    expect(await values(files, 'entrypoint')).toEqual([
      'tool -> src/cli.ts',
      'server.js',
      'src/dev-server.ts',
      'src/index.ts',
    ]);
  });
});

describe('javascript: broken input', () => {
  const whole = pkg({
    name: 'app',
    packageManager: 'pnpm@10.0.0',
    scripts: { test: 'vitest run', lint: 'eslint .' },
    devDependencies: { vitest: '4' },
  });

  it('keeps what stands before the break', async () => {
    const { signals, problems } = await signalsOf(javascript, {
      'package.json': whole.slice(0, whole.indexOf('eslint')),
    });
    expect(signals.map(say)).toContain('task pnpm test <- package.json:5');
    expect(problems).toEqual([
      expect.objectContaining({ path: 'package.json', message: expect.stringContaining('not valid JSON') }),
    ]);
  });

  it('counts lines of CRLF files', async () => {
    expect((await read({ 'package.json': whole.replaceAll('\n', '\r\n') })).map(say)).toContain(
      'task pnpm lint <- package.json:6',
    );
  });

  it('survives a merge conflict and keeps the other lines', async () => {
    const text = whole
      .replace('    "lint"', '<<<<<<< ours\n    "lint": "oxlint",\n=======\n    "lint"')
      .replace('eslint ."', 'eslint ."\n>>>>>>> theirs');
    const { signals, problems } = await signalsOf(javascript, { 'package.json': text });
    expect(signals.map(say)).toContain('task pnpm test <- package.json:5');
    expect(problems.map(({ message }) => message)).toContain('unresolved merge conflict');
  });

  it.each([
    ['empty', ''],
    ['a list', '[1, 2]'],
    ['a text', '"package"'],
    ['null', 'null'],
    [
      'wrong types',
      pkg({
        name: 3,
        scripts: ['a'],
        dependencies: 'x',
        workspaces: { packages: { a: 1 } },
        bin: [1],
        exports: 4,
        engines: [],
        wireit: 1,
        nx: 2,
        volta: 'x',
      }),
    ],
    [
      'odd keys',
      pkg({
        scripts: { constructor: 'npm constructor', __proto__x: 'x', toString: 'npm run toString' },
        engines: { node: {} },
      }),
    ],
    ['a heap of brackets', '{"a":'.repeat(5000)],
    ['half a shell', pkg({ scripts: { test: 'vitest "run && (', lint: '$(', build: '`' } })],
  ])('survives %s', async (_, text) => {
    const { problems } = await signalsOf(javascript, {
      'package.json': text,
      'nx.json': text,
      'turbo.json': text,
      'lerna.json': text,
      'pnpm-workspace.yaml': text,
      '.nvmrc': text,
      'a/project.json': text,
    });
    expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
  });

  it('reads one very long line in sensible time', async () => {
    const long = pkg({ scripts: { test: `vitest run ${'a'.repeat(900_000)}` } }).replaceAll('\n', '');
    const started = processorTime();
    expect((await tasks({ 'package.json': long })).length).toBe(1);
    expect(processorTime() - started).toBeLessThan(5000);
  });
});
