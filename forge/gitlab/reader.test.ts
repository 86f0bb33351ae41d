import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { GitlabSimulator, SimulatorOptions } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import { makeRepository, type TestRepository } from '../git/testing/make-repo.ts';
import type { Forge, OpenProject, Project } from '../port.ts';
import type { RepoReader } from '../reader.ts';
import { gitlabForge } from './index.ts';

const repositories: TestRepository[] = [];
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(async () => {
  for (const repository of repositories) await repository.cleanup();
});

const NO_WAITING = { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 };

type Files = Readonly<Record<string, string | Uint8Array>>;

function packages(count: number): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}/package.json`, `{"name":"p${at}"}`]));
}

interface Setup {
  readonly gitlab: GitlabSimulator;
  readonly project: Project;
  readonly commit: string;
  readonly forge: Forge;
  open(options?: OpenProject): Promise<RepoReader>;
  /** The last part of each request's route since then. */
  asked(): readonly string[];
  connect(token: string): Forge;
}

async function setup(files: Files, options: SimulatorOptions = {}): Promise<Setup> {
  const gitlab = await startGitlab(options);
  closing.push(() => gitlab.close());
  const repository = await makeRepository({ files }, { bare: true });
  repositories.push(repository);
  const { commit } = repository;
  await gitlab.addProject({ path: 'team/app', from: { gitDir: repository.dir, commit } });
  gitlab.addUser({ username: 'bot' });
  gitlab.addGroup({ path: 'team', members: { bot: 'developer' } });
  const connect = (token: string) => {
    const forge = gitlabForge({
      instance: { url: gitlab.url, token: { env: token.startsWith('glcbt-') ? 'CI_JOB_TOKEN' : 'TOKEN' } },
      env: { TOKEN: token, CI_JOB_TOKEN: token },
      audit: { append: () => {} },
      clock: NO_WAITING,
    });
    closing.push(() => forge.close());
    return forge;
  };
  const forge = connect(gitlab.addToken({ user: 'bot', scopes: ['api'] }));
  const project = await forge.project('team/app');
  gitlab.forget();
  return {
    gitlab,
    project,
    commit,
    forge,
    open: async (how) => {
      const reader = await forge.open(project, commit, how);
      closing.push(() => reader.close());
      return reader;
    },
    asked: () => gitlab.requests.map(({ route }) => route.slice(route.lastIndexOf('/') + 1)),
    connect,
  };
}

async function readAll(reader: RepoReader): Promise<string[]> {
  const answers = await reader.read((await reader.paths()).map(({ path }) => path));
  return [...answers.values()].map((read) => (read.ok ? read.text : read.reason));
}

describe('readProject', () => {
  it('requests nothing before the first question, and the tree once', async () => {
    const { open, asked } = await setup({ a: 'a' });
    const reader = await open();
    expect(asked()).toEqual([]);
    await Promise.all([reader.paths(), reader.paths(), reader.read(['absent'])]);
    expect(asked()).toEqual(['tree']);
  });

  it('reads 130 texts in one request, and what is asked for at the same time together', async () => {
    const { open, asked } = await setup(packages(130));
    const reader = await open();
    await reader.paths();
    await Promise.all(Array.from({ length: 130 }, (_, at) => reader.read([`p${at}/package.json`])));
    expect(asked()).toEqual(['tree', 'graphql']);
  });

  it('brings what is asked for sooner or later along with the first read', async () => {
    const { open, asked } = await setup({
      'package.json': '{}',
      'README.md': '# App',
      'CONTRIBUTING.md': 'how',
      'AGENTS.md': 'root',
      'web/AGENTS.md': 'web',
      'src/index.ts': 'code',
    });
    const reader = await open();
    await reader.read(['package.json']);
    const later = await reader.read(['README.md', 'CONTRIBUTING.md', 'AGENTS.md', 'web/AGENTS.md']);
    expect([...later.values()]).toMatchObject([{ text: '# App' }, { text: 'how' }, { text: 'root' }, { text: 'web' }]);
    expect(asked()).toEqual(['tree', 'graphql']);
    await reader.read(['src/index.ts']);
    expect(asked()).toEqual(['tree', 'graphql', 'graphql']);
  });

  it('keeps nothing but the paths where it is told so', async () => {
    const { open, asked } = await setup({ 'package.json': '{}', 'README.md': '# App' });
    const reader = await open({ keep: false });
    for (const path of ['package.json', 'README.md', 'package.json'])
      expect((await reader.read([path])).get(path)).toMatchObject({ ok: true });
    expect(asked()).toEqual(['tree', 'graphql', 'graphql', 'graphql']);
  });

  it('tells what is too large without bringing it', async () => {
    const { open, gitlab } = await setup({
      'huge.json': 'x'.repeat(21 << 20),
      'large.json': 'x'.repeat((1 << 20) + 1),
      'small.json': '{}',
    });
    const reader = await open();
    const answers = await reader.read(['huge.json', 'large.json', 'small.json']);
    expect([...answers.values()]).toMatchObject([
      { ok: false, reason: 'too-large', detail: `${21 << 20} bytes; the limit is ${1 << 20}` },
      { ok: false, reason: 'too-large' },
      { ok: true, text: '{}' },
    ]);
    expect(gitlab.requests.map(({ route }) => route)).not.toContain('/projects/:id/repository/blobs/:sha/raw');
  });

  it('brings single files that GraphQL cannot tell by their objects', async () => {
    const { open, asked } = await setup({ 'a.txt': Buffer.from('caf\xe9', 'latin1'), 'b.bin': 'a\0b', 'c.txt': 'c' });
    expect(await readAll(await open())).toEqual(['caf\ufffd', 'binary', 'c']);
    expect(asked()).toEqual(['tree', 'graphql', 'raw', 'raw']);
  });

  it.each([
    ['GraphQL tells two paths too dear', '18.5.0'],
    ['it is an old one', '17.11.0'],
  ])('reads the same where %s', async (_, version) => {
    const files = packages(40);
    const { open, asked } = await setup(files, { version });
    expect(await readAll(await open())).toEqual(
      Object.keys(files)
        .sort()
        .map((path) => files[path]),
    );
    expect(asked().filter((route) => route === 'raw')).toEqual([]);
  });

  it('takes git for more than 400 files', async () => {
    const { open, asked } = await setup(packages(450));
    expect((await readAll(await open())).every((text) => text.startsWith('{"name"'))).toBe(true);
    expect(asked()).toEqual(['tree', 'refs', 'git-upload-pack']);
  });

  it('reads where git is closed, and tries it once', async () => {
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`b${at}`, `${at}\0`]));
    const { gitlab, project, commit, forge, asked } = await setup({ ...files, x: 'x' });
    gitlab.faults.add({ path: '*.git/**', action: { kind: 'status', status: 503 } });
    for (let time = 0; time < 2; time++) {
      const reader = await forge.open(project, commit);
      closing.push(() => reader.close());
      expect(await readAll(reader)).toEqual([...Array.from({ length: 6 }, () => 'binary'), 'x']);
    }
    expect(asked().filter((route) => route === 'refs')).toHaveLength(1);
  });

  it('reads with a CI job token, which neither the tree nor GraphQL take', async () => {
    const { gitlab, project, commit, connect } = await setup({ 'a.txt': 'a', 'b/c.txt': 'c' });
    const token = gitlab.addToken({ user: 'bot', kind: 'job', project: 'team/app' });
    const reader = await connect(token).open(project, commit);
    closing.push(() => reader.close());
    expect(await reader.paths()).toEqual([
      { path: 'a.txt', kind: 'file' },
      { path: 'b/c.txt', kind: 'file' },
    ]);
    expect(await readAll(reader)).toEqual(['a', 'c']);
  });

  it('takes full commit ids only', async () => {
    const { forge, project } = await setup({ a: 'a' });
    for (const commit of ['main', 'HEAD', '1234567', '--all'])
      await expect(forge.open(project, commit)).rejects.toMatchObject({ reason: 'invalid' });
  });

  it('rejects where the commit is not there, and where the project went away', async () => {
    const { gitlab, forge, project, commit } = await setup({ a: 'a' });
    const nowhere = await forge.open(project, '1'.repeat(40));
    closing.push(() => nowhere.close());
    await expect(nowhere.paths()).rejects.toMatchObject({ reason: 'not-found' });
    const gone = await forge.open(project, commit);
    closing.push(() => gone.close());
    gitlab.deleteProject('team/app');
    await expect(gone.read(['a'])).rejects.toMatchObject({ reason: 'not-found' });
  });

  it('goes on after a fault, without another answer', async () => {
    const { open, gitlab } = await setup(packages(300));
    const reader = await open();
    gitlab.faults.add({ path: '/api/graphql', nth: 1, action: { kind: 'truncated' } });
    gitlab.faults.add({ path: '/projects/*/repository/tree', nth: 1, action: { kind: 'reset' } });
    expect((await readAll(reader)).every((text) => text.startsWith('{"name"'))).toBe(true);
  });
});
