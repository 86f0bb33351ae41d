import { describe, expect, it } from 'vitest';
import { startGitlab } from '../../../test/gitlab/start.ts';
import { openLane } from './lane.ts';
import { type HttpDeps, openHttp } from './open.ts';
import { type SharedLimit, sharedLane } from './shared-lane.ts';
import { type Step, scriptedServer } from './testing/scripted-server.ts';
import { testClock } from './testing/test-clock.ts';

const GET = { method: 'GET', path: '/projects/42' } as const;
const SECRET = 'glpat-very-secret-agcanary';
const ok: Step = { json: {} };

/** What a shared limit was asked and told. `gate` lets requests in. */
function recorded(gate: (token: string, signal?: AbortSignal) => Promise<void> = async () => {}) {
  const entered: string[] = [];
  const held: [token: string, until: number][] = [];
  const shared: SharedLimit = {
    enter: async (token, signal) => {
      entered.push(token);
      await gate(token, signal);
    },
    hold: (token, until) => void held.push([token, until]),
  };
  return { shared, entered, held };
}

async function talk(script: Parameters<typeof scriptedServer>[0], deps: HttpDeps, more: object = {}) {
  const server = await scriptedServer(script);
  const clock = testClock();
  const http = openHttp(
    { url: server.url, token: { env: 'TOKEN' }, ...more },
    { env: { TOKEN: SECRET, OTHER: 'glpat-other' }, clock, ...deps },
  );
  return {
    ...{ server, clock, http },
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('a limit that processes share', () => {
  it('is asked before every try, by a fingerprint of the token', async () => {
    const { shared, entered } = recorded();
    const groups = { team: { env: 'OTHER' } };
    await using t = await talk([{ status: 502 }, ok, { json: { data: 1 } }, ok], { shared }, { groups });
    await t.http.send(GET);
    await t.http.graphql('{ a }', {});
    await t.http.send({ ...GET, about: 'team/x' });
    const [one, other] = [entered[0], entered[3]];
    expect(entered).toEqual([one, one, one, other]);
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(other).toMatch(/^[0-9a-f]{16}$/);
    expect(other).not.toBe(one);
    const again = recorded();
    await using u = await talk([ok], { shared: again.shared });
    await u.http.send(GET);
    expect(again.entered).toEqual([one]);
  });

  it('lets nothing out before it says so, one after the other', async () => {
    const waiting: (() => void)[] = [];
    const { shared } = recorded(() => new Promise((resolve) => waiting.push(resolve)));
    await using t = await talk(() => ok, { shared }, { concurrency: 2 });
    const sent = [1, 2, 3].map(() => t.http.send(GET));
    await expect.poll(() => waiting.length).toBe(2);
    expect(t.server.requests).toHaveLength(0);
    waiting.shift()?.();
    await sent[0];
    expect(t.server.requests).toHaveLength(1);
    await expect.poll(() => waiting.length).toBe(2);
    for (const go of waiting) go();
    await Promise.all(sent);
  });

  it('is told of every wait that GitLab asks for', async () => {
    const { shared, held } = recorded();
    const date = 'Sat, 21 Nov 2026 12:00:00 GMT';
    const reset = {
      date,
      'ratelimit-remaining': '0',
      'ratelimit-reset': String(Date.UTC(2026, 10, 21, 12, 0, 20) / 1000),
    };
    const script: Step[] = [
      { status: 429, headers: { 'retry-after': '7' } },
      { ...ok, headers: reset },
      { ...ok, headers: { 'ratelimit-remaining': '1' } },
      { status: 429 },
      { status: 503, headers: { 'retry-after': '1' } },
      { status: 429, headers: { 'retry-after': '3600' } },
      ok,
    ];
    await using t = await talk(script, { shared });
    const start = t.clock.now();
    await t.http.send(GET);
    await t.http.send(GET);
    const now = t.clock.now();
    await t.http.send(GET);
    // The last one is cut to what a call waits at most.
    const waits = [start + 7000, start + 7000 + 20_000, now + 125 + 1000 + 60_000];
    expect(held.map(([, until]) => until)).toEqual(waits);
    expect(new Set(held.map(([token]) => token)).size).toBe(1);
  });

  it('keeps a second process still while GitLab told the first to wait', async () => {
    const gitlab = await startGitlab();
    await gitlab.addProject({ path: 'shop/cart', files: { a: 'a' }, members: { bot: 'developer' } });
    const token = gitlab.addToken({ user: 'bot' });
    const clock = testClock(Date.now());
    let freeAt = 0;
    const shared: SharedLimit = {
      enter: async (_token, signal) => {
        const wait = freeAt - clock.now();
        if (wait > 0) await clock.sleep(wait, signal);
      },
      hold: (_token, until) => {
        freeAt = Math.max(freeAt, until);
      },
    };
    const open = () => openHttp({ url: gitlab.url, token: { env: 'T' } }, { env: { T: token }, clock, shared });
    const [one, two] = [open(), open()];
    const show = { method: 'GET', path: '/projects/shop%2Fcart' } as const;
    const start = clock.now();
    gitlab.faults.add({ nth: 1, action: { kind: '429', retryAfter: 20 } });
    const refused = one.send({ ...show, signal: AbortSignal.timeout(60_000) });
    await expect.poll(() => freeAt).toBe(start + 20_000);
    await two.send(show);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 20_000);
    expect((await refused).status).toBe(200);
    await Promise.all([one.close(), two.close(), gitlab.close()]);
  });

  it('that lets in late is asked again where GitLab told to wait meanwhile', async () => {
    const clock = testClock();
    const start = clock.now();
    const gates: (() => void)[] = [];
    const { shared, held } = recorded(() => new Promise((resolve) => gates.push(resolve)));
    const lane = sharedLane(openLane({ concurrency: 1, requestsPerMinute: 6000 }, clock), shared, 'token');
    const entering = lane.enter();
    await expect.poll(() => gates.length).toBe(1);
    lane.hold(start + 5000);
    expect(held).toEqual([['token', start + 5000]]);
    gates[0]!();
    await expect.poll(() => gates.length).toBe(2);
    expect(clock.now()).toBe(start + 5000);
    gates[1]!();
    (await entering)();
  });

  it('frees the place of who gives up, and of who fails', async () => {
    const stop = new AbortController();
    let fails = false;
    const { shared, entered } = recorded((_token, signal) => {
      if (fails) return Promise.resolve();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    });
    await using t = await talk(() => ok, { shared }, { concurrency: 1 });
    const sent = t.http.send({ ...GET, signal: stop.signal });
    await expect.poll(() => entered.length).toBe(1);
    stop.abort(new Error('never mind'));
    await expect(sent).rejects.toThrow('never mind');
    fails = true;
    expect((await t.http.send(GET)).status).toBe(200);
    expect(t.server.requests).toHaveLength(1);
  });
});
