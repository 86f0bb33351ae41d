import { describe, expect, it } from 'vitest';
import { invocations } from '../../commands/shell.ts';
import { runnerCall } from './runners.ts';

const read = (text: string) => runnerCall(invocations(text)[0]!);

describe('runnerCall', () => {
  it.each([
    ['vitest', 'vitest', 'vitest run'],
    ['vitest --run', 'vitest', 'vitest run'],
    ['vitest run --coverage', 'vitest', 'vitest run'],
    ['NODE_ENV=test cross-env CI=1 vitest run', 'vitest', 'vitest run'],
    ['pnpm exec vitest', 'vitest', 'vitest run'],
    ['pnpm vitest', 'vitest', 'vitest run'],
    ['bun --bun vitest', 'vitest', 'vitest run'],
    ['./node_modules/.bin/jest', 'jest', 'jest'],
    ['react-scripts test', 'jest', 'react-scripts test'],
    ['backstage-cli package test', 'jest', 'backstage-cli package test'],
    ['c8 --reporter html mocha', 'mocha', 'mocha'],
    ['nyc --silent _mocha', 'mocha', 'mocha'],
    ['uvu -r tsm tests', 'uvu', 'uvu tests'],
    ['bun test', 'bun test', 'bun test'],
    ['node --test', 'node:test', 'node --test'],
    ['node --import tsx --test', 'node:test', 'node --import tsx --test'],
    ['tsx --test', 'node:test', 'npx tsx --test'],
    ['borp --coverage', 'node:test', 'borp'],
    ['playwright test', 'playwright', 'playwright test'],
  ])('%s is %s, by hand %s', (text, framework, head) => {
    expect(read(text)).toMatchObject({ framework, head, narrowed: false, watches: false });
  });

  it('keeps a path to the runner and what node needs to start it', () => {
    const call = read('node --experimental-vm-modules node_modules/jest/bin/jest.js --coverage');
    expect(call).toMatchObject({
      framework: 'jest',
      head: 'node --experimental-vm-modules node_modules/jest/bin/jest.js',
      bin: false,
    });
  });

  it.each([
    'vitest run src/unit',
    "node --test 'test/**/*.test.js'",
    'mocha test/',
    'jest -- tests',
    'cypress run --spec a',
  ])('%s already names its files', (text) => {
    expect(read(text)?.narrowed).toBe(true);
  });

  it('tells values of flags from files', () => {
    expect(read('vitest run --config vitest.unit.config.ts -t name --project web')?.narrowed).toBe(false);
    expect(read('mocha --require test/setup.js --reporter spec --check-leaks')).toMatchObject({
      narrowed: false,
      settings: ['--require', 'test/setup.js', '--check-leaks'],
    });
    expect(read('node --import tsx --test --test-reporter spec')?.settings).toEqual([]);
  });

  it('quotes what a shell would split', () => {
    expect(read("mocha --require 'test/my setup.js'")?.settings).toEqual(['--require', "'test/my setup.js'"]);
  });

  it.each(['vitest --watch', 'jest --watchAll', 'vitest watch'])('%s watches', (text) => {
    expect(read(text)?.watches).toBe(true);
  });

  it.each([
    'vitest bench',
    'eslint .',
    'node test.js',
    'tsx scripts/test.ts --test',
    'npm test',
    'jest $FILES',
    'playwright install',
  ])('%s is no run of tests that can be read', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
