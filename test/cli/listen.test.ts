import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ask, asking } from '../gitlab/asking.ts';
import type { GitlabSimulator, WebhookEvent } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { begun } from './begun.ts';
import { runCli } from './run-cli.ts';

/** It starts the real program, on a machine that does other things, too. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const TOKEN = 'a-token-of-the-hook-agcanary';
const SIGNING = `whsec_${Buffer.from('a key of webhooks, agcanary').toString('base64')}`;
const ruleOf = (id: string, level: string, forbid: string) =>
  `---\nid: ${id}\ntitle: No ${forbid}\nwhen: always\nlevel: ${level}\nstatus: active\nowner: group:default/x\ncheck:\n  kind: file-content\n  files: ['src/**']\n  forbid: ${forbid}\n---\n`;
const CONFIG = 'codex: { from: rules }\nreview: { must: critical }\npublish: { ownUsers: [agentsmd-old] }\n';

let gitlab: GitlabSimulator;
let folder = '';
let token = '';
const asks: Record<string, Ask> = {};

beforeAll(async () => {
  gitlab = await startGitlab({ edition: 'premium', version: '19.2.0' });
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-listen-'));
  mkdirSync(join(folder, 'rules'));
  writeFileSync(join(folder, 'rules/X-1.md'), ruleOf('X-1', 'MUST', 'gets'));
  writeFileSync(join(folder, 'rules/X-2.md'), ruleOf('X-2', 'SHOULD', 'todo'));
  writeFileSync(join(folder, 'agentsmd.config.yaml'), CONFIG);
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  for (const username of ['ada', 'ben', 'agentsmd-bot', 'agentsmd-old']) {
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
const push = (files: Record<string, string>) =>
  gitlab.push(project.path, { branch: 'change', user: 'ada', message: 'Change', files, from: 'main' });

beforeEach(async () => {
  gitlab.faults.clear();
  const bots = { 'agentsmd-bot': 'developer', 'agentsmd-old': 'developer' } as const;
  const members = { ada: 'maintainer', ben: 'developer', ...bots } as const;
  const path = `shop/pay-${++counter}`;
  const { id } = await gitlab.addProject({ path, files: { 'src/a.txt': 'a\n' }, members });
  project = { id, path };
  await push({ 'src/a.txt': 'a\ngets\n', 'src/b.txt': 'todo\n' });
  const wish = { title: 'Change', source_branch: 'change', target_branch: 'main' };
  expect((await ada('POST', `/projects/${id}/merge_requests`, wish)).status).toBe(201);
  await ada('GET', one());
  gitlab.forget();
});

const ENV = () => ({
  GITLAB_URL: gitlab.url,
  GITLAB_TOKEN: token,
  AGENTSMD_CACHE_DIR: join(folder, 'cache'),
  AGENTSMD_STATE_DIR: join(folder, 'state'),
  AGENTSMD_WEBHOOK_TOKEN: TOKEN,
  AGENTSMD_WEBHOOK_SIGNING_TOKEN: SIGNING,
});

async function listening(...args: string[]) {
  const program = begun(['listen', '--port', '0', ...args], { cwd: folder, env: ENV() });
  const { address } = await program.logged(({ msg }) => msg === 'listening');
  const send = async (event: Event, secrets = { token: TOKEN, signing: SIGNING }) => {
    const { headers, text } = await gitlab.webhook({ ...event, project: project.path } as WebhookEvent, secrets);
    return (await fetch(`${address}/webhook`, { method: 'POST', headers, body: text })).status;
  };
  const end = async () => {
    program.process.kill('SIGTERM');
    const { code, stderr } = await program.over();
    const lines = stderr
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { msg: string; level: string; reason?: string; because?: string[] });
    return { code, stderr, lines, reviews: lines.filter(({ msg }) => msg === 'reviewed').length };
  };
  return { program, address, send, end };
}

type Event = WebhookEvent extends infer E ? (E extends unknown ? Omit<E, 'project'> : never) : never;
const OPENED = { kind: 'merge_request', iid: 1, user: 'ada', action: 'open' } as const;
const noteEvent = (note: number) => ({ kind: 'note', iid: 1, note }) as const;

interface Shown {
  readonly id: string;
  readonly notes: readonly {
    readonly id: number;
    readonly body: string;
    readonly author: { readonly username: string };
    readonly resolved?: boolean;
    readonly position?: { readonly new_path: string };
  }[];
}
const discussions = async () => (await ada('GET', one('/discussions?per_page=100'))).body as Shown[];
const threadAt = async (path: string) =>
  (await discussions()).find(({ notes }) => notes[0]!.position?.new_path === path);
const approvers = async () =>
  ((await ada('GET', one('/approvals'))).body.approved_by as { user: { username: string } }[]).map(
    ({ user }) => user.username,
  );

describe('agentsmd listen', () => {
  it('reviews what was opened, ends a thread with its answer, and hears who breaks the glass', async () => {
    const { send, end } = await listening();
    expect(await send(OPENED)).toBe(202);
    await expect.poll(() => threadAt('src/b.txt'), { timeout: 60_000 }).toBeDefined();
    const thread = (await threadAt('src/b.txt'))!;
    expect(thread.notes[0]!.resolved).toBe(false);

    const reply = await ben('POST', one(`/discussions/${thread.id}/notes`), { body: "won't fix: it is on the list" });
    expect(await send(noteEvent(reply.body.id))).toBe(202);
    await expect.poll(async () => (await threadAt('src/b.txt'))!.notes[0]!.resolved, { timeout: 60_000 }).toBe(true);
    expect((await threadAt('src/a.txt'))!.notes[0]!.resolved).toBe(false);
    expect(await approvers()).toEqual([]);

    const glass = await ben('POST', one('/notes'), { body: 'agentsmd break-glass: the shop is down' });
    expect(await send(noteEvent(glass.body.id))).toBe(202);
    await expect.poll(approvers, { timeout: 60_000 }).toEqual(['agentsmd-bot']);

    const { code, stderr, reviews } = await end();
    expect({ code, reviews }).toEqual({ code: 0, reviews: 3 });
    for (const secret of [TOKEN, SIGNING, token, 'on the list']) expect(stderr).not.toContain(secret);
    expect(stderr).toContain('ben overruled the review');
  });

  it('leaves alone what we did ourselves, what was said elsewhere, and what is closed', async () => {
    const { program, send, end } = await listening();
    const said = (user: string, body = 'agentsmd review') => asks[user]!('POST', one('/notes'), { body });
    const skipped = async (status: Promise<number>, because: string) => {
      expect(await status).toBe(202);
      await program.logged(({ reason }) => reason === because);
    };
    await skipped(send(noteEvent((await said('agentsmd-bot')).body.id)), 'nobody but we did something');
    await skipped(send(noteEvent((await said('agentsmd-old')).body.id)), 'nobody but we did something');
    const { id } = (await ben('POST', one('/discussions'), { body: 'Why?' })).body;
    const reply = await ada('POST', one(`/discussions/${id}/notes`), { body: "won't fix" });
    await skipped(send(noteEvent(reply.body.id)), 'nothing was said in a thread of ours');
    const asked = (await said('ben')).body.id;
    await ada('PUT', one(), { state_event: 'close' });
    await skipped(send(noteEvent(asked)), 'it is closed');
    const before = (await discussions()).length;
    const { code, lines, reviews } = await end();
    expect({ code, reviews }).toEqual({ code: 0, reviews: 0 });
    expect(lines.filter(({ msg }) => msg === 'not reviewed')).toHaveLength(4);
    expect(await discussions()).toHaveLength(before);
    const ours = gitlab.requests.filter(({ headers }) => headers.authorization === `Bearer ${token}`);
    expect(ours.length).toBeGreaterThan(4);
    expect(ours.filter(({ applied }) => applied)).toEqual([]);
  });

  it('reviews a burst of events of one merge request twice at most', async () => {
    const { send, end } = await listening();
    const statuses = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        send(n % 2 === 0 ? OPENED : { ...OPENED, action: 'update', oldrev: 'a'.repeat(40) }),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    const { code, reviews } = await end();
    expect(code).toBe(0);
    expect(reviews).toBeGreaterThanOrEqual(1);
    expect(reviews).toBeLessThanOrEqual(2);
    expect(await threadAt('src/a.txt')).toBeDefined();
  });

  it('finishes with SIGTERM what it has begun, and takes nothing more', async () => {
    const { program, address, send } = await listening();
    gitlab.faults.add({ path: '/projects/*/merge_requests/1', action: { kind: 'slow', ms: 1500, part: 'headers' } });
    expect(await send(OPENED)).toBe(202);
    await program.until(() => gitlab.requests.length > 0);
    program.process.kill('SIGTERM');
    await program.logged(({ msg }) => msg === 'finishing what is in hand; once more to end at once');
    await expect.poll(() => fetch(`${address}/healthz`).catch(() => 'gone')).toBe('gone');
    expect(await threadAt('src/a.txt')).toBeUndefined();
    const { code, stderr } = await program.over();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('no longer listening') });
    expect(await threadAt('src/a.txt')).toBeDefined();
  });

  it('ends at once with a second one, and says what was not seen to the end', async () => {
    const { program, send } = await listening();
    gitlab.faults.add({ path: '/projects/*/merge_requests/1', action: { kind: 'slow', ms: 30_000, part: 'headers' } });
    expect(await send(OPENED)).toBe(202);
    await program.until(() => gitlab.requests.length > 0);
    program.process.kill('SIGTERM');
    await program.logged(({ msg }) => msg === 'finishing what is in hand; once more to end at once');
    program.process.kill('SIGTERM');
    const { code, stderr } = await program.over();
    expect({ code, stderr }).toEqual({ code: 143, stderr: expect.stringContaining('not reviewed to the end') });
    expect(stderr).toContain(`${gitlab.url}/${project.path}/-/merge_requests/1`);
  });

  it('goes on where a review cannot be had', async () => {
    const { program, send, end } = await listening();
    gitlab.faults.add({ path: '/projects/*', first: 1, action: { kind: 'status', status: 403 } });
    expect(await send(OPENED)).toBe(202);
    await program.logged(({ msg }) => msg === 'a review could not be finished');
    expect(await send({ ...OPENED, action: 'reopen' })).toBe(202);
    await expect.poll(() => threadAt('src/a.txt'), { timeout: 60_000 }).toBeDefined();
    expect(await end()).toMatchObject({ code: 0, reviews: 1 });
  });

  it('does not listen to others', async () => {
    const { address, send, end } = await listening();
    expect(await send(OPENED, { token: 'wrong', signing: SIGNING })).toBe(401);
    expect(await send(OPENED, { token: TOKEN, signing: `whsec_${Buffer.from('wrong').toString('base64')}` })).toBe(401);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    const { code, stderr, reviews } = await end();
    expect({ code, reviews }).toEqual({ code: 0, reviews: 0 });
    expect(stderr).not.toContain('shop/pay');
    expect(gitlab.requests).toEqual([]);
  });

  it.each([
    [{ AGENTSMD_WEBHOOK_TOKEN: '', AGENTSMD_WEBHOOK_SIGNING_TOKEN: '' }, [], 'set AGENTSMD_WEBHOOK_TOKEN'],
    [{ AGENTSMD_WEBHOOK_SIGNING_TOKEN: 'short' }, [], 'AGENTSMD_WEBHOOK_SIGNING_TOKEN: not a signing token'],
    [{ GITLAB_URL: '' }, [], 'no GitLab instance is known'],
    [{}, ['--port', '70000'], '--port 70000: must be a whole number from 0 to 65535'],
    [{}, ['--host', ''], '--host: name an address'],
    [{}, ['--host', 'nowhere.invalid'], '--host nowhere.invalid --port 8080: '],
    [{}, ['--limit', '0'], '--limit 0: must be a whole number from 1 to 1000'],
    [{}, ['--concurrency', 'two'], '--concurrency two: must be a whole number'],
  ])('says what is wrong: %j %j', (env, args, message) => {
    const { code, stdout, stderr } = runCli(['listen', ...args], { cwd: folder, env: { ...ENV(), ...env } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^agentsmd: [^\n]+\n$/);
    expect(stderr).toContain(message);
  });
});
