import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { MAIN } from '../cli/run-cli.ts';
import { type Ask, asking } from '../gitlab/asking.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type ModelServer, startModels } from '../models/index.ts';
import { harmOf } from './harm.ts';
import { type Hostile, startHostile } from './hostile.ts';
import { type Files, filesIn, type Merge } from './merge.ts';
import { configOf, type Folders, makeFolders, play, SECRET } from './surroundings.ts';
import { startTwisted, type Twisted } from './twisted.ts';

/** What could be seen of a review from outside. */
export interface Outcome {
  /** Exit code; `null`: it had to be ended. */
  readonly code: number | null;
  readonly decision: string | null;
  readonly tier: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All that the bot wrote. */
  readonly notes: readonly string[];
  readonly approved: boolean;
  /** What went wrong, a line each; nothing of it may be. */
  readonly harm: readonly string[];
  /** All that models were asked. */
  readonly asked: string;
}

export interface AttackPlace {
  /** @param program `cli/main.ts` of other sources. */
  review(merge: Merge, program?: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** One GitLab; a model, a server of somebody hostile and secrets of its own for each review. Reviews may run side by side. */
export async function openAttackPlace(): Promise<AttackPlace> {
  const gitlab = await startGitlab({ edition: 'premium', version: '19.2.0' });
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-attacks-'));
  const asks: Record<string, Ask> = {};
  for (const username of ['ben', 'eve']) {
    gitlab.addUser({ username });
    asks[username] = asking(gitlab, gitlab.addToken({ user: username }));
  }
  let counter = 0;
  let running: Promise<unknown>[] = [];
  return {
    async review(merge, program = MAIN) {
      // Each is several processes.
      while (running.length >= AT_ONCE) await Promise.race(running);
      const one = reviewed(merge, { gitlab, folder, asks, program, at: ++counter });
      const ended: Promise<void> = one.then(
        () => {},
        () => {},
      );
      void ended.then(() => {
        running = running.filter((other) => other !== ended);
      });
      running.push(ended);
      return await one;
    },
    async close() {
      rmSync(folder, { recursive: true, force: true });
      await gitlab.close();
    },
  };
}

const AT_ONCE = 2;

interface Around {
  readonly gitlab: GitlabSimulator;
  readonly folder: string;
  readonly asks: Readonly<Record<string, Ask>>;
  readonly program: string;
  readonly at: number;
}

/** Whom and what a review has of its own. */
interface Own {
  readonly folders: Folders;
  readonly author: string;
  readonly bot: string;
  readonly path: string;
  readonly ada: Ask;
  readonly token: string;
  readonly job: () => string;
  readonly key: string;
  readonly models: ModelServer;
  readonly hostile: Hostile;
  /** GitLab, as the job sees it. */
  readonly server: string;
  readonly twisted: Twisted | undefined;
}

async function reviewed(given: Merge, around: Around): Promise<Outcome> {
  const { gitlab, folder, at } = around;
  const own = join(folder, String(at));
  // Whatever fails on the way, nothing stays behind.
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rmSync(own, { recursive: true, force: true }));
  const folders = makeFolders(own);
  const [author, bot, path] = [`ada-${at}`, `agentsmd-bot-${at}`, `shop/pay-${at}`];
  let merge = given;
  const hostile = stack.adopt(await startHostile(() => merge), (server) => server.close());
  merge = put(given, { '{{outside}}': folders.outside, '{{hostile}}': hostile.url });
  gitlab.addUser({ username: author, name: merge.person });
  gitlab.addUser({ username: bot, bot: true });
  const key = `key-${SECRET}-${at}-of-models`;
  const models = stack.use(await startModels({ models: { one: {} }, keys: { [key]: 'org' } }));
  const ada = asking(gitlab, gitlab.addToken({ user: author }));
  const token = gitlab.addToken({ user: bot, scopes: ['api'] });
  const job = () => gitlab.addToken({ user: author, kind: 'job', project: path });
  const twisted =
    merge.answers === null
      ? undefined
      : stack.adopt(await startTwisted(gitlab.url, merge.answers, hostile.url), (server) => server.close());
  const server = twisted?.url ?? gitlab.url;
  const repository = stack.adopt(await repositoryOf(merge), (made) => made.cleanup());
  return await lookedAt(
    merge,
    repository,
    { folders, author, bot, path, ada, token, job, key, models, hostile, server, twisted },
    around,
  );
}

async function lookedAt(merge: Merge, repository: TestRepository, own: Own, around: Around): Promise<Outcome> {
  const { gitlab, program, folder, at } = around;
  const { folders, models, hostile, ada, author, bot, token, path, server, twisted } = own;
  const { id, after } = await opened(merge, repository, own, around);
  const one = `/projects/${id}/merge_requests/1`;
  const discussions = async () => (await ada('GET', `${one}/discussions?per_page=100`)).body as Discussion[];
  const job = own.job();
  const settings = configOf(models, hostile, merge);
  writeFileSync(folders.config, JSON.stringify(settings));
  const { transcript: _, ...ofModels } = settings.models;
  const env = {
    // What is altered from one run to the next is compiled each time.
    ...(program === MAIN ? { NODE_COMPILE_CACHE: join(folder, 'compiled') } : {}),
    ...(merge.ownConfig ? { AGENTSMD_MODELS: JSON.stringify(ofModels) } : { AGENTSMD_CONFIG: folders.config }),
    ...{ PATH: `${folders.traps}:${process.env.PATH}`, HOME: folders.home, TMPDIR: folders.temporary, NO_COLOR: '1' },
    ...{ AGENTSMD_CACHE_DIR: folders.cache, AGENTSMD_STATE_DIR: folders.state },
    ...{ GITLAB_CI: 'true', CI_SERVER_URL: server, CI_JOB_URL: `${server}/${path}/-/jobs/42` },
    ...{ CI_JOB_TOKEN: job, GITLAB_TOKEN: token, GW_KEY: own.key },
    ...{ CI_COMMIT_SHA: after, CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_PROJECT_PATH: path },
    ...{ CI_MERGE_REQUEST_PROJECT_ID: String(id), CI_MERGE_REQUEST_TITLE: merge.title },
    ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: merge.branch, CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
    ...{ AWS_SECRET_ACCESS_KEY: `${SECRET}-aws`, DATABASE_URL: `postgres://app:${SECRET}-db@db.example/app` },
  };
  const clone = join(folder, String(at), 'clone');
  await testGit(folder, ['init', '-q', clone]);
  await testGit(clone, ['fetch', '-q', repository.dir, `${after}:refs/pipelines/1`]);
  await testGit(clone, ['checkout', '-q', '--detach', 'refs/pipelines/1']);
  play(models, merge);
  const untouched = [clone, folders.home];
  const before = untouched.map(leftIn);
  let done = await ran(program, clone, env);
  if (merge.replies.length > 0) {
    for (const { id: thread, notes } of await discussions())
      if (notes[0]!.author.username === bot && notes[0]!.resolvable)
        for (const body of merge.replies) await ada('POST', `${one}/discussions/${thread}/notes`, { body });
    done = await ran(program, clone, env);
  }
  const said = (await discussions()).flatMap(({ notes }) => notes).filter((note) => note.author.username === bot);
  const notes = said.filter(({ system }) => !system).map(({ body }) => body);
  const approvals = (await ada('GET', `${one}/approvals`)).body.approved_by as { user: { username: string } }[];
  const self = said[0]?.author.id;
  const harm = harmOf({
    ...{ folders, notes, stdout: done.stdout, stderr: done.stderr, asked: models.requests },
    ...{ visits: hostile.visits, served: hostile.served, key: own.key },
    touched: untouched.flatMap((each, at) => differing(before[at]!, leftIn(each))),
    requests: gitlab.requests.filter(({ headers }) => Object.values(headers).some((value) => value.includes(token))),
    effects: gitlab.effects.filter((effect) => effect.projectId === id && effect.in === 'note' && effect.byId === self),
    ...{ secrets: [SECRET, token, job, own.key], gitlab: server, project: { id, path }, author },
  });
  return {
    ...done,
    ...readOf(done.stdout),
    ...{ notes, approved: approvals.some(({ user }) => user.username === bot) },
    asked: models.requests.map(({ body }) => JSON.stringify(body)).join('\n'),
    harm: [
      ...harm,
      ...(twisted?.altered() === 0 ? ['no answer of GitLab was another one'] : []),
      ...(done.code === null ? ['it did not end by itself'] : []),
    ],
  };
}

/** What lies in a folder, but for the objects and the index of git. */
function leftIn(folder: string): Files {
  const kept = Object.entries(filesIn(folder)).filter(([path]) => !/^\.git\/(?:objects\/|index$)/.test(path));
  return Object.fromEntries(kept);
}

function differing(before: Files, after: Files): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]);
}

async function repositoryOf({ before, change, message, author }: Merge): Promise<TestRepository> {
  const files = Object.entries(change).filter((entry): entry is [string, Files[string]] => entry[1] !== null);
  const deleted = Object.keys(change).filter((name) => change[name] === null);
  return await makeRepository({ commits: [{ files: Object.entries(before) }, { files, deleted, message, author }] });
}

/** As somebody opens it: pushed by git, with all that was said before it is reviewed. */
async function opened(
  merge: Merge,
  repository: TestRepository,
  { author, bot, path, ada }: Own,
  { gitlab, asks }: Around,
): Promise<{ readonly id: number; readonly after: string }> {
  const [before, after] = (await repository.git('rev-list', '--reverse', 'main')).split('\n') as [string, string];
  const members = { [author]: 'maintainer', ben: 'developer', eve: 'developer', [bot]: 'developer' } as const;
  const from = { gitDir: join(repository.dir, '.git'), commit: before };
  const { id } = await gitlab.addProject({ path, from, members });
  const url = `${gitlab.url.replace('://', `://${author}:${gitlab.addToken({ user: author })}@`)}/${path}.git`;
  const refs = [`${after}:refs/heads/${merge.branch}`, ...merge.tags.map((tag) => `${after}:refs/tags/${tag}`)];
  await testGit(repository.dir, ['push', '-q', url, ...refs]);
  const { title, description, branch } = merge;
  const wish = { title, description, source_branch: branch, target_branch: 'main' };
  const { status, body: answer } = await ada('POST', `/projects/${id}/merge_requests`, wish);
  if (status !== 201) throw new Error(`the merge request was refused: ${JSON.stringify(answer)}`);
  const one = `/projects/${id}/merge_requests/1`;
  await ada('GET', one);
  const { comments, ownComments } = put(merge, { '{{head}}': after });
  for (const body of comments) await asks.eve!('POST', `${one}/notes`, { body });
  for (const body of ownComments) await ada('POST', `${one}/notes`, { body });
  return { id, after };
}

interface Discussion {
  readonly id: string;
  readonly notes: readonly {
    readonly body: string;
    readonly system: boolean;
    readonly resolvable: boolean;
    readonly author: { readonly id: number; readonly username: string };
  }[];
}

/** Names of places that are only known now, in every text. */
function put<T>(value: T, places: Readonly<Record<string, string>>): T {
  const visit = (node: unknown): unknown => {
    if (typeof node === 'string')
      return Object.entries(places).reduce((text, [name, place]) => text.replaceAll(name, place), node);
    if (Array.isArray(node)) return node.map(visit);
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
    return Object.fromEntries(Object.entries(node).map(([name, each]) => [name, visit(each)]));
  };
  return visit(value) as T;
}

function ran(
  program: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Pick<Outcome, 'code' | 'stdout' | 'stderr'>> {
  return new Promise((resolve) => {
    const options = { cwd, env, maxBuffer: 64 << 20, timeout: 120_000 };
    execFile(process.execPath, [program, 'review', '--json', '-v'], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ code, stdout, stderr });
    });
  });
}

function readOf(stdout: string): Pick<Outcome, 'decision' | 'tier'> {
  try {
    const { decision, tier } = JSON.parse(stdout);
    return { decision, tier };
  } catch {
    return { decision: null, tier: null };
  }
}
