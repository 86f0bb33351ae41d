import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { toolWithoutCommand } from './amd201-tool-without-command.ts';

const FILES = {
  'package.json': JSON.stringify({
    scripts: { test: 'vitest run', lint: 'eslint .' },
    devDependencies: { vitest: '^4.0.0', eslint: '^9.0.0', typescript: '^5.0.0' },
  }),
  'package-lock.json': '{ "lockfileVersion": 3 }',
  'eslint.config.js': 'export default [];\n',
  'vitest.config.ts': 'export default {};\n',
  'src/a.test.ts': 'import { it } from "vitest";\n',
};

describe('AMD201 tool-without-command', () => {
  it.each([
    ['We use Vitest for testing.', 'Vitest'],
    ['- Tests are written with `vitest`.', 'vitest'],
    ['Code is linted with ESLint.', 'ESLint'],
  ])('fires for %s', async (text, name) => {
    expect(await found(toolWithoutCommand, `# A\n\n${text}\n`, FILES)).toMatchObject([
      { severity: 'warning', line: 3, subject: name },
    ]);
  });

  it('says what to type where that is known', async () => {
    const [finding] = await found(toolWithoutCommand, 'We use Vitest for testing.\n', FILES);
    expect(finding!.message).toContain('`npm test`');
  });

  it.each([
    ['the tool itself', 'We use Vitest: `npx vitest run`.'],
    ['a script that wraps it', 'We use Vitest.\n\n```sh\nnpm test\n```'],
    ['a command by another name', 'We use Vitest.\n\n```sh\nmake check\n```'],
    ['a bare name that is to be run', 'We use ESLint. Run `eslint` before a commit.'],
  ])('is silent with %s', async (_, text) => {
    expect(await told(toolWithoutCommand, `# A\n\n${text}\n`, FILES)).toEqual([]);
  });

  it.each([
    'Never use Jest or Vitest here.',
    'The vitest plugin lives in `packages/plugin`.',
    'Import from `vitest/node`.',
    '`@vitest/utils` is internal.',
    '## Vitest',
    'The ESLint config package is published.',
    'We use Mocha-like names with Playwright.',
  ])('is silent about %s', async (text) => {
    expect(await told(toolWithoutCommand, `# A\n\n${text}\n`, FILES)).toEqual([]);
  });

  it('is silent about a tool that the repository does not use', async () => {
    expect(await told(toolWithoutCommand, 'We use pytest.\n', FILES)).toEqual([]);
  });

  it('looks at the documents that are read with it', async () => {
    const files = { ...FILES, 'packages/a/AGENTS.md': 'We use Vitest for testing.\n' };
    expect(await told(toolWithoutCommand, 'Run `npm test`.\n', files)).toEqual([]);
  });
});
