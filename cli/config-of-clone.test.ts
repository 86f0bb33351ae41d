import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../forge/git/testing/make-repo.ts';
import { refuseConfigOfClone } from './config-of-clone.ts';

let clone: TestRepository;
let outside = '';
beforeAll(async () => {
  clone = await makeRepository({ commits: [{ files: { 'ci/own.yaml': '{}\n', 'README.md': 'x\n' } }] });
  await testGit(clone.dir, ['remote', 'add', 'origin', 'git@gitlab.example.com:shop/pay.git']);
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'agentsmd-config-')));
  writeFileSync(join(outside, 'good.yaml'), '{}\n');
  // From outside into the clone, from the clone to outside, and both one after the other.
  symlinkSync(join(clone.dir, 'ci/own.yaml'), join(outside, 'into.yaml'));
  symlinkSync(join(outside, 'good.yaml'), join(clone.dir, 'out.yaml'));
  symlinkSync(outside, join(clone.dir, 'folder'));
  symlinkSync(join(clone.dir, 'out.yaml'), join(outside, 'through.yaml'));
  symlinkSync(clone.dir, join(outside, 'clone'));
  symlinkSync(join(outside, 'good.yaml'), join(outside, 'beside.yaml'));
});
afterEach(() => {
  vi.unstubAllEnvs();
});
afterAll(async () => {
  rmSync(outside, { recursive: true, force: true });
  await clone.cleanup();
});

function stub(env: Readonly<Record<string, string>>): void {
  for (const name of ['GITLAB_CI', 'CI_MERGE_REQUEST_IID', 'CI_PROJECT_DIR', 'AGENTSMD_CONFIG']) vi.stubEnv(name, '');
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

const of = (path: string, configFile?: string) =>
  refuseConfigOfClone({ argument: (name) => (name === 'path' ? path : undefined), configFile });
const JOB = { GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: '1' };
const ADDRESS = 'https://gitlab.example.com/shop/pay/-/merge_requests/1';

const INSIDE = [
  ['ci/own.yaml of it', () => join(clone.dir, 'ci/own.yaml')],
  ['a file of it that is not there', () => join(clone.dir, 'none.yaml')],
  ['a link into it', () => join(outside, 'into.yaml')],
  ['a link of it to elsewhere', () => join(clone.dir, 'out.yaml')],
  ['a file below a link of it', () => join(clone.dir, 'folder/good.yaml')],
  ['a link over a link of it', () => join(outside, 'through.yaml')],
  ['a file below a link to it', () => join(outside, 'clone/ci/own.yaml')],
] as const;
const OUTSIDE = [
  ['a file beside it', () => join(outside, 'good.yaml')],
  ['a link beside it', () => join(outside, 'beside.yaml')],
] as const;

describe('a configuration that is named for the review of a merge request', () => {
  it.each(
    INSIDE,
  )('is refused where it is %s: in its job, by its address, and in a job by an address', async (_, file) => {
    const refused = expect.objectContaining({
      name: 'UsageError',
      message: expect.stringMatching(/lies in .*, the clone of what is reviewed.*name a file outside of it/),
    });
    stub(JOB);
    await expect(of(clone.dir, file())).rejects.toEqual(refused);
    stub({ ...JOB, AGENTSMD_CONFIG: file() });
    await expect(of(clone.dir)).rejects.toEqual(refused);
    stub({});
    await expect(of(ADDRESS, file())).rejects.toEqual(refused);
    stub({ ...JOB, CI_PROJECT_DIR: clone.dir });
    await expect(of('https://other.example.com/a/b/-/merge_requests/7', file())).rejects.toEqual(refused);
  });

  it.each(OUTSIDE)('is taken where it is %s', async (_, file) => {
    stub({ ...JOB, CI_PROJECT_DIR: clone.dir, AGENTSMD_CONFIG: file() });
    await of(clone.dir);
    await of(ADDRESS, file());
  });

  it('is taken from a clone of something else, and on a laptop, where nobody else wrote it', async () => {
    stub({});
    await of(clone.dir, join(clone.dir, 'ci/own.yaml'));
    await of('https://gitlab.example.com/shop/other/-/merge_requests/1', join(clone.dir, 'ci/own.yaml'));
  });
});
