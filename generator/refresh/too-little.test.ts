import { describe, expect, it } from 'vitest';
import { survey } from '../../facts/index.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { tooLittle } from './too-little.ts';

const CARGO = {
  'Cargo.toml': '[package]\nname = "x"\nversion = "0.1.0"\n',
  'src/lib.rs': 'pub fn x() {}\n',
  Makefile: 'lint:\n\tcargo clippy\n',
};
const why = async (key: string, text: string) =>
  tooLittle(
    { key, section: 'Repository', text, evidence: [], hash: '' },
    '',
    await survey(memoryRepository(CARGO)),
    true,
  );

describe('what a file of people does not need', () => {
  it.each([
    ['command.test', 'Test: `cargo test`', 'the default of its toolchain'],
    ['command.install', 'Install: `npm ci`', 'every manager installs like that'],
    ['command.install', 'Install: `pnpm install --frozen-lockfile`', 'every manager installs like that'],
    ['changes-with a/*', 'A new `a/*` usually also needs its entry in `b`', 'it is not always so'],
  ])('%s: %s', async (key, text, reason) => {
    expect(await why(key, text)).toBe(reason);
  });

  it.each([
    ['command.lint', 'Lint: `make lint`'],
    ['command.install', 'Install: `make setup`'],
    ['changes-with a/*', 'A new `a/*` also needs its entry in `b`'],
    ['generated', 'Generated, never edit: `gen/`'],
  ])('but: %s: %s', async (key, text) => {
    expect(await why(key, text)).toBeUndefined();
  });
});
