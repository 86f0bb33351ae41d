import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ran } from '../cli/run-cli.ts';
import type { GitlabSimulator } from '../gitlab/port.ts';
import { startGitlab } from '../gitlab/start.ts';
import { component, rendered, type Value } from './component.ts';
import { jobOf, runScript } from './run-job.ts';

const LONG = 300_000;

const FILES = (name: string) => ({
  'package.json': JSON.stringify({ name, scripts: { test: 'vitest run' } }),
  'package-lock.json': '{}',
});

let gitlab: GitlabSimulator;
let token = '';
let counter = 0;
const folder = mkdtempSync(join(tmpdir(), 'agentsmd-sweep-component-'));

beforeAll(async () => {
  gitlab = await startGitlab({ edition: 'premium' });
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  gitlab.addGroup({ path: 'shop', members: { 'agentsmd-bot': 'developer' } });
  token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'], expiresAt: '2027-06-01' });
  for (const name of ['cart', 'pay']) {
    await gitlab.addProject({ path: `shop/${name}`, files: FILES(name) });
  }
}, LONG);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await gitlab.close();
});

interface Swept {
  readonly dir: string;
  readonly ran: Ran;
  readonly after: Ran;
  /** What GitLab keeps for the next pipeline. */
  readonly cached: string | undefined;
}

/** One pipeline: a fresh clone of the project that sweeps, its cache, the script and what comes after it. */
async function pipeline(cache: string | undefined, inputs: Readonly<Record<string, Value>> = {}): Promise<Swept> {
  const dir = join(folder, `builds-${++counter}`);
  const state = join(dir, 'agentsmd-state', 'fleet.jsonl');
  mkdirSync(join(dir, 'agentsmd-state'), { recursive: true });
  writeFileSync(
    join(dir, 'agentsmd.config.yaml'),
    `gitlab: { instances: [{ url: ${gitlab.url}, token: { env: GITLAB_TOKEN } }] }\n`,
  );
  if (cache !== undefined) writeFileSync(state, cache);
  const job = jobOf(rendered(component('sweep'), inputs), 'agentsmd-sweep');
  const checkout = { dir, folder: join(folder, 'home'), env: { GITLAB_TOKEN: token, AGENTSMD_FLEET_RETRIES: '0' } };
  gitlab.forget();
  const ran = await runScript(job, job.script, checkout);
  const after = await runScript(job, job.after_script!, checkout);
  return { dir, ran, after, cached: existsSync(state) ? readFileSync(state, 'utf8') : undefined };
}

const opened = (): number =>
  gitlab.requests.filter(({ method, route }) => method === 'POST' && route.endsWith('/merge_requests')).length;

describe('the script of the sweep component', { timeout: LONG }, () => {
  it('sweeps, and the next pipeline goes on from what this one knew', async () => {
    const first = await pipeline(undefined);
    expect(first.ran).toMatchObject({ code: 0, stdout: expect.stringContaining('2 repositories to look at') });
    expect(opened()).toBe(2);
    expect(first.after.code).toBe(0);
    const audit = readFileSync(join(first.dir, 'agentsmd-state/audit.jsonl'), 'utf8');
    expect(audit).toContain('merge_requests');
    expect(audit + first.cached).not.toContain(token);

    const second = await pipeline(first.cached, { scope: 'shop', args: '--json' });
    expect(second.ran).toMatchObject({ code: 0, stderr: expect.stringMatching(/read \d+ rows/) });
    expect(JSON.parse(second.ran.stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ unchanged: 2, generated: 0 });
    expect(gitlab.requests.filter(({ applied }) => applied)).toEqual([]);

    // The cache was cleared.
    const third = await pipeline(undefined);
    expect(third.ran).toMatchObject({ code: 0, stdout: expect.stringContaining('found 2 open') });
    expect(opened()).toBe(0);
  });

  it('keeps what it knew where the sweep fails, and fails', async () => {
    const pushRules = { branchNameRegex: '^feature/' };
    await gitlab.addProject({ path: 'shop/late', files: FILES('late'), pushRules });
    const { ran, cached } = await pipeline(undefined);
    expect(ran).toMatchObject({ code: 1, stdout: expect.stringMatching(/^failed {2}shop\/late/m) });
    expect(cached).toContain('shop/late');
  });

  it('finishes what is in hand after its minutes, and the job passes marked', async () => {
    const job = jobOf(rendered(component('sweep')), 'agentsmd-sweep');
    expect(job.allow_failure).toEqual({ exit_codes: [130] });
    const { ran, cached } = await pipeline(undefined, { minutes: 0.001 });
    expect(ran.code).toBe(130);
    expect(cached).toBeDefined();
  });
});
