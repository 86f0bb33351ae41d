import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../facts/changes/index.ts';
import { compareCommits } from '../../forge/git/compare.ts';
import { openRepository } from '../../forge/git/open.ts';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import type { Rule } from '../check/rule.ts';
import { missingPath } from '../check/rules/amd101-missing-path.ts';
import { spansOf } from '../documents/spans.ts';
import { generate } from '../index.ts';
import { serializeLedger } from '../refresh/ledger.ts';
import { staleLines } from './index.ts';

type Files = Readonly<Record<string, string | null>>;

/** A rule of the simplest kind: a path in code that is not there. */
const missing: Rule = {
  id: 'AMD101',
  name: 'missing-path',
  severity: 'error',
  title: '',
  why: '',
  source: '',
  *check(document, { survey: { paths } }) {
    for (const span of spansOf(document)) {
      const path = span.text.replace(/\/$/, '');
      if (span.kind !== 'code' || !span.text.includes('/') || paths.has(path) || paths.hasDir(path)) continue;
      yield {
        at: span,
        severity: 'warning',
        message: 'is not there',
        doubt: {
          paths: [path],
          gone: (_, { movedTo }) => ({
            severity: 'error',
            message: 'is gone',
            ...(movedTo === undefined ? {} : { replacement: span.text.endsWith('/') ? `${movedTo}/` : movedTo }),
          }),
        },
      };
    }
  },
};

/** @param rules which are asked. */
async function stale(
  before: Files,
  edits: Files,
  rules: readonly Rule[] | 'all' = [missing],
): Promise<readonly string[]> {
  const present = (files: Files) =>
    Object.fromEntries(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  const deleted = Object.keys(edits).filter((path) => edits[path] === null);
  const repo = await makeRepository(
    { commits: [{ files: present(before) }, { files: present(edits), deleted }] },
    { bare: true },
  );
  const [a, b] = [await openRepository(repo.dir, { rev: 'main~1' }), await openRepository(repo.dir, { rev: 'main' })];
  try {
    const files = await compareCommits(repo.dir, 'main~1', 'main');
    const changes = await changesBetween(a, b, files);
    const lines = await staleLines({ before: a, after: b, files, changes, ...(rules === 'all' ? {} : { rules }) });
    return lines.map(({ path, line, subject, suggestion }) => `${path}:${line} ${subject} => ${suggestion}`);
  } finally {
    await Promise.all([a.close(), b.close()]);
    await repo.cleanup();
  }
}

const CODE = 'package process\n\nfunc Start() int { return 42 }\n\nfunc Stop() int { return 43 }\n';
const MAKE = 'test:\n\tgo test ./...\n\nlint:\n\tgolangci-lint run\n';
const GO: Files = {
  'go.mod': 'module x\n\ngo 1.24\n',
  Makefile: MAKE,
  'process/start.go': CODE,
  'process/ansi.go': `${CODE}// ansi\n`,
};
const moved: Files = {
  'process/start.go': null,
  'process/ansi.go': null,
  'internal/process/start.go': CODE,
  'internal/process/ansi.go': `${CODE}// ansi\n`,
};

describe('staleLines', () => {
  it('names a line that a move made false, and how it should read', async () => {
    const doc = '# X\n\n- `process/` starts commands; see `process/start.go`\n';
    expect(await stale({ ...GO, 'AGENTS.md': doc }, moved)).toEqual([
      'AGENTS.md:3 process/ => - `internal/process/` starts commands; see `process/start.go`',
      'AGENTS.md:3 process/start.go => - `process/` starts commands; see `internal/process/start.go`',
    ]);
  });

  it('leaves out what was false before', async () => {
    expect(await stale({ ...GO, 'AGENTS.md': '`lib/never/` and `process/ansi.go`\n' }, moved)).toEqual([
      'AGENTS.md:1 process/ansi.go => `lib/never/` and `internal/process/ansi.go`',
    ]);
  });

  it('leaves out what was not there before either, though the folder above it is new', async () => {
    const before = { ...GO, 'AGENTS.md': 'Specifications go to `docs/spec/`.\n' };
    expect(await stale(before, { 'docs/setup.md': '# Setup\n' }, [missingPath])).toEqual([]);
  });

  it('judges the documents as they are after the change', async () => {
    const before = { ...GO, 'AGENTS.md': '`process/`\n' };
    expect(await stale(before, { ...moved, 'AGENTS.md': '`internal/process/`\n' })).toEqual([]);
  });

  it('knows the new name of a task', async () => {
    const before = { ...GO, 'AGENTS.md': 'Run `make lint` first.\n\n```sh\nmake lint && make test\n```\n' };
    expect(await stale(before, { Makefile: MAKE.replace('lint:', 'check:') })).toEqual([
      'AGENTS.md:1 make lint => Run `make check` first.',
      'AGENTS.md:4 make lint => make check && make test',
    ]);
  });

  it.each(['pnpm lint', 'pnpm run lint'])('knows the new name of a script that is typed %s', async (typed) => {
    const files = (name: string): Files => ({
      'package.json': JSON.stringify({ packageManager: 'pnpm@10.0.0', scripts: { [name]: 'biome check' } }),
    });
    const before = { ...files('lint'), 'pnpm-lock.yaml': '', 'AGENTS.md': `Run \`${typed}\` first.\n` };
    expect(await stale(before, files('verify'))).toEqual([`AGENTS.md:1 ${typed} => Run \`pnpm verify\` first.`]);
  });

  it('leaves alone a line that has the flag already', async () => {
    const group = '[tool.poetry.group.dev.dependencies]\npytest = "^8"\n';
    const before = {
      'pyproject.toml': `[tool.poetry]\nname = "a"\n\n${group}`,
      'AGENTS.md': '`poetry install`\n\n`poetry install --no-root --with dev`\n',
    };
    const edits = {
      'pyproject.toml': `[tool.poetry]\nname = "a"\n\n[tool.poetry.group.dev]\noptional = true\n\n${group}`,
    };
    expect(await stale(before, edits)).toEqual(['AGENTS.md:1 poetry install => `poetry install --with dev`']);
  });

  it.each([
    ['in code', '`yarn.lock` is committed; use `jest`.', 'AGENTS.md:1 jest => `yarn.lock` is committed; use `vitest`.'],
    ['with flags of its own', 'Run `npx jest --watch`.', 'AGENTS.md:1 jest => null'],
    ['in prose', 'Tests are written with Jest.', 'AGENTS.md:1 Jest => Tests are written with Vitest.'],
  ])('knows what replaced a tool that is named %s', async (_, doc, line) => {
    expect(await stale({ ...jest, 'AGENTS.md': `${doc}\n` }, vitest)).toEqual([line]);
  });

  it.each([
    'We use Vitest, not Jest.',
    'Migrated from Jest in 2025.',
    'Jest was removed.',
    'the `jest-dom` matchers',
  ])('says nothing of "%s"', async (doc) => {
    expect(await stale({ ...jest, 'AGENTS.md': `${doc}\n` }, vitest)).toEqual([]);
  });

  it('says nothing of a line of ours that other lines prove now', async () => {
    const pipeline =
      'check:\n  script:\n    - npm run lint\n    - npm test\n  rules:\n    - if: $CI_MERGE_REQUEST_IID\n';
    const scripts = '{ "scripts": { "lint": "eslint .", "test": "node --test" } }\n';
    const before = { 'package.json': scripts, 'package-lock.json': '{}\n', '.gitlab-ci.yml': pipeline };
    const repo = await makeRepository({ files: before }, { bare: true });
    const reader = await openRepository(repo.dir, { rev: 'main' });
    const { files, ledger } = await generate(reader, { fresh: true });
    await Promise.all([reader.close(), repo.cleanup()]);
    const text = files[0]!.text;
    expect(text).toContain('pipeline checks lint and test');
    const written = { ...before, 'AGENTS.md': text, '.agentsmd/ledger.json': serializeLedger(ledger) };
    const silently = pipeline.replace('run lint', 'run --silent lint');
    expect(await stale(written, { '.gitlab-ci.yml': silently }, 'all')).toEqual([]);
    const unlinted = pipeline.replace('    - npm run lint\n', '');
    expect(await stale(written, { '.gitlab-ci.yml': unlinted }, 'all')).toEqual([
      expect.stringMatching(/pipeline checks lint and test: run them before you push => $/),
    ]);
  });

  it('lets the AGENTS.md that would have been written before stand in for a missing one', async () => {
    const lines = await stale(GO, { Makefile: MAKE.replace('test:', 'check:') });
    expect(lines.map((line) => line.replace(/:\d+ .*=>/, ' =>'))).toContain('AGENTS.md => - Test: `make check`');
  });

  it.each([
    ['pnpm', { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" }],
    ['yarn', { 'yarn.lock': '# yarn lockfile v1\n' }],
  ])('knows all of a line that we wrote, after a switch to %s', async (manager, lock) => {
    const manifest = { name: 'shop', scripts: { test: 'vitest run' }, devDependencies: { vitest: '4.0.0' } };
    const files = { 'package.json': JSON.stringify(manifest), 'package-lock.json': '{ "lockfileVersion": 3 }' };
    const own =
      '- Install: `npm install`\n- Test: `npm test`; a single one: `npm test -- <file>`\n- `npm test` is quick\n';
    const edits = { 'package-lock.json': null, ...lock };
    expect(await stale({ ...files, 'AGENTS.md': own }, edits, 'all')).toEqual([
      `AGENTS.md:1 npm install => - Install: \`${manager} install\``,
      `AGENTS.md:2 npm test => - Test: \`${manager} test\`; a single one: \`${manager} test <file>\``,
      `AGENTS.md:3 npm test => - \`${manager} test\` is quick`,
    ]);
  });

  it('is silent where nothing changed', async () => {
    expect(await stale({ ...GO, 'AGENTS.md': '`nowhere/at/all`\n' }, {})).toEqual([]);
  });
});

const PACKAGE = (dev: object, test: string): string =>
  JSON.stringify({ name: 'x', scripts: { test }, devDependencies: dev }, null, 2);
const jest: Files = {
  'package.json': PACKAGE({ jest: '^29.0.0' }, 'jest'),
  'package-lock.json': '{}',
  'src/a.test.js': "test('a', () => {});\n",
};
const vitest: Files = { 'package.json': PACKAGE({ vitest: '^2.0.0' }, 'vitest run') };
