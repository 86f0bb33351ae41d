import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { staleScript } from './amd102-stale-script.ts';

const scripts = (...names: string[]): string =>
  JSON.stringify({ name: '@x/root', scripts: Object.fromEntries(names.map((name) => [name, 'tsc'])) });
const member = (name: string, ...names: string[]): string =>
  JSON.stringify({ name, scripts: Object.fromEntries(names.map((each) => [each, 'tsc'])) });
const workspace = {
  'package.json': JSON.stringify({
    workspaces: ['packages/*'],
    scripts: { build: 'tsc' },
    devDependencies: { '@changesets/cli': '2' },
  }),
  'packages/a/package.json': member('@x/a', 'test', 'test:watch', 'build'),
  'packages/b/package.json': member('@x/b', 'test'),
};

describe('AMD102 stale-script fires', () => {
  it('where no package.json has the script, with the corrected line where only one name can be meant', async () => {
    const [finding] = await found(staleScript, '- Fix: `npm run lint:fix` now', {
      'package.json': scripts('fix:lint', 'lint'),
    });
    expect(finding).toMatchObject({
      severity: 'error',
      line: 1,
      column: 9,
      subject: 'npm run lint:fix',
      message: '`package.json` has no script `lint:fix`; the nearest: `fix:lint`, `lint`',
      suggestion: '- Fix: `npm run fix:lint` now',
    });
  });

  it.each([
    ['npm', '`npm run typecheck`', '1:2 error npm run typecheck'],
    ['a short form', '`npm test`', '1:2 error npm test'],
    ['pnpm without `run`', '`pnpm lint`', '1:2 error pnpm lint'],
    ['yarn', '```sh\nyarn lint:all\n```', '2:1 error yarn lint:all'],
    ['a list of scripts', '`npx run-s build lint:all`', '1:2 error npx run-s build lint:all'],
  ])('for %s', async (_, text, expected) => {
    expect(await told(staleScript, text, { 'package.json': scripts('build') })).toEqual([expected]);
  });

  it('for a script that the named package does not have, whoever else has it', async () => {
    expect(await told(staleScript, '`pnpm -F @x/b build`', workspace)).toEqual(['1:2 error pnpm -F @x/b build']);
    expect(await told(staleScript, '```sh\ncd packages/b\npnpm build\n```', workspace)).toEqual([
      '3:1 error pnpm build',
    ]);
  });

  it('as a warning for a package that is not there', async () => {
    expect(await told(staleScript, '`pnpm --filter @x/c build`', workspace)).toEqual([
      '1:2 warning pnpm --filter @x/c',
    ]);
  });

  it('as a warning where a folder has it that nothing speaks of', async () => {
    expect(await told(staleScript, '`npm run test:watch`', workspace)).toEqual(['1:2 warning npm run test:watch']);
  });

  it('as a warning where a program of that name may be installed', async () => {
    expect(await told(staleScript, '`pnpm qwert`', workspace)).toEqual(['1:2 warning pnpm qwert']);
  });
});

describe('AMD102 stale-script is silent', () => {
  it.each([
    ['scripts that exist', '`npm run build` and `pnpm build`'],
    [
      'verbs, flags and abbreviations of managers',
      '`pnpm -r i` `pnpm add x` `npm ci` `npm i -D y` `yarn dlx z` `pnpm -C packages/a test` `pnpm -F @x/a test`',
    ],
    ['programs of dependencies', '`pnpm changeset` `npx vitest` `yarn tsc -p .`'],
    ['scripts of a folder that the sentence names', 'In `packages/a`, run `npm run test:watch`.'],
    ['scripts of a folder that a `cd` goes to', '```sh\ncd packages/a && npm run test:watch\n```'],
    ['scripts of a folder that a heading names', '# Guide\n\n## packages/a\n\n`npm run test:watch`'],
    [
      'scripts of a folder that a table row names',
      '| package | test |\n|---|---|\n| `packages/a` | `npm run test:watch` |',
    ],
    ['stand-ins', '`npm run <script>` `pnpm test:*` `npm run build:$X`'],
    ['what is forbidden', 'Never run `npm run deploy`.\n\n```sh\n# wrong\nnpm run deploy\n```'],
    ['what is to be made', 'Add a new `npm run deploy` script.'],
    ['another repository', 'In the `infra` repository run `npm run deploy`.'],
    ['a project of the reader', 'In your own project, run `npm run deploy`.'],
    ['words that are no commands', '`npm` `@x/deploy` `build/test` `npm-run-deploy`'],
  ])('on %s', async (_, text) => {
    expect(await told(staleScript, text, workspace)).toEqual([]);
  });

  it('where the section is about any package', async () => {
    const text = '## Packages\n\nRun these within a package directory:\n\n- `npm run test:watch`\n';
    expect(await told(staleScript, text, workspace)).toEqual([]);
  });

  it('where several scripts are those of one folder', async () => {
    expect(await told(staleScript, '`npm run test:watch`\n\n`npm test`', workspace)).toEqual([]);
  });

  it('where a package.json that no plugin reads has the script', async () => {
    const files = { 'package.json': scripts('build'), 'a/b/c/d/package.json': member('deep', 'deploy') };
    expect(await told(staleScript, '`npm run deploy`', files)).toEqual(['1:2 warning npm run deploy']);
    expect(await told(staleScript, '`npm run zap`', files)).toEqual(['1:2 error npm run zap']);
  });

  it('on scripts of the root in a nested document', async () => {
    const files = { ...workspace, 'packages/b/AGENTS.md': 'Run `pnpm build` first.' };
    expect(await told(staleScript, 'Text.', files)).toEqual([]);
  });

  it('where there is no package.json', async () => {
    expect(await told(staleScript, '`npm run build`')).toEqual([]);
  });
});
