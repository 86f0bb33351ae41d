import { describe, expect, it } from 'vitest';
import { survey } from '../../facts/index.ts';
import { type MemoryFile, memoryRepository } from '../../forge/memory.ts';
import { documentOf } from '../documents/parse.ts';
import type { LedgerItem } from './ledger.ts';
import { saidIn } from './says.ts';

const FILES: Record<string, MemoryFile> = {
  'package.json': JSON.stringify({
    scripts: {
      test: 'node t.js',
      lint: 'eslint .',
      typecheck: 'tsc --noEmit',
      gen: 'node gen.js',
      style: 'prettier --write .',
    },
  }),
  'pnpm-lock.yaml': 'lockfileVersion: "9.0"\n',
  Makefile: 'check:\n\tpnpm lint\n\tpnpm typecheck\n\nunit:\n\tpnpm test\n',
};

const said = async (text: string, key: string, bullet: string) => {
  const item: LedgerItem = { key, section: 'Repository', text: bullet, evidence: [], hash: '' };
  return saidIn([documentOf(text)], [item], await survey(memoryRepository(FILES))).reason(item);
};

const TEST = ['command.test', 'Test: `pnpm test`'] as const;
const LINT = ['command.lint', 'Lint: `pnpm lint`'] as const;
const GATE = ['ci.gate', 'The pull-request pipeline checks lint and test: run them before you push'] as const;
const GENERATED = ['generated', 'Generated, never edit: `src/gen/`'] as const;

describe('what people say already', () => {
  it.each([
    ['the same command', 'Run `pnpm test`.', TEST],
    ['with `run`', 'Run `pnpm run test`.', TEST],
    ['by another manager', '```sh\nnpm run test\n```', TEST],
    ['a task that runs it', '```sh\nmake unit\n```', TEST],
    ['with flags', '`pnpm test --watch=false`', TEST],
    ['a bare tool for the same', '`npx vitest run`', TEST],
    ['another command for the purpose', '- **Lint:** `./dev style-check`', LINT],
    ['a task that does several things', '`make check`', ['command.typecheck', 'Typecheck: `pnpm typecheck`']],
    ['a remark behind another command', '```sh\n./dev all # lint and types\n```', LINT],
    ['the tool in words', 'Pre-commit runs ruff and mypy.', ['command.typecheck', 'Typecheck: `mypy src`']],
    ['a flag for the purpose', 'When testing, add `--config=fast`.', TEST],
    ['that it is run before a push', 'All checks must be green before you push.', GATE],
    ['what CI does', 'CI runs the linter on every change.', GATE],
    ['the path', 'Hands off `src/gen`.', GENERATED],
    ['that generated files are not edited', 'Do not edit the generated client.', GENERATED],
    ['a runtime', 'Needs Node 22.', ['runtime', 'Runtime: Node.js >=22 and pnpm 10']],
    ['a runtime in its own notation', 'Elixir `~> 1.18`', ['runtime', 'Runtime: Elixir ~> 1.18']],
    [
      'where the variables are',
      'Copy `.env.example` to `.env`.',
      ['env.required', 'Environment: set `A_B`; see `.env.example`'],
    ],
    ['all variables', 'Set `A_B`.', ['env.required', 'Environment: set `A_B`; see `.env.sample`']],
    [
      'where tests stand',
      'Tests are co-located with the source.',
      ['layout.test-mirror', 'Tests stand beside their source: `<name>.ts` is tested by `<name>.test.ts`'],
    ],
    ['one of the folders', 'Code is in `packages/`.', ['workspace', 'Packages: `packages/` (8) and `apps/` (2)']],
    ['the framework, by how it is run', 'Run `make unit`.', ['test-framework', 'Tests are written with Mocha']],
    [
      'the list',
      'Register it in `src/registry.ts`.',
      ['changes-with jobs/*.ts', 'A new `jobs/*.ts` also needs its entry in `src/registry.ts`'],
    ],
  ] as const)('is not said again: %s', async (_, text, [key, bullet]) => {
    expect(await said(`# A\n\n${text}\n`, key, bullet)).toMatch(/^AGENTS\.md:\d+ /);
  });

  it.each([
    ['a command for something else', 'Run `pnpm lint`.', TEST],
    ['another command that is forbidden', 'Never run `npx eslint .`.', LINT],
    ['a word that only contains the name', 'The latest contest.', TEST],
    [
      'another list',
      'Register it in `src/routes.ts`.',
      ['changes-with jobs/*.ts', 'A new `jobs/*.ts` also needs its entry in `src/registry.ts`'],
    ],
    ['another folder', 'Hands off `vendor/`.', GENERATED],
    ['nothing of when', 'We like tests.', GATE],
    ['half of the variables', 'Set `A_B`.', ['env.required', 'Environment: set `A_B` and `C_D`; see `.env.sample`']],
  ] as const)('does not stand in the way of %s', async (_, text, [key, bullet]) => {
    expect(await said(`# A\n\n${text}\n`, key, bullet)).toBeUndefined();
  });

  it('leaves the half of a bullet that is new', async () => {
    const item: LedgerItem = {
      key: 'command.test',
      section: 'Repository',
      text: 'Test: `pnpm test`; a single one: `pnpm test <file>`',
      evidence: [],
      hash: '',
    };
    const rest = async (text: string) =>
      saidIn([documentOf(text)], [item], await survey(memoryRepository(FILES))).rest(item).text;
    expect(await rest('Run `make unit`.')).toBe('Test a single one: `pnpm test <file>`');
    expect(await rest('Run `make unit` or `node t.js src/a.test.js`.')).toBe(item.text);
    expect(await rest('No word of it.')).toBe(item.text);
  });

  it('tells where its own commands run, whoever named the folder', async () => {
    const where: LedgerItem = {
      key: 'layout.sources',
      section: 'Repository',
      text: 'All commands run in `engine/`',
      evidence: [],
      hash: '',
    };
    const test: LedgerItem = { ...where, key: 'command.test', text: 'Test: `cargo test`' };
    const reason = async (text: string) =>
      saidIn([documentOf(text)], [where, test], await survey(memoryRepository(FILES))).reason(where);
    expect(await reason('The engine is in `engine/`.')).toBeUndefined();
    expect(await reason('In `engine/` run `cargo test`.')).toBe('AGENTS.md:1 says it');
  });
});
