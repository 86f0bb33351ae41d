import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findRepositories } from '../../forge/git/find-repositories.ts';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';

/** A repository whose tree many projects share. */
export interface Source {
  /** For people. */
  readonly name: string;
  readonly gitDir: string;
  readonly commit: string;
  readonly files: number;
}

export interface Sources {
  readonly all: readonly Source[];
  /** Where they are from, for people. */
  readonly kind: string;
  cleanup(): Promise<void>;
}

/** Files; more do not count as small. */
const SMALL = 300;
const SMALL_BYTES = 10 << 20;

/** Small repositories of `AGENTSMD_REPOS` (`<owner>+<name>/repo`, or any git folders); where that names none, made ones. */
export async function sourcesFor(count: number): Promise<Sources> {
  const folder = process.env.AGENTSMD_REPOS;
  if (!folder) return await madeSources();
  const found: Source[] = [];
  for (const { name, path } of findRepositories(folder)) {
    const source = smallSource(name, path);
    if (source) found.push(source);
    if (found.length === count) break;
  }
  if (found.length === 0) return await madeSources();
  return { all: found, kind: `${found.length} real repositories of 3 to ${SMALL} files`, cleanup: async () => {} };
}

function smallSource(name: string, gitDir: string): Source | undefined {
  const run = (args: readonly string[], input = '') =>
    spawnSync('git', ['-C', gitDir, ...args], { encoding: 'utf8', input, maxBuffer: 1 << 28 });
  if (packedBytes(gitDir) > SMALL_BYTES) return undefined;
  const commit = run(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']).stdout.trim();
  if (commit === '') return undefined;
  const lines = run(['ls-tree', '-r', '-z', commit]).stdout.split('\0').filter(Boolean);
  if (lines.length < 3 || lines.length > SMALL) return undefined;
  // A partial clone may lack some, and then nobody could serve it.
  const blobs = lines.flatMap((line) => / blob (\w+)\t/.exec(line)?.[1] ?? []);
  const checked = run(['cat-file', '--batch-check'], `${blobs.join('\n')}\n`);
  if (checked.status !== 0 || checked.stdout.includes(' missing')) return undefined;
  const { stdout } = run(['rev-parse', '--absolute-git-dir']);
  return { name, gitDir: stdout.trim(), commit, files: lines.length };
}

/** Without running git: of thousands of repositories most are large. */
function packedBytes(dir: string): number {
  const packs = [join(dir, 'objects/pack'), join(dir, '.git/objects/pack')].find((each) => existsSync(each));
  if (packs === undefined) return 0;
  return readdirSync(packs).reduce((sum, name) => sum + statSync(join(packs, name)).size, 0);
}

/** A dozen small repositories, each with something to say. */
export async function madeSources(): Promise<Sources> {
  const made = await Promise.all(
    Object.entries(MADE).map(async ([name, files]) => ({
      name,
      files,
      ...(await makeRepository({ files }, { bare: true })),
    })),
  );
  return {
    all: made.map(({ name, dir, commit, files }) => ({ name, gitDir: dir, commit, files: Object.keys(files).length })),
    kind: `${made.length} made repositories of a few files`,
    cleanup: async () => {
      await Promise.all(made.map(({ cleanup }) => cleanup()));
    },
  };
}

/** By name, each as its files. */
export const MADE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  npm: {
    'package.json':
      '{"name":"cart","scripts":{"build":"tsc -b","test":"vitest run","lint":"eslint ."},"engines":{"node":">=22"}}',
    'package-lock.json': '{"name":"cart","lockfileVersion":3,"packages":{}}',
    'tsconfig.json': '{}',
    'src/index.ts': 'export const cart = [];\n',
    '.gitlab-ci.yml': 'test:\n  script:\n    - npm ci\n    - npm test\n',
  },
  pnpm: {
    'package.json': '{"name":"shop","packageManager":"pnpm@9.0.0","scripts":{"test":"jest","format":"prettier -w ."}}',
    'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
    'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
    'packages/a/package.json': '{"name":"a","scripts":{"build":"tsc"}}',
    'packages/b/package.json': '{"name":"b"}',
  },
  python: {
    'pyproject.toml': '[project]\nname = "pay"\nrequires-python = ">=3.12"\n[tool.pytest.ini_options]\n[tool.ruff]\n',
    'uv.lock': 'version = 1\n',
    'src/pay/__init__.py': '',
    'tests/test_pay.py': 'def test_pay():\n    assert True\n',
  },
  go: {
    'go.mod': 'module example.com/oven\n\ngo 1.24\n',
    'main.go': 'package main\n\nfunc main() {}\n',
    'main_test.go': 'package main\n',
    Makefile: 'build:\n\tgo build ./...\ntest:\n\tgo test ./...\nlint:\n\tgolangci-lint run\n',
  },
  rust: {
    'Cargo.toml': '[package]\nname = "dough"\nversion = "0.1.0"\nedition = "2024"\nrust-version = "1.85"\n',
    'Cargo.lock': 'version = 4\n',
    'src/lib.rs': '#[test]\nfn rises() {}\n',
    'rust-toolchain.toml': '[toolchain]\nchannel = "1.85.0"\n',
  },
  maven: {
    'pom.xml':
      '<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>till</artifactId><version>1</version></project>',
    mvnw: '#!/bin/sh\n',
    'src/main/java/g/Till.java': 'package g;\nclass Till {}\n',
    'src/test/java/g/TillTest.java': 'package g;\nclass TillTest {}\n',
  },
  gradle: {
    'build.gradle.kts': 'plugins { java }\n',
    'settings.gradle.kts': 'rootProject.name = "scale"\n',
    gradlew: '#!/bin/sh\n',
    'src/main/java/g/Scale.java': 'package g;\nclass Scale {}\n',
  },
  dotnet: {
    'shelf.sln': '',
    'src/Shelf/Shelf.csproj':
      '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup></Project>',
    'test/Shelf.Tests/Shelf.Tests.csproj':
      '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net9.0</TargetFramework></PropertyGroup><ItemGroup><PackageReference Include="xunit" Version="2.9.0" /></ItemGroup></Project>',
    'global.json': '{"sdk":{"version":"9.0.100"}}',
    '.gitlab-ci.yml': 'test:\n  script:\n    - dotnet test\n',
  },
  ruby: {
    Gemfile: 'source "https://rubygems.org"\ngem "rspec"\n',
    'Gemfile.lock': 'GEM\n  specs:\n    rspec (3.13.0)\n\nBUNDLED WITH\n   2.5.0\n',
    '.rspec': '--color\n',
    'spec/a_spec.rb': '',
    '.ruby-version': '3.3.0\n',
  },
  php: {
    'composer.json': '{"name":"shop/till","require":{"php":">=8.3"},"scripts":{"test":"phpunit"}}',
    'composer.lock': '{}',
    'phpunit.xml': '<phpunit/>',
  },
  docs: { 'README.md': '# Notes\n\nNothing but words.\n', 'docs/a.md': '# A\n' },
  make: { Makefile: 'all: build\nbuild:\n\tcc -o a a.c\ntest: build\n\t./a\n', 'a.c': 'int main() { return 0; }\n' },
};
