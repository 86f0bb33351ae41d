import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testGit } from '../forge/git/testing/make-repo.ts';
import { assertRepositories } from './fleet-folder.ts';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-dir-'));
  writeFileSync(join(folder, 'file'), '');
  for (const path of ['empty/a', 'flat', 'deep/org/team', 'grouped/team'])
    mkdirSync(join(folder, path), { recursive: true });
  for (const path of ['flat/shop', 'grouped/team/shop', 'deep/org/team/shop'])
    await testGit(folder, ['init', '--quiet', path]);
  await testGit(folder, ['init', '--quiet', '--bare', 'bare.git']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['flat', 'flat/shop', 'grouped', 'bare.git'])('takes %s', (name) => {
  expect(assertRepositories(join(folder, name))).toBeUndefined();
});

it.each([
  ['nowhere', /^--dir \S+\/nowhere: no such folder; give one that holds/],
  ['file', /^--dir \S+\/file: a file, no folder; give the folder/],
  ['empty', /^--dir \S+\/empty: no git repository there; looked for a \.git, .*FOLDER\/shop\/cart/],
  ['deep', /^--dir \S+\/deep: no git repository there/],
])('refuses %s', (name, message) => {
  const expected = expect.objectContaining({ message: expect.stringMatching(message), exitCode: 2 });
  expect(() => assertRepositories(join(folder, name))).toThrow(expected);
});

it('refuses an empty name', () => {
  expect(() => assertRepositories('')).toThrow('--dir: name a folder');
});
