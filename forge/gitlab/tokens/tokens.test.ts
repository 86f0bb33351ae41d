import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import type { InstanceSettings } from '../../config.ts';
import { openHttp } from '../http/open.ts';
import type { Attempt } from '../http/port.ts';
import { type ScriptedServer, type Step, scriptedServer } from '../http/testing/scripted-server.ts';
import { testClock } from '../http/testing/test-clock.ts';
import { openKeyring } from './keyring.ts';
import { readToken } from './read-token.ts';
import { tokenStatus } from './status.ts';
import { Token } from './token.ts';

const dir = mkdtempSync(join(tmpdir(), 'agentsmd-tokens-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(name: string, text: string): string {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
}

/** A program that prints, and counts how often it was run by the length of a file. */
function program(...lines: string[]): readonly string[] {
  return [process.execPath, '-e', lines.join('\n')];
}

describe('readToken', () => {
  it('reads the environment, a file, and what a command prints first', async () => {
    expect((await readToken({ env: 'A' }, { A: ' abc\n' })).reveal()).toBe('abc');
    expect((await readToken({ file: file('t', 'from-file\n') }, {})).reveal()).toBe('from-file');
    const command = program('console.log(process.env.HELLO + process.argv[1])', 'console.log("user: me")');
    expect((await readToken({ command: [...command, '$HOME;x'] }, { HELLO: 'hi' })).reveal()).toBe('hi$HOME;x');
  });

  it('knows a job token by its variable and by its prefix', async () => {
    const kinds = [{ CI_JOB_TOKEN: 'abc' }, { X: 'glcbt-64_abc' }, { X: 'glpat-abc' }].map(async (env) => {
      const [name = ''] = Object.keys(env);
      return (await readToken({ env: name }, env)).kind;
    });
    expect(await Promise.all(kinds)).toEqual(['job', 'job', 'access']);
  });

  it('expands the home folder', async () => {
    const missing = `~/${relative(homedir(), join(dir, 'absent'))}`;
    await expect(readToken({ file: missing }, {})).rejects.toThrow('there is no such file');
    await expect(readToken({ file: `~/${relative(homedir(), file('home', 'x'))}` }, {})).resolves.toBeDefined();
  });

  it.each([
    [{ env: 'NONE' }, 'no GitLab token in $NONE: the variable is not set'],
    [{ env: 'EMPTY' }, 'no GitLab token in $EMPTY: nothing in it'],
    [{ env: 'LINES' }, 'no GitLab token in $LINES: not one word of plain characters'],
    [{ file: '/nonexistent/token' }, 'no GitLab token in the file /nonexistent/token: there is no such file'],
    [
      { command: ['/nonexistent/program', 'secret-argument'] },
      'no GitLab token in the command /nonexistent/program: there is no such program',
    ],
    [
      { command: program('console.error("secret"); process.exit(3)') },
      `no GitLab token in the command ${process.execPath}: it ended with 3`,
    ],
  ])('says why there is none: %j', async (source, message) => {
    const failed = readToken(source, { EMPTY: ' ', LINES: 'secret-a\nsecret-b' });
    await expect(failed).rejects.toMatchObject({ reason: 'unauthorized', message });
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(inspect(error, { showHidden: true })).not.toContain('secret');
  });
});

describe('a token', () => {
  it('shows itself to nobody', () => {
    const token = new Token('glpat-secret', '$T', 'access');
    for (const shown of [
      inspect(token, { showHidden: true, depth: 9 }),
      `${token}`,
      JSON.stringify({ token }),
      inspect({ a: [token] }),
    ]) {
      expect(shown).toContain('[token from $T]');
      expect(shown).not.toContain('glpat');
    }
    expect(Object.values(token)).not.toContain('glpat-secret');
    expect(token.hide('a glpat-secret and glpat-secret')).toBe('a [token] and [token]');
  });
});

describe('the keyring', () => {
  const settings: InstanceSettings = {
    url: 'https://gitlab.example.com',
    token: { env: 'ALL' },
    groups: { a: { env: 'A' }, '/a/b/c/': { env: 'ABC' }, 'a/b': { env: 'AB' } },
  };
  const env = { ALL: 'all', A: 'a', AB: 'ab', ABC: 'abc' };

  it.each([
    [undefined, 'all'],
    ['other/a', 'all'],
    ['ab', 'all'],
    ['a', 'a'],
    ['a/x', 'a'],
    ['a/bx', 'a'],
    ['a/b', 'ab'],
    ['A/B/x', 'ab'],
    ['a/b/c/d/e', 'abc'],
  ])('has for %s the token of the nearest group: %s', async (about, value) => {
    const token = await openKeyring(settings, env).for(about)?.get();
    expect(token?.reveal()).toBe(value);
  });

  it('reads nothing before it is asked, and each place once', async () => {
    const log = join(dir, 'runs');
    writeFileSync(log, '');
    const command = program(`require('node:fs').appendFileSync(${JSON.stringify(log)}, 'x')`, 'console.log("t")');
    const ring = openKeyring({ url: 'https://x', token: { command }, groups: { g: { command } } }, {});
    const runs = async () => (await import('node:fs')).readFileSync(log, 'utf8').length;
    expect(await runs()).toBe(0);
    await Promise.all([ring.for(undefined)?.get(), ring.for('g/x')?.get(), ring.for('g')?.get()]);
    expect(await runs()).toBe(1);
  });
});

/** A server that takes the tokens in `good`, and a client before it. */
async function guarded(settings: Partial<InstanceSettings>, good: Set<string>, env: NodeJS.ProcessEnv = {}) {
  const server: ScriptedServer = await scriptedServer(({ headers }): Step => {
    const accepted = good.has(headers.authorization?.replace('Bearer ', '') ?? '');
    return accepted ? { json: {} } : { status: 401, json: { message: '401 Unauthorized' } };
  });
  const attempts: Attempt[] = [];
  const http = openHttp(
    { url: server.url, ...settings },
    { env, clock: testClock(), onAttempt: (attempt) => attempts.push(attempt) },
  );
  return {
    http,
    server,
    attempts,
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('rotation', () => {
  const GET = { method: 'GET', path: '/user' } as const;
  const POST = { method: 'POST', path: '/projects/1/merge_requests' } as const;

  it('reads a file again after 401, and goes on with what it says then', async () => {
    const path = file('rotated', 'one');
    const good = new Set(['one']);
    await using t = await guarded({ token: { file: path } }, good);
    await t.http.send(GET);
    for (const next of ['two', 'three']) {
      good.clear();
      good.add(next);
      writeFileSync(path, next);
      expect((await t.http.send(POST)).attempts).toBe(2);
    }
    expect(t.attempts[1]?.retry).toBe('the token was refused; read again it is another');
    expect(t.server.requests).toHaveLength(5);
  });

  it('gives up where the file says the same, or what is refused too', async () => {
    const path = file('dead', 'one');
    await using same = await guarded({ token: { file: path } }, new Set());
    for (let i = 0; i < 3; i++) await expect(same.http.send(GET)).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(same.server.requests).toHaveLength(1);

    const log = join(dir, 'fresh');
    writeFileSync(log, '');
    const command = program(
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(log)}, 'x')`,
      `console.log(fs.readFileSync(${JSON.stringify(log)}, 'utf8'))`,
    );
    await using fresh = await guarded({ token: { command } }, new Set());
    for (let i = 0; i < 3; i++) await expect(fresh.http.send(GET)).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(fresh.server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer x', 'Bearer xx']);
  });

  it('does so once for all that are refused together', async () => {
    const path = file('together', 'old');
    const good = new Set(['old']);
    await using t = await guarded({ token: { file: path }, concurrency: 4 }, good);
    await t.http.send(GET);
    good.clear();
    good.add('new');
    writeFileSync(path, 'new');
    await Promise.all(Array.from({ length: 12 }, () => t.http.send(GET)));
    const refused = t.server.requests.filter(({ headers }) => headers.authorization === 'Bearer old').length - 1;
    expect(refused).toBeLessThanOrEqual(4);
    expect(t.http.counts.requests).toBe(1 + refused + 12);
  });

  it('does not read the environment again', async () => {
    await using t = await guarded({ token: { env: 'T' } }, new Set(), { T: 'one' });
    await expect(t.http.send(GET)).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(t.server.requests).toHaveLength(1);
  });
});

describe('tokenStatus', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  const self = (expires_at: string | null) => ({
    json: { id: 1, name: 'bot', scopes: ['api', 'read_repository'], expires_at, active: true },
  });

  async function ask(
    steps: readonly Step[],
    env: NodeJS.ProcessEnv = { GITLAB_TOKEN: 'abc' },
    token: InstanceSettings['token'] | 'none' = { env: 'GITLAB_TOKEN' },
  ) {
    await using server = await scriptedServer(steps);
    const http = openHttp(
      { url: server.url, token: token === 'none' ? undefined : token },
      { env, clock: testClock() },
    );
    try {
      return { status: await tokenStatus(http, now), asked: server.requests.map(({ path }) => path) };
    } finally {
      await http.close();
    }
  }

  it('tells user, scopes and end, in two requests', async () => {
    const { status, asked } = await ask([self('2027-01-31'), { json: { username: 'agentsmd-bot' } }]);
    expect(status).toEqual({
      kind: 'access',
      from: '$GITLAB_TOKEN',
      user: 'agentsmd-bot',
      scopes: ['api', 'read_repository'],
      expiresAt: '2027-01-31',
      warning: undefined,
    });
    expect(asked).toEqual(['/api/v4/personal_access_tokens/self', '/api/v4/user']);
  });

  it.each([
    ['2026-12-06', undefined],
    ['2026-12-05', 'ends on 2026-12-05, in 14 days: make a new one'],
    ['2026-11-23', 'in 2 days'],
    ['2026-11-22', 'tomorrow'],
    ['2026-11-21', 'today'],
    [null, undefined],
  ])('warns fourteen days before the end: %s', async (end, warning) => {
    const { status } = await ask([self(end), { json: { username: 'x' } }]);
    if (warning === undefined) expect(status.warning).toBeUndefined();
    else expect(status.warning).toContain(warning);
    if (warning) expect(status.warning).toMatch(/^the token "bot" from \$GITLAB_TOKEN ends on /);
  });

  it('does with less where the token may not ask', async () => {
    const { status } = await ask([
      {
        status: 400,
        json: { message: '400 Bad request - This endpoint requires token type to be a personal access token' },
      },
      { status: 403, json: { error: 'insufficient_scope', scope: 'api read_user' } },
    ]);
    expect(status).toMatchObject({ kind: 'access', user: '', scopes: undefined, expiresAt: undefined });
  });

  it('does not ask about a job token, or none', async () => {
    expect(await ask([], { CI_JOB_TOKEN: 'x' }, { env: 'CI_JOB_TOKEN' })).toMatchObject({
      status: { kind: 'job', from: '$CI_JOB_TOKEN' },
      asked: [],
    });
    expect(await ask([], {}, 'none')).toEqual({ status: { kind: 'none', from: '', user: '' }, asked: [] });
  });

  it('fails where the token is dead, or the answer is none', async () => {
    await expect(ask([{ status: 401, json: { error: 'invalid_token' } }])).rejects.toMatchObject({
      reason: 'unauthorized',
    });
    await expect(ask([{ json: { name: 1 } }])).rejects.toMatchObject({ reason: 'not-understood' });
  });
});
