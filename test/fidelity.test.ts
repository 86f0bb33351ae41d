import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyze } from '../facts/index.ts';
import { openRepository } from '../forge/git/open.ts';
import type { TestFile, TestFiles } from '../forge/git/testing/fast-import.ts';
import { makeRepository, type TestRepository } from '../forge/git/testing/make-repo.ts';
import { gitlabForge } from '../forge/gitlab/index.ts';
import type { Forge } from '../forge/port.ts';
import type { ReadLimits, RepoReader } from '../forge/reader.ts';
import { describeReaderContract } from '../forge/testing/reader-contract.ts';
import type { GitlabSimulator } from './gitlab/port.ts';
import { startGitlab } from './gitlab/start.ts';

/** Reading through GitLab tells what reading the repository itself tells. */

let gitlab: GitlabSimulator;
let scratch: string;
const repositories: TestRepository[] = [];
const forges: Forge[] = [];

beforeAll(async () => {
  gitlab = await startGitlab();
  scratch = await mkdtemp(join(tmpdir(), 'agentsmd-fidelity-'));
});
afterAll(async () => {
  for (const forge of forges.splice(0)) await forge.close();
  for (const repository of repositories.splice(0)) await repository.cleanup();
  await gitlab.close();
  await rm(scratch, { recursive: true, force: true });
});

function connect(token = gitlab.rootToken, cacheDir?: string): Forge {
  const forge = gitlabForge({
    instance: { url: gitlab.url, token: { env: 'TOKEN' } },
    env: { TOKEN: token },
    audit: { append: () => {} },
    ...(cacheDir === undefined ? {} : { cacheDir }),
  });
  forges.push(forge);
  return forge;
}

let made = 0;

/** The same commit behind the simulator and on disk. */
async function behind(files: TestFiles): Promise<{ path: string; id: string; repository: TestRepository }> {
  const repository = await makeRepository({ files }, { bare: true });
  repositories.push(repository);
  const path = `fidelity/p${made++}`;
  const { id } = await gitlab.addProject({ path, from: { gitDir: repository.dir, commit: repository.commit } });
  return { path, id: String(id), repository };
}

function throughGitlab(forge: () => Forge) {
  return async (files: Readonly<Record<string, TestFile>>, limits?: ReadLimits): Promise<RepoReader> => {
    const { id, repository } = await behind(files);
    const project = await forge().project(id);
    return forge().open(project, repository.commit, limits ? { limits } : {});
  };
}

describeReaderContract(
  'GitLab',
  throughGitlab(() => connect()),
);

const OVER_THE_LIMIT = 'x'.repeat((1 << 20) + 1);
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;
const latin1 = (name: string) => Buffer.from(name, 'latin1');

const REPOSITORIES: [string, TestFiles][] = [
  [
    'JavaScript, with every encoding there is',
    {
      'package.json':
        '\ufeff{\r\n  "name": "shop",\r\n  "scripts": { "test": "vitest", "lint": "biome check" }\r\n}\r\n',
      'package-lock.json': `{"name":"shop","x":"${OVER_THE_LIMIT}"}`,
      'README.md': Buffer.from('\ufeff# Shop é\r\n', 'utf16le'),
      'CONTRIBUTING.md': latin1('# Mithelfen f\xfcr alle\n'),
      'CLAUDE.md': '# CLAUDE.md\n\nRun `npm test` before you push.\n',
      'AGENTS.md': { symlink: 'CLAUDE.md' },
      '.github/workflows/ci.yml':
        'on: [push]\njobs:\n  test:\n    steps:\n      - run: npm ci\n      - run: npm test\n',
      'scripts/release': { executable: '#!/bin/sh\nnpm publish\n' },
      'docs/loop/a': { symlink: 'b' },
      'docs/loop/b': { symlink: 'a' },
      'docs/up': { symlink: '../../etc/passwd' },
      'vendor/lib': { submodule: true },
      'assets/logo.png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      'assets/film.mp4': LFS,
      'src/empty.ts': '',
      'src/also-empty.ts': '',
      'src/nul.ts': 'a\0b',
    },
  ],
  [
    'names that are not UTF-8',
    [
      ['Makefile', 'test:\n\tpytest\n'],
      [latin1('caf\xe9.md'), 'root'],
      [latin1('docs/caf\xe9.md'), 'below'],
      ['docs/café.md', 'the same in UTF-8'],
      ['docs/plain.md', 'plain'],
    ],
  ],
  [
    'names beyond ASCII, all of them UTF-8',
    {
      'docs/größe.md': 'ö',
      'docs/größe/x.md': 'below one that sorts near it',
      'docs/größe-2.md': '2',
      'docs/\u{1f600}.md': 'astral',
    },
  ],
  [
    'Python, Go and Makefile side by side',
    {
      Makefile: 'include tools/rules.mk\n\ntest: unit\n\nlint:\n\truff check\n',
      'tools/rules.mk': 'unit:\n\tpytest -q\n',
      'pyproject.toml': '[project]\nname = "svc"\nrequires-python = ">=3.12"\n[tool.pytest.ini_options]\n[tool.ruff]\n',
      'go.mod': 'module example.com/svc\n\ngo 1.25\n',
      'main.go': 'package main\n\nfunc main() {}\n',
      '.gitlab-ci.yml': 'include:\n  - local: ci/test.yml\n',
      'ci/test.yml': 'test:\n  script:\n    - make test\n',
    },
  ],
  ['many files of one kind', Object.fromEntries(manyPackages())],
  ['one file', { 'a.txt': '' }],
];

function* manyPackages(): Generator<[string, string]> {
  yield ['package.json', '{"workspaces":["packages/*"],"scripts":{"build":"tsc -b"}}'];
  for (let at = 0; at < 260; at++)
    yield [`packages/p${at}/package.json`, `{"name":"p${at}","scripts":{"test":"vitest"}}`];
}

describe.each(REPOSITORIES)('fidelity: %s', (_, files) => {
  let local: RepoReader;
  let remote: RepoReader;
  beforeAll(async () => {
    const { id, repository } = await behind(files);
    local = await openRepository(repository.dir, { rev: repository.commit });
    const forge = connect();
    remote = await forge.open(await forge.project(id), repository.commit);
  });
  afterAll(async () => {
    for (const reader of [local, remote]) await reader?.close();
  });

  it('lists the same paths', async () => {
    expect(await remote.paths()).toEqual(await local.paths());
  });

  it('reads the same texts, and gives the same reasons where there is none', async () => {
    const paths = [...(await local.paths()).map(({ path }) => path), 'absent', 'docs'];
    expect(await remote.read(paths)).toEqual(await local.read(paths));
  });

  it('sees the same links', async () => {
    const paths = (await local.paths()).map(({ path }) => path);
    expect(await remote.links(paths)).toEqual(await local.links(paths));
  });

  it('finds the same facts', async () => {
    const [here, there] = await Promise.all([analyze(local), analyze(remote)]);
    expect({ ...there, repository: here.repository }).toEqual(here);
  });
});

describe('contents on disk', () => {
  it('are not requested again, and a changed one is', async () => {
    const { id, repository } = await behind(Object.fromEntries(manyPackages()));
    const readAll = async () => {
      const forge = connect(gitlab.rootToken, scratch);
      const reader = await forge.open(await forge.project(id), repository.commit);
      gitlab.forget();
      const answers = await reader.read((await reader.paths()).map(({ path }) => path));
      await reader.close();
      return { answers, contents: gitlab.requests.filter(({ path }) => !path.includes('/repository/tree')).length };
    };
    const first = await readAll();
    expect(first.contents).toBeGreaterThan(0);
    expect(await readAll()).toEqual({ answers: first.answers, contents: 0 });
    const oid = await repository.git('rev-parse', `${repository.commit}:package.json`);
    await writeFile(join(scratch, 'blobs', oid.slice(0, 2), oid.slice(2)), 'something else');
    const again = await readAll();
    expect(again.answers).toEqual(first.answers);
    expect(again.contents).toBeGreaterThan(0);
  });
});
