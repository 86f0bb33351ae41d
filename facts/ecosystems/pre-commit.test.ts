import { describe, expect, it } from 'vitest';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { preCommit } from './pre-commit.ts';

type Files = Parameters<typeof signalsOf>[1];

async function tell(files: Files): Promise<readonly string[]> {
  return told((await signalsOf(preCommit, files)).signals);
}

/** Hooks of one repository, one per line from line 4 on. */
const hooks = (lines: readonly string[], repo = 'https://example.org/hooks'): Record<string, string> => ({
  '.pre-commit-config.yaml': `repos:\n  - repo: ${repo}\n    hooks:\n${lines.map((line) => `      - ${line}\n`).join('')}`,
});

describe('pre-commit', () => {
  it('reads what the hooks check, commented-out and manual ones aside', async () => {
    const { signals, problems } = await signalsOf(preCommit, fixture('pre-commit/python'));
    expect(problems).toEqual([]);
    expect(told(signals)).toEqual([
      'linter = ruff | .pre-commit-config.yaml:14 | config 0',
      'formatter = ruff | .pre-commit-config.yaml:16 | config 0',
      'type-checker = mypy | .pre-commit-config.yaml:20 | config 0',
      'linter = codespell | .pre-commit-config.yaml:23 | config -3',
      'linter = pylint | .pre-commit-config.yaml:27 | config 0',
      'lint: pre-commit run --all-files | .pre-commit-config.yaml:4 | config 0',
      'format: pre-commit run --all-files | .pre-commit-config.yaml:4 | config -2',
      'typecheck: pre-commit run mypy --all-files | .pre-commit-config.yaml:20 | config -1',
    ]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['eslint and prettier', ['id: eslint', 'id: prettier'], ['linter = eslint', 'formatter = prettier']],
    ['a tool behind a local name', ['{id: types, entry: uv run mypy src}'], ['type-checker = mypy']],
    ['a tool behind its arguments', ['{id: check, entry: uv, args: [run, ruff, check]}'], ['linter = ruff']],
    ['what calls other tasks as nothing', ['{id: lint, entry: make, args: [lint]}'], []],
    ['biome as both', ['id: biome-check'], ['linter = biome', 'formatter = biome']],
    [
      'variants of a name',
      ['id: golangci-lint-full', 'id: go-fmt', 'id: terraform_fmt', 'id: clang-format'],
      ['linter = golangci-lint', 'formatter = gofmt', 'formatter = terraform', 'formatter = clang-format'],
    ],
    ['no part of a word', ['id: city-check', 'id: blacken-docs', 'id: check-toml'], []],
    ['a tool once', ['id: ruff', 'id: ruff-check'], ['linter = ruff']],
  ])('knows %s', async (_, lines, facts) => {
    const said = (await tell(hooks(lines))).filter((line) => / = /.test(line));
    expect(said.map((line) => line.slice(0, line.indexOf(' |')))).toEqual(facts);
  });

  it.each<[string, Files, readonly string[]]>([
    [
      'the first telling hook, a convention, where no line names the program',
      hooks(['id: check-yaml', 'id: eslint']),
      ['lint: pre-commit run --all-files | .pre-commit-config.yaml:5 | convention 0'],
    ],
    [
      'little where hooks only tidy up',
      hooks(['id: check-yaml']),
      ['lint: pre-commit run --all-files | .pre-commit-config.yaml:4 | convention -3'],
    ],
    [
      'formatting where a hook formats',
      hooks(['id: black']),
      [
        'lint: pre-commit run --all-files | .pre-commit-config.yaml:4 | convention -1',
        'format: pre-commit run --all-files | .pre-commit-config.yaml:4 | convention -2',
      ],
    ],
    [
      'a wrapped type checker last',
      hooks(['{id: local-mypy, entry: uv run mypy}'], 'local'),
      [
        'lint: pre-commit run --all-files | .pre-commit-config.yaml:4 | convention -3',
        'typecheck: pre-commit run local-mypy --all-files | .pre-commit-config.yaml:4 | config -3',
      ],
    ],
    [
      'nothing where every hook is manual or waits for a push',
      hooks(['{id: ruff, stages: [manual]}', '{id: mypy, stages: [pre-push]}']),
      [],
    ],
    [
      'nothing where the usual stage is another',
      { '.pre-commit-config.yaml': `default_stages: [pre-push]\n${hooks(['id: ruff'])['.pre-commit-config.yaml']}` },
      [],
    ],
    ['nothing for an empty list', { '.pre-commit-config.yaml': 'repos: []\n' }, []],
    [
      'nothing for a package below',
      { 'web/.pre-commit-config.yaml': hooks(['id: eslint'])['.pre-commit-config.yaml']! },
      [],
    ],
  ])('says %s', async (_, files, commands) => {
    expect((await tell(files)).filter((line) => !/ = /.test(line))).toEqual(commands);
  });

  it.each<[string, Files, string]>([
    [
      'it is a dependency',
      { ...hooks(['id: eslint']), 'pyproject.toml': '[dependency-groups]\ndev = ["prek>=0.2"]\n' },
      'lint: prek run --all-files | pyproject.toml:2 .pre-commit-config.yaml:4 | config 0',
    ],
    [
      'it is one of poetry',
      { ...hooks(['id: eslint']), 'pyproject.toml': '[tool.poetry.group.dev.dependencies]\nprek = "^0.2"\n' },
      'lint: prek run --all-files | pyproject.toml:2 .pre-commit-config.yaml:4 | config 0',
    ],
    [
      'a pipeline runs it',
      {
        ...hooks(['id: eslint']),
        '.github/workflows/a.yml': 'jobs:\n  a:\n    steps:\n      - run: uvx prek run -a\n',
      },
      'lint: prek run --all-files | .github/workflows/a.yml:4 .pre-commit-config.yaml:4 | config 0',
    ],
    [
      'it has its own file',
      { ...hooks(['id: black']), 'prek.toml': '[[repos]]\nrepo = "local"\nhooks = [\n  { id = "eslint" },\n]\n' },
      'lint: prek run --all-files | prek.toml:4 | convention 0',
    ],
  ])('says prek where %s', async (_, files, line) => {
    expect(await tell(files)).toContain(line);
  });

  it('is not misled by a comment or a longer name', async () => {
    const files = { ...hooks(['id: eslint']), 'pyproject.toml': '# "prek" is nice\ndev = ["prekindle"]\n' };
    expect(await tell(files)).toContain('lint: pre-commit run --all-files | .pre-commit-config.yaml:4 | convention 0');
  });

  it.each<[string, string, number]>([
    ['wrong types', 'repos:\n  - 3\n  - hooks: x\n  - hooks: [1, {id: [a]}, {id: 4}, {entry: y}]\n', 1],
    ['a map for a list', 'repos: {a: b}\n', 0],
    ['half a file', 'repos:\n  - repo: x\n    hooks:\n      - id: eslint\n      - {id: [\n', 2],
    ['carriage returns', 'repos:\r\n  - repo: x\r\n    hooks:\r\n      - id: eslint\r\n', 2],
    ['nothing', '', 0],
  ])('survives %s', async (_, text, count) => {
    const { signals } = await signalsOf(preCommit, { '.pre-commit-config.yaml': text });
    expect(signals).toHaveLength(count);
  });
});
