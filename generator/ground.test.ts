import { describe, expect, it } from 'vitest';
import type { Fact } from '../facts/index.ts';
import { composeRoot } from './compose.ts';
import { ground } from './ground.ts';
import type { Item } from './item.ts';
import { code, oneLine } from './markdown.ts';
import { nestedDirs } from './nested.ts';
import { Documents } from './readme.ts';
import { commandItems } from './sections/commands.ts';

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
    ['command.run', 'uv run tool', { source: 'config' as const }, 'an entry point, not how the project is started'],
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

  it('calls a configure step and a formatter that only looks by their names', () => {
    expect(bullets(fact('command.install', 'cmake -S . -B build'))).toEqual(['Configure: `cmake -S . -B build`']);
    expect(bullets(fact('command.format', 'black --check .'))).toEqual(['Format check: `black --check .`']);
  });
});

describe('compose', () => {
  const text = (...facts: Fact[]): string =>
    composeRoot(facts, [], 'AGENTS.md')
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

  it('says what the pipeline checks only where tests are among it', () => {
    const gate = (purpose: string, path: string): Fact =>
      fact(`ci.gate.${purpose}`, 'x', { evidence: [{ path, line: 1 }] });
    expect(text(gate('lint', '.gitlab-ci.yml'), gate('test', '.gitlab-ci.yml'))).toContain(
      'The merge-request pipeline checks lint and test',
    );
    expect(text(gate('lint', '.github/workflows/a.yml'), gate('test', '.github/workflows/a.yml'))).toContain(
      'The pull-request pipeline',
    );
    expect(text(gate('lint', '.gitlab-ci.yml'), gate('build', '.gitlab-ci.yml'))).toBe('');
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
