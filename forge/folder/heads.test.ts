import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeRepository, testGit } from '../git/testing/make-repo.ts';
import type { Forge } from '../port.ts';
import { folderForge } from './forge.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function shop() {
  const made = await makeRepository({ files: { 'README.md': '# Shop\n' } }, { name: 'shop' });
  cleanups.push(made.cleanup);
  const commit = async (message: string) => {
    await made.git('commit', '--quiet', '--allow-empty', '-m', message);
    return made.git('rev-parse', 'HEAD');
  };
  return { ...made, commit, forge: await open(made.root) };
}

/** Without git on the machine. */
async function fromFiles(forge: Forge, branch = 'main') {
  vi.stubEnv('PATH', '');
  try {
    const asked = ['shop', 'linked', 'tool.git'].map((id) => ({ id, path: id, defaultBranch: branch }));
    const told = await collect(forge.heads(asked));
    return Object.fromEntries(told.flatMap(({ id, head }) => (head === undefined ? [] : [[id, head]])));
  } finally {
    vi.unstubAllEnvs();
  }
}

const open = (folder: string) => folderForge(folder, { audit: { append: () => {} } });

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function heads(forge: Forge, branch?: string | null) {
  const projects = await collect(forge.projects());
  const asked = projects.map((project) => (branch === undefined ? project : { ...project, defaultBranch: branch }));
  const told = await collect(forge.heads(asked));
  return Object.fromEntries(told.map(({ id, head }) => [id, head]));
}

describe('the heads of a folder', () => {
  it('are read from loose and packed references, the loose one first', async () => {
    const { forge, git, commit } = await shop();
    const first = await git('rev-parse', 'main');
    expect(await fromFiles(forge)).toEqual({ shop: first });
    await git('branch', 'a-main');
    await git('pack-refs', '--all');
    expect(await fromFiles(forge)).toEqual({ shop: first });
    const second = await commit('second');
    expect(await fromFiles(forge)).toEqual({ shop: second });
    await git('branch', 'feature/x', first);
    expect(await fromFiles(forge, 'feature/x')).toEqual({ shop: first });
  });

  it('are found in a bare repository, in a linked working tree, and through a symbolic branch', async () => {
    const { forge, root, git, commit } = await shop();
    await testGit(root, ['clone', '--quiet', '--bare', 'shop', 'tool.git']);
    await git('worktree', 'add', '--quiet', join(root, 'elsewhere/trees/linked'), '-b', 'side');
    const first = await git('rev-parse', 'main');
    const second = await commit('second');
    expect(await heads(forge, 'main')).toEqual({ shop: second, 'tool.git': first });
    expect(await fromFiles(forge)).toEqual({ shop: second, 'tool.git': first });
    const elsewhere = await open(join(root, 'elsewhere/trees'));
    expect(await heads(elsewhere, 'main')).toEqual({ linked: second });
    expect(await fromFiles(elsewhere)).toEqual({ linked: second });
    await git('symbolic-ref', 'refs/heads/alias', 'refs/heads/side');
    await git('update-ref', 'refs/remotes/origin/alias', second);
    expect((await heads(forge, 'alias')).shop).toBe(first);
  });

  it('are those last fetched where there is no local branch', async () => {
    const { forge, root, git, commit } = await shop();
    const first = await git('rev-parse', 'main');
    await testGit(root, ['clone', '--quiet', 'shop', 'clone']);
    await testGit(join(root, 'clone'), ['checkout', '--quiet', '--detach']);
    await testGit(join(root, 'clone'), ['branch', '-D', '--quiet', 'main']);
    await commit('second');
    expect((await heads(forge)).clone).toBe(first);
  });

  it('are null without a branch, and not told where there is none of the name, or no repository', async () => {
    const { forge, root } = await shop();
    await testGit(root, ['init', '--quiet', 'empty']);
    expect((await heads(forge)).empty).toBeNull();
    expect(await heads(forge, 'gone')).toEqual({ empty: undefined, shop: undefined });
    const nowhere = [{ id: 'nowhere', path: 'nowhere', defaultBranch: 'main' }];
    expect(await collect(forge.heads(nowhere))).toEqual([{ id: 'nowhere', head: undefined }]);
  });

  it('are those that git tells, of the folder that is itself a repository', async () => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-test-')));
    cleanups.push(() => rm(dir, { recursive: true }));
    await testGit(dir, ['init', '--quiet', '-b', 'trunk']);
    await testGit(dir, ['commit', '--quiet', '--allow-empty', '-m', 'one']);
    const forge = await open(dir);
    const [project] = await collect(forge.projects());
    const { head } = await forge.standing(project!, { branch: 'agentsmd/refresh', files: [] });
    expect(Object.values(await heads(forge))).toEqual([head]);
  });

  it('end when somebody gave up', async () => {
    const { forge } = await shop();
    const asked = [{ id: 'shop', path: 'shop', defaultBranch: 'main' }];
    const heads = forge.heads(asked, AbortSignal.abort(new Error('stopped')));
    await expect(collect(heads)).rejects.toThrow('stopped');
  });
});
