import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { pants } from './pants.ts';

const FILES = fixture('pants/service');
const TOML = FILES['pants.toml']!;

async function said(files: Parameters<typeof signalsOf>[1]): Promise<readonly string[]> {
  return told((await signalsOf(pants, files)).signals);
}

describe('pants', () => {
  it('says the goals that the backends give something to do; one in a comment is none', async () => {
    expect(await said(FILES)).toEqual([
      'runtime.pants = 2.26.0 | pants.toml:2 | config 0',
      'build-system = pants | pants.toml:2 | config 3',
      'package-manager = pants | pants.toml:2 | config 0',
      'test: pants test :: | pants.toml:4 | config 3',
      'test-single: pants test <file> | pants.toml:4 | config 3',
      'build: pants package :: | pants.toml:4 | config 2',
      'lint: pants lint :: | pants.toml:5 | config 3',
      'format: pants fmt :: | pants.toml:5 | config 3',
      'format: pants fix :: | pants.toml:7 | config 2',
      'typecheck: pants check :: | pants.toml:8 | config 3',
      'linter = ruff | pants.toml:7 | config 1',
      'formatter = black | pants.toml:5 | config 1',
      'formatter = shfmt | pants.toml:9 | config 1',
      'type-checker = mypy | pants.toml:8 | config 1',
    ]);
  });

  it.each([
    ...['flake8', 'pylint', 'bandit', 'yamllint', 'autoflake'].map((tool) => [`python.lint.${tool}`, 'linter', tool]),
    ['experimental.python.lint.ruff.check', 'linter', 'ruff'],
    ['shell.lint.shellcheck', 'linter', 'shellcheck'],
    ['docker.lint.hadolint', 'linter', 'hadolint'],
    ['experimental.go.lint.golangci_lint', 'linter', 'golangci-lint'],
    ...['black', 'isort', 'yapf', 'docformatter'].map((tool) => [`python.lint.${tool}`, 'formatter', tool]),
    ['experimental.python.lint.ruff.format', 'formatter', 'ruff'],
    ['shell.lint.shfmt', 'formatter', 'shfmt'],
    ['go.lint.gofmt', 'formatter', 'gofmt'],
    ['experimental.javascript.lint.prettier', 'formatter', 'prettier'],
    ['scala.lint.scalafmt', 'formatter', 'scalafmt'],
    ['experimental.tools.taplo', 'formatter', 'taplo'],
    ['python.typecheck.mypy', 'type-checker', 'mypy'],
    ['experimental.python.typecheck.pyright', 'type-checker', 'pyright'],
  ])('the backend %s is the %s %s', async (backend, key, tool) => {
    const lines = await said({ 'pants.toml': `[GLOBAL]\nbackend_packages = ["pants.backend.${backend}"]\n` });
    expect(lines).toContain(`${key} = ${tool} | pants.toml:2 | config 1`);
  });

  it('goes before the tools that it runs', async () => {
    const { facts } = await analyze(
      memoryRepository({
        ...FILES,
        'pyproject.toml': '[tool.pytest.ini_options]\ntestpaths = ["src"]\n\n[tool.mypy]\nstrict = true\n',
        'requirements.txt': 'pytest\nmypy\n',
      }),
    );
    const first = (key: string): string | undefined => facts.find((fact) => fact.key === key)?.value;
    expect(['test', 'test-single', 'typecheck'].map((purpose) => first(`command.${purpose}`))).toEqual([
      'pants test ::',
      'pants test <file>',
      'pants check ::',
    ]);
  });

  it('stands behind where the code is in a language that it was not told of', async () => {
    const lines = await said({ ...FILES, 'src/a.rs': '', 'src/b.rs': '', 'Cargo.toml': '[package]\nname = "x"\n' });
    expect(lines.filter((line) => /^(?:package-manager|build-system|test:)/.test(line))).toEqual([
      'build-system = pants | pants.toml:2 | config -3',
      'test: pants test :: | pants.toml:4 | config -3',
    ]);
  });

  it.each([
    ['2.14.1', 'executable', './pants test ::'],
    ['2.16.0', 'executable', 'pants test ::'],
    ['2.14.1', 'absent', 'pants test ::'],
  ])('version %s with a script that is %s: %s', async (version, script, expected) => {
    const files = { ...FILES, 'pants.toml': TOML.replace('2.26.0', version) };
    const lines = await said(script === 'executable' ? { ...files, pants: { executable: '#!/bin/sh\n' } } : files);
    expect(lines.find((line) => line.startsWith('test: '))).toBe(`test: ${expected} | pants.toml:4 | config 3`);
  });

  it('survives half a file, odd values and the line ends of Windows', async () => {
    expect(await said({ 'pants.toml': '[GLOBAL]\nbackend_packages = 7\npants_version = [1]\n' })).toEqual([
      'build-system = pants | pants.toml:3 | config 3',
      'package-manager = pants | pants.toml:3 | config 0',
    ]);
    expect(await said({ 'pants.toml': '' })).toEqual([]);
    expect(await said({ ...FILES, 'pants.toml': TOML.replaceAll('\n', '\r\n') })).toEqual(await said(FILES));
    for (let length = 0; length < TOML.length; length += 7) {
      const { problems } = await signalsOf(pants, { ...FILES, 'pants.toml': TOML.slice(0, length) });
      expect(problems.filter(({ message }) => message.includes('ecosystem failed'))).toEqual([]);
    }
  });
});
