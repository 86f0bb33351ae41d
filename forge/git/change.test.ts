import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Change, openChange, openStaged } from './change.ts';
import { makeRepository, type TestRepository, testGit } from './testing/make-repo.ts';

const made: TestRepository[] = [];
const opened: Change[] = [];
afterEach(async () => {
  for (const change of opened.splice(0)) await change.close();
  for (const repository of made.splice(0)) await repository.cleanup();
});

async function repositoryOf(...args: Parameters<typeof makeRepository>): Promise<TestRepository> {
  const repository = await makeRepository(...args);
  made.push(repository);
  return repository;
}

async function changeOf(...args: Parameters<typeof openChange>): Promise<Change> {
  const change = await openChange(...args);
  opened.push(change);
  return change;
}

async function stagedOf(dir: string): Promise<Change> {
  const change = await openStaged(dir);
  opened.push(change);
  return change;
}

const LONG = Array.from({ length: 20 }, (_, at) => `line ${at} of it\n`).join('');
const FILES = { 'a.txt': 'a\n', 'b.txt': 'b\n', 'long.txt': LONG, 'src/c.txt': 'c\n' };

/** A merge of two commits that left the same one. */
const FORK = [
  { files: FILES },
  { files: { 'theirs.txt': 't' } },
  { parents: [0], files: { 'ours.txt': 'o' }, deleted: ['b.txt'] },
  { parents: [1, 2] },
];

describe('a change between commits', () => {
  it('is what one side did since the other left it', async () => {
    const { dir } = await repositoryOf({ commits: FORK });
    const change = await changeOf(dir, { base: 'HEAD^1', rev: 'HEAD^2' });
    expect(change.files).toEqual([
      { status: 'deleted', path: 'b.txt' },
      { status: 'added', path: 'ours.txt' },
    ]);
    expect((await change.before.paths()).map(({ path }) => path)).not.toContain('theirs.txt');
    expect((await change.target.paths()).map(({ path }) => path)).toContain('theirs.txt');
    expect((await change.after.paths()).map(({ path }) => path)).toContain('ours.txt');
  });

  it('knows a file that was moved and edited, and a mode that changed', async () => {
    const { dir } = await repositoryOf({
      commits: [
        { files: FILES },
        { files: { 'moved.txt': `${LONG}more\n`, 'a.txt': { executable: 'a\n' } }, deleted: ['long.txt'] },
      ],
    });
    const { files } = await changeOf(dir, { base: 'HEAD~1', rev: 'HEAD' });
    expect(files).toEqual([
      { status: 'modified', path: 'a.txt' },
      { status: 'renamed', path: 'moved.txt', from: 'long.txt' },
    ]);
  });

  it('reads HEAD of a bare repository', async () => {
    const { dir, commit } = await repositoryOf({ commits: [{ files: FILES }, { files: { x: 'x' } }] }, { bare: true });
    const change = await changeOf(dir, { base: 'HEAD~1' });
    expect(change.files).toEqual([{ status: 'added', path: 'x' }]);
    expect(change.after.commit).toBe(commit);
  });

  it('says so where the two have nothing in common, and where a revision is unknown', async () => {
    const { dir, git } = await repositoryOf({ files: FILES });
    const tree = await git('write-tree');
    const lonely = await git('commit-tree', '-m', 'another root', tree);
    await expect(changeOf(dir, { base: lonely })).rejects.toThrow(
      `repo: ${lonely} and HEAD have no commit in common; name another commit`,
    );
    await expect(changeOf(dir, { base: 'no-such' })).rejects.toMatchObject({ problem: 'unknown-revision' });
  });

  it('says what to do in a shallow clone', async () => {
    const { dir, root, git } = await repositoryOf({ commits: FORK });
    await git('branch', 'other', 'HEAD^1');
    const clone = join(root, 'clone');
    await testGit(root, ['clone', '-q', '--depth=1', '--no-single-branch', `file://${dir}`, clone]);
    await expect(changeOf(clone, { base: 'origin/other' })).rejects.toThrow(
      'clone: where origin/other and HEAD meet is not in the history of this shallow clone; bring it: git fetch --unshallow',
    );
  });
});

describe('a shallow clone', () => {
  it('takes no older commit for the one in which two meet', async () => {
    // 0..20; a branch of 40 from 20, into which a commit was merged that stands on 0; another branch of 10 from 20.
    const trunk = Array.from({ length: 21 }, (_, at) => ({ files: { [`trunk-${at}`]: '' } }));
    const branch = Array.from({ length: 40 }, (_, at) => ({ files: { [`branch-${at}`]: '' } }));
    const old = { parents: [0], files: { old: '' } };
    const { dir, root, git } = await repositoryOf({ commits: [...trunk, ...branch, old, { parents: [60, 61] }] });
    let target = await git('rev-parse', 'HEAD^1~40');
    const meeting = target;
    for (let at = 0; at < 10; at++) target = await git('commit-tree', '-p', target, '-m', `${at}`, `${target}^{tree}`);
    await git('branch', 'target', target);
    const clone = join(root, 'clone');
    await testGit(root, ['clone', '-q', '--depth=35', '--no-single-branch', `file://${dir}`, clone]);
    expect(await testGit(clone, ['merge-base', 'origin/target', 'HEAD'])).not.toBe(meeting);
    await expect(changeOf(clone, { base: 'origin/target', rev: 'HEAD' })).rejects.toThrow(
      'not in the history of this shallow clone',
    );
    await testGit(clone, ['fetch', '-q', '--depth=60']);
    const change = await changeOf(clone, { base: 'origin/target', rev: 'HEAD' });
    expect(change.before.commit).toBe(meeting);
  });
});

describe('a change in a working tree', () => {
  it('is everything that is different on disk: committed, staged, edited, untracked, gone', async () => {
    const { dir, git } = await repositoryOf({
      commits: [{ files: { ...FILES, '.gitignore': 'ignored.txt\n' } }, { files: { 'committed.txt': 'x' } }],
    });
    await writeFile(join(dir, 'ignored.txt'), 'i');
    await writeFile(join(dir, 'staged.txt'), 's');
    await git('add', 'staged.txt');
    await writeFile(join(dir, 'a.txt'), 'edited\n');
    await writeFile(join(dir, 'src/untracked.txt'), 'u');
    await rm(join(dir, 'b.txt'));
    const change = await changeOf(dir, { base: 'HEAD~1' });
    expect(change.files).toEqual([
      { status: 'modified', path: 'a.txt' },
      { status: 'deleted', path: 'b.txt' },
      { status: 'added', path: 'committed.txt' },
      { status: 'added', path: 'src/untracked.txt' },
      { status: 'added', path: 'staged.txt' },
    ]);
    expect(change.after.worktree).toBe(true);
  });

  it('is nothing where nothing is different, whatever the times of files say', async () => {
    const { dir, git } = await repositoryOf({
      files: { ...FILES, link: { symlink: 'a.txt' }, run: { executable: 'r' } },
    });
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
    for (const path of Object.keys(FILES)) await utimes(join(dir, path), 1, 1);
    await chmod(join(dir, 'a.txt'), 0o755);
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
    // What was edited and edited back, the index knows in the edited form.
    await writeFile(join(dir, 'a.txt'), 'edited\n');
    await git('add', 'a.txt');
    await writeFile(join(dir, 'a.txt'), 'a\n');
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
  });

  it('sees an edit that leaves size and modification time alone', async () => {
    const { dir, git } = await repositoryOf({ files: FILES });
    const file = join(dir, 'a.txt');
    await utimes(file, 1_000_000, 1_000_000);
    await git('update-index', '--refresh');
    await writeFile(file, 'A\n');
    await utimes(file, 1_000_000, 1_000_000);
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([{ status: 'modified', path: 'a.txt' }]);
  });

  it('does not count line ends that git converts at checkout', async () => {
    const { dir } = await repositoryOf({ files: FILES });
    await writeFile(join(dir, 'long.txt'), LONG.replaceAll('\n', '\r\n'));
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
  });

  it('knows what was moved, with or without edits, staged or not', async () => {
    const other = LONG.replaceAll('line', 'row');
    const { dir, git } = await repositoryOf({ files: { ...FILES, 'other.txt': other } });
    await git('mv', 'long.txt', 'src/long.txt');
    await writeFile(join(dir, 'src/long.txt'), `${LONG}more\n`);
    await rename(join(dir, 'other.txt'), join(dir, 'src/other.txt'));
    await writeFile(join(dir, 'src/new.txt'), 'something else\n');
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([
      { status: 'renamed', path: 'src/long.txt', from: 'long.txt' },
      { status: 'added', path: 'src/new.txt' },
      { status: 'renamed', path: 'src/other.txt', from: 'other.txt' },
    ]);
  });

  it('sees a file that became a link, and a link that leads elsewhere', async () => {
    const { dir } = await repositoryOf({ files: { ...FILES, link: { symlink: 'a.txt' } } });
    await rm(join(dir, 'link'));
    await symlink('b.txt', join(dir, 'link'));
    await rm(join(dir, 'a.txt'));
    await symlink('b.txt', join(dir, 'a.txt'));
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([
      { status: 'modified', path: 'a.txt' },
      { status: 'modified', path: 'link' },
    ]);
  });

  it('leaves alone what a sparse checkout left off the disk', async () => {
    const { dir, git } = await repositoryOf({ files: FILES });
    await git('sparse-checkout', 'set', '--no-cone', '/a.txt');
    expect(existsSync(join(dir, 'b.txt'))).toBe(false);
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
  });

  it('reads names with blanks, line ends and bytes that are no text', async () => {
    const files = new Map<string | Uint8Array, string>([
      ['with blank', 'a'],
      ['with\nline end', 'b'],
      [Buffer.from([0x66, 0xff]), 'c'],
    ]);
    const { dir } = await repositoryOf({ files });
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([]);
    await writeFile(join(dir, 'with\nline end'), 'B');
    await writeFile(Buffer.concat([Buffer.from(`${dir}/`), Buffer.from([0x66, 0xff])]), 'C');
    expect((await changeOf(dir, { base: 'HEAD' })).files).toEqual([
      { status: 'modified', path: 'f\\xff' },
      { status: 'modified', path: 'with\nline end' },
    ]);
  });

  it('runs nothing that the repository names', async () => {
    const { dir, git, root } = await repositoryOf({
      files: { ...FILES, '.gitattributes': '* filter=evil diff=evil\n' },
    });
    const marker = join(root, 'executed');
    for (const key of [
      'filter.evil.clean',
      'filter.evil.process',
      'diff.evil.command',
      'diff.evil.textconv',
      'core.fsmonitor',
    ])
      await git('config', key, `touch ${marker}`);
    await git('config', 'filter.evil.required', 'true');
    await writeFile(join(dir, 'a.txt'), 'edited\n');
    await mkdir(join(dir, 'moved'));
    await rename(join(dir, 'long.txt'), join(dir, 'moved/long.txt'));
    const change = await changeOf(dir, { base: 'HEAD' });
    expect(change.files.map(({ path }) => path)).toEqual(['a.txt', 'moved/long.txt']);
    expect((await stagedOf(dir)).files).toEqual([]);
    expect(existsSync(marker)).toBe(false);
    // The trap works.
    await git('add', '.').catch(() => {});
    expect(existsSync(marker)).toBe(true);
  });

  it('says so where there is no commit to compare with', async () => {
    const { dir, git } = await repositoryOf();
    await writeFile(join(dir, 'a.txt'), 'a');
    const tree = await git('write-tree');
    const commit = await git('commit-tree', '-m', 'x', tree);
    await expect(changeOf(dir, { base: commit })).rejects.toThrow('no commit yet to compare with');
  });
});

describe('what is staged', () => {
  it('is the index against HEAD, whatever stands on disk', async () => {
    const { dir, git } = await repositoryOf({ files: FILES });
    await writeFile(join(dir, 'a.txt'), 'staged\n');
    await git('add', 'a.txt');
    await writeFile(join(dir, 'a.txt'), 'later\n');
    await writeFile(join(dir, 'untracked.txt'), 'u');
    await git('mv', 'long.txt', 'moved.txt');
    const change = await stagedOf(dir);
    expect(change.files).toEqual([
      { status: 'modified', path: 'a.txt' },
      { status: 'renamed', path: 'moved.txt', from: 'long.txt' },
    ]);
    expect((await change.after.read(['a.txt'])).get('a.txt')).toMatchObject({ ok: true, text: 'staged\n' });
    expect((await change.before.read(['a.txt'])).get('a.txt')).toMatchObject({ ok: true, text: 'a\n' });
    expect((await change.after.paths()).map(({ path }) => path)).toEqual(['a.txt', 'b.txt', 'moved.txt', 'src/c.txt']);
  });

  it('is everything before the first commit', async () => {
    const { dir, git } = await repositoryOf();
    await writeFile(join(dir, 'a.txt'), 'a\n');
    await git('add', 'a.txt');
    const change = await stagedOf(dir);
    expect(change.files).toEqual([{ status: 'added', path: 'a.txt' }]);
    expect(await change.before.paths()).toEqual([]);
  });

  it('is nothing that a bare repository has', async () => {
    const { dir } = await repositoryOf({ files: FILES }, { bare: true });
    await expect(stagedOf(dir)).rejects.toThrow('a bare repository, in which nothing is staged');
  });
});
