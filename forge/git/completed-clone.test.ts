import { mkdir, mkdtemp, readdir, realpath, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openChange } from './change.ts';
import { type CompletedClone, type Completion, completeClone } from './completed-clone.ts';
import { makeRepository, type TestRepository, testGit } from './testing/make-repo.ts';

interface Server extends TestRepository {
  readonly url: string;
  /** Where the merge request left main. */
  readonly meeting: string;
}

/** A server with a merge request of so many commits, that left main so many commits ago. */
async function serverOf(count: {
  readonly before: number;
  readonly since: number;
  readonly own: number;
}): Promise<Server> {
  const { before, since, own } = count;
  const commits = Array.from({ length: before + since }, (_, at) => ({ files: { [`main-${at}`]: `${at}\n` } }));
  const server = await makeRepository({ commits });
  onTestFinished(() => server.cleanup());
  const { git, dir } = server;
  const meeting = await git('rev-parse', `main~${since}`);
  await git('checkout', '-q', '--detach', meeting);
  await writeFile(join(dir, 'own.txt'), 'own\n');
  await git('add', '.');
  await git('commit', '-q', '-m', 'own');
  let head = await git('rev-parse', 'HEAD');
  for (let at = 1; at < own; at++) head = await git('commit-tree', '-p', head, '-m', `own ${at}`, `${head}^{tree}`);
  await git('update-ref', 'refs/merge-requests/7/head', head);
  await git('checkout', '-q', 'main');
  return { ...server, meeting, url: `file://${dir}` };
}

/** What a job has: the commits of the merge request, no branch. */
async function jobOf({ root, url }: Server, ...options: string[]): Promise<string> {
  const job = join(root, 'job');
  await testGit(root, ['init', '-q', job]);
  await testGit(job, ['fetch', '-q', ...options, url, '+refs/merge-requests/7/head:refs/pipelines/1']);
  await testGit(job, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
  return job;
}

async function scratchFolder(): Promise<string> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), 'agentsmd-test-')));
  onTestFinished(() => rm(scratch, { recursive: true, force: true }));
  return scratch;
}

async function completed(
  { url }: Pick<Server, 'url'>,
  clone: string | null,
  more: Partial<Completion> = {},
): Promise<CompletedClone> {
  const scratch = await scratchFolder();
  const refs = { target: 'refs/heads/main', head: 'refs/merge-requests/7/head' };
  try {
    const made = await completeClone({ clone, url, ...refs, scratch, name: 'service', ...more });
    onTestFinished(() => made.close());
    return made;
  } catch (error) {
    expect(await readdir(scratch)).toEqual([]);
    throw error;
  }
}

async function expectTheChange(made: CompletedClone, server: Server): Promise<void> {
  const change = await openChange(made.dir, { base: made.target, rev: made.head });
  expect(change.files).toEqual([{ status: 'added', path: 'own.txt' }]);
  expect(change.before.commit).toBe(server.meeting);
  expect(change.after.name).toBe('service');
  expect((await change.after.read(['own.txt', 'main-0'])).get('main-0')).toMatchObject({ ok: true, text: '0\n' });
  await change.close();
}

describe('a clone that is completed', { timeout: 120_000 }, () => {
  it.each([
    ['cloned at depth 20', ['--depth=20'], { before: 30, since: 5, own: 3 }],
    ['cloned at depth 1', ['--depth=1'], { before: 3, since: 40, own: 60 }],
    ['cloned whole, but without the branch it goes into', [], { before: 5, since: 4, own: 2 }],
    ['further apart than what is asked for first', ['--depth=1'], { before: 5, since: 2, own: 130 }],
    ['with no commit more on the branch it goes into', ['--depth=2'], { before: 30, since: 0, own: 1 }],
  ])('tells the change: %s', async (_, options, count) => {
    const server = await serverOf(count);
    const job = await jobOf(server, ...options);
    const refs = await testGit(job, ['for-each-ref']);
    const made = await completed(server, job);
    expect(made.target).toBe(await server.git('rev-parse', 'main'));
    await expectTheChange(made, server);
    expect(await testGit(job, ['for-each-ref'])).toBe(refs);
    await testGit(job, ['fsck', '--connectivity-only']);
  });

  it.each([
    { before: 30, since: 5, own: 3 },
    { before: 120, since: 130, own: 2 },
  ])('needs no clone: %o', async (count) => {
    const server = await serverOf(count);
    const made = await completed(server, null);
    await expectTheChange(made, server);
  });

  it('brings what was pushed since', async () => {
    const server = await serverOf({ before: 30, since: 2, own: 2 });
    const job = await jobOf(server, '--depth=20');
    const head = await server.git('rev-parse', 'refs/merge-requests/7/head');
    const next = await server.git('commit-tree', '-p', head, '-m', 'more', `${head}^{tree}`);
    await server.git('update-ref', 'refs/merge-requests/7/head', next);
    const made = await completed(server, job);
    expect(made.head).toBe(next);
    await expectTheChange(made, server);
  });

  it('takes only what is missing', async () => {
    const server = await serverOf({ before: 200, since: 1, own: 1 });
    const job = await jobOf(server);
    const made = await completed(server, job);
    const packed = await testGit(made.dir, ['count-objects', '-v']);
    expect(Number(/^in-pack: (\d+)/m.exec(packed)?.[1]) + Number(/^count: (\d+)/m.exec(packed)?.[1])).toBeLessThan(10);
  });

  it('says what the server does not have, and that it is not there', async () => {
    const server = await serverOf({ before: 2, since: 1, own: 1 });
    const job = await jobOf(server, '--depth=1');
    await expect(completed(server, job, { target: 'refs/heads/gone' })).rejects.toMatchObject({
      problem: 'unknown-revision',
      message: `${server.url}: there is no refs/heads/gone (any more)`,
    });
    const nowhere = { url: `file://oauth2:secret@${server.root}/nowhere` };
    const failed = completed(nowhere, job);
    await expect(failed).rejects.toMatchObject({ problem: 'unreachable' });
    await expect(failed).rejects.not.toThrow(/secret/);
  });

  it('is gone once it is closed, and so is what a killed run left', async () => {
    const server = await serverOf({ before: 2, since: 1, own: 1 });
    const job = await jobOf(server);
    const scratch = await scratchFolder();
    await mkdir(join(scratch, 'agentsmd-clone-left'));
    await utimes(join(scratch, 'agentsmd-clone-left'), 1, 1);
    const made = await completed(server, job, { scratch });
    expect(await readdir(scratch)).toHaveLength(1);
    await made.close();
    expect(await readdir(scratch)).toEqual([]);
  });
});
