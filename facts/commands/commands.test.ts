import { describe, expect, it } from 'vitest';
import type { Task } from '../signal.ts';
import { plainCall, TaskIndex } from './calls.ts';
import { readName } from './names.ts';
import { readCommand } from './reading.ts';
import { invocations } from './shell.ts';
import { toolRule } from './tools.ts';
import { unwrap } from './unwrap.ts';

const words = (line: string): string[] => line.split(' ');

describe('invocations', () => {
  it('splits lists, pipes and blocks, follows cd, and marks what may not run', () => {
    const script =
      'cd web && CI=1 pnpm test | tee log\nif x; then\n  make lint\nfi\n(cd deep; go vet ./...)\nmake a || make b';
    expect(invocations(script).map(({ words, dir, line, guarded }) => [words.join(' '), dir, line, guarded])).toEqual([
      ['pnpm test', 'web', 0, false],
      ['tee log', 'web', 0, false],
      ['x', 'web', 1, true],
      ['make lint', 'web', 2, true],
      ['go vet ./...', 'web/deep', 4, false],
      ['make a', 'web', 5, false],
      ['make b', 'web', 5, true],
    ]);
  });

  it('joins continued lines and keeps CI expressions in one word', () => {
    const [first, second] = invocations('uv run \\\n  pytest\ncargo test --target ${{ matrix.target }} --all');
    expect(first?.words).toEqual(['uv', 'run', 'pytest']);
    expect(second?.words).toEqual(['cargo', 'test', '--target', '', '--all']);
    expect(second?.dynamic).toEqual([false, false, false, true, false]);
  });

  it('loses the folder after a cd that only a run can know', () => {
    expect(invocations('cd "$DIR"\nmake test')[0]?.dir).toBeUndefined();
    expect(invocations('cd ../..\nmake test')[0]?.dir).toBeUndefined();
  });

  it('survives broken shell and text that is no shell', () => {
    for (const text of ['if [ x', '"', '$(', '<<EOF', '\u0000', ')))', 'a '.repeat(300_000)])
      expect(() => invocations(text)).not.toThrow();
  });
});

describe('unwrap', () => {
  it.each([
    ['sudo -u me make test', 'make test', undefined, false],
    ['uv run --no-sync --group dev pytest -x', 'pytest -x', 'uv run', false],
    ['uv run --python 3.12 python -m pytest tests', 'pytest tests', 'uv run', false],
    ['poetry run mypy .', 'mypy .', 'poetry run', false],
    ['npx -y eslint .', 'eslint .', 'npx', false],
    ['bundle exec rake test', 'rake test', 'bundle exec', false],
    ['cross-env CI=1 NODE_ENV=test jest', 'jest', undefined, false],
    ['docker run --rm -v x:/y -w /y golang:1.22 go test ./...', 'go test ./...', undefined, true],
    ['docker compose run --rm app pytest', 'pytest', undefined, true],
    ['coverage run --source src -m pytest tests', 'pytest tests', undefined, false],
    ['python3 -m unittest discover', 'python3 -m unittest discover', undefined, false],
    ['mise exec -- go build', 'go build', undefined, false],
    ['uv run', 'uv run', undefined, false],
  ])('%s', (line, inner, launcher, contained) => {
    const result = unwrap(words(line));
    expect([result.words.join(' '), result.launcher, result.contained]).toEqual([inner, launcher, contained]);
  });
});

describe('toolRule', () => {
  it.each([
    ['cargo nextest run --workspace', 'cargo nextest run'],
    ['cargo test', 'cargo test'],
    ['./node_modules/.bin/eslint .', 'eslint'],
    ['ruff format .', 'ruff format'],
    ['go tool golangci-lint run', 'go tool golangci-lint run'],
    ['frobnicate', undefined],
    ['yarn --immutable', 'yarn'],
    ['yarn workspaces foreach run build', undefined],
    ['python site/manage.py test', 'python manage.py test'],
  ])('%s', (line, rule) => expect(toolRule(words(line))?.words.join(' ')).toBe(rule));
});

describe('readCommand', () => {
  it.each([
    ['pytest --cov=src --cov-report xml -n auto --junitxml=r.xml', 'pytest -n auto'],
    ['go test -race -coverprofile=c.out -timeout 10m ./...', 'go test -race ./...'],
    ['cargo clippy --workspace --all-targets --locked', 'cargo clippy --workspace --all-targets'],
    ['./gradlew --no-daemon --stacktrace clean build', './gradlew clean build'],
    ['pnpm install --frozen-lockfile', 'pnpm install'],
    ['mvn -B package', 'mvn package'],
    ['sfw npx eslint .', 'eslint .'],
    ['mvn --log-file out.log -l more.log spotless:check', 'mvn spotless:check'],
    ['cmake -S . -B build -DX=On', 'cmake -S . -B build -DX=On'],
    ['nox -s lint', 'nox -s lint'],
  ])('leaves the pipeline’s flags out of %s', (line, typed) =>
    expect(readCommand(words(line))?.words.join(' ')).toBe(typed));

  it('knows broad from narrow', () => {
    const narrow = (line: string): number => readCommand(words(line))?.narrow ?? Number.NaN;
    expect(narrow('go test ./...')).toBe(0);
    expect(narrow('go test ./pkg/x')).toBeGreaterThan(0.5);
    expect(narrow('cargo test -p core')).toBeGreaterThan(0.5);
    expect(narrow('pytest tests')).toBe(0);
    expect(narrow('pytest tests/unit/test_a.py')).toBeGreaterThan(0.5);
    expect(narrow('./gradlew :core:test')).toBeGreaterThan(0.5);
    expect(narrow('./gradlew testPaidDebug :core:test')).toBe(0);
    expect(narrow('./gradlew testPaidDebug :core:lint')).toBeGreaterThan(0.5);
  });

  it('an excluded goal is not run', () => {
    expect(readCommand(words('./gradlew check -x test'))?.purposes.test).toBeUndefined();
    expect(readCommand(words('./gradlew testPaidDebugUnitTest'))?.purposes.test).toBeGreaterThan(0.5);
    expect(readCommand(words('./gradlew recordShotsPaidDebug'))?.purposes.test).toBeUndefined();
    expect(readCommand(words('mvn verify -DskipTests'))?.purposes.test).toBeUndefined();
    expect(readCommand(words('mvn verify'))?.purposes.test).toBeGreaterThan(0);
  });

  it('what only a run can know makes it vague, as a flag it is dropped', () => {
    expect(readCommand(['pytest', '$TARGET'], [false, true])?.vague).toBe(true);
    const flagged = readCommand(['cargo', 'test', '--target', '$T'], [false, false, false, true]);
    expect([flagged?.vague, flagged?.words.join(' ')]).toEqual([false, 'cargo test']);
  });

  it('takes no command of a program for its main one', () => {
    expect(readCommand(words('./pint'))?.purposes.format).toBeGreaterThan(0);
    expect(readCommand(words('./pint app:build pint.phar'))?.purposes.format).toBeUndefined();
  });

  it('tells looking from mending', () => {
    expect(readCommand(words('prettier --check .'))?.checks).toBe(true);
    expect(readCommand(words('prettier --write .'))?.checks).toBe(false);
    expect(readCommand(words('eslint . --fix'))?.fixes).toBe(true);
  });
});

describe('readName', () => {
  const top = (name: string): string | undefined =>
    Object.entries(readName(name)?.purposes ?? {}).sort((a, b) => b[1] - a[1])[0]?.[0];
  it.each([
    ['test', 'test'],
    ['test:unit', 'test'],
    ['unit-tests', 'test'],
    ['lint', 'lint'],
    ['lint:fix', 'format'],
    ['style:lint', 'lint'],
    ['style:format', 'format'],
    ['check-types', 'typecheck'],
    ['typecheck', 'typecheck'],
    ['lint_types', 'typecheck'],
    ['lint:mypy', 'typecheck'],
    ['build_docs', 'build'],
    ['checkFormat', 'format'],
    ['fmt', 'format'],
    ['codegen', 'generate'],
    ['dev', 'run'],
    ['test:watch', undefined],
    ['clean', undefined],
    ['release', undefined],
  ])('%s -> %s', (name, purpose) => expect(top(name)).toBe(purpose));

  it('the plain name is the least special', () => {
    const special = (name: string): number => readName(name)?.special ?? Number.NaN;
    expect(special('test')).toBe(0);
    expect(special('test:ci')).toBeLessThan(special('test:coverage'));
    expect(special('test:coverage')).toBeLessThan(special('test:e2e'));
  });
});

describe('plainCall', () => {
  it.each([
    ['pnpm --silent run lint', 'pnpm lint'],
    ['pnpm run test:ci', 'pnpm test:ci'],
    ['npm run test', 'npm test'],
    ['npm t', 'npm test'],
    ['npm run lint -- --fix', 'npm run lint -- --fix'],
    ['bun run test', 'bun run test'],
    ['bash ./scripts/test.sh -v', 'scripts/test.sh -v'],
    ['mise r lint', 'mise run lint'],
  ])('%s', (line, plain) => expect(plainCall(words(line)).join(' ')).toBe(plain));
});

describe('TaskIndex', () => {
  const task = (runner: string, name: string, run: string, dir = ''): Task => ({
    kind: 'task',
    runner,
    name,
    run,
    dir,
    at: { path: 'x', line: 1 },
    body: [],
    needs: [],
  });
  const index = new TaskIndex([
    task('make', 'test', 'make test'),
    task('make', 'lint', 'make lint', 'sub'),
    task('pnpm', 'test', 'pnpm test'),
    task('script', 'check', './check.sh'),
    task('task', 'lint', 'task lint'),
    task('task', 'test', 'task test'),
  ]);
  it.each([
    ['make -j4 V=1 test', '', ['make test']],
    ['make -C sub lint', '', ['make lint']],
    ['make nothing', '', []],
    ['pnpm run test --reporter=dot', '', ['pnpm test']],
    ['pnpm --filter web test', '', []],
    ['pnpm -r test', '', []],
    ['./check.sh ./pkg', '', ['./check.sh']],
    ['task lint test', '', ['task lint', 'task test']],
  ])('%s', (line, dir, runs) => expect(index.called(words(line), dir).map(({ run }) => run)).toEqual(runs));
});
