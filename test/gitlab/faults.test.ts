import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ask, asking } from './asking.ts';
import type { FaultRule, GitlabSimulator } from './port.ts';
import { startGitlab } from './start.ts';

let sim: GitlabSimulator;
let ask: Ask;
let id: number;
beforeEach(async () => {
  sim = await startGitlab();
  ({ id } = await sim.addProject({ path: 'a/b', files: { 'README.md': 'hi\n' } }));
  ask = asking(sim, sim.rootToken);
});
afterEach(() => sim.close());

function branch(name: string) {
  return ask('POST', `/projects/${id}/repository/branches`, { branch: name, ref: 'main' });
}

async function exists(name: string): Promise<boolean> {
  sim.faults.clear();
  return (await ask('GET', `/projects/${id}/repository/branches/${name}`)).status === 200;
}

describe('faults', () => {
  it('429 as an application limit and as the throttle, which is plain text', async () => {
    sim.faults.add({ nth: 1, action: { kind: '429', retryAfter: 3 } });
    sim.faults.add({ nth: 1, action: { kind: '429', retryAfter: 7, plain: true } });
    const limit = await branch('x');
    expect(limit).toMatchObject({ status: 429, body: { message: {} } });
    expect(limit.headers.get('retry-after')).toBe('3');
    const throttle = await branch('x');
    expect(throttle).toMatchObject({ status: 429, body: 'Retry later\n' });
    expect(throttle.headers.get('content-type')).toBe('text/plain');
    expect((await branch('x')).status).toBe(201);
    expect(sim.requests.map(({ fault, applied }) => [fault, applied])).toEqual([
      ['429', false],
      ['429', false],
      [undefined, true],
    ]);
  });

  it('5xx before anything was done, with the page of a proxy', async () => {
    sim.faults.add({ action: { kind: 'status', status: 502 } });
    const answer = await branch('x');
    expect(answer.status).toBe(502);
    expect(answer.headers.get('content-type')).toBe('text/html');
    expect(await exists('x')).toBe(false);
  });

  it('5xx after the write', async () => {
    sim.faults.add({ action: { kind: 'applied-then-status', status: 503 } });
    expect((await branch('x')).status).toBe(503);
    expect(sim.requests.at(-1)).toMatchObject({ status: 503, applied: true, fault: 'applied-then-status' });
    expect(await exists('x')).toBe(true);
  });

  it('a cut connection before and after the write', async () => {
    sim.faults.add({ nth: 1, action: { kind: 'reset' } });
    await expect(branch('x')).rejects.toThrow('fetch failed');
    expect(await exists('x')).toBe(false);
    sim.faults.add({ nth: 1, action: { kind: 'applied-then-reset' } });
    await expect(branch('x')).rejects.toThrow('fetch failed');
    expect(sim.requests.at(-1)).toMatchObject({ status: 0, applied: true });
    expect(await exists('x')).toBe(true);
  });

  it('half of an answer', async () => {
    sim.faults.add({ action: { kind: 'truncated' } });
    const { status, body } = await ask('GET', `/projects/${id}`);
    expect(status).toBe(200);
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
  });

  it.each(['headers', 'body'] as const)('%s that a client must not wait for', async (part) => {
    sim.faults.add({ action: { kind: 'slow', ms: 60_000, part } });
    const signal = AbortSignal.timeout(100);
    const asked = fetch(`${sim.url}/api/v4/projects/${id}`, { headers: { 'PRIVATE-TOKEN': sim.rootToken }, signal });
    if (part === 'headers') return expect(asked).rejects.toThrow('timeout');
    const answer = await asked;
    expect(answer.status).toBe(200);
    return expect(answer.text()).rejects.toThrow('timeout');
  });

  it('strike by method and path, also of git and GraphQL', async () => {
    const struck = async (rule: Omit<FaultRule, 'action'>, method: string, path: string) => {
      sim.faults.clear();
      sim.faults.add({ ...rule, action: { kind: 'status', status: 504 } });
      return (await fetch(sim.url + path, { method })).status === 504;
    };
    const tree = '/api/v4/projects/a%2Fb/repository/tree?ref=main';
    expect(await struck({ method: 'POST' }, 'GET', tree)).toBe(false);
    expect(await struck({ path: '/projects/*/repository/tree' }, 'GET', tree)).toBe(true);
    expect(await struck({ path: 'projects/*/repository/**' }, 'GET', tree)).toBe(true);
    expect(await struck({ path: '/projects/*' }, 'GET', tree)).toBe(false);
    expect(await struck({ path: '**' }, 'GET', '/api/v4/projects/1/repository/files/.gitlab-ci.yml')).toBe(true);
    expect(await struck({ path: '/api/graphql' }, 'POST', '/api/graphql')).toBe(true);
    expect(await struck({ path: '*.git/**' }, 'GET', '/a/b.git/info/refs')).toBe(true);
  });

  it('are the same for the same seed, however the requests overlap', async () => {
    const paths = Array.from({ length: 60 }, (_, at) => `/projects/${1000 + at}`);
    const outcome = async (seed: number, order: readonly string[]) => {
      const other = await startGitlab({ seed });
      other.faults.add({ probability: 0.3, action: { kind: 'status', status: 500 } });
      await Promise.all(order.map((path) => asking(other)('GET', path)));
      await other.close();
      return other.requests
        .filter(({ status }) => status === 500)
        .map(({ path }) => path)
        .sort();
    };
    const first = await outcome(5, paths);
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(35);
    expect(await outcome(5, paths.toReversed())).toEqual(first);
    expect(await outcome(6, paths)).not.toEqual(first);
  });
});
