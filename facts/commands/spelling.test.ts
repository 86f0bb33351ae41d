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

describe('what runs elsewhere', () => {
  const web: Files = {
    'web/package.json': JSON.stringify({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '5' } }, null, 1),
    'web/package-lock.json': '{}',
  };

  it('is looked through there: `cd web && npm test` is a test', async () => {
    const files = { ...GO, ...web, Makefile: 'test-web:\n\tcd web && npm test\nverify:\n\tcd web && npm test\n' };
    expect(await said(files, 'test')).toContain('make test-web');
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

describe('parts and wholes', () => {
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
