import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { type Ask, asking } from '../gitlab/asking.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type Ran, runCliBeside } from './run-cli.ts';

interface Shown {
  readonly id: string;
  readonly notes: readonly {
    readonly id: number;
    readonly body: string;
    readonly author: { readonly username: string };
    readonly system: boolean;
    readonly resolvable: boolean;
    readonly resolved?: boolean;
    readonly position?: { readonly new_path: string; readonly new_line: number | null };
    readonly suggestions?: readonly { readonly id: number }[];
  }[];
}

type Files = Readonly<Record<string, string | null>>;

/**
 * A GitLab with a merge request of ada's in a new project for each test, and jobs that review it as agentsmd-bot. For the top of a file of
 * tests: it starts and ends with them.
 */
export function reviewPlace({
  files,
  change,
  title,
}: {
  readonly files: Readonly<Record<string, string>>;
  readonly change: Files;
  readonly title: string;
}) {
  let gitlab: GitlabSimulator;
  let folder = '';
  let token = '';
  const asks: Record<string, Ask> = {};

  beforeAll(async () => {
    gitlab = await startGitlab({ edition: 'premium', version: '19.2.0' });
    folder = mkdtempSync(join(tmpdir(), 'agentsmd-review-gitlab-'));
    gitlab.addUser({ username: 'agentsmd-bot', bot: true });
    for (const username of ['ada', 'ben', 'eve']) {
      gitlab.addUser({ username });
      asks[username] = asking(gitlab, gitlab.addToken({ user: username }));
    }
    token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'] });
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await gitlab.close();
  });

  let counter = 0;
  let project = { id: 0, path: '' };
  const ada: Ask = (...args) => asks.ada!(...args);
  const ben: Ask = (...args) => asks.ben!(...args);
  const one = (rest = '') => `/projects/${project.id}/merge_requests/1${rest}`;
  const push = (files: Files, from = 'change', branch = 'change') =>
    gitlab.push(project.path, { branch, user: 'ada', message: 'Change', files: { ...files }, from });

  beforeEach(async () => {
    const path = `shop/pay-${++counter}`;
    const members = { ada: 'maintainer', ben: 'developer', 'agentsmd-bot': 'developer' } as const;
    const { id } = await gitlab.addProject({ path, files, members, visibility: 'public' });
    project = { id, path };
    await push(change, 'main');
    const wish = { title, source_branch: 'change', target_branch: 'main' };
    expect((await ada('POST', `/projects/${id}/merge_requests`, wish)).status).toBe(201);
    await ada('GET', one());
  });

  /** A job of the merge request as it stands, and what it asked of the API. */
  async function review(
    more: Record<string, string> = {},
    ...args: string[]
  ): Promise<Ran & { readonly requests: number }> {
    const { sha } = (await ada('GET', one())).body;
    const dir = join(folder, `${counter}-${readdirSync(folder).length}`);
    const url = `${gitlab.url.replace('://', `://oauth2:${token}@`)}/${project.path}.git`;
    await testGit(folder, ['init', '-q', dir]);
    await testGit(dir, ['fetch', '-q', '--depth=20', url, '+refs/merge-requests/1/head:refs/pipelines/1']);
    await testGit(dir, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
    const env = {
      ...{ GITLAB_CI: 'true', CI_SERVER_URL: gitlab.url, CI_JOB_URL: `${gitlab.url}/${project.path}/-/jobs/42` },
      ...{ CI_JOB_TOKEN: gitlab.addToken({ user: 'ada', kind: 'job', project: project.path }), GITLAB_TOKEN: token },
      ...{ CI_COMMIT_SHA: sha, CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_PROJECT_PATH: project.path },
      ...{ CI_MERGE_REQUEST_PROJECT_ID: String(project.id), CI_MERGE_REQUEST_TITLE: title },
      ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'change', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
      ...{ AGENTSMD_CACHE_DIR: join(folder, 'cache'), AGENTSMD_STATE_DIR: join(folder, 'state') },
    };
    gitlab.forget();
    const ran = await runCliBeside(['review', ...args], { cwd: dir, env: { ...env, ...more } });
    return { ...ran, requests: gitlab.requests.filter((request) => request.path.startsWith('/api/')).length };
  }

  async function threads(): Promise<readonly Shown[]> {
    const { body } = await ada('GET', one('/discussions?per_page=100'));
    return (body as Shown[]).filter(({ notes }) => notes[0]!.author.username === 'agentsmd-bot');
  }

  /** The threads of the bot, a line each. */
  async function standing(): Promise<readonly string[]> {
    return (await threads())
      .filter(({ notes }) => notes[0]!.position)
      .map(({ notes }) => {
        const [first] = notes;
        const own = notes.filter(({ author, system }) => !system && author.username === 'agentsmd-bot').length;
        return `${first!.position!.new_path}:${first!.position!.new_line} ${own}${first!.resolved ? ' resolved' : ''}`;
      })
      .toSorted();
  }

  const summaries = async () =>
    (await threads()).flatMap(({ notes }) => notes).filter(({ body }) => body.includes('<!-- agentsmd:summary {} -->'));
  const threadAt = async (path: string) =>
    (await threads()).find(({ notes }) => notes[0]!.position?.new_path === path)!;
  const approvers = async () =>
    ((await ada('GET', one('/approvals'))).body.approved_by as { user: { username: string } }[]).map(
      ({ user }) => user.username,
    );

  /** Somebody merged something into main meanwhile, and the author rebases on it, with force. */
  async function rebase(theirs: Files): Promise<void> {
    await push(theirs, 'main', 'main');
    const own = join(folder, `own-${counter}`);
    const url = `${gitlab.url.replace('://', `://ada:${gitlab.addToken({ user: 'ada' })}@`)}/${project.path}.git`;
    await testGit(folder, ['clone', '-q', url, own]);
    await testGit(own, ['checkout', '-q', 'change']);
    await testGit(own, ['rebase', '-q', 'origin/main']);
    await testGit(own, ['push', '-q', '--force', 'origin', 'change']);
  }

  return {
    ...{ ada, ben, one, push, rebase, review, threads, standing, summaries, threadAt, approvers },
    ask: (user: string, ...args: Parameters<Ask>) => asks[user]!(...args),
    get gitlab() {
      return gitlab;
    },
    /** For whatever a test keeps; gone afterwards. */
    get folder() {
      return folder;
    },
    get project() {
      return project;
    },
    get token() {
      return token;
    },
    /** Of the tests so far: for names. */
    get counter() {
      return counter;
    },
  };
}
