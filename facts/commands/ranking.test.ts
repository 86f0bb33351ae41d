import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';

type Files = Readonly<Record<string, MemoryFile>>;

async function said(files: Files, purpose: string, dir = ''): Promise<string[]> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.filter((fact) => fact.key === `command.${purpose}` && fact.dir === dir).map(({ value }) => value);
}

const GO: Files = { 'go.mod': 'module example.com/x\n\ngo 1.24\n', 'x.go': 'package x\n', 'x_test.go': 'package x\n' };
const pipeline = (...lines: string[]): Files => ({
  '.github/workflows/ci.yml': `on: pull_request\njobs:\n  check:\n    runs-on: x\n    steps:\n${lines.map((line) => `      - run: ${line}\n`).join('')}`,
});
const scripts = (all: Record<string, string>, more: object = {}): Files => ({
  'package.json': JSON.stringify({ name: 'x', scripts: all, ...more }, null, 2),
  'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
  'src/a.ts': 'export {};\n',
});

describe('ranking', () => {
  it('finds a target that only an included pattern rule makes, and the linter behind an action', async () => {
    const files = {
      ...GO,
      Makefile: 'include Makefile.common\n\ntest:\n\tgo test ./...\n',
      'Makefile.common': '%: common-% ;\n\ncommon-lint:\n\tgolangci-lint run\n',
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  lint:\n    runs-on: x\n    steps:\n      - uses: golangci/golangci-lint-action@v6\n',
    };
    expect((await said(files, 'lint'))[0]).toBe('make lint');
    const { 'Makefile.common': _, ...without } = files;
    expect(await said({ ...without, Makefile: 'test:\n\tgo test ./...\n' }, 'lint')).toContain('golangci-lint run');
  });

  it('does not take a build without its tests for a test', async () => {
    const files = {
      'settings.gradle': "rootProject.name = 'x'\n",
      'build.gradle': 'plugins { id "java" }\n',
      gradlew: { executable: '#!/bin/sh\n' },
      ...pipeline('./gradlew check -x test'),
    };
    expect(await said(files, 'test')).not.toContain('./gradlew check -x test');
  });

  it('puts the broad command before the narrow one', async () => {
    const tests = await said(
      { ...GO, ...pipeline('go test ./tsdb/ -test.tsdb-isolation=false', 'go test ./...') },
      'test',
    );
    expect(tests[0]).toBe('go test ./...');
  });

  it('drops what only a pipeline needs', async () => {
    const files = {
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n',
      'src/lib.rs': 'pub fn x() {}\n',
      ...pipeline('cargo test --locked --target ${{ matrix.target }}'),
    };
    expect((await said(files, 'test'))[0]).toBe('cargo test');
    expect(await said({ ...scripts({}), ...pipeline('pnpm install --frozen-lockfile') }, 'install')).toEqual([
      'pnpm install',
    ]);
  });

  it('looks through wrappers', async () => {
    const python = {
      'pyproject.toml': '[project]\nname = "x"\n[dependency-groups]\ndev = ["pytest"]\n',
      'uv.lock': 'version = 1\n',
      'x.py': '',
      'tests/test_x.py': 'import pytest\n',
    };
    expect((await said({ ...python, ...pipeline('uv run --no-sync pytest --cov=x') }, 'test'))[0]).toBe(
      'uv run pytest',
    );
    expect((await said({ ...GO, ...pipeline('docker run --rm -v .:/x golang:1 go vet ./...') }, 'lint'))[0]).toBe(
      'go vet ./...',
    );
    const wrapped = {
      ...python,
      'scripts/test.sh': { executable: '#!/bin/bash\nuv run pytest "$@"\n' },
      ...pipeline('bash scripts/test.sh'),
    };
    expect((await said(wrapped, 'test'))[0]).toBe('bash scripts/test.sh');
  });

  it('prefers the plain script to its variants, and what the pipeline runs to both', async () => {
    const all = {
      test: 'vitest run',
      'test:coverage': 'vitest run --coverage',
      'test:e2e': 'playwright test',
      'test:ci': 'vitest run --bail 1',
    };
    expect((await said(scripts(all), 'test'))[0]).toBe('pnpm test');
    expect((await said({ ...scripts(all), ...pipeline('pnpm test:coverage', 'pnpm test:e2e') }, 'test'))[0]).toBe(
      'pnpm test',
    );
    const withCi = await said({ ...scripts(all), ...pipeline('pnpm test:ci') }, 'test');
    expect(withCi.slice(0, 2)).toEqual(['pnpm test', 'pnpm test:ci']);
  });

  it('takes the parts of a family for their whole', async () => {
    const all = {
      test: 'node run.js',
      'test:ci': 'node all.js',
      'test:ci:unit': 'vitest run',
      'test:ci:e2e': 'vitest run e2e',
    };
    expect((await said({ ...scripts(all), ...pipeline('pnpm run test:ci:${{ matrix.suite }}') }, 'test'))[0]).toBe(
      'pnpm test:ci',
    );
  });

  it('knows a call that fans out over the packages', async () => {
    const files = {
      ...scripts({ lint: 'eslint .' }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
      'packages/a/package.json': '{"name": "a", "scripts": {"check-types": "tsc"}}',
      'packages/b/package.json': '{"name": "b", "scripts": {"check-types": "tsc"}}',
      ...pipeline('pnpm -r check-types'),
    };
    expect((await said(files, 'typecheck'))[0]).toBe('pnpm -r check-types');
  });

  it('lets a bare tool step back behind the task that wraps it', async () => {
    const files = {
      ...GO,
      'Taskfile.yml':
        "version: '3'\ntasks:\n  test:\n    cmds:\n      - go test ./...\n  build:\n    cmds: [go build ./...]\n",
    };
    expect(await said(files, 'test')).toEqual(['task test']);
    expect(await said(files, 'build')).toEqual(['task build']);
  });

  it('says nothing that the repository’s own documents forbid', async () => {
    const files = { ...GO, 'AGENTS.md': 'Never run `go test ./...`; it needs a cluster.\n' };
    expect(await said(files, 'test')).toEqual([]);
    expect(await said(GO, 'test')).toEqual(['go test ./...']);
  });

  it('puts the tools of the main language first', async () => {
    const rust = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`src/m${i}.rs`, 'pub fn x() {}\n']));
    const files = {
      'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n',
      'src/lib.rs': '',
      ...rust,
      'rustfmt.toml': 'max_width = 100\n',
      'pyproject.toml': '[tool.ruff.format]\nquote-style = "double"\n[dependency-groups]\ndev = ["ruff"]\n',
      'uv.lock': 'version = 1\n',
      ...pipeline('uv run ruff format --check', 'cargo fmt --check'),
    };
    expect((await said(files, 'format'))[0]).toBe('cargo fmt');
  });

  it('a linter that mends is how one formats; a check is not', async () => {
    const formats = await said(scripts({ lint: 'eslint .', 'lint:fix': 'eslint . --fix' }), 'format');
    expect(formats[0]).toBe('pnpm lint:fix');
    const both = await said(
      {
        ...scripts({ format: 'prettier --write .', 'format:check': 'prettier --check .' }),
        ...pipeline('pnpm format:check'),
      },
      'format',
    );
    expect(both[0]).toBe('pnpm format');
  });

  it('installing a tool, asking for a version and watching are no answers', async () => {
    expect(
      await said(
        {
          'README.md': '',
          ...pipeline('pip install build twine', 'uv pip install build', 'npm install -g x', 'go install x@latest'),
        },
        'install',
      ),
    ).toEqual([]);
    expect(await said({ ...GO, ...pipeline('golangci-lint run --version') }, 'lint')).not.toContain(
      'golangci-lint run --version',
    );
    expect(await said(scripts({ 'test:watch': 'vitest --watch' }), 'test')).toEqual([]);
  });
});

describe('verification', () => {
  it.each([
    ['yarn nx affected --base=$BASE --head=HEAD -t lint,test,e2e-ci --parallel 4', 'yarn nx affected -t'],
    ['npx nx run-many -t lint test e2e-ci', 'npx nx run-many -t'],
    ['pnpm exec nx run-many --targets=lint,test', 'pnpm exec nx run-many -t'],
  ])('takes each target of %j for a command of its own, before a script that leaves the project out', async (line, command) => {
    const files = { ...scripts({ nx: 'nx', test: 'nx test', lint: 'nx lint' }), ...pipeline(line) };
    for (const purpose of ['lint', 'test']) {
      const [first, second] = await said(files, purpose);
      expect([first, second]).toEqual([`${command} ${purpose}`, `pnpm ${purpose}`]);
    }
  });

  it('says less of the targets of some projects', async () => {
    const files = { ...scripts({ test: 'vitest run' }), ...pipeline('npx nx run-many -t test -p web') };
    expect((await said(files, 'test'))[0]).toBe('pnpm test');
  });

  it('takes a task with a first name for the part that its tool is given', async () => {
    const taskfile = (packages: string): Files => ({
      ...GO,
      'cmd/helper/main.go': 'package main\n',
      'Taskfile.yml': `version: '3'\ntasks:\n  helper:build:\n    cmds:\n      - go build -o bin/x ${packages}\n`,
      ...pipeline('go build ./cmd/app'),
    });
    expect((await said(taskfile('./cmd/helper'), 'build'))[0]).toBe('go build ./cmd/app');
    expect((await said(taskfile('./...'), 'build'))[0]).toBe('task helper:build');
  });

  it('puts the script that the pipeline runs before the task that the script runs', async () => {
    const files = {
      Gemfile: "gem 'rake'\n",
      Rakefile: 'require "rake/testtask"\nRake::TestTask.new do |t|\n  t.libs << "test"\nend\n',
      'test/a_test.rb': '',
      'script/test': { executable: '#!/bin/bash\nbundle exec rubocop\nbundle exec rake test\n' },
    };
    expect((await said({ ...files, ...pipeline('script/test') }, 'test'))[0]).toBe('script/test');
    expect((await said({ ...files, ...pipeline('bundle exec rake test') }, 'test'))[0]).toBe('bundle exec rake test');
  });

  it('drops a command whose evidence does not show it, and one whose script is not there', async () => {
    const lying = {
      id: 'lying',
      title: 'Lying',
      files: ['package.json'],
      *detect() {
        yield {
          kind: 'command' as const,
          purpose: 'test' as const,
          run: 'mocha',
          dir: '',
          source: 'config' as const,
          evidence: [{ path: 'package.json', line: 1 }],
        };
        yield {
          kind: 'command' as const,
          purpose: 'lint' as const,
          run: './lint.sh',
          dir: '',
          source: 'config' as const,
          evidence: [{ path: 'package.json', line: 2 }],
        };
        yield {
          kind: 'command' as const,
          purpose: 'build' as const,
          run: 'rollup -c',
          dir: '',
          source: 'config' as const,
          evidence: [{ path: 'gone.json', line: 1 }],
        };
        yield {
          kind: 'command' as const,
          purpose: 'format' as const,
          run: 'dprint fmt',
          dir: '',
          source: 'config' as const,
          evidence: [{ path: 'package.json', line: 3 }],
        };
      },
    };
    const files = { 'package.json': '{\n  "lint.sh": 1,\n  "dprint": 1\n}\n' };
    const { facts } = await analyze(memoryRepository(files), { ecosystems: [lying] });
    expect(facts.map(({ key, value }) => `${key} ${value}`)).toEqual(['command.format dprint fmt']);
  });

  it('gives at most three answers, each with lines that exist', async () => {
    const many = Object.fromEntries(
      ['test', 'test:unit', 'test:all', 'test:ci', 'test:fast'].map((name) => [name, 'vitest run']),
    );
    const files = scripts(many);
    const { facts } = await analyze(memoryRepository(files));
    const tests = facts.filter(({ key }) => key === 'command.test');
    expect(tests).toHaveLength(3);
    const lines = String(files['package.json']).split('\n');
    for (const { value, evidence } of tests) {
      const name = value.replace('pnpm ', '');
      expect(evidence.map(({ line }) => lines[line - 1])).toEqual([expect.stringContaining(`"${name}"`)]);
    }
  });
});
