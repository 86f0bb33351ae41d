import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { noTestCommand } from './amd202-no-test-command.ts';

const FILES = {
  'package.json': JSON.stringify({ scripts: { test: 'vitest run' }, devDependencies: { vitest: '^4.0.0' } }),
  'package-lock.json': '{ "lockfileVersion": 3 }',
};

describe('AMD202 no-test-command', () => {
  it('fires at the first heading and says the command', async () => {
    const [finding] = await found(noTestCommand, '<!-- licence -->\n\n# A\n\nUse British English.\n', FILES);
    expect(finding).toMatchObject({ severity: 'warning', line: 3, subject: '# A' });
    expect(finding!.message).toContain('`npm test`');
  });

  it.each([
    'Run `npm test`.',
    '```sh\nnpm run test -- src/a.test.ts\n```',
    '```sh\nmake check\n```',
    'Tests: `bazel test //...`',
    'See [how we test](docs/testing.md).',
    '@CONTRIBUTING.md',
  ])('is silent with %s', async (text) => {
    expect(await told(noTestCommand, `# A\n\n${text}\n`, FILES)).toEqual([]);
  });

  it('does not take a forbidden command for one', async () => {
    expect(await told(noTestCommand, '# A\n\nNever run `npm publish`.\n', FILES)).toEqual(['1:1 warning # A']);
  });

  it('is silent where there are no tests', async () => {
    expect(await told(noTestCommand, '# A\n', { 'README.md': '# A\n' })).toEqual([]);
  });

  it('is silent where a sibling or the root says it', async () => {
    expect(await told(noTestCommand, '# A\n', { ...FILES, 'CLAUDE.md': 'Run `npm test`.\n' })).toEqual([]);
    const nested = { ...FILES, 'web/package.json': FILES['package.json'], 'web/AGENTS.md': '# Web\n' };
    expect(await told(noTestCommand, 'Run `npm test`.\n', nested)).toEqual([]);
  });

  it('complains once for a folder', async () => {
    const files = { ...FILES, 'CLAUDE.md': '# B\n', '.cursor/rules/a.mdc': '# C\n' };
    expect(await found(noTestCommand, '# A\n', files)).toMatchObject([{ path: 'AGENTS.md' }]);
  });
});
