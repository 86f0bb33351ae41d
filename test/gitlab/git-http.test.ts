import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import type { GitlabSimulator } from './port.ts';
import { startGitlab } from './start.ts';

let sim: GitlabSimulator;
let folder: string;
/** Its address with the token of a developer. */
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agentsmd-git-http-'));
  sim = await startGitlab({ edition: 'premium', subpath: '/gitlab' });
  const files = { 'README.md': 'hello\n', 'src/deep/a.ts': 'a\n', '.gitlab-ci.yml': 'x: 1\n' };
  await sim.addProject({
    path: 'shop/cart',
    files,
    members: { dev: 'developer' },
    protectedBranches: ['main', 'rel-*'],
  });
  url = addressFor(sim.addToken({ user: 'dev' }));
});
afterEach(async () => {
  await sim.close();
  await rm(folder, { recursive: true, force: true });
});

function addressFor(token: string, user = 'oauth2'): string {
  return `${sim.url.replace('://', `://${user}:${token}@`)}/shop/cart.git`;
}

async function clone(...options: string[]): Promise<(...args: string[]) => Promise<string>> {
  const dir = join(folder, 'clone');
  await testGit(folder, ['clone', '--quiet', ...options, url, dir]);
  return (...args) => testGit(dir, args);
}

describe('git over HTTP', () => {
  it('clones with the token as password of any user', async () => {
    const git = await clone();
    expect(await git('ls-files')).toBe('.gitlab-ci.yml\nREADME.md\nsrc/deep/a.ts');
    const other = addressFor(sim.addToken({ user: 'dev', scopes: ['read_repository'] }), 'anyone');
    expect(await testGit(folder, ['ls-remote', other, 'refs/heads/main'])).toBe(
      `${await git('rev-parse', 'HEAD')}\trefs/heads/main`,
    );
  });

  it('serves partial clones and single objects', async () => {
    const git = await clone('--depth=1', '--filter=blob:none', '--no-checkout');
    const missing = await git('rev-list', '--objects', '--missing=print', 'HEAD');
    expect(missing.split('\n').filter((line) => line.startsWith('?'))).toHaveLength(3);
    sim.forget();
    expect(await git('cat-file', 'blob', 'HEAD:src/deep/a.ts')).toBe('a');
    expect(sim.requests.filter(({ status }) => status === 200).map(({ route }) => route)).toEqual([
      '/:repository.git/info/refs',
      '/:repository.git/git-upload-pack',
    ]);
  });

  it('takes a push and says so in the log', async () => {
    const git = await clone();
    await git('commit', '--quiet', '--allow-empty', '--message', 'by hand');
    await git('push', '--quiet', 'origin', 'HEAD:topic');
    expect(await git('ls-remote', 'origin', 'topic')).toContain(await git('rev-parse', 'HEAD'));
    const pushes = sim.requests.filter(({ route }) => route.endsWith('.git/git-receive-pack'));
    expect(pushes.map(({ applied, status }) => ({ applied, status }))).toEqual([{ applied: true, status: 200 }]);
  });

  it('refuses a protected branch and names why, and nothing has moved', async () => {
    const git = await clone();
    const before = await git('ls-remote', 'origin');
    await git('commit', '--quiet', '--allow-empty', '--message', 'x');
    await expect(git('push', 'origin', 'HEAD:rel-1')).rejects.toThrow(
      /GitLab: You are not allowed to push code to protected branches on this project[\s\S]*pre-receive hook declined/,
    );
    expect(await git('ls-remote', 'origin')).toBe(before);
    expect(sim.requests.some(({ applied }) => applied)).toBe(false);
  });

  it('judges the commits of a push by the push rules, without keeping what it refused', async () => {
    const { gitDir } = await sim.addProject({ path: 'shop/rules', files: { a: 'a' }, members: { dev: 'developer' } });
    sim.changeProject('shop/rules', { pushRules: { commitMessageRegex: '^JIRA-\\d+' } });
    url = url.replace('cart', 'rules');
    const git = await clone();
    await git('commit', '--quiet', '--allow-empty', '--message', 'no ticket');
    await expect(git('push', 'origin', 'HEAD:topic')).rejects.toThrow(
      "Commit message does not follow the pattern '^JIRA-\\d+'",
    );
    const refused = await git('rev-parse', 'HEAD');
    await expect(testGit(gitDir, ['cat-file', '-e', refused])).rejects.toThrow();
    await git('commit', '--quiet', '--amend', '--allow-empty', '--message', 'JIRA-7 it');
    await git('push', '--quiet', 'origin', 'HEAD:topic');
  });

  it.each([
    ['without a token', () => `${sim.url}/shop/cart.git`, /could not read Username|terminal prompts disabled/],
    ['with a wrong one', () => addressFor('wrong'), /HTTP Basic: Access denied/],
    [
      'with too small a scope',
      () => addressFor(sim.addToken({ user: 'dev', scopes: ['read_user'] })),
      /not allowed to download code/,
    ],
    ['as a stranger', () => addressFor(sim.addToken({ user: 'stranger' })), /could not be found/],
  ])('refuses a clone %s', async (_, address, reason) => {
    process.env.GIT_TERMINAL_PROMPT = '0';
    await expect(testGit(folder, ['clone', address(), 'x'])).rejects.toThrow(reason);
  });

  it('refuses a push of an archived project and of a token that only reads', async () => {
    const git = await clone();
    const reads = addressFor(sim.addToken({ user: 'dev', scopes: ['read_repository'] }));
    await expect(git('push', reads, 'HEAD:topic')).rejects.toThrow(/not allowed to push code to this project/);
    sim.changeProject('shop/cart', { archived: true });
    await expect(git('push', 'origin', 'HEAD:topic')).rejects.toThrow(/archived/);
  });

  it('lets a job token pull', async () => {
    const token = sim.addToken({ user: 'dev', kind: 'job', project: 'shop/cart' });
    const address = addressFor(token, 'gitlab-ci-token');
    expect(await testGit(folder, ['ls-remote', address, 'refs/heads/main'])).toContain('refs/heads/main');
    const git = await clone();
    await expect(git('push', address, 'HEAD:topic')).rejects.toThrow(/not allowed to push/);
  });

  it('sends an address without .git on', async () => {
    expect(await testGit(folder, ['ls-remote', url.replace(/\.git$/, ''), 'HEAD'])).toContain('HEAD');
  });

  it('follows a moved project', async () => {
    sim.moveProject('shop/cart', 'store/cart');
    expect(await (await clone())('ls-files')).toContain('README.md');
  });

  it('takes the first push into an empty repository, whose branch becomes the default one', async () => {
    const { id } = await sim.addProject({ path: 'shop/empty', members: { dev: 'developer' } });
    url = url.replace('cart', 'empty');
    const git = await clone();
    await git('commit', '--quiet', '--allow-empty', '--message', 'first');
    await git('push', '--quiet', 'origin', 'HEAD:refs/heads/trunk');
    const headers = { 'PRIVATE-TOKEN': sim.rootToken };
    const project = await (await fetch(`${sim.url}/api/v4/projects/${id}`, { headers })).json();
    expect(project).toMatchObject({ empty_repo: false, default_branch: 'trunk' });
  });
});
