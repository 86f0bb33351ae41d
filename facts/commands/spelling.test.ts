import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';

type Files = Readonly<Record<string, MemoryFile>>;

async function said(files: Files, purpose: string, dir = ''): Promise<string[]> {
  const { facts } = await analyze(memoryRepository(files));
  return facts.filter((fact) => fact.key === `command.${purpose}` && fact.dir === dir).map(({ value }) => value);
}

const GO: Files = { 'go.mod': 'module example.com/x\n\ngo 1.24\n', 'x.go': 'package x\n', 'x_test.go': 'package x\n' };
const PYTHON: Files = {
  'pyproject.toml': '[project]\nname = "x"\n[dependency-groups]\ndev = ["ruff"]\n',
  'uv.lock': 'version = 1\n',
  'x.py': '',
};
const pipeline = (...lines: string[]): Files => ({
  '.github/workflows/ci.yml': `on: pull_request\njobs:\n  check:\n    runs-on: x\n    steps:\n${lines.map((line) => `      - run: ${line}\n`).join('')}`,
});
const SCRIPT = { executable: '#!/bin/sh\ngo test ./...\n' };

describe('how a script is started', () => {
  it.each([
    ['tools/test', 'tools/test'],
    ['./tools/test --all', './tools/test'],
    ['bash tools/test', 'bash tools/test'],
    ['sh ./tools/test', 'sh ./tools/test'],
  ])('as the pipeline does: %s', async (line, expected) => {
    const files = { ...GO, 'tools/test': SCRIPT, ...pipeline(line) };
    expect((await said(files, 'test'))[0]).toBe(expected);
  });

  it.each([
    ['bin/steep check -j 2', '#!/bin/sh\nexec bundle exec steep "$@"\n', 'bin/steep check'],
    ['bin/steep check', '#!/bin/sh\nsource bin/env\ncheck_version\nstart_tool "$@"\n', 'bin/steep check'],
    ['./bin/types check', '#!/bin/bash\nset -e\nbundle exec steep "${@}"\n', './bin/types check'],
  ])('with the subcommand that it hands on: %s', async (line, text, expected) => {
    const path = line.split(' ')[0]!.replace('./', '');
    const files = {
      Gemfile: 'source "https://rubygems.org"\ngem "steep"\n',
      'lib/x.rb': '',
      [path]: { executable: text },
      ...pipeline(line),
    };
    expect(await said(files, 'typecheck')).not.toContain(path);
    expect((await said(files, 'typecheck'))[0]).toBe(expected);
  });

  it('without what only chooses a part', async () => {
    const script = { executable: '#!/bin/sh\npytest "$@"\n' };
    const files = {
      ...PYTHON,
      'tests/test_x.py': '',
      'scripts/test.sh': script,
      ...pipeline('./scripts/test.sh tests/unit'),
    };
    expect((await said(files, 'test'))[0]).toBe('./scripts/test.sh');
  });

  it('comes after the task runner that runs it, and before what only a manifest tells', async () => {
    const files = { ...GO, 'scripts/test.sh': SCRIPT };
    expect((await said({ ...files, Makefile: 'test:\n\t./scripts/test.sh\n' }, 'test'))[0]).toBe('make test');
    expect((await said(files, 'test'))[0]).toBe('./scripts/test.sh');
  });
});

describe('a formatter that the pipeline only lets look', () => {
  it.each([
    [PYTHON, 'uv run ruff format --check .', 'uv run ruff format .'],
    [GO, 'gofumpt -l .', 'gofumpt -w .'],
    [
      { 'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n', 'src/lib.rs': '' },
      'cargo fmt --all -- --check',
      'cargo fmt --all',
    ],
    [{ 'main.tf': 'terraform {}\n' }, 'terraform fmt -check -recursive', 'terraform fmt -recursive'],
  ] satisfies [Files, string, string][])('writes for people: %#', async (files, line, expected) => {
    expect(await said({ ...files, ...pipeline(line) }, 'format')).toContain(expected);
  });
});

describe('what serves a pipeline', () => {
  it('is dropped from a Maven line: what it is, and when it gives up', async () => {
    const pom = '<project><modelVersion>4.0.0</modelVersion><artifactId>x</artifactId></project>\n';
    const files = { 'pom.xml': pom, 'src/main/java/A.java': '', ...pipeline('mvn -B -V -ff verify') };
    expect((await said(files, 'build'))[0]).toBe('mvn verify');
  });
});

describe('a linter that mends', () => {
  const ruby: Files = { Gemfile: 'source "https://rubygems.org"\ngem "standard"\n', 'lib/x.rb': '', 'lib/y.rb': '' };

  it.each([
    'standardrb --fix',
    'standardrb --fix-unsafely',
    'rubocop --autocorrect-all',
    'rubocop --auto-correct-all',
    'rubocop --safe-auto-correct',
  ])('%s is no task to look with', async (line) => {
    const files = { ...ruby, Makefile: `lint:\n\tbundle exec ${line}\n`, ...pipeline('bundle exec standardrb') };
    expect((await said(files, 'lint'))[0]).toBe('bundle exec standardrb');
    expect(await said(files, 'format')).toContain('make lint');
  });
});

describe('what runs elsewhere', () => {
  const web: Files = {
    'web/package.json': JSON.stringify({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '5' } }, null, 1),
    'web/package-lock.json': '{}',
  };

  it('is looked through there: `cd web && npm test` is a test', async () => {
    const files = { ...GO, ...web, Makefile: 'test-web:\n\tcd web && npm test\nverify:\n\tcd web && npm test\n' };
    expect(await said(files, 'test')).toContain('make test-web');
  });

  it.each([
    ['for p in packages/*; do (cd "$p" && eslint .); done'],
    ['cd $PART && eslint .'],
    ['docker run -v "$PWD:/app" -w /app/web node eslint .'],
    ['docker run --volume=$(pwd)/web:/work --workdir /work node eslint .'],
  ])('%s says what a script is for, and no more', async (line) => {
    const script = { executable: `#!/bin/sh\n${line}\n` };
    expect(await said({ 'a.js': '', 'scripts/lint.sh': script }, 'lint')).toEqual(['./scripts/lint.sh']);
    expect(await said({ 'a.js': '', 'scripts/prepare.sh': script }, 'lint')).not.toContain('eslint .');
  });

  it.each([
    ['cd "$(dirname "$0")/.." && eslint .'],
    ['cd "$ROOT_DIR" && eslint .'],
    ['(cd "$p" && true); eslint .'],
  ])('%s is the root', async (line) => {
    const files = { 'a.js': '', 'scripts/ci.sh': { executable: `#!/bin/sh\n${line}\n` } };
    expect(await said(files, 'lint')).toContain('eslint .');
  });

  it.each([
    ['docker run -v $PWD:/src -w /src/api golang go test ./...', 'api'],
    ['docker run -v ${{ github.workspace }}:/src:ro -w /src golang go test ./...', ''],
    ['docker run -v $PWD/api:/src --workdir=/src golang go test ./...', 'api'],
  ])('in a container: %s', async (line, dir) => {
    const files = { ...GO, 'api/Makefile': 'build:\n\tgo build .\n', ...pipeline(line) };
    const { facts } = await analyze(memoryRepository(files));
    const test = facts.find(({ key, source }) => key === 'command.test' && source === 'ci');
    expect(test?.dir ?? 'none').toBe(dir);
  });

  it('is not said for here', async () => {
    const files = { 'a.js': '', 'b.js': '', Makefile: 'prepare:\n\tcd modules/a && eslint .\n' };
    expect(await said(files, 'lint')).not.toContain('eslint .');
    expect(await said({ ...files, Makefile: 'prepare:\n\teslint .\n' }, 'lint')).toContain('eslint .');
  });
});

describe('installing', () => {
  it('is what a plain bootstrap does that only brings tools, and no answer by itself', async () => {
    const files = {
      'a.c': '',
      Makefile: 'bootstrap:\n\tbrew install clang-format\n',
      ...pipeline('brew install cmake'),
    };
    expect(await said(files, 'install')).toEqual(['make bootstrap']);
  });

  it.each([
    ['bundle install', 'docs/Gemfile', 'Gemfile'],
    ['npm ci', 'web/package.json', 'package.json'],
    ['composer install', 'site/composer.json', 'composer.json'],
    ['uv sync', 'docs/pyproject.toml', 'pyproject.toml'],
    ['cargo fetch', 'a/Cargo.toml', 'Cargo.toml'],
  ])('%s needs something to install: %s does not do', async (line, elsewhere, here) => {
    const files = { 'a.c': '', ...pipeline(line) };
    expect(await said({ ...files, [elsewhere]: '' }, 'install')).toEqual([]);
    expect((await said({ ...files, [here]: '' }, 'install')).length).toBeGreaterThan(0);
  });

  it('finds its manifest above', async () => {
    const files = { 'package.json': '{}', 'web/Makefile': 'test:\n\tgo test ./...\n', ...pipeline('cd web && npm ci') };
    expect(await said(files, 'install', 'web')).toEqual(['npm ci']);
  });

  it('comes before setting up more', async () => {
    const files = {
      'package.json': JSON.stringify({ scripts: { 'dev:setup': 'pnpm install && node setup.js' } }, null, 1),
      'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
      'a.ts': '',
      ...pipeline('pnpm install', 'pnpm dev:setup'),
    };
    expect((await said(files, 'install'))[0]).toBe('pnpm install');
  });
});

describe('tools that a pipeline brings', () => {
  const net: Files = {
    'Shop.slnx': '<Solution>\n  <Project Path="Shop/Shop.csproj" />\n</Solution>\n',
    'Shop/Shop.csproj': '<Project Sdk="Microsoft.NET.Sdk"/>\n',
    'Shop/A.cs': '',
    '.config/dotnet-tools.json': '{ "tools": { "dotnet-ef": { "version": "9.0.0" } } }\n',
  };

  it.each([
    ['dotnet test', 'dotnet tool restore'],
    ['echo done', undefined],
  ])('install where the job goes on with `%s`', async (next, expected) => {
    const lines = ['dotnet tool restore', next];
    const steps = lines.map((line) => `      - run: ${line}\n`).join('');
    const files = { ...net, '.github/workflows/x.yml': `on: pull_request\njobs:\n  a:\n    steps:\n${steps}` };
    const { facts } = await analyze(memoryRepository(files));
    const install = facts.find(({ key, source }) => key === 'command.install' && source === 'ci');
    expect(install?.value).toBe(expected);
  });

  it('rules for editors alone are no lint', async () => {
    const files = { ...net, '.editorconfig': '[*.cs]\ndotnet_sort_system_directives_first = true\n' };
    const lint = async (more: Files): Promise<string | undefined> => {
      const { facts } = await analyze(memoryRepository({ ...files, ...more }));
      const fact = facts.find(({ key }) => key === 'command.lint');
      return fact && `${fact.value} ${fact.source}`;
    };
    expect(await lint({})).toBe('dotnet format --verify-no-changes convention');
    expect(await lint(pipeline('dotnet format --verify-no-changes'))).toBe('dotnet format --verify-no-changes ci');
  });
});

describe('parts and wholes', () => {
  it('a task that tests something of which nothing is known is a part', async () => {
    const files = { ...GO, Makefile: 'test-rakefile:\n\t./check-rakefile\n', ...pipeline('make test-rakefile') };
    expect((await said(files, 'test'))[0]).toBe('go test ./...');
    const all = { ...files, Makefile: 'test-all:\n\t./check\n', ...pipeline('make test-all') };
    expect((await said(all, 'test'))[0]).toBe('make test-all');
    expect(await said({ Makefile: files.Makefile, 'a.c': '' }, 'test')).toEqual(['make test-rakefile']);
  });

  it('lanes of a matrix are parts of what tests the whole', async () => {
    const lanes = ['test_core', 'test_views'].map((name) => `lane :${name} do\n  run_tests\nend\n`);
    const files = {
      ...GO,
      'fastlane/Fastfile': lanes.join(''),
      ...pipeline('bundle exec fastlane test_${{ matrix.part }}'),
    };
    expect((await said(files, 'test'))[0]).toBe('go test ./...');
  });

  it('one file is a part', async () => {
    const files = { 'a.sh': '#!/bin/sh\n', 'b.sh': '#!/bin/sh\n' };
    expect(await said({ ...files, ...pipeline('shellcheck tools/start.sh') }, 'lint')).toEqual([]);
    expect(await said({ ...files, ...pipeline('shellcheck -x -s bash tools/start') }, 'lint')).toEqual([]);
    expect(await said({ ...files, ...pipeline('shellcheck *.sh') }, 'lint')).toEqual(["shellcheck '*.sh'"]);
  });

  it('one hook is a part', async () => {
    const files = { ...PYTHON, ...pipeline('pre-commit run mypy', 'uv run ruff check') };
    expect((await said(files, 'lint'))[0]).toBe('uv run ruff check');
    expect((await said({ ...PYTHON, ...pipeline('pre-commit run --all-files') }, 'lint'))[0]).toBe(
      'pre-commit run --all-files',
    );
  });

  it('a stage of an image is no part of a build', async () => {
    const files = { 'x.py': '', Dockerfile: 'FROM python AS test\n', ...pipeline('docker build --target test .') };
    expect(await said(files, 'build')).toContain('docker build --target test .');
  });

  it('the same path is the same command, however it is spelled', async () => {
    const tests = await said({ ...GO, ...pipeline('go vet ./cmd/', 'go vet cmd', 'go vet ./cmd') }, 'lint');
    expect(tests.filter((each) => each.includes('cmd'))).toHaveLength(1);
  });
});

describe('a repository with a larger user interface than service', () => {
  const ui = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`ui/src/a${at}.tsx`, '']));
  const files: Files = {
    ...ui,
    'ui/package.json': JSON.stringify({ scripts: { build: 'vite build', test: 'vitest run' } }, null, 1),
    'ui/package-lock.json': '{}',
    'build_ui.sh': '#!/bin/sh\ncd ui\nnpm run build\n',
    'settings.gradle': "rootProject.name = 'x'\n",
    'build.gradle': 'plugins { id "java" }\n',
    gradlew: { executable: '#!/bin/sh\n' },
    'src/main/java/A.java': 'class A {}\n',
  };

  it('is still built by what stands at the root', async () => {
    expect((await said(files, 'build'))[0]).toBe('./gradlew build');
    expect(await said(files, 'build')).not.toContain('vite build');
    expect((await said(files, 'test'))[0]).toBe('./gradlew test');
  });
});

describe('a task that only talks', () => {
  it('is no answer', async () => {
    const script = (test: string): Files => ({
      'package.json': JSON.stringify({ scripts: { test } }, null, 1),
      'package-lock.json': '{}',
      'a.ts': '',
    });
    expect(await said(script('echo Please test each package by itself'), 'test')).toEqual([]);
    expect(await said(script('echo testing && node run.js'), 'test')).toEqual(['npm test']);
  });
});
