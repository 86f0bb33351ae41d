import { describe, expect, it } from 'vitest';
import { found } from '../testing/fixtures.ts';
import { nestedConflict } from './amd601-nested-conflict.ts';

const lock = { 'package.json': '{ "name": "x" }', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
const told = async (root: string, nested: string, files: Readonly<Record<string, string>> = {}) =>
  (await found(nestedConflict, root, { 'web/AGENTS.md': nested, ...files })).map(
    ({ path, line, severity, subject }) => `${path}:${line} ${severity} ${subject}`,
  );

describe('AMD601 nested-conflict', () => {
  const root = '# A\n\n```sh\npnpm install\npnpm test\n```\n';

  it('is an error where the repository itself knows one of the two managers', async () => {
    const nested = '# Web\n\n```sh\ncd ..\nnpm install\n```\n';
    expect(await told(root, nested, lock)).toEqual(['web/AGENTS.md:5 error npm']);
  });

  it('is a warning where nothing in the repository decides', async () => {
    const nested = '# Web\n\n```sh\ncd ..\nnpm install\n```\n';
    expect(await told(root, nested)).toEqual(['web/AGENTS.md:5 warning npm']);
    expect(await told('```sh\ncd web\npoetry install\n```\n', '```sh\nuv sync\n```\n')).toEqual([
      'web/AGENTS.md:2 warning uv',
    ]);
  });

  it('says where the other one stands', async () => {
    const [first] = await found(nestedConflict, root, { 'web/AGENTS.md': '```sh\ncd ..\nnpm ci\n```\n', ...lock });
    expect(first?.message).toContain('pnpm for the same folder in AGENTS.md:4');
  });

  it.each([
    ['each folder has its own manager', root, '```sh\nnpm install\n```\n'],
    ['both say the same', root, '```sh\ncd .. && pnpm build\n```\n'],
    ['the nested one forbids it', root, 'In `..`: never run `npm install`.\n'],
    ['it is named among others', root, '```sh\ncd ..\nnpm install\npnpm test\n```\n'],
    ['the manager installs a tool for the machine', root, '```sh\ncd ..\nnpm install -g pnpm\n```\n'],
    ['no packages are touched', root, '```sh\ncd ..\nnpm view x\nbun script.ts\n```\n'],
    ['the languages differ', root, '```sh\ncd ..\nuv sync\n```\n'],
  ])('is silent where %s', async (_, above, nested) => {
    expect(await told(above, nested, lock)).toEqual([]);
  });
});
