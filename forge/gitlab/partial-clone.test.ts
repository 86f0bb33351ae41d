import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import { makeRepository, type TestRepository } from '../git/testing/make-repo.ts';
import { gitAccess } from './git-access.ts';
import { openPartialClone, type PartialClone } from './partial-clone.ts';
import { openKeyring } from './tokens/keyring.ts';

const FILES = { 'a.txt': 'a\n', 'b/large.txt': 'x'.repeat(5000), 'b/run': { executable: '#!/bin/sh\n' } };

let gitlab: GitlabSimulator;
let repository: TestRepository;
let token: string;
let scratch: string;
const opened: PartialClone[] = [];

beforeAll(async () => {
  gitlab = await startGitlab();
  repository = await makeRepository({ files: FILES }, { bare: true });
  await gitlab.addProject({ path: 'team/app', from: { gitDir: repository.dir, commit: repository.commit } });
  gitlab.addUser({ username: 'bot' });
  gitlab.addGroup({ path: 'team', members: { bot: 'reporter' } });
  token = gitlab.addToken({ user: 'bot', scopes: ['read_repository'] });
  scratch = await mkdtemp(join(tmpdir(), 'agentsmd-partial-'));
});
afterEach(async () => {
  for (const clone of opened.splice(0)) await clone.close();
});
afterAll(async () => {
  await gitlab.close();
  await repository.cleanup();
  await rm(scratch, { recursive: true, force: true });
});

async function clone(text = token, path = 'team/app', env: NodeJS.ProcessEnv = {}): Promise<PartialClone> {
  const settings = { url: gitlab.url, token: { env: 'TOKEN' } };
  const keyring = openKeyring(settings, { TOKEN: text });
  const made = openPartialClone(await gitAccess(settings, keyring, scratch, { path }, env), repository.commit);
  opened.push(made);
  return made;
}

const idOf = (path: string) => repository.git('rev-parse', `${repository.commit}:${path}`);

describe('openPartialClone', () => {
  it('brings single objects in two requests, and tells what is too large', async () => {
    const ids = await Promise.all(['a.txt', 'b/large.txt'].map(idOf));
    gitlab.forget();
    expect(await (await clone()).blobs(ids, 1000)).toEqual(
      new Map([
        [ids[0], { bytes: Buffer.from('a\n') }],
        [ids[1], { size: 5000 }],
      ]),
    );
    expect(gitlab.requests).toHaveLength(2);
  });

  it('lists a commit without its files', async () => {
    const made = await clone();
    expect((await made.tree(repository.commit)).map(({ path, kind }) => [path, kind])).toEqual([
      ['a.txt', 'file'],
      ['b/large.txt', 'file'],
      ['b/run', 'executable'],
    ]);
    expect(await made.blobs([await idOf('a.txt')], 1000)).toEqual(
      new Map([[await idOf('a.txt'), { bytes: Buffer.from('a\n') }]]),
    );
  });

  it.each([
    [
      'a token that is not accepted',
      'glpat-wrong',
      'team/app',
      'scope',
      'could not read Username: terminal prompts disabled; it takes a live token with the scope read_repository or api, whose user has the role Reporter',
    ],
    [
      'a token whose scopes do not reach',
      'small',
      'team/app',
      'scope',
      'unable to access: The requested URL returned error: 403; it takes a live token with the scope read_repository or api, whose user has the role Reporter',
    ],
    [
      'a project that is not there',
      undefined,
      'team/none',
      'not-found',
      "repository not found; check the path, and make the token's user a member",
    ],
  ])('names what is wrong, where, once, and what to do: %s', async (_, text, path, reason, says) => {
    const used = text === 'small' ? gitlab.addToken({ user: 'bot', scopes: ['read_user'] }) : (text ?? token);
    const error = await (await clone(used, path)).tree(repository.commit).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ForgeError', reason });
    expect((error as Error).message).toBe(`${gitlab.url}/${path}.git: git cannot fetch from it: ${says}`);
    expect((error as Error).message).not.toContain(used);
  });

  it('names an object that is not there', async () => {
    const error = (await clone()).blobs(['1'.repeat(40)], 1000);
    await expect(error).rejects.toMatchObject({
      reason: 'not-found',
      message: expect.stringMatching(/; it is no longer there: run it again$/),
    });
  });

  it('says where nobody listens once', async () => {
    const url = 'http://127.0.0.1:9/team/app.git';
    const made = openPartialClone({ url, env: {}, scratch }, repository.commit);
    const error = await made.tree(repository.commit).catch((thrown: unknown) => thrown as Error);
    await made.close();
    expect(error).toMatchObject({ reason: 'unavailable', message: expect.stringMatching(/; try again later$/) });
    expect((error as Error).message.split(url)).toHaveLength(2);
  });

  it('says that git cannot be used where there is nowhere to write', async () => {
    await writeFile(join(scratch, 'file'), '');
    const made = openPartialClone({ url: gitlab.url, env: {}, scratch: join(scratch, 'file') }, repository.commit);
    await expect(made.tree(repository.commit)).rejects.toMatchObject({ name: 'ForgeError', reason: 'unsupported' });
    await made.close();
    await rm(join(scratch, 'file'));
  });

  it('takes its folder away', async () => {
    const made = await clone();
    await made.tree(repository.commit);
    expect(await readdir(scratch)).toHaveLength(1);
    await made.close();
    expect(await readdir(scratch)).toEqual([]);
  });

  it('takes folders away that a killed run left behind, once they are a day old, and nothing else', async () => {
    const hours = { 'agentsmd-git-old': 25, 'agentsmd-git-new': 23, other: 100 };
    for (const [name, age] of Object.entries(hours)) {
      await mkdir(join(scratch, name));
      await writeFile(join(scratch, name, 'HEAD'), '');
      const then = Date.now() / 1000 - age * 3600;
      await utimes(join(scratch, name), then, then);
    }
    const made = await clone();
    await made.tree(repository.commit);
    await made.close();
    expect((await readdir(scratch)).toSorted()).toEqual(['agentsmd-git-new', 'other']);
    for (const name of ['agentsmd-git-new', 'other']) await rm(join(scratch, name), { recursive: true });
  });

  it('gives the token to git in its environment, and leaves it in no command line and no file', async () => {
    const bin = await mkdtemp(join(tmpdir(), 'agentsmd-bin-'));
    const { PATH = '' } = process.env;
    const seen = join(bin, 'seen');
    const real = PATH.split(delimiter).find((dir) => dir !== '') && 'git';
    await writeFile(
      join(bin, 'git'),
      `#!/bin/sh\nprintf '%s\\n' "$*" >> '${seen}'\nPATH='${PATH}'\nexport PATH\nexec ${real} "$@"\n`,
    );
    await chmod(join(bin, 'git'), 0o755);
    process.env.PATH = `${bin}${delimiter}${PATH}`;
    try {
      const made = await clone();
      await made.tree(repository.commit);
      await made.blobs([await idOf('a.txt')], 1000);
    } finally {
      process.env.PATH = PATH;
    }
    const commands = await readFile(seen, 'utf8');
    expect(commands).toContain('fetch');
    const written = await Promise.all(
      (await readdir(scratch, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile())
        .map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
    );
    expect(written.length).toBeGreaterThan(3);
    const secrets = [token, Buffer.from(`oauth2:${token}`).toString('base64')];
    for (const text of [commands, ...written]) for (const secret of secrets) expect(text).not.toContain(secret);
    await rm(bin, { recursive: true, force: true });
  });

  it('keeps what the user configures in the environment', async () => {
    const settings = { url: 'https://gitlab.example.com/', token: { env: 'TOKEN' }, proxy: 'none' };
    const keyring = openKeyring(settings, { TOKEN: 'glpat-x' });
    const { url, env } = await gitAccess(settings, keyring, scratch, { path: 'g/ä b' }, { GIT_CONFIG_COUNT: '2' });
    expect(url).toBe('https://gitlab.example.com/g/%C3%A4%20b.git');
    expect(Object.keys(env)[1]).toBe('GIT_CONFIG_KEY_2');
    const names = Object.entries(env).filter(([name]) => name.startsWith('GIT_CONFIG_KEY_'));
    expect(env.GIT_CONFIG_COUNT).toBe(String(2 + names.length));
    expect(names.map(([, name]) => name)).toContain('http.https://gitlab.example.com/.extraHeader');
  });
});
