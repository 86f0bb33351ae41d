import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { wrongPackageManager } from './amd105-wrong-package-manager.ts';

const pnpm = { 'package.json': '{"name":"own","packageManager":"pnpm@10.0.0"}', 'pnpm-lock.yaml': '' };

describe('AMD105 wrong-package-manager fires', () => {
  it('with what proves the right one, and the corrected line', async () => {
    expect(await found(wrongPackageManager, '```sh\nnpm ci # first\n```', pnpm)).toMatchObject([
      {
        severity: 'error',
        subject: 'npm ci',
        message: 'the repository uses pnpm (package.json:1), not npm',
        suggestion: 'pnpm install --frozen-lockfile # first',
      },
    ]);
  });

  it.each([
    ['a single lock file', { 'package.json': '{}', 'yarn.lock': '' }, 'Run `npm install`.', '1:6 error npm install'],
    [
      'the lock file of a folder',
      { 'package.json': '{}', 'yarn.lock': '', 'web/package.json': '{}', 'web/bun.lock': '' },
      '```sh\ncd web\nyarn install\n```',
      undefined,
    ],
    [
      'the field alone, as a warning',
      { 'package.json': '{"packageManager":"yarn@4.1.0"}' },
      'Run `npm install`.',
      '1:6 warning npm install',
    ],
    ['what only runs something, as a warning', pnpm, 'Run `npm run build`.', '1:6 warning npm run build'],
    [
      'Python',
      { 'pyproject.toml': '[project]\nname = "x"\n', 'uv.lock': '' },
      'Run `poetry install`.',
      '1:6 error poetry install',
    ],
    ['a dependency that is added', pnpm, '- `npm install zod`', '1:4 warning npm install'],
  ])('for %s', async (_, files, text, expected) => {
    expect(await told(wrongPackageManager, text, files as unknown as Record<string, string>)).toEqual(
      expected === undefined ? [] : [expected],
    );
  });
});

describe('AMD105 wrong-package-manager is silent', () => {
  it.each([
    ['the right manager', pnpm, '`pnpm install` `pnpm lint`'],
    [
      'npx, global tools and registries',
      pnpm,
      '`npx vitest` `npm i -g x` `npm install --global y` `npm view z` `npm publish` `npm login`',
    ],
    ['what is forbidden', pnpm, 'Do not use `npm install`.\n\nUse pnpm instead of `npm install`.'],
    [
      'several managers to choose from',
      pnpm,
      'Run `pnpm install` (or `npm install`).\n\n```sh\nnpm install\n# or\nyarn install\n```',
    ],
    ['how others install the package', pnpm, '`npm install own`'],
    ['packages with stand-ins', pnpm, '`npm install own-<name>`'],
    ['what a program does', pnpm, 'It is fetched via `npm install` into the cache.'],
    [
      'folders with a lock file of their own',
      { ...pnpm, 'docs/package.json': '{}', 'docs/package-lock.json': '{}' },
      'In `docs/`: `npm install`',
    ],
    [
      'lock files of two managers',
      { 'package.json': '{}', 'yarn.lock': '', 'package-lock.json': '{}' },
      'Run `pnpm install`.',
    ],
    ['a repository that names no manager', { 'package.json': '{}' }, 'Run `yarn install`.'],
    ['a project of the reader', pnpm, 'In your own project, run `npm install`.'],
    [
      'a second manager that is configured',
      { 'pyproject.toml': '[tool.poetry]\nname = "x"\n', 'uv.lock': '' },
      'Run `poetry install`.',
    ],
  ])('on %s', async (_, files, text) => {
    expect(await told(wrongPackageManager, text, files as unknown as Record<string, string>)).toEqual([]);
  });
});
