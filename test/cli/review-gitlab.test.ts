import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reviewPlace } from './review-gitlab-place.ts';
import { runCliBeside } from './run-cli.ts';

const PACKAGE = (manager: string) =>
  `${JSON.stringify({ name: 'pay', packageManager: manager, scripts: { test: 'node --test' } }, null, 2)}\n`;
const AGENTS = (intro: string, test: string) => `# pay\n\n${intro}\n\n- Test: \`${test}\`\n`;
const ruleOf = (id: string, level: string, forbid: string) =>
  `---\nid: ${id}\ntitle: No ${forbid}\nwhen: always\nlevel: ${level}\nstatus: active\nowner: group:default/x\ncheck:\n  kind: file-content\n  files: ['src/**']\n  forbid: ${forbid}\n---\n`;
const FILES = {
  'package.json': PACKAGE('yarn@4.0.0'),
  'yarn.lock': '# yarn\n',
  'AGENTS.md': AGENTS('It pays.', 'yarn test'),
  'src/a.txt': 'a\n',
  'agentsmd.config.yaml': 'codex: { from: rules }\nreview: { must: critical }\n',
  'rules/X-1.md': ruleOf('X-1', 'MUST', 'gets'),
  'rules/X-2.md': ruleOf('X-2', 'SHOULD', 'todo'),
};
const CHANGE = {
  'package.json': PACKAGE('pnpm@9.0.0'),
  'yarn.lock': null,
  'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
  'AGENTS.md': AGENTS('It pays all bills.', 'yarn test'),
  'src/a.txt': 'a\ngets\n',
  'src/b.txt': 'todo\n',
  'src/c.txt': 'todo\n',
};

const place = reviewPlace({ files: FILES, change: CHANGE, title: 'Switch to pnpm' });
const { ada, ben, one, push, rebase, review, threads, standing, summaries, threadAt, approvers } = place;

describe('agentsmd review on GitLab', { timeout: 300_000 }, () => {
  it('goes with a merge request through its pushes, says each thing once, and approves at last', async () => {
    const first = await review();
    expect(first).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('!1: 4 comments, 0 threads resolved, request-changes'),
    });
    expect(await standing()).toEqual(['AGENTS.md:5 1', 'src/a.txt:2 1', 'src/b.txt:1 1', 'src/c.txt:1 1']);
    expect(first.requests).toBeLessThanOrEqual(4 + 11);
    expect(await approvers()).toEqual([]);
    expect(await summaries()).toMatchObject([{ body: expect.stringMatching(/^## Significant concerns\n/) }]);
    const rules = (await threadAt('src/a.txt')).notes[0]!.body;
    expect(rules).toContain('`X-1@1`');

    // Again without a push: nothing is said.
    const again = await review();
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('!1: 0 comments, 0 threads resolved') });
    expect(again.requests).toBeLessThanOrEqual(11);
    expect(await standing()).toHaveLength(4);

    // A person answers, another one resolves; the critical one is mended, and all of it rebased.
    await ben('POST', one(`/discussions/${(await threadAt('src/b.txt')).id}/notes`), {
      body: "Won't fix: it is on the list.",
    });
    await ben('PUT', one(`/discussions/${(await threadAt('src/c.txt')).id}?resolved=true`));
    await rebase({ 'theirs.txt': 'x\n' });
    await push({ 'src/a.txt': 'a\nfgets\n'.replace('fgets', 'safe') });
    const second = await review();
    expect(second).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('!1: 2 comments, 2 threads resolved, approve'),
    });
    // Two answers of ours, and one of a person, who is asked for what they may do.
    expect(second.requests).toBeLessThanOrEqual(3 + 11);
    expect(await standing()).toEqual([
      'AGENTS.md:5 1',
      'src/a.txt:2 2 resolved',
      'src/b.txt:1 2 resolved',
      'src/c.txt:1 1 resolved',
    ]);
    expect(await approvers()).toEqual(['agentsmd-bot']);
    const [summary, ...others] = await summaries();
    expect(others).toEqual([]);
    expect(summary!.body).toMatch(/^## Approved with comments\n/);
    expect(summary!.body).toContain('left as it is by `ben`');

    // One click, and all is well.
    const { suggestions } = (await threadAt('AGENTS.md')).notes[0]!;
    expect((await ada('PUT', `/suggestions/${suggestions![0]!.id}/apply`)).status).toBe(200);
    const third = await review();
    expect(third).toMatchObject({ code: 0, stdout: expect.stringMatching(/^approved: /m) });
    expect(third.requests).toBeLessThanOrEqual(1 + 11);
    expect((await standing())[0]).toBe('AGENTS.md:5 2 resolved');
    expect(await summaries()).toMatchObject([{ body: expect.stringMatching(/^## Approved\n/) }]);
    expect(await approvers()).toEqual(['agentsmd-bot']);
  });

  it('lets a member overrule it, whatever else is out of reach, and records that', async () => {
    await push({ 'agentsmd.config.yaml': 'codex: { from: "https://127.0.0.1:1/codex.git" }\n' }, 'main', 'main');
    expect((await review()).code).toBe(3);
    await ben('POST', one('/notes'), { body: 'agentsmd break-glass: the shop is down' });
    const ran = await review({}, '--json', '--report', 'text=review.txt');
    expect(ran).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('ben overruled the review: the shop is down; approved'),
    });
    const because = 'a person overruled the review';
    expect(JSON.parse(ran.stdout)).toMatchObject({
      ...{ schema: 'agentsmd/review/1', skipped: because, because, decision: null, complete: false, findings: [] },
      effect: { kind: 'none', because: 'somebody overruled it' },
    });
    // What was approved stays so, and each format is told.
    expect((await review()).stdout).toMatch(/^not reviewed: a person overruled the review\n/);
    expect(JSON.parse((await review({}, '--format', 'code-quality')).stdout)).toMatchObject([
      { check_name: 'not-reviewed', severity: 'info' },
    ]);
    expect(await approvers()).toEqual(['agentsmd-bot']);
    expect(await summaries()).toMatchObject([
      { body: expect.stringMatching(/^## Overruled\n[\s\S]*the shop is down[\s\S]*"reviews":0,.*"overruled":true/) },
    ]);
    // It holds for what was there, not for what comes later.
    await push({ 'src/d.txt': 'gets\n' });
    expect((await review()).code).toBe(3);
  });

  it('does not let others overrule it, and says so', async () => {
    for (const [user, because] of [
      ['eve', 'it takes a developer'],
      ['ada', 'who opened the merge request'],
    ] as const) {
      await place.ask(user, 'POST', one('/notes'), { body: 'agentsmd break-glass' });
      expect((await review()).code).toBe(1);
      expect((await summaries())[0]!.body).toContain(because);
    }
    expect(await approvers()).toEqual([]);
  });

  it('--dry-run says what it would send, and sends nothing; so does an address', async () => {
    const dry = await review({}, '--dry-run', '--json');
    expect(dry.code).toBe(1);
    expect(place.gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
    const { requests, effect } = JSON.parse(dry.stdout);
    expect(effect).toMatchObject({ kind: 'request-changes' });
    expect(requests.map(({ method }: { method: string }) => method)).toContain('POST');
    const env = {
      GITLAB_URL: place.gitlab.url,
      GITLAB_TOKEN: place.token,
      AGENTSMD_CACHE_DIR: join(place.folder, 'cache'),
      AGENTSMD_STATE_DIR: join(place.folder, 'state'),
    };
    place.gitlab.forget();
    const address = `${place.gitlab.url}/${place.project.path}/-/merge_requests/1`;
    const named = await runCliBeside(['review', address, '--json'], { cwd: place.folder, env });
    expect(JSON.parse(named.stdout)).toMatchObject({ files: 7, findings: [{ path: 'AGENTS.md', line: 5 }] });
    expect(place.gitlab.requests.filter(({ applied }) => applied)).toEqual([]);
    const published = await runCliBeside(['review', address, '--publish'], { cwd: place.folder, env });
    expect(published).toMatchObject({ code: 0, stderr: expect.stringContaining('!1: 1 comments') });
    expect(await standing()).toEqual(['AGENTS.md:5 1']);
  });

  it('says nothing in shadow, and only tells in advisory', async () => {
    expect((await review({}, '--mode', 'shadow')).code).toBe(0);
    expect(await threads()).toEqual([]);
    expect((await review({}, '--mode', 'advisory')).code).toBe(0);
    expect(await standing()).toHaveLength(4);
    expect(await approvers()).toEqual([]);
  });

  it('ends with what was found where GitLab cannot be spoken to', async () => {
    place.gitlab.faults.add({
      method: 'GET',
      path: '/projects/*/merge_requests/1/discussions',
      action: { kind: 'status', status: 500 },
    });
    const ran = await review();
    place.gitlab.faults.clear();
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringContaining('src/a.txt:2  critical') });
  });

  it('says nothing on one that is closed', async () => {
    expect((await ada('PUT', one(), { state_event: 'close' })).status).toBe(200);
    await ben('POST', one('/notes'), { body: 'agentsmd break-glass: now' });
    const ran = await review({}, '--json');
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('nothing is said on !1: it is closed') });
    expect(JSON.parse(ran.stdout).effect).toEqual({ kind: 'none', because: 'it is closed' });
    expect(await threads()).toEqual([]);
  });

  it('of a token that may not speak there ends with what was found', async () => {
    place.gitlab.changeProject(place.project.path, { visibility: 'private' });
    const GITLAB_TOKEN = place.gitlab.addToken({ user: 'eve', scopes: ['api'] });
    const ran = await review({ GITLAB_TOKEN }, '--json');
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout).findings).toHaveLength(4);
    expect(await review({ GITLAB_TOKEN: '' }, '--publish')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--publish needs the address of a merge request, or a job of one with a token'),
    });
  });

  it('speaks on the merge request of a fork where that is, and not in the fork', async () => {
    const { path } = place.project;
    await place.gitlab.addProject({ path: `ada/fork-${place.counter}`, forkOf: path, members: { ada: 'maintainer' } });
    const ran = await review({ CI_PROJECT_PATH: `ada/fork-${place.counter}`, CI_PROJECT_ID: '99999' });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('!1: 4 comments') });
    const asked = place.gitlab.requests.flatMap(
      (request) => /^\/api\/v4\/projects\/(\d+)/.exec(request.path)?.[1] ?? [],
    );
    expect(new Set(asked)).toEqual(new Set([String(place.project.id)]));
  });
});
