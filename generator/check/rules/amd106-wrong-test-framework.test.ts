import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { wrongTestFramework as rule } from './amd106-wrong-test-framework.ts';

const VITEST = { 'package.json': '{ "devDependencies": { "vitest": "^4.0.0" } }' };
const RUFF = { 'pyproject.toml': '[project]\nname = "a"\n[dependency-groups]\ndev = ["ruff", "pytest"]\n' };

describe('AMD106 wrong-test-framework', () => {
  it.each([
    ['a label', '- **Testing**: Jest\n', VITEST, '1:16 error Jest'],
    ['a verb', 'Tests are written with Jest.\n', VITEST, '1:24 error Jest'],
    ['inline code', 'Unit tests use `jest`.\n', VITEST, '1:17 error jest'],
    ['a purpose', '- Jest for unit tests\n', VITEST, '1:3 error Jest'],
    [
      'a list in brackets',
      'Use the test frameworks (JUnit for Java, Jest for TypeScript)\n',
      VITEST,
      '1:42 error Jest',
    ],
    ['a formatter', '- **Formatting**: Black\n', RUFF, '1:19 error Black'],
    ['one of two in a list', '- **Linting**: Ruff + Flake8\n', RUFF, '1:23 error Flake8'],
  ])('fires for %s', async (_, text, files, expected) => {
    expect(await told(rule, text, files)).toEqual([expected]);
  });

  it('only warns where a companion of it is there', async () => {
    const files = {
      'package.json': '{ "devDependencies": { "vitest": "^4.0.0", "@testing-library/jest-dom": "^6.0.0" } }',
    };
    expect(await told(rule, 'Tests are written with Jest.\n', files)).toEqual(['1:24 warning Jest']);
  });

  it('only warns where some manifest was not read', async () => {
    const files = { ...VITEST, 'fixtures/x/package.json': '{}' };
    expect(await told(rule, 'Tests are written with Jest.\n', files)).toEqual(['1:24 warning Jest']);
  });

  it.each([
    ['a negation', 'Tests use Vitest, not Jest.\n', VITEST],
    ['instead of', 'Uses Vitest instead of Jest.\n', VITEST],
    ['migrated from', 'Tests were migrated from Jest.\n', VITEST],
    ['never', 'Never use Jest.\n', VITEST],
    ['a comparison', 'Vitest is used with a Jest-like API.\n', VITEST],
    ['an API', 'Use `jest.fn()` in mocks.\n', VITEST],
    ["a user's choice", 'Users may test with Jest.\n', VITEST],
    ['support', 'The plugin supports testing with Jest.\n', VITEST],
    ['a condition', 'When tests use Jest, mock timers.\n', VITEST],
    [
      'what a manifest has',
      'Tests use Jest.\n',
      { 'package.json': '{ "devDependencies": { "jest": "1", "vitest": "1" } }' },
    ],
    [
      'what a member has',
      'Tests use Jest.\n',
      { ...VITEST, 'packages/a/package.json': '{ "devDependencies": { "ts-jest": "1" } }' },
    ],
    ['a configuration', 'Tests use Jest.\n', { ...VITEST, 'jest.config.js': '' }],
    ['a task that runs it', 'Tests use Jest.\n', { ...VITEST, Makefile: 'test:\n\tnpx jest\n' }],
    [
      'CI that runs it',
      'Formatted with Black.\n',
      {
        ...RUFF,
        '.github/workflows/a.yml': 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: pipx run black .\n',
      },
    ],
    [
      'pre-commit that runs it',
      'Formatted with Black.\n',
      {
        ...RUFF,
        '.pre-commit-config.yaml':
          'repos:\n  - repo: https://example.org/black\n    rev: v1\n    hooks:\n      - id: black\n',
      },
    ],
    ['no rival declared', 'Tests use Jest.\n', { 'package.json': '{}' }],
    ['a rival of another language', 'Tests use Jest.\n', RUFF],
    ['a thing that is named after it', '- `rules_jest`: runs tests using Jest\n', VITEST],
    [
      'a word of another trade',
      'Uses a black background and pest control for tests.\n',
      { ...RUFF, 'composer.json': '{ "require-dev": { "phpunit/phpunit": "^11" } }' },
    ],
    ['a code block', '```\nuses jest\n```\n', VITEST],
    ['a section about leaving it', '## Migrating from Jest\n\nTests use Jest.\n', VITEST],
  ])('is silent for %s', async (_, text, files) => {
    expect(await told(rule, text, files)).toEqual([]);
  });

  it('says what is there', async () => {
    const [finding] = await found(rule, 'Unit tests use `jest`.\n', VITEST);
    expect(finding?.message).toBe('Jest is no dependency here; Vitest is (package.json:1)');
    expect(finding?.suggestion).toBe('Unit tests use `vitest`.');
  });
});
