import { describe, expect, it } from 'vitest';
import { runnerCall } from './runner-calls.ts';

/** `runner where: name@word`, with `?` where a program or a plugin may be meant. */
function read(text: string): string | undefined {
  const call = runnerCall(text.split(' '));
  if (!call) return undefined;
  const where = typeof call.where === 'string' ? call.where : Object.entries(call.where).flat().join('=');
  return `${call.runner} ${where}: ${call.names.map(({ name, word }) => `${name}@${word}`).join(' ')}${call.orProgram || call.orPlugin ? ' ?' : ''}`;
}

describe('runnerCall', () => {
  it.each([
    ['npm run lint', 'npm here: lint@2'],
    ['npm test', 'npm here: test@1'],
    ['npm run --silent lint -- --fix', 'npm here: lint@3'],
    ['npm run build -w @x/a', 'npm name=@x/a: build@2'],
    ['npm --prefix web run build', 'npm dir=web: build@4'],
    ['npm run build --workspaces', 'npm many: build@2'],
    ['pnpm lint', 'npm here: lint@1 ?'],
    ['pnpm run lint', 'npm here: lint@2'],
    ['pnpm -F @x/a test', 'npm name=@x/a: test@3 ?'],
    ['pnpm --filter ./packages/a run test', 'npm dir=./packages/a: test@4'],
    ['pnpm -r build', 'npm many: build@2 ?'],
    ['pnpm -C web dev', 'npm dir=web: dev@3 ?'],
    ['yarn workspace @x/a build', 'npm name=@x/a: build@3 ?'],
    ['yarn lint', 'npm here: lint@1 ?'],
    ['bun run build', 'npm here: build@2 ?'],
    ['npx turbo run build lint', 'turbo many: build@3 lint@4'],
    ['lerna run build', 'npm many: build@2'],
    ['run-s clean build:*', 'npm here: clean@1 build:*@2'],
    ['deno task dev', 'deno here: dev@2'],
    ['make -j 4 build test V=1', 'make here: build@3 test@4'],
    ['make -C docs html', 'make dir=docs: html@3'],
    ['just docker build', 'just here: docker@1'],
    ['task lint test -- -v', 'task here: lint@1 test@2'],
    ['bundle exec rake test[a]', 'rake here: test@3'],
    ['tox -e lint,docs', 'tox here: lint@2 docs@2'],
    ['tox run -elint', 'tox here: lint@2'],
    ['nox -s tests lint -- -x', 'nox here: tests@2 lint@3'],
    ['mix quality', 'mix here: quality@1 ?'],
    ['composer run-script test', 'composer here: test@2'],
    ['composer cs:fix', 'composer here: cs:fix@1 ?'],
    ['mise run lint', 'mise here: lint@2'],
    ['uv run poe check', 'poe here: check@3'],
    ['inv build', 'inv here: build@1'],
    ['melos run test', 'melos here: test@2'],
    ['cargo xtask dist', 'cargo here: xtask@1 ?'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    // Verbs of the managers and their abbreviations.
    ...[
      'npm install',
      'npm i',
      'npm ci',
      'pnpm i',
      'pnpm add x',
      'pnpm dlx x',
      'pnpm exec tsc',
      'pnpm store prune',
      'yarn',
      'yarn add x',
      'yarn dlx x',
      'bun install',
      'bun test',
      'bun src/x.ts',
      'npx vitest',
    ],
    // No name, another file, or nothing but a question.
    ...[
      'make',
      'make -f other.mk x',
      'just --list',
      'just',
      'task -t other.yml x',
      'rake -T',
      'tox',
      'nox',
      'tox -c other.ini -e x',
      'mise exec -- x',
      'mix do a + b',
      'npm run lint --help',
    ],
    // Commands of the runners themselves, and of programs that are no runners.
    ...[
      'composer install',
      'composer require x/y',
      'cargo build',
      'cargo nextest run',
      'melos bootstrap',
      'git push',
      'pytest tests',
      'hatch run x',
    ],
  ])('%s runs no target', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
