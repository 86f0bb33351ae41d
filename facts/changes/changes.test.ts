import { describe, expect, it } from 'vitest';
import { changesOf, type Files, moving, sources, told } from './testing/changed.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const WORKFLOW = (run: string, more = ''): string =>
  `name: CI\non: [pull_request]\njobs:\n  check:\n    runs-on: ubuntu-22.04\n${more}    steps:\n      - uses: actions/checkout@v4\n      - run: ${run}\n`;

/** A JavaScript package with one of everything. */
const WEB = {
  name: 'web',
  packageManager: 'pnpm@10.2.0',
  engines: { node: '>=20' },
  scripts: { build: 'tsc -b', test: 'vitest run', lint: 'eslint .', format: 'prettier --write .', size: 'du -sh dist' },
  dependencies: { 'fast-glob': '^3.3.0', zod: '^3.22.0' },
  devDependencies: { eslint: '^9.1.0', prettier: '^3.0.0', typescript: '^5.4.0', vitest: '^2.0.0' },
};
const BASE: Files = {
  'package.json': json(WEB),
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'tsconfig.json': '{}\n',
  'eslint.config.js': "export default [{ rules: { 'no-var': 'error' } }];\n",
  'vitest.config.ts': 'export default {};\n',
  '.github/workflows/ci.yml': WORKFLOW('pnpm test'),
  'src/index.ts': "import glob from 'fast-glob';\nexport const files = glob;\n",
  'src/index.test.ts': "import { test } from 'vitest';\ntest('x', () => {});\n",
};
const web = (change: (copy: typeof WEB) => object): string => json(change(structuredClone(WEB)));
const withScripts = (scripts: object): string => web((each) => ({ ...each, scripts: { ...each.scripts, ...scripts } }));

const MAKE = 'test:\n\tgo test ./...\n\nlint:\n\tgolangci-lint run\n\nclean:\n\trm -rf out\n';
const GO: Files = {
  'go.mod':
    'module example.com/x\n\ngo 1.24\n\nrequire (\n\tgithub.com/a/yaml v1.2.0\n\tgithub.com/b/log/v2 v2.0.1\n)\n',
  Makefile: MAKE,
  '.github/workflows/ci.yml': WORKFLOW('make test'),
  'main.go': 'package main\n\nimport "github.com/a/yaml"\n\nfunc main() { yaml.Run() }\n',
};

const WORKSPACE: Files = {
  'package.json': json({ name: 'root', private: true, workspaces: ['packages/*', 'examples/*'] }),
  'package-lock.json': '{}\n',
  'packages/core/package.json': json({ name: '@x/core', scripts: { test: 'node --test' } }),
  ...sources('packages/core/src', 6),
  'packages/extra/package.json': json({ name: '@x/extra', scripts: { test: 'node --test' } }),
  ...sources('packages/extra/src', 6),
  'examples/hello/package.json': json({ name: 'hello', scripts: { start: 'node .' } }),
  'examples/hello/index.js': 'console.log(1);\n',
};

const removing = (files: Files, folder: string): Files =>
  Object.fromEntries(Object.keys(files).flatMap((path) => (path.startsWith(`${folder}/`) ? [[path, null]] : [])));

describe('high', () => {
  it('the package manager was replaced', async () => {
    const edits = {
      'package.json': web((each) => ({ ...each, packageManager: 'yarn@4.1.0' })),
      'pnpm-lock.yaml': null,
      'yarn.lock': '# yarn\n__metadata:\n',
    };
    expect(await told(BASE, edits)).toContain('high package-manager: pnpm -> yarn');
  });

  it('a second build tool stands where nobody keeps two', async () => {
    const pom = '<project>\n  <groupId>a</groupId>\n  <artifactId>b</artifactId>\n</project>\n';
    const java = { 'pom.xml': pom, 'src/main/java/A.java': 'class A {}\n' };
    expect(
      await told(java, {
        'settings.gradle': "rootProject.name = 'b'\n",
        'build.gradle': "plugins { id 'java' }\n",
        gradlew: '#!/bin/sh\n',
      }),
    ).toContain('high build-system: maven -> gradle');
  });

  it.each([
    [
      'test framework',
      { test: 'jest' },
      { jest: '^30.0.0' },
      'vitest',
      'vitest.config.ts',
      'high test-framework: vitest -> jest',
    ],
    ['linter', { lint: 'oxlint' }, { oxlint: '^1.0.0' }, 'eslint', 'eslint.config.js', 'high linter: eslint -> oxlint'],
    [
      'linter that nobody listed',
      { lint: 'newlint .' },
      { newlint: '^1.0.0' },
      'eslint',
      'eslint.config.js',
      'high linter: eslint -> newlint',
    ],
    [
      'formatter',
      { format: 'biome format --write' },
      { '@biomejs/biome': '^2.0.0' },
      'prettier',
      undefined,
      'high formatter: prettier -> biome',
    ],
  ])('the %s was replaced', async (_, scripts, dev, gone, config, line) => {
    const manifest = web((each) => {
      const devDependencies: Record<string, string> = { ...each.devDependencies, ...dev };
      delete devDependencies[gone];
      return { ...each, scripts: { ...each.scripts, ...scripts }, devDependencies };
    });
    const edits: Files = {
      'package.json': manifest,
      ...(config ? { [config]: null } : {}),
      'src/index.test.ts': 'test();\n',
    };
    expect(await told(BASE, edits)).toContain(line);
  });

  it('a script was renamed, and the new name is known by what it runs', async () => {
    const { size: body, ...rest } = WEB.scripts;
    expect(await told(BASE, { 'package.json': json({ ...WEB, scripts: { ...rest, weigh: body } }) })).toEqual([
      'high task: pnpm size -> pnpm weigh',
    ]);
  });

  it('a make target was removed', async () => {
    expect(await told(GO, { Makefile: MAKE.replace(/lint:\n.*\n\n/, '') })).toContain('high task: make lint -> null');
  });

  it('a command of the pipeline was replaced by another for the same purpose', async () => {
    const before = { ...GO, 'Taskfile.yml': "version: '3'\ntasks:\n  test:\n    cmds: [go test ./...]\n" };
    expect(await told(before, { '.github/workflows/ci.yml': WORKFLOW('task test') })).toContain(
      'high ci.gate.test: make test -> task test',
    );
  });

  it('a script that the pipeline starts by its path was renamed', async () => {
    const before = {
      ...GO,
      '.github/kubeval.sh': '#!/bin/sh\nkubeval charts\n',
      '.github/workflows/ci.yml': WORKFLOW('.github/kubeval.sh'),
    };
    const edits = {
      '.github/kubeval.sh': null,
      '.github/kubeconform.sh': '#!/bin/sh\nset -e\nkubeconform -strict charts/*\n',
      '.github/workflows/ci.yml': WORKFLOW('.github/kubeconform.sh'),
    };
    expect(await told(before, edits)).toContain('high task: .github/kubeval.sh -> .github/kubeconform.sh');
  });

  it('a file that an install command names was renamed', async () => {
    const python = {
      'setup.py': 'from setuptools import setup\nsetup()\n',
      'requirements/testing.txt': 'pytest\nmypy\nblack\n',
      'x.py': 'x = 1\n',
      '.github/workflows/ci.yml': WORKFLOW('pip install -r requirements/testing.txt'),
    };
    const edits = {
      'requirements/testing.txt': null,
      'requirements/test.txt': 'pytest\nmypy\nblack\n',
      '.github/workflows/ci.yml': WORKFLOW('pip install -r requirements/test.txt'),
    };
    expect(await told(python, edits)).toContain(
      'high command.install: requirements/testing.txt -> requirements/test.txt',
    );
  });

  it('the CI system was replaced', async () => {
    const travis = { ...GO, '.github/workflows/ci.yml': null, '.travis.yml': 'language: go\nscript: make test\n' };
    expect(await told(travis, { '.travis.yml': null, '.github/workflows/ci.yml': WORKFLOW('make test') })).toContain(
      'high ci.system: Travis CI -> GitHub Actions',
    );
  });

  it('an environment variable has to be set', async () => {
    const before = { ...BASE, '.env.example': 'DATABASE_URL=\n' };
    expect(await told(before, { '.env.example': 'DATABASE_URL=\nAPI_KEY=\n' })).toEqual([
      'high env.required: null -> API_KEY',
    ]);
  });

  it('a workspace package was removed', async () => {
    expect(await told(WORKSPACE, removing(WORKSPACE, 'packages/extra'))).toEqual([
      'high workspace in packages/extra: @x/extra (packages/extra) -> null',
    ]);
  });

  it('a workspace package was moved', async () => {
    expect(await told(WORKSPACE, moving(WORKSPACE, 'packages/extra', 'packages/plus'))).toContain(
      'high workspace in packages/extra: @x/extra (packages/extra) -> @x/extra (packages/plus)',
    );
  });

  it.each([
    ['directly below the root', 'process', 'internal/process'],
    ['into a folder of its own name', 'process', 'process/process'],
    ['to the root', 'process', ''],
  ])('a folder moved %s', async (_, from, to) => {
    const before = { ...GO, ...sources(from, 8, 'go') };
    const edits: Files =
      to === ''
        ? Object.fromEntries(
            Object.entries(moving(before, from, 'x')).map(([path, text]) => [path.replace(/^x\//, ''), text]),
          )
        : moving(before, from, to);
    expect(await told(before, edits)).toContain(`high directory in process: process -> ${to || '.'}`);
  });

  it('a large folder of the second level is gone', async () => {
    const before = { ...GO, ...sources('internal/tui', 12, 'go'), ...sources('internal/ui', 12, 'go') };
    expect(await told(before, removing(before, 'internal/tui'))).toEqual([
      'high directory in internal/tui: internal/tui -> null',
    ]);
  });
});

describe('medium', () => {
  it('a dependency has another major version', async () => {
    expect(
      await told(BASE, {
        'package.json': web((each) => ({ ...each, dependencies: { ...each.dependencies, zod: '^4.0.0' } })),
      }),
    ).toEqual(['medium dependency: zod ^3.22.0 -> zod ^4.0.0']);
  });

  it('a Go module says its major version in its name', async () => {
    expect(await told(GO, { 'go.mod': GO['go.mod']!.replace('log/v2 v2.0.1', 'log/v3 v3.0.0') })).toEqual([
      'medium dependency: github.com/b/log/v2 v2.0.1 -> github.com/b/log/v3 v3.0.0',
    ]);
  });

  it('a library was replaced, and the code with it', async () => {
    const { 'fast-glob': _, ...rest } = WEB.dependencies;
    const edits = {
      'package.json': json({ ...WEB, dependencies: { ...rest, tinyglobby: '^0.2.0' } }),
      'src/index.ts': "import { glob } from 'tinyglobby';\nexport const files = glob;\n",
    };
    expect(await told(BASE, edits)).toEqual(['medium dependency: fast-glob -> tinyglobby']);
  });

  it('a library gave way to what the runtime offers', async () => {
    const { 'fast-glob': _, ...rest } = WEB.dependencies;
    const edits = {
      'package.json': json({ ...WEB, dependencies: rest }),
      'src/index.ts': "import { glob } from 'node:fs';\nexport const files = glob;\n",
    };
    expect(await told(BASE, edits)).toEqual(['medium dependency: fast-glob -> null']);
  });

  it('a lint rule is new', async () => {
    const edits = { 'eslint.config.js': "export default [{ rules: { 'no-var': 'error', 'no-eval': 'error' } }];\n" };
    expect((await told(BASE, edits)).map((line) => line.slice(0, 18))).toEqual(['medium lint-rules:']);
  });

  it('a linter came beside the others', async () => {
    expect(await told(GO, { '.golangci.yml': 'linters:\n  enable: [errcheck]\n' })).toContain(
      'medium linter: null -> golangci-lint',
    );
  });

  it('the least runtime was raised', async () => {
    expect(await told(BASE, { 'package.json': web((each) => ({ ...each, engines: { node: '>=22' } })) })).toEqual([
      'medium runtime.node: >=20 -> >=22',
    ]);
  });

  it('a task that cleans up is gone', async () => {
    expect(await told(GO, { Makefile: MAKE.replace(/clean:\n.*\n/, '') })).toEqual(['medium task: make clean -> null']);
  });
});

describe('low', () => {
  const traps: readonly (readonly [string, Files, Files])[] = [
    ['nothing but code', BASE, { 'src/index.ts': 'export const x = 1;\n' }],
    [
      'action versions',
      BASE,
      { '.github/workflows/ci.yml': WORKFLOW('pnpm test').replace('checkout@v4', 'checkout@v5') },
    ],
    ['the image of the runner', BASE, { '.github/workflows/ci.yml': WORKFLOW('pnpm test').replace('22.04', '24.04') }],
    [
      'a matrix',
      BASE,
      { '.github/workflows/ci.yml': WORKFLOW('pnpm test', '    strategy:\n      matrix:\n        node: [22, 24]\n') },
    ],
    [
      'the same command in another job and file',
      BASE,
      {
        '.github/workflows/ci.yml': null,
        '.github/workflows/check.yml': WORKFLOW('pnpm test').replace('check:', 'verify:'),
      },
    ],
    [
      'a workflow that only releases',
      BASE,
      {
        '.github/workflows/release.yml': WORKFLOW('pnpm publish').replace(
          '[pull_request]',
          '{ release: { types: [published] } }',
        ),
      },
    ],
    [
      'a minor version',
      BASE,
      { 'package.json': web((each) => ({ ...each, dependencies: { ...each.dependencies, zod: '^3.25.0' } })) },
    ],
    [
      'a wider range',
      BASE,
      {
        'package.json': web((each) => ({ ...each, dependencies: { ...each.dependencies, zod: '^3.22.0 || ^4.0.0' } })),
      },
    ],
    [
      'a patch release of a pinned manager',
      BASE,
      { 'package.json': web((each) => ({ ...each, packageManager: 'pnpm@10.9.1' })) },
    ],
    [
      'a new dependency',
      BASE,
      {
        'package.json': web((each) => ({ ...each, dependencies: { ...each.dependencies, ky: '^1.0.0' } })),
        'src/index.ts': "import 'ky';\n",
      },
    ],
    [
      'a dependency that nothing used',
      BASE,
      { 'package.json': web((each) => ({ ...each, dependencies: { zod: each.dependencies.zod } })) },
    ],
    ['a new script', BASE, { 'package.json': withScripts({ docs: 'typedoc' }) }],
    ['other flags of a script', BASE, { 'package.json': withScripts({ test: 'vitest run --coverage' }) }],
    [
      'a hook of the manager gone',
      { ...BASE, 'package.json': withScripts({ prepublishOnly: 'tsc' }) },
      { 'package.json': json(WEB) },
    ],
    [
      'a row of a matrix gone',
      { ...BASE, 'package.json': withScripts({ 'test:node18': 'vitest run' }) },
      { 'package.json': json(WEB) },
    ],
    ['a stray lock file', BASE, { 'package-lock.json': '{ "lockfileVersion": 3 }\n' }],
    [
      'a stray lock file where only another one says the manager',
      { ...BASE, 'package.json': web(({ packageManager: _, ...each }) => each) },
      { 'package-lock.json': '{ "lockfileVersion": 3 }\n' },
    ],
    ['comments in a lint configuration', BASE, { 'eslint.config.js': `// why\n${BASE['eslint.config.js']}` }],
    [
      'folders that a linter leaves out',
      { ...BASE, '.oxlintrc.json': '{ "rules": { "no-var": "error" } }' },
      { '.oxlintrc.json': '{ "ignorePatterns": ["dist"], "rules": { "no-var": "error" } }' },
    ],
    ['an example moved', WORKSPACE, moving(WORKSPACE, 'examples/hello', 'examples/bye')],
    ['a new package', WORKSPACE, { 'packages/new/package.json': json({ name: '@x/new' }) }],
    [
      'a fixture with another manager',
      BASE,
      {
        'test/fixtures/app/package.json': json({ packageManager: 'yarn@4.0.0', scripts: {} }),
        'test/fixtures/app/yarn.lock': '',
      },
    ],
    [
      'a manifest of vendored code',
      { ...GO, 'vendor/lib/Makefile': 'lint:\n\ttrue\n' },
      { 'vendor/lib/Makefile': 'check:\n\ttrue\n' },
    ],
    [
      'a vendored library of another release',
      { ...GO, ...sources('lib/zlib-1.2.11', 30, 'c') },
      moving(sources('lib/zlib-1.2.11', 30, 'c'), 'lib/zlib-1.2.11', 'lib/zlib-1.3.1'),
    ],
    [
      'documentation moved',
      { ...GO, ...sources('docs/guide', 30, 'md') },
      moving(sources('docs/guide', 30, 'md'), 'docs/guide', 'docs/manual'),
    ],
    ['documentation of another repository merged in', GO, sources('docs/content', 60, 'md')],
    [
      'a few files of a large folder moved',
      { ...GO, ...sources('pkg', 40, 'go') },
      moving(
        {
          'pkg/part1.go': sources('pkg', 2, 'go')['pkg/part1.go']!,
          'pkg/part0.go': sources('pkg', 1, 'go')['pkg/part0.go']!,
        },
        'pkg',
        'internal',
      ),
    ],
    [
      'a release: versions everywhere',
      { ...GO, 'CLAUDE.md': 'v1\n', VERSION: '1.0.0\n' },
      { 'CLAUDE.md': 'v2\n', VERSION: '2.0.0\n', 'CHANGELOG.md': '# 2.0.0\n' },
    ],
    ['the patch release of a language', GO, { 'go.mod': GO['go.mod']!.replace('go 1.24', 'go 1.24.3') }],
  ];

  it.each(traps)('%s', async (_, before, edits) => {
    expect(await told(before, edits)).toEqual([]);
  });
});

describe('a change', () => {
  it('points to what is there now, or to what was there before', async () => {
    const { changes } = await changesOf(GO, { Makefile: MAKE.replace(/^lint:/m, 'check:') });
    expect(changes.find(({ key }) => key === 'task')).toMatchObject({
      from: 'make lint',
      to: 'make check',
      evidence: [{ path: 'Makefile', line: 4 }],
    });
    const removed = await changesOf(GO, { Makefile: MAKE.replace(/lint:\n.*\n\n/, '') });
    expect(removed.changes.find(({ key }) => key === 'task')).toMatchObject({
      to: null,
      evidence: [{ path: 'Makefile', line: 4 }],
    });
  });

  it('comes with its level, the highest first, and explains the level of the whole', async () => {
    const { changes, level } = await changesOf(BASE, {
      'package.json': web(({ scripts, ...each }) => ({
        ...each,
        scripts: { ...scripts, size: undefined },
        engines: { node: '>=22' },
      })),
    });
    expect(level).toBe('high');
    expect(changes.map(({ materiality }) => materiality)).toEqual(['high', 'medium']);
  });

  it('is none where the commits are the same, nor is the whole more than low', async () => {
    expect(await changesOf(BASE, {})).toMatchObject({ changes: [], level: 'low' });
  });
});
