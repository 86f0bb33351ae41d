import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import { openEngine } from '../../jobs/store/open.ts';
import { runCli } from './run-cli.ts';
import { leaveWorkIn, makeFleet, stateOf } from './sweep-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'agentsmd-pause-'));
const env = { GITLAB_USER_LOGIN: 'ada' };
const cli = (state: string, ...args: string[]) =>
  runCli([...args, '--state', join(folder, state)], { cwd: folder, env });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('agentsmd pause and resume', () => {
  const run = (...args: string[]) => cli('paused', ...args);
  const standing = (...args: string[]) => JSON.parse(run(...args, '--json').stdout) as Record<string, unknown>;

  it('keep one scope beside the other, and tell what is kept from going on', async () => {
    const first = run('pause', 'Shop/', 'infra/dns', '--reason', 'release \u001b[2Jweek');
    expect(first.code).toBe(0);
    expect(first.stdout).toMatch(
      /^paused: infra\/dns by ada since \d{4}-\d\d-\d\d \d\d:\d\d \S+: release week\npaused: shop by ada since [^:]+:\d\d \S+: release week\n$/,
    );
    expect(first.stderr).toContain('warning: Shop: no repository that is known so far is there; is it spelt right?');
    expect(standing('pause')).toMatchObject({
      schema: 'agentsmd/pauses/1',
      pauses: [{ scope: '*', by: 'ada', reason: '' }, { scope: 'infra/dns' }, { scope: 'shop' }],
      halted: [],
    });
    const all = run('resume');
    expect(all.stderr).toBe('everything goes on\nstill paused; agentsmd resume infra/dns shop ends that\n');
    expect(all.stdout).toMatch(/^paused: infra\/dns .*\npaused: shop .*\n$/);
    expect(run('resume', 'infra/dns', 'shop/cart')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'agentsmd: shop/cart: not paused as such; paused: infra/dns, shop\n',
    });
    expect(run('resume', 'SHOP', 'infra/dns')).toEqual({
      code: 0,
      stdout: 'nothing is paused\n',
      stderr: 'SHOP goes on\ninfra/dns goes on\n',
    });
  }, 120_000);

  it('end the halt of a rollout, where everything is meant', async () => {
    const engine = await openEngine({ folder: join(folder, 'paused'), retries: 3 });
    const at = new Date('2026-11-20T12:00:00Z');
    const halted = { campaign: 'one', wave: 1, wave_since: at, started_at: at, halted_at: at, halt_reason: 'too many' };
    await engine.db.insertInto('rollout').values(halted).execute();
    await engine.close();
    expect(run('pause', 'shop').code).toBe(0);
    expect(standing('resume', 'shop')).toEqual({
      schema: 'agentsmd/pauses/1',
      pauses: [],
      halted: [{ campaign: 'one', wave: 1, since: at.toISOString(), reason: 'too many' }],
    });
    const resumed = run('resume');
    expect(resumed.stderr).toBe('the rollout goes on; what people decided until now does not halt it again\n');
    expect(resumed.stdout).toBe('nothing is paused\n');
  }, 120_000);

  it.each([
    [['pause', 'a b'], 'a b: no path of a group; give it as shop or shop/backend'],
    [['pause', '*', 'shop'], '"*" is everything: leave the others out'],
    [['resume', '--state', ''], '--state: name a folder'],
    [['rollback', 'last'], 'last: no number of a sweep; agentsmd status lists the last ones'],
    [['rollback', '7'], 'sweep 7: there is none; agentsmd status lists the last ones'],
  ])('refuse what cannot be meant: %j', (args, message) => {
    const { code, stderr, stdout } = args.includes('--state') ? runCli(args, { cwd: folder, env }) : run(...args);
    expect({ code, stderr, stdout }).toEqual({ code: 2, stderr: `agentsmd: ${message}\n`, stdout: '' });
  });

  it('name the database, and not its password, where its address is wrong', () => {
    const { code, stderr } = runCli(['pause'], { cwd: folder, env: { DATABASE_URL: 'mysql://root:secret@db/fleet' } });
    expect(code).toBe(2);
    expect(stderr).toContain('agentsmd: DATABASE_URL: not the address of a PostgreSQL');
    expect(stderr).not.toContain('secret');
  });
});

describe('agentsmd rollback', () => {
  const fleet = join(folder, 'fleet');
  const run = (...args: string[]) => cli('rolled-back', ...args);
  let before: Readonly<Record<string, string>>;
  beforeAll(async () => {
    await makeFleet(fleet, ['cart', 'pay', 'search']);
    await leaveWorkIn(join(fleet, 'cart'));
    before = await stateOf(join(fleet, 'cart'));
    const swept = run('sweep', '--dir', fleet);
    expect(swept, swept.stderr).toMatchObject({ code: 0 });
    const ours = ['checkout', '--quiet', 'agentsmd/refresh'];
    const mine = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--quiet', '--allow-empty'];
    for (const args of [ours, [...mine, '-m', 'Mine'], ['checkout', '--quiet', 'main']])
      await testGit(join(fleet, 'pay'), args);
  }, 120_000);
  const branches = async (name: string) =>
    (await testGit(join(fleet, name), ['branch', '--format=%(refname:short)'])).split('\n');

  it('rehearses, closes what nobody touched, and can be repeated', async () => {
    const rehearsed = run('rollback', '1', '--dry-run');
    expect(rehearsed).toMatchObject({ code: 0, stderr: 'sweep 1: 2 would close, 1 left alone\n' });
    expect(await branches('cart')).toContain('agentsmd/refresh');
    const done = run('rollback', '1');
    expect(done).toMatchObject({ code: 0, stderr: 'sweep 1: 2 closed, 1 left alone\n' });
    expect(done.stdout.split('\n')).toEqual([
      'closed       cart!1',
      'left alone   pay!1: people committed to agentsmd/refresh',
      'closed       search!1',
      '',
    ]);
    expect(await branches('cart')).toEqual(['feature/x', 'main']);
    expect(await branches('pay')).toContain('agentsmd/refresh');
    expect(await stateOf(join(fleet, 'cart'))).toEqual(before);
    const again = JSON.parse(run('rollback', '1', '--json').stdout) as Record<string, unknown>;
    expect(again).toMatchObject({
      schema: 'agentsmd/rollback/1',
      sweep: 1,
      dryRun: false,
      interrupted: false,
      counts: { closed: 0, kept: 1 },
      mergeRequests: [{ path: 'pay', iid: 1, outcome: 'kept', reason: 'commits' }],
    });
  }, 120_000);

  it('is not followed by the same merge requests with the next sweep', async () => {
    const swept = run('sweep', '--dir', fleet, '--json');
    const summary = JSON.parse(swept.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
    expect(summary).toMatchObject({ repositories: 3, generated: 0 });
    expect(await branches('cart')).toEqual(['feature/x', 'main']);
  }, 120_000);

  it('is about names as a sweep tells them, and as people write them', async () => {
    const inside = (...args: string[]) =>
      runCli([...args, '--state', join(folder, 'rolled-back')], { cwd: join(fleet, 'cart/src'), env });
    expect(inside('pause', '.', join(fleet, 'pay')).stdout).toMatch(/^paused: cart .*\npaused: pay .*\n$/);
    expect(inside('status', '.').stdout).toMatch(/^project +cart /);
    expect(inside('resume', '../../cart', 'PAY').stdout).toBe('nothing is paused\n');
    expect(inside('pause', 'crat')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'agentsmd: crat: no group or project that was ever swept; did you mean cart?\n',
    });
    expect(inside('retry', '.')).toMatchObject({ code: 0, stdout: '1 repository due again\n' });
  }, 120_000);
});
