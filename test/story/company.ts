import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { type Ran, runCliBeside } from '../cli/run-cli.ts';
import { type Ask, asking } from '../gitlab/asking.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { startClock } from './clock.ts';

const DAY = 86_400_000;
const BOT = 'agentsmd-bot';
/** The project that holds the codex, if there is one. */
export const CODEX = 'platform/codex';

type Files = Readonly<Record<string, string | null>>;

/** A merge request as GitLab tells it. */
export interface MergeRequest {
  readonly project: string;
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly source: string;
}

/** What stands on a merge request by us. */
export interface Thread {
  readonly id: string;
  readonly note: number;
  readonly body: string;
  readonly path: string | undefined;
  readonly line: number | undefined;
  readonly resolved: boolean;
}

/** A company on one GitLab: its repositories, its codex, its people, our bot, and days that go by. */
export interface Company {
  readonly gitlab: GitlabSimulator;
  /** The morning of a day, from 1. What was done before was done on days before. */
  day(day: number): void;
  /** Our nightly job. @returns what it says of itself at the end. */
  sweep(...args: readonly string[]): Promise<Record<string, unknown>>;
  agentsmd(
    args: readonly string[],
    more?: { readonly cwd?: string; readonly env?: Record<string, string> },
  ): Promise<Ran>;
  addRepository(path: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** A person pushes a change and opens a merge request, perhaps with our bot as its reviewer. @returns its number. */
  propose(project: string, title: string, files: Files, more?: { readonly asksUs: boolean }): Promise<number>;
  /** A person pushes once more to it. */
  amend(project: string, iid: number, files: Files): Promise<void>;
  /** The job that reviews it. */
  review(project: string, iid: number): Promise<Ran>;
  threads(project: string, iid: number): Promise<readonly Thread[]>;
  reply(project: string, iid: number, thread: string, text: string): Promise<void>;
  merge(project: string, iid: number): Promise<void>;
  /** A person does not want it. */
  decline(project: string, iid: number): Promise<void>;
  /** A person pushes to the default branch. */
  pushTo(project: string, files: Files): Promise<void>;
  /** What `agentsmd status` says. */
  status(): Promise<Record<string, unknown>>;
  /** The owner of the codex commits to a branch of it, and counts revisions as the handbook says: `agentsmd codex ids --write`. */
  ownCodex(branch: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Merge requests of ours in a project, oldest first. */
  ours(project: string): Promise<readonly MergeRequest[]>;
  /** A file as it stands on a branch. */
  read(project: string, path: string, branch?: string): Promise<string>;
  close(): Promise<void>;
}

export interface CompanyOptions {
  /** Where its configuration, state and clones lie; it stays. A temporary one, gone with the company, unless told. */
  readonly folder?: string;
  /** Runs the program. */
  readonly run?: typeof runCliBeside;
}

/**
 * @param settings lines of `agentsmd.config.yaml` beside the GitLab.
 * @throws Error of every method where GitLab refuses it, or the program could not do it.
 */
export async function openCompany(
  settings: (url: string) => readonly string[],
  { folder: kept, run = runCliBeside }: CompanyOptions = {},
): Promise<Company> {
  const clock = startClock();
  const gitlab = await startGitlab({ edition: 'premium', version: '19.2.0' });
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'agentsmd-story-'));
  gitlab.addUser({ username: BOT, bot: true });
  const asks: Record<string, Ask> = {};
  for (const username of ['ada', 'ben']) {
    gitlab.addUser({ username });
    asks[username] = asking(gitlab, gitlab.addToken({ user: username }));
  }
  const token = gitlab.addToken({ user: BOT, scopes: ['api', 'write_repository'] });
  const config = join(folder, 'agentsmd.config.yaml');
  writeFileSync(
    config,
    [
      ...['gitlab:', '  instances:', `    - url: ${gitlab.url}`, '      token: { env: GITLAB_TOKEN }'],
      ...[...settings(gitlab.url), ''],
    ].join('\n'),
  );
  const ids = new Map<string, number>();
  const gitDirs = new Map<string, string>();
  const clones = { made: 0 };

  const ask = async (user: string, ...args: Parameters<Ask>) => {
    const { status, body } = await asks[user]!(...args);
    assert(status < 300, `${args[0]} ${args[1]}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  const at = (project: string, rest = '') => `/projects/${ids.get(project)}${rest}`;
  const one = (project: string, iid: number, rest = '') => at(project, `/merge_requests/${iid}${rest}`);
  const agentsmd: Company['agentsmd'] = (args, { cwd = folder, env = {} } = {}) =>
    run(args, {
      cwd,
      node: clock.node,
      env: {
        ...{ GITLAB_TOKEN: token, AGENTSMD_CONFIG: config, ...clock.env, ...env },
        ...{ AGENTSMD_STATE_DIR: join(folder, 'state'), AGENTSMD_CACHE_DIR: join(folder, 'cache') },
        ...asHttps(),
      },
    });
  /** The codex is fetched by https, which the simulator does not speak: git looks where it lies. */
  const asHttps = () => {
    const dir = gitDirs.get(CODEX);
    if (dir === undefined) return {};
    const address = `${gitlab.url.replace('http:', 'https:')}/${CODEX}.git`;
    const GIT_CONFIG_KEY_0 = `url.file://${dir}.insteadOf`;
    return { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0, GIT_CONFIG_VALUE_0: address };
  };

  return {
    gitlab,
    agentsmd,
    day: (day) => clock.forward((day - 1) * DAY),
    sweep: async (...args) => {
      const ran = await agentsmd(['sweep', '--json', ...args]);
      assert.equal(ran.code, 0, ran.stderr);
      return JSON.parse(ran.stdout.trimEnd().split('\n').at(-1)!);
    },
    addRepository: async (path, files) => {
      const members = { ada: 'maintainer', ben: 'maintainer', [BOT]: 'developer' } as const;
      const { id, gitDir } = await gitlab.addProject({ path, files, members, visibility: 'public' });
      ids.set(path, id);
      gitDirs.set(path, gitDir);
    },
    propose: async (project, title, files, { asksUs } = { asksUs: false }) => {
      const source_branch = title.toLowerCase().replaceAll(/\W+/g, '-');
      await gitlab.push(project, { branch: source_branch, user: 'ada', message: title, files, from: 'main' });
      const reviewer_ids = asksUs ? [(await ask('ada', 'GET', `/users?username=${BOT}`))[0].id] : [];
      const wish = { title, source_branch, target_branch: 'main', reviewer_ids };
      const { iid } = await ask('ada', 'POST', at(project, '/merge_requests'), wish);
      return iid;
    },
    amend: async (project, iid, files) => {
      const { source_branch: branch } = await ask('ada', 'GET', one(project, iid));
      await gitlab.push(project, { branch, user: 'ada', message: 'Better', files, from: branch });
    },
    review: async (project, iid) => {
      const { sha, title, source_branch: branch } = await ask('ada', 'GET', one(project, iid));
      const dir = join(folder, `clone-${++clones.made}`);
      await testGit(folder, ['init', '-q', dir]);
      const from = `${gitlab.url}/${project}.git`;
      await testGit(dir, ['fetch', '-q', '--depth=20', from, `+refs/merge-requests/${iid}/head:refs/pipelines/1`]);
      await testGit(dir, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
      const options = {
        cwd: dir,
        env: {
          ...{ GITLAB_CI: 'true', CI_SERVER_URL: gitlab.url, CI_COMMIT_SHA: sha },
          ...{ CI_JOB_TOKEN: gitlab.addToken({ user: 'ada', kind: 'job', project }) },
          ...{ CI_MERGE_REQUEST_IID: String(iid), CI_MERGE_REQUEST_PROJECT_PATH: project },
          ...{ CI_MERGE_REQUEST_PROJECT_ID: String(ids.get(project)), CI_MERGE_REQUEST_TITLE: title },
          ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: branch, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
        },
      };
      const ran = await agentsmd(['review'], options);
      rmSync(dir, { recursive: true, force: true });
      if (ran.code === 3) throw new Error(`the review of ${project}!${iid} was not done: ${ran.stderr}`);
      return ran;
    },
    threads: async (project, iid) => {
      const all = await ask('ada', 'GET', one(project, iid, '/discussions?per_page=100'));
      return all.flatMap(({ id, notes: [first] }: { id: string; notes: readonly SaidNote[] }): readonly Thread[] => {
        if (first!.author.username !== BOT || !first!.resolvable) return [];
        const { id: note, body, position, resolved = false } = first!;
        return [{ id, note, body, path: position?.new_path, line: position?.new_line ?? undefined, resolved }];
      });
    },
    reply: async (project, iid, thread, body) => {
      await ask('ben', 'POST', one(project, iid, `/discussions/${thread}/notes`), { body });
    },
    merge: async (project, iid) => {
      // Once GitLab has looked whether it can be merged.
      await ask('ben', 'GET', one(project, iid));
      await ask('ben', 'PUT', one(project, iid, '/merge'), {});
    },
    decline: async (project, iid) => {
      await ask('ben', 'PUT', one(project, iid), { state_event: 'close' });
    },
    pushTo: async (project, files) => {
      await gitlab.push(project, { branch: 'main', user: 'ada', message: 'By hand', files, from: 'main' });
    },
    status: async () => JSON.parse((await agentsmd(['status', '--json'])).stdout),
    ownCodex: async (branch, files) => {
      const dir = join(folder, `codex-${++clones.made}`);
      await testGit(folder, ['clone', '-q', '-b', branch, gitDirs.get(CODEX)!, dir]);
      for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
      assert.equal((await agentsmd(['codex', 'ids', dir, '--write'])).code, 0);
      const ids = readFileSync(join(dir, 'ids.json'), 'utf8');
      await gitlab.push(CODEX, {
        branch,
        user: 'ada',
        message: 'Mend it',
        files: { ...files, 'ids.json': ids },
        from: branch,
      });
    },
    ours: async (project) => {
      const all = await ask('ada', 'GET', at(project, '/merge_requests?state=all&per_page=100&sort=asc'));
      return all
        .filter(({ author }: SeenMergeRequest) => author.username === BOT)
        .map(({ iid, title, description, state, source_branch: source }: SeenMergeRequest) => {
          return { project, iid, title, description, state, source };
        });
    },
    read: async (project, path, branch = 'main') => {
      const { content } = await ask(
        'ada',
        'GET',
        at(project, `/repository/files/${encodeURIComponent(path)}?ref=${branch}`),
      );
      return Buffer.from(content, 'base64').toString('utf8');
    },
    close: async () => {
      await gitlab.close();
      if (kept === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      clock.restore();
    },
  };
}

interface SaidNote {
  readonly id: number;
  readonly body: string;
  readonly author: { readonly username: string };
  readonly resolvable: boolean;
  readonly resolved?: boolean;
  readonly position?: { readonly new_path: string; readonly new_line: number | null };
}

interface SeenMergeRequest {
  readonly iid: number;
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly source_branch: string;
  readonly author: { readonly username: string };
}
