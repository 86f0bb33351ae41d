import { describe, expect, it } from 'vitest';
import type { Fact } from '../../facts/index.ts';
import { memoryRepository } from '../../forge/memory.ts';
import {
  commandAnswers,
  commandForm,
  evidenceHolds,
  type Gold,
  isForbidden,
  mainLanguagesOf,
  managersOf,
  namesTestFramework,
  singleTestForm,
  valuesOf,
  withoutAgentDocuments,
} from './compare.ts';

function gold(part: Partial<Gold> = {}): Gold {
  return { repo: 'acme/shop', commit: 'c1', commands: {}, ...part };
}

function fact(part: Partial<Fact>): Fact {
  return { key: 'command.test', value: 'make test', dir: '', source: 'task', evidence: [], ...part };
}

describe('commandForm', () => {
  it.each([
    ['pnpm run lint', 'pnpm lint'],
    ['npm run test', 'npm test'],
    ['CI=true FOO="a b" pnpm test:ci', 'pnpm test:ci'],
    ['env CI=1 go test ./...', 'go test ./...'],
    ['cd site && npm ci', 'npm ci'],
    ['make test (needs Docker)', 'make test'],
    ['pytest <test-file>  -k {name} [more]', 'pytest <> -k <> <>'],
  ])('%s is compared as %s', (command, form) => expect(commandForm(command)).toBe(form));

  it.each([
    ['npm run lint', 'npm lint'],
    ['bun run test', 'bun test'],
    ['cd site', 'site'],
    ['make test (a; b)', 'make test'],
  ])('%s is another command than %s', (one, other) => expect(commandForm(one)).not.toBe(commandForm(other)));
});

describe('singleTestForm', () => {
  it.each([
    ['go test -v ./pkg/cache -run TestGet', 'go test <>'],
    ['./gradlew :sdk:test --tests "io.acme.CartTest"', 'gradlew test <>'],
    ['python3 tests/run.py tests/cart_test.py', 'python3 run.py <>'],
    ['cargo test <name>', 'cargo test <>'],
    ['ctest -R <pattern> --output-on-failure', 'ctest <>'],
  ])('%s is compared as %s', (command, form) => expect(singleTestForm(command)).toBe(form));
});

describe('commandAnswers', () => {
  const stated = (...acceptable: string[]) => ({ acceptable, statedByHumans: true });
  const answer = (part: Gold['commands'], say: Readonly<Record<string, readonly string[]>>) =>
    commandAnswers(gold({ commands: part }), (purpose) => say[purpose] ?? []);

  it('is right with the first answer, in any of the accepted spellings', () => {
    const answers = answer({ lint: [stated('pnpm lint', 'eslint .')] }, { lint: ['eslint .', 'pnpm lint'] });
    expect(answers).toEqual([
      { purpose: 'lint', said: ['eslint .', 'pnpm lint'], wanted: 'pnpm lint', top1: true, anyShown: true },
    ]);
  });

  it('tells a later answer from the first one, and from none', () => {
    const say = { build: ['make', 'make build'], test: [] };
    const [build, test] = answer({ test: [stated('make test')], build: [stated('make build')] }, say);
    expect(build).toMatchObject({ purpose: 'build', top1: false, anyShown: true });
    expect(test).toMatchObject({ purpose: 'test', said: [], top1: false, anyShown: false });
  });

  it('looks at three distinct answers', () => {
    const found = (...test: string[]) => answer({ test: [stated('d')] }, { test })[0]?.anyShown;
    expect(found('a', 'b', 'c', 'd')).toBe(false);
    expect(found('a', 'A=1 a', 'b', 'd')).toBe(true);
  });

  it('does not ask for what only a manifest proves, or what is doubtful', () => {
    const commands = {
      test: [{ acceptable: ['make test'], statedByHumans: false }],
      lint: [{ ...stated('make lint'), uncertain: true }],
    };
    expect(answer(commands, {})).toEqual([]);
  });

  it('wants a place for the test in a command for a single test, where the gold has one', () => {
    const single = (value: string) =>
      answer({ testSingle: [stated('pytest <file>', 'pytest')] }, { 'test-single': [value] });
    expect(single('pytest tests/cart_test.py')[0]?.top1).toBe(true);
    expect(single('pytest')[0]?.top1).toBe(false);
  });
});

describe('isForbidden', () => {
  const strict = gold({ forbiddenCommands: ['go test ./...', { command: 'go build' }] });
  it.each([
    ['go test ./...', true],
    ['CGO_ENABLED=0 go build ./cmd/shop', true],
    ['go test ./pkg', false],
    ['go buildall', false],
  ])('%s: %s', (command, forbidden) => expect(isForbidden(strict, command)).toBe(forbidden));
});

describe('package managers and languages of the gold', () => {
  it('have one name each, and no manager is none', () => {
    expect(managersOf(gold({ packageManagers: ['nuget (dotnet)', 'go modules', 'mix/hex', 'pip (tests)'] }))).toEqual([
      'dotnet',
      'go',
      'mix',
      'pip',
    ]);
    expect(managersOf(gold({ packageManagers: ['none (cmake)'] }))).toEqual([]);
  });

  it('are the first two languages, by any right name', () => {
    expect(mainLanguagesOf(gold({ languages: ['Ruby', 'RHTML/ERB', 'C'] }))).toEqual(['ruby', 'erb']);
    expect(mainLanguagesOf(gold({ languages: ['Helm/YAML'] }))).toContain('go template');
  });
});

describe('namesTestFramework', () => {
  it.each([
    [['JUnit 4'], ['junit4'], true],
    [['dart test', 'flutter test'], ['flutter_test'], true],
    [['jest (via backstage-cli)'], ['jest'], true],
    [['Quick/Nimble'], ['nimble'], true],
    [['cargo test --doc'], ['cargo test'], true],
    [['cargo nextest'], ['cargo test'], false],
    [['pytest'], [], false],
    [['none'], ['pytest'], null],
  ])('%j, said %j: %s', (testFrameworks, said, named) =>
    expect(namesTestFramework(gold({ testFrameworks }), said)).toBe(named));
});

describe('valuesOf', () => {
  it("gives the root's values, and those of folders only where the root has none", () => {
    const facts = [fact({ dir: 'site', value: 'npm test' }), fact({ value: 'make test' })];
    expect(valuesOf(facts, 'command.test')).toEqual(['make test']);
    expect(valuesOf(facts.slice(0, 1), 'command.test')).toEqual(['npm test']);
    expect(valuesOf(facts, 'command.lint')).toEqual([]);
  });
});

describe('evidenceHolds', () => {
  const files: Readonly<Record<string, string>> = {
    Makefile: 'all:\n\ntest:\n\tgo test ./...\n\n\nclean:',
    'go.mod': 'module x',
    link: 'make test',
  };
  const tree = {
    kindOf: (path: string) => (path === 'link' ? 'symlink' : path in files ? 'file' : undefined),
    linesOf: (path: string) => files[path]?.split('\n') ?? [],
  } as const;
  const at = (path: string, line: number) => ({ path, line });

  it.each([
    ['a line that names a word of the command', fact({ evidence: [at('Makefile', 4)] }), true],
    ['the line before one', fact({ evidence: [at('Makefile', 2)] }), true],
    ['the line after one', fact({ evidence: [at('Makefile', 5)] }), true],
    ['a line that has nothing to do with it', fact({ evidence: [at('Makefile', 7)] }), false],
    ['one line of two that speaks of it', fact({ evidence: [at('Makefile', 7), at('Makefile', 3)] }), true],
    ['a file that the command names', fact({ value: 'cat Makefile', evidence: [at('Makefile', 7)] }), true],
    [
      'a manifest behind a convention',
      fact({ value: 'ginkgo', source: 'convention', evidence: [at('go.mod', 1)] }),
      true,
    ],
    ['a manifest behind a task', fact({ value: 'ginkgo', evidence: [at('go.mod', 1)] }), false],
    ['no evidence', fact({}), false],
    ['a line past the end, though another holds', fact({ evidence: [at('Makefile', 3), at('Makefile', 8)] }), false],
    ['line 0, though another holds', fact({ evidence: [at('Makefile', 3), at('Makefile', 0)] }), false],
    ['a symbolic link', fact({ evidence: [at('link', 1)] }), false],
    ['a file that is not there', fact({ evidence: [at('test.sh', 1)] }), false],
  ])('%s', (_, claim, holds) => expect(evidenceHolds(claim, tree)).toBe(holds));
});

describe('withoutAgentDocuments', () => {
  it('neither lists nor reads them, in any folder', async () => {
    const hidden = ['AGENTS.md', 'docs/CLAUDE.md', '.cursor/rules/a.mdc', '.github/copilot-instructions.md'];
    const shown = ['README.md', 'docs/agents.md.txt', 'src/claude.ts'];
    const files = Object.fromEntries([...hidden, ...shown].map((path) => [path, path]));
    const reader = withoutAgentDocuments(memoryRepository(files));
    expect((await reader.paths()).map(({ path }) => path)).toEqual(shown);
    const answers = await reader.read(['AGENTS.md', 'README.md']);
    expect(answers.get('AGENTS.md')).toEqual({ ok: false, reason: 'absent' });
    expect(answers.get('README.md')).toMatchObject({ ok: true, text: 'README.md' });
  });
});
