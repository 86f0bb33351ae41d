import { describe, expect, it } from 'vitest';
import type { Fact } from '../facts/index.ts';
import { composeRoot } from './compose.ts';
import { ground } from './ground.ts';
import type { Item } from './item.ts';
import { code, oneLine } from './markdown.ts';
import { nestedDirs } from './nested.ts';
import { Documents } from './readme.ts';
import { commandItems } from './sections/commands.ts';
import { NO_RULES } from './sections/rules.ts';

const at = [{ path: 'Makefile', line: 3 }];
const item = (text: string, more: Partial<Item> = {}): Item => ({
  file: 'AGENTS.md',
  section: 'Repository',
  key: 'command.test',
  text,
  evidence: at,
  kind: 'command',
  worth: 50,
  ...more,
});
const fact = (key: string, value: string, more: Partial<Fact> = {}): Fact => ({
  key,
  value,
  dir: '',
  source: 'task',
  evidence: at,
  ...more,
});
const WIDE = { maxLines: 60, maxBytes: 8192 };

describe('ground', () => {
  const documents = new Documents(new Map([['README.md', '# x\n\nRun `make test` with `FOO` set.\n']]));

  it('drops what nothing proves', () => {
    const { items, omitted } = ground(
      { items: [item('Test: `a`'), item('Lint: `b`', { evidence: [] })], omitted: [] },
      documents,
      WIDE,
    );
    expect(items.map(({ text }) => text)).toEqual(['Test: `a`']);
    expect(omitted).toEqual([{ text: 'Lint: `b`', reason: 'nothing proves it', evidence: [] }]);
  });

  it('drops prose that a document says, keeps commands that it says', () => {
    const { items, omitted } = ground(
      { items: [item('Test: `make test`'), item('Set `FOO`', { kind: 'prose' })], omitted: [] },
      documents,
      WIDE,
    );
    expect(items.map(({ text }) => text)).toEqual(['Test: `make test`']);
    expect(omitted[0]?.reason).toBe('README.md:3 says it');
  });

  it('gives way by worth, and never loses the last bullet', () => {
    const many = Array.from({ length: 30 }, (_, i) => item(`Bullet ${i}: \`x${i}\``, { worth: i }));
    const { items } = ground({ items: many, omitted: [] }, documents, { maxLines: 14, maxBytes: 8192 });
    expect(items.map(({ worth }) => worth)).toEqual(Array.from({ length: 10 }, (_, i) => 20 + i));
    expect(ground({ items: many, omitted: [] }, documents, { maxLines: 1, maxBytes: 1 }).items).toHaveLength(1);
  });
});

describe('commandItems', () => {
  const bullets = (...facts: Fact[]): string[] => commandItems(facts, 'AGENTS.md', '').items.map(({ text }) => text);
  const reasons = (...facts: Fact[]): string[] =>
    commandItems(facts, 'AGENTS.md', '').omitted.map(({ reason }) => reason);

  it('says one command once, with all that it is for', () => {
    expect(bullets(fact('command.lint', 'make check'), fact('command.format', 'make check'))).toEqual([
      'Lint, format: `make check`',
    ]);
  });

  it('takes the next answer where the best is not worth a bullet', () => {
    const facts = [fact('command.lint', 'go vet ./...', { source: 'convention' }), fact('command.lint', 'make lint')];
    expect(bullets(...facts)).toEqual(['Lint: `make lint`']);
    expect(reasons(...facts)).toEqual(['the default of its toolchain: nothing in the repository names it']);
  });

  it.each([
    ['command.build', `make ${'x'.repeat(200)}`, {}, 'too long for a bullet'],
    ['command.install', 'go mod download', {}, 'its toolchain does it by itself'],
    ['command.build', 'uv build', {}, 'packages a release: no step of daily work'],
    ['command.build', 'gem build x.gemspec', { source: 'ci' as const }, 'packages a release: no step of daily work'],
    [
      'command.build',
      'bundle exec rake build',
      { source: 'convention' as const },
      'packages a release: no step of daily work',
    ],
    ['command.build', 'ansible-galaxy collection build', {}, 'packages a release: no step of daily work'],
    ['command.build', 'helm template charts/<name>', {}, 'packages a release: no step of daily work'],
    ['command.build', 'docker build .', { source: 'config' as const }, 'an image is shipped, not worked on'],
    ['command.install', 'swift package resolve', {}, 'its toolchain does it by itself'],
    ['command.install', 'dotnet restore App.slnx', {}, 'its toolchain does it by itself'],
    ['command.install', './rebar3 get-deps', {}, 'its toolchain does it by itself'],
    ['command.install', 'gleam deps download', {}, 'its toolchain does it by itself'],
    [
      'command.run',
      'go run docs/server.go',
      { source: 'ci' as const },
      'a step of the pipeline, not how the project is started',
    ],
    [
      'command.typecheck',
      'cargo check --target armv5te-unknown-linux-musleabi',
      { source: 'ci' as const },
      'checks for another machine',
    ],
    ['command.run', 'uv run tool', { source: 'config' as const }, 'an entry point, not how the project is started'],
    [
      'command.run',
      'bazel run //:tool',
      { source: 'config' as const },
      'an entry point, not how the project is started',
    ],
    ['command.run', 'mvn jetty:run -pl apps/x', { source: 'config' as const }, 'starts a part of the project'],
    [
      'command.run',
      'symfony serve -d',
      { source: 'config' as const, evidence: [{ path: '.github/workflows/e2e.yml', line: 4 }] },
      'only a pipeline that checks nothing starts it',
    ],
    [
      'command.format',
      'ruff format',
      { source: 'config' as const, evidence: [{ path: '.pre-commit-config.yaml', line: 4 }] },
      'only a pre-commit hook brings the tool',
    ],
  ])('%s %s is left out', (key, value, more, reason) => {
    expect(bullets(fact(key, value, more))).toEqual([]);
    expect(reasons(fact(key, value, more))).toEqual([reason]);
  });

  it('says a script or a plugin’s task that starts the project', () => {
    const config = { source: 'config' as const };
    expect(bullets(fact('command.run', 'bin/dev', { ...config, evidence: [{ path: 'bin/dev', line: 2 }] }))).toEqual([
      'Run: `bin/dev`',
    ]);
    expect(bullets(fact('command.run', 'mvn spring-boot:run', config))).toEqual(['Run: `mvn spring-boot:run`']);
    expect(bullets(fact('command.run', './gradlew bootRun', { source: 'convention' }))).toEqual([
      'Run: `./gradlew bootRun`',
    ]);
  });

  it('builds an image only where nothing else is built', () => {
    const image = fact('command.build', 'docker build .', { source: 'ci' });
    expect(bullets(image)).toEqual(['Build: `docker build .`']);
    expect(bullets(image, fact('command.build', 'cargo build'))).toEqual(['Build: `cargo build`']);
  });

  it('looks for what sets up where the first answer is needless', () => {
    const restore = fact('command.install', 'dotnet restore', { source: 'convention' });
    expect(bullets(restore, fact('command.install', 'dotnet tool restore', { source: 'ci' }))).toEqual([
      'Install: `dotnet tool restore`',
    ]);
    expect(bullets(restore, fact('command.install', 'make deps'))).toEqual(['Install: `make deps`']);
    expect(bullets(restore, fact('command.install', 'bundle install', { source: 'ci' }))).toEqual([]);
  });

  it('prepares a folder of configuration only where nothing else sets up', () => {
    const init = fact('command.install', 'terraform init', { source: 'convention' });
    expect(bullets(init)).toEqual(['Install: `terraform init`']);
    expect(bullets(init, fact('command.install', 'make setup'))).toEqual(['Install: `make setup`']);
  });

  it('says the default that formats where the repository checks or configures it', () => {
    const writes = fact('command.format', 'mix format', { source: 'convention' });
    const looks = fact('command.format', 'mix format --check-formatted');
    const other = fact('command.format', 'npx prettier --list-different .');
    expect(bullets(writes, looks)).toEqual(['Format: `mix format`']);
    expect(bullets(writes, fact('ci.gate.format', looks.value, { source: 'ci' }), other)).toEqual([
      'Format: `mix format`',
    ]);
    expect(bullets(writes, fact('formatter', 'mix format', { source: 'config' }), other)).toEqual([
      'Format: `mix format`',
    ]);
    expect(bullets(writes, other)).toEqual(['Format check: `npx prettier --list-different .`']);
    const hooks = [{ path: '.pre-commit-config.yaml', line: 2 }];
    expect(bullets(writes, fact('formatter', 'mix format', { source: 'config', evidence: hooks }))).toEqual([]);
    // The repository's own form of it is the better one.
    expect(bullets(writes, looks, fact('command.format', 'mix format lib'))).toEqual([
      'Format check: `mix format --check-formatted`',
    ]);
  });

  it('installs for a second manager that starts something of what is said', () => {
    const facts = [
      fact('package-manager', 'composer'),
      fact('package-manager', 'npm'),
      fact('command.install', 'composer install'),
      fact('command.install', 'npm ci'),
      fact('command.test', 'composer test'),
    ];
    const build = fact('command.build', 'npm run build');
    expect(bullets(...facts)).toEqual(['Install: `composer install`', 'Test: `composer test`']);
    expect(bullets(...facts, build)).toEqual([
      'Install: `composer install`',
      'Install: `npm ci`',
      'Build: `npm run build`',
      'Test: `composer test`',
    ]);
    expect(bullets(fact('command.install', 'bin/setup'), ...facts, build)).not.toContain('Install: `npm ci`');
  });

  it('says a single test of the same runner only', () => {
    const all = fact('command.test', 'bazel test //...');
    const other = fact('command.test-single', 'python -m unittest <file>');
    const own = fact('command.test-single', 'bazel test //<dir>:<name>');
    expect(bullets(all, other)).toEqual(['Test: `bazel test //...`']);
    expect(bullets(all, other, own)).toEqual(['Test: `bazel test //...`; a single one: `bazel test //<dir>:<name>`']);
    expect(
      bullets(fact('command.test', 'rebar3 ct'), fact('command.test-single', 'rebar3 eunit --module=<name>')),
    ).toEqual(['Test: `rebar3 ct`']);
    const built = fact('command.test-single', 'ctest --test-dir build -R <name>');
    expect(bullets(fact('command.test', 'ctest --test-dir out'), built)).toEqual(['Test: `ctest --test-dir out`']);
    expect(bullets(fact('command.test', 'ctest --test-dir build'), built)).toEqual([
      'Test: `ctest --test-dir build`; a single one: `ctest --test-dir build -R <name>`',
    ]);
    expect(bullets(fact('command.test', 'make test'), other)).toEqual([
      'Test: `make test`; a single one: `python -m unittest <file>`',
    ]);
  });

  it('configures with the tool that builds', () => {
    const facts = [
      fact('command.install', 'meson setup build', { source: 'convention' }),
      fact('command.install', 'cmake -S . -B build', { source: 'ci' }),
    ];
    expect(bullets(...facts, fact('command.build', 'cmake --build build'))[0]).toBe('Configure: `cmake -S . -B build`');
    expect(bullets(...facts, fact('command.build', 'ninja'))[0]).toBe('Configure: `meson setup build`');
    const npm = fact('command.install', 'npm ci');
    expect(bullets(npm, ...facts, fact('command.build', 'cmake --build build'))[0]).toBe('Install: `npm ci`');
  });

  it('speaks of one of two tools that build the same', () => {
    const facts = [
      fact('command.install', './mvnw install'),
      fact('command.build', './gradlew build'),
      fact('command.test', './mvnw verify'),
      fact('command.test', './gradlew test'),
      fact('command.test-single', './gradlew test --tests <name>'),
      fact('command.run', './gradlew bootRun'),
    ];
    expect(bullets(...facts)).toEqual([
      'Build: `./gradlew build`',
      'Test: `./gradlew test`; a single one: `./gradlew test --tests <name>`',
      'Run: `./gradlew bootRun`',
    ]);
    expect(reasons(...facts)).toEqual(Array(2).fill('the same by the other build tool'));
    // One that only packages is no rival.
    expect(bullets(fact('command.build', './mvnw package'), fact('command.test', './gradlew test'))).toHaveLength(2);
  });

  it('lints the code, not what is beside it', () => {
    const lint = fact('command.lint', 'shellcheck scripts/*.sh', { source: 'ci' });
    const pipelines = fact('command.lint', 'npx markdownlint-cli2 .', { source: 'ci' });
    expect(bullets(lint, pipelines, fact('language', 'Java'))).toEqual([]);
    expect(bullets(lint, pipelines, fact('language', 'Shell'))).toEqual(['Lint: `shellcheck scripts/*.sh`']);
    expect(bullets(pipelines, fact('command.lint', 'make lint'), fact('language', 'Go'))).toEqual([
      'Lint: `make lint`',
    ]);
    expect(bullets(pipelines)).toEqual(['Lint: `npx markdownlint-cli2 .`']);
  });

  it('says what the projects of one folder share, where the root has none', () => {
    const of = (value: string, ...dirs: readonly string[]): readonly Fact[] =>
      dirs.map((dir) => fact('command.test', value, { dir }));
    const three = of('dart test', 'packages/a', 'packages/b', 'packages/c');
    expect(bullets(...of('npm test', 'docs'), ...three)).toEqual([
      'Test (in the folder of a project, such as `packages/a/`): `dart test`',
    ]);
    expect(bullets(...three.slice(1), ...of('npm test', 'docs'))).toEqual([]);
    expect(bullets(...of('dart test', 'a', 'packages/b', 'tools/c'))).toEqual([]);
    expect(bullets(...three, fact('command.test', 'make test'))).toEqual(['Test: `make test`']);
  });

  it('says the commands of the folder that holds these projects, with all else that is typed there', () => {
    const packages = ['web/packages/a', 'web/packages/b', 'web/packages/c'].map((dir) =>
      fact('command.test', 'pnpm test', { dir }),
    );
    const above = ['test', 'lint', 'typecheck', 'install', 'run'].map((purpose) =>
      fact(`command.${purpose}`, purpose === 'lint' ? 'make lint' : `pnpm ${purpose}`, { dir: 'web' }),
    );
    const lints = packages.map(({ dir }) => fact('command.lint', 'pnpm lint', { dir }));
    expect(bullets(...above, ...packages, ...lints)).toEqual([
      'Install (in `web/`): `pnpm install`',
      'Test (in `web/`): `pnpm test`',
      'Lint (in `web/`): `make lint`',
      'Typecheck (in `web/`): `pnpm typecheck`',
    ]);
    expect(bullets(fact('command.build', 'make'), ...above, ...packages)).toEqual([
      'Build: `make`',
      'Test (in `web/`): `pnpm test`',
    ]);
  });

  it('builds code before an image, also where a task makes it', () => {
    const own = fact('command.build', 'go build ./...');
    for (const task of ['make docker-build', 'make devcontainer-build', 'make image'])
      expect(bullets(fact('command.build', task, { source: 'ci' }), own)).toEqual(['Build: `go build ./...`']);
    expect(bullets(fact('command.build', 'make imagery', { source: 'ci' }), own)).toEqual(['Build: `make imagery`']);
  });

  it('calls a configure step and a formatter that only looks by their names', () => {
    expect(bullets(fact('command.install', 'cmake -S . -B build'))).toEqual(['Configure: `cmake -S . -B build`']);
    expect(bullets(fact('command.format', 'black --check .'))).toEqual(['Format check: `black --check .`']);
  });
});

describe('compose', () => {
  const text = (...facts: Fact[]): string =>
    composeRoot(facts, { together: [], rules: NO_RULES, catalog: undefined }, 'AGENTS.md')
      .items.map((each) => each.text)
      .join('\n');

  it('names a runtime of the main language only', () => {
    const facts = [
      fact('language', 'Go'),
      fact('runtime.go', '1.26'),
      fact('runtime.ruby', '3.4'),
      fact('command.test', 'make test'),
    ];
    expect(text(...facts)).toContain('Runtime: Go 1.26\n');
  });

  it.each([
    ['runtime.java', '17.0.19-librca', 'Java 17.0.19'],
    ['runtime.java', 'temurin-21', 'Java 21'],
    ['runtime.java', '27-ea', 'Java 27-ea'],
    ['runtime.ruby', '3.4.0-preview1', 'Ruby 3.4.0-preview1'],
  ])('names %s %s without who made it', (key, pin, said) => {
    expect(text(fact(key, pin), fact('command.test', 'make test'))).toContain(`Runtime: ${said}\n`);
  });

  it('says once what is a runtime and a manager of packages', () => {
    const facts = [fact('runtime.bun', '1.3.13'), fact('runtime.node', '>=22'), fact('command.test', 'bun test')];
    expect(text(fact('package-manager', 'bun'), ...facts)).toContain('Runtime: Bun 1 and Node.js >=22\n');
    expect(text(fact('package-manager', 'npm'), ...facts)).toContain('Runtime: Bun 1.3.13 and Node.js >=22\n');
  });

  it('names what the tests of the main language are written with, not what helps or shows', () => {
    const framework = (value: string, path = 'tests/a'): Fact =>
      fact('test-framework', value, { source: 'config', evidence: [{ path, line: 1 }] });
    const main = fact('language', 'Elixir');
    expect(text(main, framework('wallaby'), framework('stream_data'))).toBe('');
    expect(text(fact('language', 'Dart'), framework('xctest'))).toBe('');
    expect(text(fact('language', 'C#'), framework('xunit'), framework('fscheck'), framework('jest'))).toBe(
      'Tests are written with xunit',
    );
    expect(text(fact('language', 'Kotlin'), framework('junit5'))).toBe('Tests are written with JUnit 5');
    expect(text(fact('language', 'C#'), framework('mstest', 'samples/App/App.csproj'))).toBe('');
    expect(text(framework('vitest'))).toBe('Tests are written with Vitest');
  });

  it('names a folder of migrations once, however many tell of it', () => {
    const of = (value: string, dir: string): Fact => fact('migration', value, { dir });
    const facts = [of('api/versions', ''), of('api/versions', 'api'), of('db/migrate', '')];
    expect(text(...facts)).toContain('Schema migrations: `api/versions/` and `db/migrate/`');
  });

  it('says what the pipeline checks only where tests are among it', () => {
    const test = fact('command.test', 'make test');
    const gate = (purpose: string, path: string): Fact =>
      fact(`ci.gate.${purpose}`, 'x', { evidence: [{ path, line: 1 }] });
    expect(text(test, gate('lint', '.gitlab-ci.yml'), gate('test', '.gitlab-ci.yml'))).toContain(
      'The merge-request pipeline checks lint and test',
    );
    expect(text(test, gate('lint', '.github/workflows/a.yml'), gate('test', '.github/workflows/a.yml'))).toContain(
      'The pull-request pipeline',
    );
    expect(text(test, gate('lint', '.gitlab-ci.yml'), gate('build', '.gitlab-ci.yml'))).toBe('Test: `make test`');
    // Nobody could run them.
    expect(text(gate('lint', '.gitlab-ci.yml'), gate('test', '.gitlab-ci.yml'))).toBe('');
  });

  it('lists packages only where the list is nearly whole', () => {
    const member = (dir: string): Fact => fact('workspace', dir, { dir });
    expect(text(member('packages/a'), member('packages/b'), member('packages/c'))).toContain(
      'Packages: `packages/` (3)',
    );
    expect(text(member('a'), member('b'), member('c'), member('x/d'), member('x/e'))).toBe('');
    expect(text(member('examples/a'), member('examples/b'))).toBe('');
  });

  it('leaves out file types and layouts that a toolchain prescribes', () => {
    expect(text(fact('generated', '**/*.svg'))).toBe('');
    expect(text(fact('layout.test-mirror', '<path>/<name>.go -> <path>/<name>_test.go'))).toBe('');
    expect(text(fact('layout.test-mirror', 'src/<path>/<name>.ts -> test/<path>/<name>.test.ts'))).toContain(
      'Tests mirror the sources',
    );
  });
});

describe('nestedDirs', () => {
  const root = [fact('package-manager', 'go'), fact('command.test', 'make test')];
  const web = (dir: string, source: Fact['source'] = 'task'): Fact[] => [
    fact('package-manager', 'pnpm', { dir }),
    fact('command.test', 'pnpm test', { dir, source }),
    fact('command.build', 'pnpm build', { dir, source }),
  ];

  it('takes packages of another manager that something proves, one level deep, and not too many', () => {
    expect(nestedDirs([...root, ...web('web')])).toEqual(['web']);
    expect(nestedDirs([...root, ...web('web'), ...web('web/app')])).toEqual(['web']);
    expect(nestedDirs([...root, ...web('web', 'convention')])).toEqual([]);
    expect(nestedDirs([...root, ...Array.from({ length: 20 }, (_, i) => web(`w${i}`)).flat()])).toHaveLength(8);
    expect(
      nestedDirs([
        ...root,
        fact('package-manager', 'go', { dir: 'tools' }),
        fact('command.test', 'go test ./...', { dir: 'tools' }),
      ]),
    ).toEqual([]);
  });
});

describe('markdown', () => {
  it.each([
    ['plain', '`plain`'],
    ['a `b` c', '``a `b` c``'],
    ['`x', '`` `x ``'],
    ['two\nlines\t', '`two lines`'],
    ['zero\u200Bwidth \u202Eturned', '`zerowidth turned`'],
  ])('%j becomes %s', (text, span) => expect(code(text)).toBe(span));

  it('keeps text on one line and visible', () => expect(oneLine(' a\r\n b\u0007\u{E0041} ')).toBe('a b'));
});
