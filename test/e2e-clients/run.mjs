import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGitlab } from '../gitlab/start.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const run = promisify(execFile);
/** Of this folder's own packages, which the project does not depend on. */
const load = (name) => import(name);
const failures = [];
const complain = (...words) => process.stderr.write(`${words.join(' ')}\n`);
const check = (what, holds) => {
  process.stdout.write(`${holds ? 'ok' : 'FAILED'}: ${what}\n`);
  if (!holds) failures.push(what);
};

const gitlab = await startGitlab();
try {
  await danger();
  await gitbeaker();
  await semanticRelease();
} finally {
  await gitlab.close();
}
process.exitCode = failures.length > 0 ? 1 : 0;

/** danger-js reviews a merge request twice: it posts one note, and changes that note the second time. */
async function danger() {
  const { id } = await gitlab.addProject({
    path: 'team/app',
    files: { 'README.md': 'one\n' },
    members: { ann: 'developer', danger: 'developer' },
  });
  const notes = `/projects/${id}/merge_requests/1/notes`;
  await gitlab.push('team/app', { branch: 'topic', user: 'ann', message: 'Say two', files: { 'README.md': 'two\n' } });
  const ann = gitlab.addToken({ user: 'ann' });
  const wish = { title: 'Say two', source_branch: 'topic', target_branch: 'main' };
  await api(ann, 'POST', `/projects/${id}/merge_requests`, wish);
  const review = () =>
    run(
      process.execPath,
      [join(here, 'node_modules/danger/distribution/commands/danger-ci.js'), '--dangerfile', 'dangerfile.js'],
      {
        cwd: here,
        env: {
          PATH: process.env.PATH,
          HOME: tmpdir(),
          CI: 'true',
          GITLAB_CI: 'true',
          CI_MERGE_REQUEST_IID: '1',
          CI_PROJECT_PATH: 'team/app',
          DANGER_GITLAB_HOST: gitlab.url,
          DANGER_GITLAB_API_TOKEN: gitlab.addToken({ user: 'danger' }),
        },
      },
    );
  await review();
  const first = (await api(ann, 'GET', notes)).filter((note) => !note.system);
  check(
    'danger: one note with what the dangerfile found',
    first.length === 1 && first[0].body.includes('README.md says two'),
  );
  await gitlab.push('team/app', { branch: 'topic', user: 'ann', message: 'More', files: { 'b.txt': 'b\n' } });
  await review();
  const second = (await api(ann, 'GET', notes)).filter((note) => !note.system);
  check(
    'danger: the same note, changed',
    second.length === 1 && second[0].id === first[0].id && second[0].body.includes('2 commit'),
  );
}

/** gitbeaker, as danger brings it: the library that ours wraps, here with its own transport. */
async function gitbeaker() {
  const { Gitlab } = await load('@gitbeaker/rest');
  await gitlab.addProject({ path: 'team/lib', files: { 'a.txt': 'a\n' }, members: { bot: 'developer' } });
  const client = new Gitlab({ host: gitlab.url, token: gitlab.addToken({ user: 'bot' }) });
  const project = await client.Projects.show('team/lib');
  const actions = [{ action: 'create', filePath: 'dir/b.txt', content: 'b\n' }];
  await client.Commits.create(project.id, 'topic', 'Add b', actions, { startBranch: 'main' });
  const opened = await client.MergeRequests.create(project.id, 'topic', 'main', 'Add b', {
    labels: 'bot',
    removeSourceBranch: true,
  });
  const again = await client.MergeRequests.create(project.id, 'topic', 'main', 'Add b').catch((error) => error);
  check('gitbeaker: a second merge request is refused', again?.cause?.response?.status === 409);
  await client.MergeRequestNotes.create(project.id, opened.iid, 'Good.');
  const merged = await client.MergeRequests.merge(project.id, opened.iid);
  const text = await client.RepositoryFiles.showRaw(project.id, 'dir/b.txt', 'main');
  check('gitbeaker: commit, merge request, note, merge, file', merged.state === 'merged' && String(text) === 'b\n');
}

/** @semantic-release/gitlab tells a merge request that its commit is released: its `success` step. */
async function semanticRelease() {
  const { success } = await load('@semantic-release/gitlab');
  const { id } = await gitlab.addProject({ path: 'team/release', files: { a: 'a' }, members: { bot: 'maintainer' } });
  const hash = await gitlab.push('team/release', {
    branch: 'topic',
    user: 'bot',
    message: 'fix: x',
    files: { b: 'b' },
  });
  const token = gitlab.addToken({ user: 'bot' });
  await api(token, 'POST', `/projects/${id}/merge_requests`, {
    title: 'Fix',
    source_branch: 'topic',
    target_branch: 'main',
  });
  await api(token, 'PUT', `/projects/${id}/merge_requests/1/merge`);
  const cwd = await mkdtemp(join(tmpdir(), 'release-'));
  try {
    await writeFile(join(cwd, 'package.json'), '{}');
    await success(
      { gitlabUrl: gitlab.url },
      {
        cwd,
        env: { GITLAB_TOKEN: token },
        options: { repositoryUrl: `${gitlab.url}/team/release.git` },
        nextRelease: { version: '1.0.1', gitTag: 'v1.0.1' },
        releases: [{ name: 'GitLab release', url: `${gitlab.url}/team/release/-/releases/v1.0.1` }],
        commits: [{ hash }],
        logger: { log() {}, error: complain, success() {}, warn: complain },
      },
    );
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
  const notes = (await api(token, 'GET', `/projects/${id}/merge_requests/1/notes`)).filter((note) => !note.system);
  check(
    'semantic-release: a note on the released merge request',
    notes.length === 1 && notes[0].body.includes('1.0.1'),
  );
}

async function api(token, method, path, body) {
  const answer = await fetch(`${gitlab.url}/api/v4${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
