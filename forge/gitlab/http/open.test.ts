import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { InstanceSettings } from '../../config.ts';
import { ForgeError } from '../../errors.ts';
import { type HttpDeps, openHttp } from './open.ts';
import type { Attempt } from './port.ts';
import { type ScriptedServer, type Step, scriptedServer } from './testing/scripted-server.ts';
import { testClock } from './testing/test-clock.ts';

const SECRET = 'glpat-very-secret-agcanary';

/** A server with a script and our client before it, both gone at the end of the test's block. */
async function talk(
  script: Parameters<typeof scriptedServer>[0],
  more: Partial<InstanceSettings> = {},
  deps: HttpDeps = {},
) {
  const server = await scriptedServer(script);
  const clock = testClock();
  const attempts: Attempt[] = [];
  const http = openHttp(
    { url: server.url, token: { env: 'TOKEN' }, ...more },
    { env: { TOKEN: SECRET }, clock, onAttempt: (attempt) => attempts.push(attempt), ...deps },
  );
  return {
    server,
    http,
    clock,
    attempts,
    [Symbol.asyncDispose]: async () => {
      await http.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function failure(promise: Promise<unknown>): Promise<ForgeError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ForgeError);
  return error as ForgeError;
}

/** The same numbers for the same seed. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const ok: Step = { json: { id: 42 }, headers: { 'x-request-id': 'r1' } };
const GET = { method: 'GET', path: '/projects/42' } as const;
const POST = { method: 'POST', path: '/projects/42/merge_requests', body: { title: 'x' } } as const;

describe('a call', () => {
  it('goes below /api/v4 with its query, its JSON and a bearer token', async () => {
    await using t = await talk([ok, { status: 201, json: {} }]);
    const answer = await t.http.send({
      method: 'GET',
      path: '/projects/a%2Fb/repository/tree',
      query: { ref: 'main x', recursive: true, per_page: 100, iids: ['1', '2'], none: undefined },
    });
    await t.http.send(POST);
    expect(answer).toMatchObject({ status: 200, requestId: 'r1', attempts: 1 });
    expect(answer.json()).toEqual({ id: 42 });
    expect(t.server.requests[0]).toMatchObject({
      path: '/api/v4/projects/a%2Fb/repository/tree?ref=main+x&recursive=true&per_page=100&iids%5B%5D=1&iids%5B%5D=2',
      headers: { authorization: `Bearer ${SECRET}`, 'user-agent': 'agentsmd' },
    });
    expect(t.server.requests[1]).toMatchObject({
      body: '{"title":"x"}',
      headers: { 'content-type': 'application/json' },
    });
    expect(t.http.counts).toMatchObject({ requests: 2, retries: 0 });
  });

  it('keeps the subpath of an installation', async () => {
    await using server = await scriptedServer([ok, { json: { data: 1 } }]);
    const http = openHttp({ url: `${server.url}/gitlab/` });
    await http.send(GET);
    await http.graphql('{ a }', {});
    await http.close();
    expect(server.requests.map(({ path }) => path)).toEqual(['/gitlab/api/v4/projects/42', '/gitlab/api/graphql']);
  });

  it('sends a job token in its own header, and never to GraphQL', async () => {
    await using t = await talk([ok], { token: { env: 'CI_JOB_TOKEN' } }, { env: { CI_JOB_TOKEN: 'job' } });
    await t.http.send(GET);
    expect(t.server.requests[0]?.headers).toMatchObject({ 'job-token': 'job' });
    expect(t.server.requests[0]?.headers.authorization).toBeUndefined();
    expect(await failure(t.http.graphql('{ a }', {}))).toMatchObject({ reason: 'unsupported' });
    expect(t.server.requests).toHaveLength(1);
  });

  it('unpacks gzip', async () => {
    const body = gzipSync('{"packed":true}');
    await using t = await talk([{ body, headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' } }]);
    expect((await t.http.send(GET)).json()).toEqual({ packed: true });
    expect(t.server.requests[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it.each([
    '/projects/../admin',
    '/projects/42?x=1',
    'projects',
    '/a b',
    '/projects/42/..',
  ])('refuses the path %s', async (path) => {
    await using t = await talk([ok]);
    expect(await failure(t.http.send({ method: 'GET', path }))).toMatchObject({ reason: 'invalid' });
    expect(t.server.requests).toEqual([]);
  });
});

describe('limits of an answer', () => {
  it.each([
    ['plain', 'x'.repeat(5000), {}],
    ['packed', gzipSync('x'.repeat(5000)), { 'content-encoding': 'gzip' }],
  ])('takes no more bytes than asked for: %s', async (_name, body, headers) => {
    await using t = await talk([{ body, headers }, ok]);
    expect(await failure(t.http.send({ ...GET, maxBytes: 4999 }))).toMatchObject({ reason: 'not-understood' });
    expect((await t.http.send({ ...GET, maxBytes: 5000 })).status).toBe(200);
    expect(t.server.requests).toHaveLength(2);
  });

  it('reads only the beginning of a long error', async () => {
    await using t = await talk([{ status: 400, body: 'y'.repeat(10 << 20) }, ok]);
    const error = await failure(t.http.send(GET));
    expect(error.reason).toBe('invalid');
    expect(error.message.length).toBeLessThan(450);
    expect(t.attempts[0]?.bytes).toBeLessThan(1 << 20);
    expect((await t.http.send(GET)).status).toBe(200);
  });

  it.each([
    'silent',
    'stalled',
  ] as const)('gives up a %s server after the timeout, and repeats a read', async (fault) => {
    await using t = await talk([{ fault }, ok]);
    expect((await t.http.send({ ...GET, timeoutMs: 100 })).attempts).toBe(2);
    expect(t.attempts[0]?.retry).toBe(
      fault === 'silent' ? 'no answer within 0.1 s' : 'the answer was not complete within 0.1 s',
    );
  });

  it('never repeats a write that timed out', async () => {
    await using t = await talk([{ fault: 'silent' }]);
    expect(await failure(t.http.send({ ...POST, timeoutMs: 100 }))).toMatchObject({ reason: 'timeout' });
    expect(t.server.requests).toHaveLength(1);
  });
});

describe('retries', () => {
  it('repeats a read with growing waits, and says why', async () => {
    const broken: Step[] = [
      { status: 500 },
      { status: 502, body: '<html>' },
      { status: 503 },
      { status: 504 },
      { fault: 'reset' },
      ok,
    ];
    await using t = await talk(broken);
    expect((await t.http.send(GET)).attempts).toBe(6);
    expect(t.clock.slept).toEqual([125, 250, 500, 1000, 2000]);
    expect(t.attempts.map(({ retry }) => retry)).toEqual([
      'status 500',
      'status 502',
      'status 503',
      'status 504',
      'the connection broke (UND_ERR_SOCKET)',
      undefined,
    ]);
    expect(t.http.counts).toMatchObject({ requests: 6, retries: 5 });
  });

  it('stops after eight tries', async () => {
    await using t = await talk(() => ({
      status: 502,
      body: '<html>Bad Gateway</html>',
      headers: { 'content-type': 'text/html' },
    }));
    expect(await failure(t.http.send(GET))).toMatchObject({ reason: 'unavailable', status: 502 });
    expect(t.server.requests).toHaveLength(8);
  });

  it('repeats no write after 5xx or a broken connection, unless told that it may', async () => {
    for (const step of [{ status: 502 }, { fault: 'reset' }, { fault: 'cut' }] as const) {
      await using t = await talk([step, ok]);
      expect(await failure(t.http.send(POST))).toMatchObject({ reason: 'unavailable' });
      expect(t.server.requests).toHaveLength(1);
    }
    await using t = await talk([{ status: 502 }, ok]);
    expect((await t.http.send({ ...POST, repeatable: true })).attempts).toBe(2);
  });

  it('repeats a write to which nobody listened', async () => {
    const gone = await scriptedServer([]);
    await gone[Symbol.asyncDispose]();
    await using t = await talk([], { url: gone.url });
    const error = await failure(t.http.send(POST));
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(error.message).toBe(`${gone.url}: POST /projects/42/merge_requests: nobody listens there (ECONNREFUSED)`);
    expect(t.attempts).toHaveLength(6);
  });

  it('waits as 429 asks for, whatever the method: in seconds, until a date of the server, or as it thinks best', async () => {
    const date = 'Sat, 21 Nov 2026 09:00:00 GMT';
    const until = 'Sat, 21 Nov 2026 09:00:07 GMT';
    await using t = await talk([
      { status: 429, body: 'Retry later', headers: { 'retry-after': '3' } },
      { status: 429, headers: { 'retry-after': until, date } },
      { status: 429 },
      { status: 201, json: {} },
    ]);
    expect((await t.http.send(POST)).attempts).toBe(4);
    expect(t.clock.slept).toEqual([3000, 7000, 500]);
    expect(t.attempts[0]?.retry).toBe('429: asked to wait 3 s');
  });

  it('cuts long waits and gives up after ten minutes of them', async () => {
    await using t = await talk(() => ({ status: 429, headers: { 'retry-after': '3600' } }));
    const error = await failure(t.http.send(GET));
    expect(error).toMatchObject({ reason: 'rate-limited', status: 429 });
    expect(error.message).toContain('Retry-After: 3600');
    expect(t.clock.slept).toEqual(Array.from({ length: 10 }, () => 60_000));
  });

  it('reads again where JSON was cut, but never a write', async () => {
    const cut: Step = { body: '{"id": 4', headers: { 'content-type': 'application/json' } };
    await using t = await talk([{ fault: 'cut' }, cut, ok, { ...cut, status: 201 }]);
    expect((await t.http.send(GET)).attempts).toBe(3);
    expect(t.attempts[1]?.retry).toBe('status 200 with cut JSON');
    const written = await t.http.send(POST);
    expect(written.status).toBe(201);
    expect(() => written.json()).toThrow(expect.objectContaining({ reason: 'not-understood', status: 201 }));
  });

  it('over 300 calls with many faults repeats no write that may have been applied, and answers every read rightly', async () => {
    const seed = 20261121;
    const chance = chances(seed);
    // Everything but 429 may have been done before it failed.
    const mayBeDone = new Map<string, number>();
    await using t = await talk(
      (seen) => {
        const id = /things\/(\d+)/.exec(seen.path)?.[1] ?? '';
        const roll = chance();
        if (roll < 0.05) return { status: 429, headers: { 'retry-after': '1' } };
        mayBeDone.set(id, (mayBeDone.get(id) ?? 0) + 1);
        if (roll < 0.09) return { status: 502, body: '<html>' };
        if (roll < 0.12) return { status: 500 };
        if (roll < 0.16) return { fault: 'reset' };
        if (roll < 0.18) return { fault: 'cut' };
        if (roll < 0.2) return { body: `{"id": ${id}`, headers: { 'content-type': 'application/json' } };
        return { json: { id: Number(id) } };
      },
      { requestsPerMinute: 1_000_000 },
    );
    const results = await Promise.all(
      Array.from({ length: 300 }, async (_, id) => {
        const method = id % 2 ? 'POST' : 'GET';
        try {
          const answer = await t.http.send({ method, path: `/things/${id}` });
          return { id, method, got: (answer.json() as { id: number }).id };
        } catch (error) {
          return { id, method, error };
        }
      }),
    );
    const reads = results.filter(({ method }) => method === 'GET');
    expect(
      reads.filter(({ id, got }) => got !== id),
      `seed ${seed}`,
    ).toEqual([]);
    for (const { id, got, error } of results.filter(({ method }) => method === 'POST')) {
      expect(mayBeDone.get(String(id)), `seed ${seed}, call ${id}`).toBe(1);
      if (error === undefined) expect(got).toBe(id);
      else expect(error).toBeInstanceOf(ForgeError);
    }
    expect(t.http.counts.retries).toBe(t.attempts.filter(({ retry }) => retry !== undefined).length);
    expect(t.http.counts.retries).toBeGreaterThan(20);
  });

  it('can be given up while waiting, and while being answered', async () => {
    const stop = new AbortController();
    const clock = {
      ...testClock(),
      sleep: (_ms: number, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
          stop.abort(new Error('enough'));
        }),
    };
    await using t = await talk([{ status: 502 }, { fault: 'silent' }], {}, { clock });
    await expect(t.http.send({ ...GET, signal: stop.signal })).rejects.toThrow('enough');
    const other = new AbortController();
    const sent = t.http.send({ ...GET, signal: other.signal });
    await expect.poll(() => t.server.requests.length).toBe(2);
    other.abort(new Error('never mind'));
    await expect(sent).rejects.toThrow('never mind');
  });

  it.each([
    undefined,
    new AbortController().signal,
  ])('fails what is under way when it is closed: %j', async (signal) => {
    await using t = await talk([{ fault: 'silent' }], { concurrency: 1 });
    const call = { ...GET, ...(signal && { signal }) };
    const sent = [failure(t.http.send(call)), failure(t.http.send(call))];
    await expect.poll(() => t.server.requests.length).toBe(1);
    await t.http.close();
    for (const error of await Promise.all(sent)) expect(error.message).toContain('closed');
    expect((await failure(t.http.send(GET))).message).toContain('closed');
    expect(t.server.requests).toHaveLength(1);
  });
});

describe('redirects', () => {
  const to = (location: string, status = 301): Step => ({ status, headers: { location } });

  it('follows a moved project for reads, on the same host', async () => {
    await using t = await talk((_seen, nth) =>
      nth === 1 ? to(`${t.server.url}/api/v4/projects/42/repository/tree?ref=x`) : ok,
    );
    const answer = await t.http.send({
      method: 'GET',
      path: '/projects/old%2Fpath/repository/tree',
      query: { ref: 'x' },
    });
    expect(answer.attempts).toBe(2);
    expect(t.server.requests[1]?.path).toBe('/api/v4/projects/42/repository/tree?ref=x');
    expect(t.attempts[0]?.retry).toBe('the project moved to /api/v4/projects/42/repository/tree');
  });

  it.each([
    ['another host', 'https://evil.example.com/api/v4/projects/42'],
    ['another port', 'http://127.0.0.1:1/api/v4/projects/42'],
    ['a login page', '/users/sign_in'],
    ['a path in place of a number', '/api/v4/projects/a%2Fb'],
    ['up and out', '/api/v4/projects/42/../../../admin'],
    ['nothing', ''],
  ])('follows none to %s', async (_name, location) => {
    await using t = await talk([to(location), ok]);
    const error = await failure(t.http.send(GET));
    expect(error).toMatchObject({ reason: 'redirected', status: 301 });
    expect(error.message).toContain(location || 'nowhere');
    if (location.includes('sign_in')) expect(error.message).not.toContain('has moved');
    expect(t.server.requests).toHaveLength(1);
  });

  it('never follows one for a write', async () => {
    await using t = await talk([to('/api/v4/projects/42/merge_requests', 307), ok]);
    const error = await failure(t.http.send({ ...POST, path: '/projects/old%2Fpath/merge_requests' }));
    expect(error.message).toContain('the project has moved: use its id or its new path');
    expect(t.server.requests).toHaveLength(1);
  });

  it('follows one only once', async () => {
    await using t = await talk((_seen, nth) => (nth < 9 ? to(`/api/v4/projects/${nth}`) : ok));
    expect(await failure(t.http.send(GET))).toMatchObject({ reason: 'redirected' });
    expect(t.server.requests).toHaveLength(2);
  });

  it('follows one only to where it may, and shows no secret of the location', async () => {
    await using t = await talk([
      to('/api/v4/projects/42'),
      to('http://me:secret@x.example.com/api/v4/projects/43?private_token=1'),
    ]);
    const error = await failure(t.http.send(GET));
    expect(error.message).toMatch(/ points to http:\/\/x\.example\.com\/api\/v4\/projects\/43;/);
    expect(t.server.requests).toHaveLength(2);
  });
});

describe('pages', () => {
  const page = (next?: string): Step => ({
    json: [],
    headers: next ? { link: `<${next}>; rel="next", <http://x/api/v4/projects?page=1>; rel="first"` } : {},
  });

  it('follows the next link, on our own host whatever the link says', async () => {
    await using t = await talk([page('http://gitlab.internal/api/v4/projects?id_after=7&per_page=2'), page()]);
    const got = await collect(t.http.pages({ method: 'GET', path: '/projects', query: { per_page: 2 } }));
    expect(got).toHaveLength(2);
    expect(t.server.requests.map(({ path }) => path)).toEqual([
      '/api/v4/projects?per_page=2',
      '/api/v4/projects?id_after=7&per_page=2',
    ]);
  });

  it('asks for the next page only when it is wanted', async () => {
    await using t = await talk(() => page('http://x/api/v4/projects?page=2'));
    for await (const _ of t.http.pages({ method: 'GET', path: '/projects' })) break;
    expect(t.server.requests).toHaveLength(1);
  });

  it('goes on below the new place of a moved project', async () => {
    await using t = await talk((_seen, nth) => {
      if (nth === 1) return { status: 301, headers: { location: '/api/v4/projects/42/merge_requests?x=1' } };
      return nth === 2 ? page('http://x/api/v4/projects/42/merge_requests?page=2') : page();
    });
    await collect(t.http.pages({ method: 'GET', path: '/projects/old%2Fpath/merge_requests' }));
    expect(t.server.requests[2]?.path).toBe('/api/v4/projects/42/merge_requests?page=2');
  });

  it('notices a circle, and a link to something else', async () => {
    await using circle = await talk((_seen, nth) => page(`http://x/api/v4/projects?page=${nth % 2}`));
    expect(await failure(collect(circle.http.pages({ method: 'GET', path: '/projects' })))).toMatchObject({
      reason: 'not-understood',
    });
    await using other = await talk([page('http://x/api/v4/users?page=2')]);
    expect(await failure(collect(other.http.pages({ method: 'GET', path: '/projects' })))).toMatchObject({
      reason: 'redirected',
    });
  });
});

describe('GraphQL', () => {
  it('sends query and variables, and answers the data', async () => {
    await using t = await talk([{ json: { data: { project: { id: 1 } } } }]);
    expect(await t.http.graphql('query ($p: ID!) { project(fullPath: $p) { id } }', { p: 'a/b' })).toEqual({
      project: { id: 1 },
    });
    expect(t.server.requests[0]).toMatchObject({ method: 'POST', path: '/api/graphql' });
    expect(JSON.parse(t.server.requests[0]?.body ?? '')).toEqual({
      query: expect.stringContaining('project('),
      variables: { p: 'a/b' },
    });
  });

  it('rejects with the errors that come with 200', async () => {
    await using t = await talk([
      {
        json: { data: null, errors: [{ message: 'Query has complexity of 346, which exceeds max complexity of 250' }] },
      },
      {
        json: {
          errors: [{ message: "The resource does not exist or you don't have permission to perform this action" }],
        },
      },
      { json: { hello: 1 } },
    ]);
    const complex = await failure(t.http.graphql('{ a }', {}));
    expect(complex).toMatchObject({
      reason: 'invalid',
      messages: [expect.stringContaining('complexity of 346')],
      data: null,
    });
    expect(await failure(t.http.graphql('{ a }', {}))).toMatchObject({ reason: 'not-found' });
    expect(await failure(t.http.graphql('{ a }', {}))).toMatchObject({ reason: 'not-understood' });
  });

  it('repeats a query, never a mutation', async () => {
    await using t = await talk([{ status: 502 }, { json: { data: 1 } }, { status: 502 }]);
    // The word in a comment, a text or a name does not make it one.
    expect(await t.http.graphql('# mutation\nquery { a(text: "mutation {") { mutations } }', {})).toBe(1);
    expect(await failure(t.http.graphql('fragment F on X { id }\nmutation M { a }', {}))).toMatchObject({
      reason: 'unavailable',
    });
    expect(t.server.requests).toHaveLength(3);
  });

  it('refuses a query that GitLab would', async () => {
    await using t = await talk([{ json: { data: 1 } }]);
    const query = `{ a }${' '.repeat(9995)}`;
    expect(await t.http.graphql(query, {})).toBe(1);
    expect(await failure(t.http.graphql(`${query} `, {}, 'team/app'))).toMatchObject({
      reason: 'invalid',
      message: `${t.server.url}: team/app: POST /api/graphql: a query of 10001 characters; GitLab takes 10000: ask for less at once`,
    });
    expect(t.server.requests).toHaveLength(1);
  });
});

describe('a refused token', () => {
  const denied: Step = { status: 401, json: { message: '401 Unauthorized' } };

  it('is never sent again, and what to do is said', async () => {
    await using t = await talk(() => denied);
    const error = await failure(t.http.send(POST));
    expect(error).toMatchObject({ reason: 'unauthorized', status: 401 });
    expect(error.message).toContain('the token from $TOKEN is not accepted: expired, revoked, or of another instance');
    for (let i = 0; i < 40; i++) expect(await failure(t.http.send(GET))).toMatchObject({ reason: 'unauthorized' });
    expect(await failure(t.http.graphql('{ a }', {}))).toMatchObject({ reason: 'unauthorized' });
    expect(t.server.requests).toHaveLength(1);
  });

  it('stops those that wait behind it', async () => {
    await using t = await talk(() => denied, { concurrency: 1 });
    const all = await Promise.all(Array.from({ length: 40 }, () => failure(t.http.send(GET))));
    expect(all.map(({ reason }) => reason)).toEqual(Array(40).fill('unauthorized'));
    expect(t.server.requests).toHaveLength(1);
  });

  it('leaves the tokens of other groups alone', async () => {
    const byToken = (seen: { headers: { authorization?: string | undefined } }) =>
      seen.headers.authorization === 'Bearer b' ? ok : denied;
    await using t = await talk(byToken, { groups: { 'a/B': { env: 'B' } } }, { env: { TOKEN: SECRET, B: 'b' } });
    await failure(t.http.send(GET));
    expect((await t.http.send({ ...GET, about: 'a/b/c' })).status).toBe(200);
    expect(await failure(t.http.send({ ...GET, about: 'a/bc' }))).toMatchObject({ reason: 'unauthorized' });
    expect(t.server.requests).toHaveLength(2);
  });

  it('is not meant where approving is refused', async () => {
    await using t = await talk([
      denied,
      ok,
      { status: 401, json: { error: 'invalid_token', error_description: 'Token is expired.' } },
    ]);
    const approve = { method: 'POST', path: '/projects/42/merge_requests/1/approve' } as const;
    expect(await failure(t.http.send(approve))).toMatchObject({ reason: 'forbidden', status: 401 });
    expect((await t.http.send(GET)).status).toBe(200);
    expect((await failure(t.http.send(approve))).message).toContain(
      'invalid_token: Token is expired; the token from $TOKEN',
    );
    await failure(t.http.send(GET));
    expect(t.server.requests).toHaveLength(3);
  });

  it('is not meant where a job token that works does not reach', async () => {
    await using t = await talk([ok, denied, ok], { token: { env: 'CI_JOB_TOKEN' } }, { env: { CI_JOB_TOKEN: 'job' } });
    await t.http.send(GET);
    expect((await failure(t.http.send(POST))).message).toContain('does not reach this');
    expect((await t.http.send(GET)).status).toBe(200);
  });

  it('is named where it is missing', async () => {
    await using none = await talk([denied], { token: undefined });
    expect((await failure(none.http.send(GET))).message).toContain('no token is configured');
    expect(none.server.requests[0]?.headers.authorization).toBeUndefined();
    await using unset = await talk([ok], {}, { env: {} });
    expect((await failure(unset.http.send(GET))).message).toBe('no GitLab token in $TOKEN: the variable is not set');
    expect(unset.server.requests).toEqual([]);
  });

  it('shows itself nowhere, even where the server repeats it', async () => {
    await using t = await talk(() => ({ status: 400, json: { message: `bad token ${SECRET}` } }));
    const error = await failure(t.http.send(GET));
    expect(error.message).toContain('bad token [token]');
    for (const shown of [error, t.http, t.attempts, error.cause]) {
      expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain(SECRET);
      expect(JSON.stringify(shown) ?? '').not.toContain(SECRET);
    }
    expect(await t.http.tokenFor()).toEqual({ from: '$TOKEN', kind: 'access' });
  });

  it('shows itself in no error of the network', async () => {
    for (const fault of ['reset', 'cut', 'silent'] as const) {
      await using t: { http: ReturnType<typeof openHttp>; server: ScriptedServer } & AsyncDisposable = await talk([
        { fault },
      ]);
      const error = await failure(t.http.send({ ...POST, timeoutMs: 100 }));
      expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(SECRET);
    }
  });
});

describe('the pace', () => {
  it('keeps to the number of requests in flight, over REST and GraphQL, first come first served', async () => {
    let running = 0;
    let peak = 0;
    const gate = { open: () => {} };
    const opened = new Promise<void>((resolve) => {
      gate.open = resolve;
    });
    await using t = await talk(
      async (seen) => {
        running += 1;
        peak = Math.max(peak, running);
        await opened;
        running -= 1;
        return seen.path.includes('graphql') ? { json: { data: 1 } } : ok;
      },
      { concurrency: 3 },
    );
    const all = Array.from({ length: 12 }, (_, i) =>
      i % 2 ? t.http.graphql('{ a }', { i }) : t.http.send({ method: 'GET', path: `/projects/${i}` }),
    );
    await expect.poll(() => running).toBe(3);
    expect(t.server.requests).toHaveLength(3);
    gate.open();
    await Promise.all(all);
    expect(peak).toBe(3);
    expect(t.server.requests).toHaveLength(12);
  });

  it('spreads requests over the minute', async () => {
    await using t = await talk(() => ok, { requestsPerMinute: 60 });
    for (let i = 0; i < 4; i++) await t.http.send(GET);
    expect(t.clock.slept).toEqual([1000, 1000, 1000]);
  });

  it('stops before the quota of GitLab is exceeded, by the clock of GitLab', async () => {
    const date = 'Sat, 21 Nov 2026 09:00:00 GMT';
    const reset = String(Date.parse(date) / 1000 + 20);
    await using t = await talk([
      { ...ok, headers: { date, 'ratelimit-remaining': '1', 'ratelimit-reset': reset } },
      { ...ok, headers: { date, 'ratelimit-remaining': '0', 'ratelimit-reset': reset } },
      ok,
    ]);
    await t.http.send(GET);
    await t.http.send(GET);
    expect(t.clock.slept).toEqual([]);
    await t.http.send(GET);
    expect(t.clock.slept).toEqual([20_000]);
  });
});
