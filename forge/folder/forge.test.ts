import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ForgeError } from '../errors.ts';
import {
  makeRepository,
  type RepositoryShape,
  type RepositorySpec,
  type TestRepository,
  testGit,
} from '../git/testing/make-repo.ts';
import type { CommitPlan, Forge, MergeRequestPlan, Project } from '../port.ts';
import type { SafeText } from '../render/safe-text.ts';
import { folderForge } from './forge.ts';
import { readMergeRequestFile } from './merge-request-file.ts';
import { pushAsPerson } from './testing/push-as-person.ts';

const made: TestRepository[] = [];
afterEach(async () => {
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function repository(
  spec: RepositorySpec = { files: FILES },
  shape: RepositoryShape = {},
): Promise<TestRepository> {
  const one = await makeRepository(spec, { name: 'shop', ...shape });
  made.push(one);
  return one;
}

const FILES = { 'README.md': '# Shop\n', 'run.sh': { executable: '#!/bin/sh\n' }, link: { symlink: 'README.md' } };
const BRANCH = 'agentsmd/refresh';
const NO_AUDIT = { audit: { append: () => {} } };

describe('the projects of a folder', () => {
  it('are its repositories, by their path below it', async () => {
    const { root } = await repository();
    await testGit(root, ['clone', '--quiet', '--bare', 'shop', 'team/tool.git']);
    await testGit(root, ['init', '--quiet', 'team/nothing-yet']);
    const forge = await folderForge(root, NO_AUDIT);
    const found = await all(forge);
    expect(found.map(({ id, path, defaultBranch, empty }) => ({ id, path, defaultBranch, empty }))).toEqual([
      { id: 'shop', path: 'shop', defaultBranch: 'main', empty: false },
      { id: 'team/nothing-yet', path: 'team/nothing-yet', defaultBranch: null, empty: true },
      { id: 'team/tool.git', path: 'team/tool', defaultBranch: 'main', empty: false },
    ]);
    expect(found[0]).toMatchObject({ instance: root, cloneUrl: join(root, 'shop'), access: 'owner', mirror: false });
    expect(found[0]?.lastActivityAt).toMatch(/^2023-11-14T/);
    expect((await all(forge, { groups: ['team'] })).map(({ id }) => id)).toEqual(['team/nothing-yet', 'team/tool.git']);
    expect(await all(forge, { groups: ['tea'] })).toEqual([]);
    expect((await all(forge, { activeAfter: '2024-01-01T00:00:00Z' })).map(({ id }) => id)).toEqual([
      'team/nothing-yet',
    ]);
    expect(await all(forge, { archived: true })).toEqual([]);
    for (const name of ['team/tool', 'team/tool.git']) expect((await forge.project(name)).id).toBe('team/tool.git');
  });

  it('go on where git cannot open one', async () => {
    const { root, dir } = await repository();
    await testGit(root, ['clone', '--quiet', '--bare', 'shop', 'tool.git']);
    await writeFile(join(dir, '.git', 'config'), '[core\nbroken');
    const found = await all(await folderForge(root, NO_AUDIT));
    expect(found.map(({ id, repositoryEnabled }) => `${id} ${repositoryEnabled}`)).toEqual([
      'shop false',
      'tool.git true',
    ]);
  });

  it('know a mirror, which the next fetch overwrites', async () => {
    const { root } = await repository();
    await testGit(root, ['clone', '--quiet', '--mirror', 'shop', 'mirror.git']);
    expect((await (await folderForge(root, NO_AUDIT)).project('mirror')).mirror).toBe(true);
  });

  it('say what is not there', async () => {
    const { root } = await repository();
    await expect(folderForge(join(root, 'nowhere'), NO_AUDIT)).rejects.toThrow(/nowhere: no such folder/);
    await expect(folderForge(join(root, 'shop/README.md'), NO_AUDIT)).rejects.toThrow(/README\.md: a file, no folder/);
    await expect((await folderForge(root, NO_AUDIT)).project('nowhere')).rejects.toMatchObject({ reason: 'not-found' });
  });
});

describe('the default branch', () => {
  it.each([
    ['what is checked out', [], 'main'],
    ['another one that is checked out', ['checkout -q -b trunk'], 'trunk'],
    ['what origin/HEAD says, whatever is checked out', ['checkout -q -b trunk', ...originAt('main')], 'main'],
    [
      'what origin has, where nobody made a branch of it',
      ['checkout -q -b trunk', 'branch -D main', ...originAt('main')],
      'main',
    ],
    ['main, where no branch is checked out', ['branch develop', 'checkout -q --detach'], 'main'],
    ['master, where there is no main', ['branch -m main master', 'checkout -q --detach'], 'master'],
    ['none, where no rule tells', ['branch -m main develop', 'checkout -q --detach'], null],
  ] as const)('is %s', async (_, commands, name) => {
    const one = await repository();
    for (const command of commands) await one.git(...command.split(' '));
    const { forge, project } = await open(one);
    expect(project.defaultBranch).toBe(name);
    const { head } = await forge.standing(project, { branch: BRANCH, files: [] });
    expect(head).toBe(name === null ? null : one.commit);
  });

  it('is not ours, when somebody looks at ours', async () => {
    const one = await published(await repository());
    await one.git('checkout', '-q', BRANCH);
    expect((await open(one)).project.defaultBranch).toBe('main');
  });
});

function originAt(branch: string): readonly string[] {
  return [
    `update-ref refs/remotes/origin/${branch} HEAD`,
    `symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/${branch}`,
  ];
}

describe('where a repository stands', () => {
  it('is told with the objects of the files asked for', async () => {
    const one = await repository({ files: { ...FILES, 'magic.md': 'x' } });
    const { forge, project } = await open(one);
    const files = ['README.md', 'run.sh', 'link', 'nowhere.md', ':(top)magic.md', '*.md'];
    const { head, blobs, branchTip, mergeRequests } = await forge.standing(project, { branch: BRANCH, files });
    expect(head).toBe(one.commit);
    expect([...blobs]).toEqual([
      ['README.md', await one.git('rev-parse', 'main:README.md')],
      ['run.sh', await one.git('rev-parse', 'main:run.sh')],
    ]);
    expect([branchTip, mergeRequests]).toEqual([null, []]);
  });

  it('is read at the commit, without the working tree', async () => {
    const one = await repository();
    await writeFile(join(one.dir, 'README.md'), 'changed');
    const { forge, project } = await open(one);
    const reader = await forge.open(project, one.commit);
    expect((await reader.read(['README.md'])).get('README.md')).toMatchObject({ text: '# Shop\n' });
    await reader.close();
    await expect(forge.open(project, 'f'.repeat(40))).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('tells the commits of a branch, newest first', async () => {
    const one = await published(await repository());
    await pushAsPerson(one, BRANCH, { 'x.md': 'x' });
    const { forge, project } = await open(one);
    const commits = await forge.commits(project, BRANCH, one.commit);
    expect(commits.map(({ authorEmail, message }) => [authorEmail, message.split('\n')[0]])).toEqual([
      ['jo@example.com', 'By hand'],
      [(await forge.self()).email, 'Add AGENTS.md'],
    ]);
    expect(commits[1]).toMatchObject({
      sha: await one.git('rev-parse', `${BRANCH}^`),
      committerEmail: commits[1]?.authorEmail,
    });
    await expect(forge.commits(project, 'nowhere', one.commit)).rejects.toBeInstanceOf(ForgeError);
  });
});

describe('a merge request', () => {
  it('is a file beside the objects, for people to read', async () => {
    const one = await published(await repository());
    const text = await readFile(join(one.dir, '.git', 'agentsmd', 'merge-requests', '1.md'), 'utf8');
    expect(text).toMatch(/^---\ntitle: Add AGENTS\.md\n.*\nstate: opened\n.*\n---\n\nWhat it is\.\n$/s);
  });

  it.each([
    ['opened', 'where nothing happened', async () => {}],
    ['merged', 'once merged', (one: TestRepository) => one.git('merge', '--quiet', '--no-edit', BRANCH)],
    [
      'merged',
      'once merged and its branch deleted',
      async (one: TestRepository) => {
        await one.git('merge', '--quiet', '--no-edit', BRANCH);
        await one.git('branch', '-D', BRANCH);
      },
    ],
    [
      'merged',
      'once squashed, though main has more',
      async (one: TestRepository) => {
        await pushAsPerson(one, 'main', { 'AGENTS.md': 'text\n', 'more.md': 'x' });
        await one.git('branch', '-D', BRANCH);
      },
    ],
    [
      'merged',
      'once merged, its branch deleted, and the file changed since',
      async (one: TestRepository) => {
        await one.git('merge', '--quiet', '--no-edit', BRANCH);
        await one.git('branch', '-D', BRANCH);
        await pushAsPerson(one, 'main', { 'AGENTS.md': 'mine\n' });
      },
    ],
    ['closed', 'once its branch is deleted', (one: TestRepository) => one.git('branch', '-D', BRANCH)],
    [
      'closed',
      'where a person wrote so',
      async (one: TestRepository) => {
        const path = join(one.dir, '.git', 'agentsmd', 'merge-requests', '1.md');
        await writeFile(path, (await readFile(path, 'utf8')).replace('state: opened', 'state: closed'));
      },
    ],
  ] as const)('is %s %s', async (state, _, change) => {
    const one = await published(await repository());
    await change(one);
    expect(await standing(one)).toMatchObject([{ iid: 1, state }]);
  });

  it('stays closed when its branch is made anew', async () => {
    const one = await published(await repository());
    await one.git('branch', '-D', BRANCH);
    await published(one, 'other\n');
    expect(await standing(one)).toMatchObject([
      { iid: 2, state: 'opened' },
      { iid: 1, state: 'closed' },
    ]);
  });

  it('stays merged, and its file as it was, when its branch is used for the next one', async () => {
    const one = await published(await repository());
    await one.git('merge', '--quiet', '--no-edit', BRANCH);
    const path = join(one.dir, '.git', 'agentsmd', 'merge-requests', '1.md');
    const read = async () => readMergeRequestFile(await readFile(path, 'utf8'), path);
    const before = await read();
    const base = await pushAsPerson(one, 'main', { 'more.md': 'x' });
    const { forge, project } = await open(one);
    const expectedTip = await one.git('rev-parse', BRANCH);
    const files = [{ path: 'AGENTS.md', text: 'newer\n', exists: true }];
    await forge.publisher(project).ensureCommit({ ...plan(one), base, expectedTip, files }, 'why');
    await forge.publisher(project).ensureMergeRequest(REQUEST, 'why');
    expect(await standing(one)).toMatchObject([
      { iid: 2, state: 'opened', head: await one.git('rev-parse', BRANCH) },
      { iid: 1, state: 'merged', head: expectedTip },
    ]);
    expect(await read()).toEqual({ ...before, state: 'merged' });
  });

  it('follows its branch', async () => {
    const one = await published(await repository());
    const { forge, project } = await open(one);
    const tip = await one.git('rev-parse', BRANCH);
    const { value } = await forge.publisher(project).ensureCommit({ ...plan(one, 'newer\n'), expectedTip: tip }, 'why');
    expect(await standing(one)).toMatchObject([{ state: 'opened', head: value.sha }]);
    await pushAsPerson(one, 'main', { 'AGENTS.md': 'newer\n' });
    await one.git('branch', '-D', BRANCH);
    expect(await standing(one)).toMatchObject([{ state: 'merged' }]);
  });

  it('has conflicts once main changed the same file', async () => {
    const one = await published(await repository());
    await pushAsPerson(one, 'main', { 'more.md': 'x' });
    expect(await standing(one)).toMatchObject([{ hasConflicts: false }]);
    await pushAsPerson(one, 'main', { 'AGENTS.md': 'by hand\n' });
    expect(await standing(one)).toMatchObject([{ state: 'opened', hasConflicts: true }]);
  });

  it('says where a person broke its file', async () => {
    const one = await published(await repository());
    const path = join(one.dir, '.git', 'agentsmd', 'merge-requests', '1.md');
    for (const broken of ['no front matter', '---\ntitle: [\n---\n', '---\ntitle: x\n---\n']) {
      await writeFile(path, broken);
      await expect(standing(one)).rejects.toThrow(/merge-requests\/1\.md: .*mend the file, or delete it/);
    }
  });
});

describe('what publishing leaves alone', () => {
  it('is the working tree, the index, HEAD and every other branch, to the byte and the millisecond', async () => {
    const one = await repository();
    await writeFile(join(one.dir, 'README.md'), 'half done');
    await writeFile(join(one.dir, 'staged.md'), 'staged');
    await writeFile(join(one.dir, 'AGENTS.md'), 'a draft that is not committed');
    await one.git('add', 'staged.md');
    for (const name of ['pre-commit', 'post-index-change', 'reference-transaction', 'post-checkout']) {
      await writeFile(join(one.dir, '.git', 'hooks', name), `#!/bin/sh\ntouch ${one.root}/hooked\n`).catch(async () => {
        await mkdir(join(one.dir, '.git', 'hooks'));
        await writeFile(join(one.dir, '.git', 'hooks', name), `#!/bin/sh\ntouch ${one.root}/hooked\n`);
      });
      await chmod(join(one.dir, '.git', 'hooks', name), 0o755);
    }
    await one.git('config', 'core.splitIndex', 'true');
    await one.git('config', 'commit.gpgSign', 'true');
    const before = await snapshot(one.dir);
    await published(one);
    const { forge, project } = await open(one);
    const publisher = forge.publisher(project);
    await publisher.ensureNote(1, 'hello', safe('Hello.'), 'why');
    const [open1] = await standing(one);
    await publisher.ensureClosed(open1!, 'why');
    await publisher.ensureBranchGone(BRANCH, await one.git('rev-parse', BRANCH), 'why');
    expect(await snapshot(one.dir)).toEqual(before);
    expect(await readdir(one.root)).toEqual(['shop']);
  });

  it('is a branch that somebody has checked out, here or in a linked working tree', async () => {
    const one = await published(await repository());
    const tip = await one.git('rev-parse', BRANCH);
    const { forge, project } = await open(one);
    const publisher = forge.publisher(project);
    for (const [out, back] of [
      [
        ['checkout', '-q', BRANCH],
        ['checkout', '-q', 'main'],
      ],
      [
        ['worktree', 'add', '-q', '../linked tree', BRANCH],
        ['worktree', 'remove', '../linked tree'],
      ],
    ] as const) {
      await one.git(...out);
      const next = { ...plan(one, 'newer\n'), expectedTip: tip };
      const error = await publisher.ensureCommit(next, 'why').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        reason: 'conflict',
        message: expect.stringMatching(/is checked out in .*; check out another one there/),
      });
      await expect(publisher.ensureBranchGone(BRANCH, tip, 'why')).rejects.toMatchObject({ reason: 'conflict' });
      expect(await one.git('rev-parse', BRANCH)).toBe(tip);
      await one.git(...back);
    }
    expect((await publisher.ensureCommit({ ...plan(one, 'newer\n'), expectedTip: tip }, 'why')).outcome).toBe(
      'updated',
    );
  });
});

describe('odd repositories', () => {
  it('publishes from a linked working tree, with one memory for all of them', async () => {
    const one = await repository();
    const elsewhere = join(one.root, 'elsewhere/trees');
    await one.git('worktree', 'add', '-q', join(elsewhere, 'linked'), '-b', 'other');
    const forge = await folderForge(elsewhere, NO_AUDIT);
    const linked = await forge.project('linked');
    await forge.publisher(linked).ensureCommit(plan(one), 'why');
    await forge.publisher(linked).ensureMergeRequest(REQUEST, 'why');
    expect(await standing(one)).toMatchObject([{ state: 'opened' }]);
  });

  it('lists a repository once, with its merge requests, beside linked working trees of it', async () => {
    const one = await repository();
    await one.git('worktree', 'add', '-q', '../a-tree', '-b', 'other');
    const forge = await folderForge(one.root, NO_AUDIT);
    const project = await forge.project('shop');
    await forge.publisher(project).ensureCommit(plan(one), 'why');
    await forge.publisher(project).ensureMergeRequest(REQUEST, 'why');
    const label = REQUEST.labels[0]!;
    expect((await all(forge)).map(({ id }) => id)).toEqual(['shop']);
    const labelled: string[] = [];
    for await (const { projectId } of forge.labelledMergeRequests(label)) labelled.push(projectId);
    expect(labelled).toEqual(['shop']);
    await expect(forge.project('a-tree')).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('publishes in a submodule', async () => {
    const inner = await repository();
    const outer = await repository({ files: { 'a.txt': 'a' } }, { name: 'outer' });
    await outer.git('submodule', '--quiet', 'add', inner.dir, 'shop');
    const forge = await folderForge(outer.dir, NO_AUDIT).then(() => folderForge(join(outer.dir, 'shop'), NO_AUDIT));
    const project = await forge.project('.');
    await forge.publisher(project).ensureCommit(plan(inner), 'why');
    const { value } = await forge.publisher(project).ensureMergeRequest(REQUEST, 'why');
    expect(value.mergeRequest.url).toBe(
      join(outer.dir, '.git', 'modules', 'shop', 'agentsmd', 'merge-requests', '1.md'),
    );
    expect(await inner.git('for-each-ref', `refs/heads/${BRANCH}`)).toBe('');
  });

  it('publishes in a repository with SHA-256', async () => {
    const one = await repository();
    await rm(one.dir, { recursive: true });
    await testGit(one.root, ['init', '--quiet', '--object-format=sha256', one.dir]);
    await writeFile(join(one.dir, 'old.md'), 'x');
    await one.git('add', '.');
    await one.git('commit', '--quiet', '-m', 'first');
    const commit = await one.git('rev-parse', 'HEAD');
    const { forge, project } = await open(one);
    const files = [
      { path: 'AGENTS.md', text: 'x\n', exists: false },
      { path: 'old.md', text: null, exists: true },
    ];
    await forge.publisher(project).ensureCommit({ ...plan({ ...one, commit }), files }, 'why');
    expect(await one.git('ls-tree', '--name-only', BRANCH)).toBe('AGENTS.md');
  });

  it('keeps the mode of a file, and follows no link', async () => {
    const one = await repository();
    const { forge, project } = await open(one);
    const publisher = forge.publisher(project);
    const run = { path: 'run.sh', text: '#!/bin/sh\ntrue\n', exists: true };
    await publisher.ensureCommit({ ...plan(one), files: [run] }, 'why');
    expect(await one.git('ls-tree', BRANCH, 'run.sh')).toMatch(/^100755 /);
    for (const path of ['link', 'README.md/x', '.git/config', '../x', 'a/../b', '/etc/x']) {
      const files = [{ path, text: 'x', exists: path === 'link' }];
      const next = publisher.ensureCommit({ ...plan(one), branch: 'agentsmd/x', files }, 'why');
      await expect(next, path).rejects.toMatchObject({ reason: expect.stringMatching(/^(conflict|invalid)$/) });
    }
  });

  it('says so where another branch has its name in the way', async () => {
    const one = await repository();
    await one.git('branch', 'agentsmd');
    const { forge, project } = await open(one);
    await expect(forge.publisher(project).ensureCommit(plan(one), 'why')).rejects.toMatchObject({ reason: 'conflict' });
  });
});

it('says that nobody reviews merge requests there', async () => {
  const one = await repository();
  const { forge, project } = await open(one);
  const says = /^shop: nobody reviews merge requests in a folder; name one of a GitLab$/;
  expect(() => forge.review(project, 1)).toThrow(says);
  expect(() => forge.review(project, 1)).toThrow(ForgeError);
});

it('writes as the person whom git knows, with a mark that tells the two apart', async () => {
  const one = await repository();
  await one.git('config', 'user.name', 'Jo Person');
  await one.git('config', 'user.email', 'jo@example.com');
  expect(await (await folderForge(one.dir, NO_AUDIT)).self()).toEqual({
    username: 'agentsmd',
    name: 'Jo Person (agentsmd)',
    email: 'jo+agentsmd@example.com',
  });
});

/** Everything that is no business of ours: files, the index with its time, HEAD, configuration and other branches. */
async function snapshot(dir: string): Promise<unknown> {
  const names = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = names
    .filter((each) => each.isFile() || each.isSymbolicLink())
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => !/\/\.git\/(?:objects|agentsmd|logs)\/|\/refs\/heads\/agentsmd\//.test(path));
  const told = files.toSorted().map(async (path) => {
    const { mtimeMs, ino, mode } = await lstat(path);
    const bytes = path.endsWith('link') ? '' : await readFile(path);
    return [path.slice(dir.length), mtimeMs, ino, mode, createHash('sha256').update(bytes).digest('hex')];
  });
  return Promise.all(told);
}

async function open(one: TestRepository): Promise<{ readonly forge: Forge; readonly project: Project }> {
  const forge = await folderForge(one.root, NO_AUDIT);
  return { forge, project: await forge.project('shop') };
}

async function published(one: TestRepository, text = 'text\n'): Promise<TestRepository> {
  const { forge, project } = await open(one);
  await forge.publisher(project).ensureCommit(plan(one, text), 'why');
  await forge.publisher(project).ensureMergeRequest(REQUEST, 'why');
  return one;
}

async function standing(one: TestRepository) {
  const { forge, project } = await open(one);
  return (await forge.standing(project, { branch: BRANCH, files: [] })).mergeRequests;
}

async function all(forge: Forge, scope?: Parameters<Forge['projects']>[0]): Promise<readonly Project[]> {
  const found: Project[] = [];
  for await (const project of forge.projects(scope)) found.push(project);
  return found;
}

const REQUEST: MergeRequestPlan = {
  source: BRANCH,
  target: 'main',
  title: safe('Add AGENTS.md'),
  description: safe('What it is.'),
  labels: ['agentsmd'],
  draft: false,
  assignees: [],
  reviewers: ['jo'],
  removeSourceBranch: true,
  squash: false,
};

function plan({ commit }: Pick<TestRepository, 'commit'>, text = 'text\n'): CommitPlan {
  const files = [{ path: 'AGENTS.md', text, exists: false }];
  return { branch: BRANCH, base: commit, expectedTip: null, message: safe('Add AGENTS.md'), files };
}

function safe(text: string): SafeText {
  return text as SafeText;
}
