import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { versionClaimMismatch as rule } from './amd111-version-claim-mismatch.ts';

const json = (value: unknown): string => JSON.stringify(value);
const NPM = {
  'package.json': json({
    name: 'shop',
    version: '7.0.1',
    dependencies: { react: '^19.0.0', next: '^16.0.0', zod: '^3.0.0', 'left-pad': '1.3.0', debug: '4.0.0' },
    devDependencies: { typescript: '~5.9.0', vitest: '^4.0.0', eslint: '^9.0.0' },
  }),
};
const GO = { 'go.mod': 'module a\n\nrequire example.org/api/client-go/v2 v2.21.0\n' };

describe('AMD111 version-claim-mismatch', () => {
  it.each([
    [
      'a table cell that has name and version',
      '| Client | `example.org/api/client-go/v2` v2.20.1 |\n',
      GO,
      '3:43 warning v2.20.1',
    ],
    ["the end of a module's name", '| Client | `client-go/v2` v2.20.1 |\n', GO, '3:27 warning v2.20.1'],
    ['a column of versions', '| react | 18.2.0 |\n', NPM, '3:11 warning 18.2.0'],
    ['an item of a stack', '- **Framework**: Next.js 15, React 19\n', NPM, '1:18 warning Next.js 15'],
    ['a list of tools', '- TypeScript 5.7.3, Vitest 4\n', NPM, '1:14 warning 5.7.3'],
    ['a sentence', 'The app uses React 18 with TypeScript 5.9.\n', NPM, '1:14 warning React 18'],
    ['a name in brackets', '- zod (ZOD) - v4\n', NPM, '1:13 warning - v4'],
    ['the project itself', '- **Current version**: 6.13.0 (all packages)\n', NPM, '1:24 warning 6.13.0'],
    ['a package by its own name', 'We use `left-pad` 1.2.0.\n', NPM, '1:19 warning 1.2.0'],
  ])('fires for %s', async (_, text, files, expected) => {
    const table = text.startsWith('|') ? `| Part | Version |\n|---|---|\n${text}` : text;
    expect(await told(rule, table, files)).toEqual([expected]);
  });

  it.each([
    ['what is locked', 'Uses React 19.2.\n', { ...NPM, 'yarn.lock': 'react@^19.0.0:\n  version "19.2.0"\n' }],
    [
      'what the manifest names, whatever is locked',
      'Uses React ^19.0.0.\n',
      { ...NPM, 'yarn.lock': 'react@^19.0.0:\n  version "19.2.0"\n' },
    ],
    ['a version of the range, where nothing is locked', 'Uses React 19.1.\n', NPM],
    ['the major alone', '- **UI**: React 19.x\n', NPM],
    [
      'one of several declarations',
      'Uses React 18.\n',
      { ...NPM, 'docs/package.json': json({ dependencies: { react: '^18.0.0' } }) },
    ],
    [
      'a range that only a lock could settle',
      'Uses zod 4.\n',
      { 'package.json': json({ dependencies: { zod: 'workspace:*' } }) },
    ],
    ['history', 'Uses React 19, upgraded from React 18.\n', NPM],
    ['since', 'Uses hooks, available since React 16.8.\n', NPM],
    ['before', 'Code from before Next.js 15 uses pages.\n', NPM],
    ['a negation', 'Do not use React 18.\n', NPM],
    ['an example', 'Uses ranges (e.g. React 18).\n', NPM],
    ['compatibility', 'Uses an API compatible with React 17.\n', NPM],
    ['support', '- Supports ESLint 8\n', NPM],
    ['migration notes', '## Migration\n\nUses React 18.\n', NPM],
    ['a changelog', '## Changelog\n\n- React 18\n', NPM],
    ['a column that says since when', '| Part | Introduced in |\n|---|---|\n| react | 16.8 |\n', NPM],
    ['a column of something else', '| Part | Size |\n|---|---|\n| react | 16.8 |\n', NPM],
    ['a count', 'Uses Vitest 3 projects and runs ESLint 2 times.\n', NPM],
    ['a count in a list', '- Vitest 12 tests fail\n', NPM],
    ['a URL', 'Uses https://react.dev/18.2.0 and react@18.2.0.\n', NPM],
    ['a word that is also a package', 'Uses debug 2.0 and HTTP 1.1.\n', NPM],
    ['a code block', '```\nreact 18.2.0\n```\n', NPM],
    ['an arrow', '- React 18 → React 19 is done\n', NPM],
    ['another product', 'Uses PostgreSQL 15 and Redis 7.2.\n', NPM],
    ['a section number', 'Uses what §4.4 and section 2.1 of RFC 9110 say.\n', NPM],
    ['several versions of which one is right', 'Uses React 18 / 19.\n', NPM],
    ['the current version', '- **Current version**: 7.0.1\n', NPM],
    ['a document that is ahead of its manifests', 'Current version: 8.0.0\n', NPM],
    ["a document's own version", '**Version**: 1.0.0\n\nLast updated today.\n', NPM],
    [
      'packages that are versioned apart',
      'Current version: 1.0.0\n',
      { 'a/package.json': json({ version: '2.0.0' }), 'b/package.json': json({ version: '3.0.0' }) },
    ],
    [
      'a placeholder for a version',
      'Current version: 1.0.0\n',
      { 'package.json': json({ version: '0.0.0-development' }) },
    ],
    [
      'a program that shares its name with a Go module',
      'Requires kubectl v1.11.3.\n',
      { 'go.mod': 'module a\n\nrequire k8s.io/kubectl v0.36.2\n' },
    ],
    ['a package behind an at sign', 'Requires `inngest@^3.0.0` as peer.\n', NPM],
  ])('is silent for %s', async (_, text, files) => {
    expect(await told(rule, text, files)).toEqual([]);
  });

  it('offers the line with the right version, in the manner of the wrong one', async () => {
    const suggestion = async (text: string, files: Record<string, string>) =>
      (await found(rule, text, files))[0]?.suggestion;
    expect(await suggestion('Uses **React 18+** and more, built with React 18.\n', NPM)).toBe(
      'Uses **React 18+** and more, built with React 19.',
    );
    expect(await suggestion('Built with `client-go/v2` v2.20.1.\n', GO)).toBe('Built with `client-go/v2` v2.21.0.');
  });

  it('prefers the declaration that belongs to the document', async () => {
    const files = {
      'package.json': json({ devDependencies: { vitest: '^4.0.0' } }),
      'web/package.json': json({ devDependencies: { vitest: '^3.0.0' } }),
      'web/AGENTS.md': 'Uses Vitest 2.\n',
    };
    const [finding] = await found(rule, '', files);
    expect(finding?.suggestion).toBe('Uses Vitest 3.');
    expect(finding?.message).toContain('web/package.json:1');
  });

  it('takes a line of a megabyte for no prose', async () => {
    expect(await told(rule, `Uses React 18 ${'and more '.repeat(100_000)}\n`, NPM)).toEqual([]);
  });
});
