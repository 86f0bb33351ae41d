import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Webhook, WebhookEvent, WebhookSecrets } from '../../test/gitlab/port.ts';
import { openReview, type ReviewPlace } from '../../test/gitlab/review-place.ts';
import type { Log } from '../log.ts';
import type { EventPlace, Occasion } from './event.ts';
import { serveWebhooks, type WebhookOptions, type Webhooks } from './serve.ts';

const TOKEN = 'a-token-of-the-hook-agcanary';
const KEY = Buffer.from('a key that signs webhooks');
const SIGNING = `whsec_${KEY.toString('base64')}`;
const BOTH = { token: TOKEN, signing: SIGNING };
const project = 'team/app';
const OPENED = { kind: 'merge_request', project, iid: 1, user: 'ann', action: 'open' } as const;

let place: ReviewPlace;
beforeAll(async () => {
  place = await openReview();
});
afterAll(() => place.gitlab.close());

interface Reviewed {
  readonly place: EventPlace;
  readonly occasions: readonly Occasion[];
}

let webhooks: Webhooks | undefined;
let reviewed: Reviewed[] = [];
let lines: string[] = [];
afterEach(async () => {
  await webhooks?.end(0, new AbortController().signal);
  [webhooks, reviewed, lines] = [undefined, [], []];
});

async function serve(options: Partial<WebhookOptions> = {}): Promise<string> {
  const say = (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Log = { debug: say, info: say, warn: say, error: say };
  webhooks = await serveWebhooks({
    listen: { host: '127.0.0.1', port: 0 },
    secrets: { token: TOKEN, signing: KEY },
    instances: [place.gitlab.url],
    concurrency: 2,
    limit: 6,
    log,
    review: async (at, occasions) => {
      reviewed.push({ place: at, occasions });
      return true;
    },
    ...options,
  });
  return webhooks.address;
}

interface Change {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly text?: string;
  readonly path?: string;
}

async function post(
  address: string,
  hook: Webhook,
  { headers = {}, text = hook.text, path = '/webhook' }: Change = {},
) {
  const sent = Object.entries({ ...hook.headers, ...headers }).filter(([, value]) => value !== undefined);
  const answer = await fetch(`${address}${path}`, {
    method: 'POST',
    headers: sent as [string, string][],
    body: text,
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

const hookOf = (event: WebhookEvent, secrets: WebhookSecrets = BOTH) => place.gitlab.webhook(event, secrets);

describe('what GitLab sends', () => {
  it('is answered, and then looked at', async () => {
    let done = (): void => {};
    const address = await serve({ review: () => new Promise((end) => (done = () => end(true))) });
    expect(await post(address, await hookOf(OPENED))).toMatchObject({
      status: 202,
      text: 'team/app!1 will be looked at\n',
    });
    expect(webhooks!.address).toBe(address);
    done();
  });

  it('names the merge request, who was at work, and nothing else', async () => {
    await post(await serve(), await hookOf(OPENED));
    const { id } = (await place.ann('GET', '/user')).body;
    expect(reviewed).toEqual([
      {
        place: { instance: place.gitlab.url, project, iid: 1 },
        occasions: [{ because: 'opened', by: { id: String(id), username: 'ann' }, thread: null }],
      },
    ]);
  });

  it.each([
    [{ ...OPENED, action: 'reopen' }, 'reopened'],
    [{ ...OPENED, action: 'update', oldrev: 'a'.repeat(40) }, 'pushed'],
    [{ ...OPENED, action: 'update', changes: { draft: { previous: true, current: false } } }, 'ready'],
    [{ ...OPENED, action: 'update', changes: { draft: { previous: false, current: true } } }, undefined],
    [{ ...OPENED, action: 'update', changes: { title: { previous: 'a', current: 'b' } } }, undefined],
    [{ ...OPENED, action: 'approved' }, undefined],
    [{ ...OPENED, action: 'merge' }, undefined],
    [{ ...OPENED, action: 'close' }, undefined],
    [{ kind: 'push', project, branch: 'topic', user: 'ann', before: null, after: null }, undefined],
  ] as const)('%j begins a review because it was %s', async (event, because) => {
    const { status } = await post(await serve(), await hookOf(event));
    expect(status).toBe(because === undefined ? 204 : 202);
    expect(reviewed.flatMap(({ occasions }) => occasions.map((occasion) => occasion.because))).toEqual(
      because === undefined ? [] : [because],
    );
  });

  it.each([
    ['agentsmd review', 'asked'],
    ['agentsmd full-review please', 'asked'],
    ['agentsmd break-glass: the shop is down', 'asked'],
    ['agentsmd reviewed this', undefined],
    ['agentsmd review-me', undefined],
    ['please: agentsmd review', undefined],
    ['a comment', undefined],
  ])('a comment "%s" counts as %s', async (body, because) => {
    const { id } = (await place.ann('POST', `${place.one}/notes`, { body })).body;
    const { status } = await post(await serve(), await hookOf({ kind: 'note', project, iid: 1, note: id }));
    expect([status, reviewed[0]?.occasions[0]?.because]).toEqual([because ? 202 : 204, because]);
  });

  it('is an answer in a thread, with the thread', async () => {
    const { id: thread } = (await place.thread({ new_line: 3 })).body;
    const reply = await place.ann('POST', `${place.one}/discussions/${thread}/notes`, { body: "Won't fix" });
    const note = await hookOf({ kind: 'note', project, iid: 1, note: reply.body.id });
    expect((await post(await serve(), note)).status).toBe(202);
    expect(reviewed).toMatchObject([{ occasions: [{ because: 'answered', by: { username: 'ann' }, thread }] }]);
  });

  it('is nothing to do where GitLab itself commented, or on something else', async () => {
    const { id } = (await place.ann('POST', `${place.one}/notes`, { body: 'agentsmd review' })).body;
    const hook = await hookOf({ kind: 'note', project, iid: 1, note: id }, { token: TOKEN });
    const address = await serve({ secrets: { token: TOKEN } });
    const changed = (from: string, to: string) => {
      expect(hook.text).toContain(from);
      return post(address, hook, { text: hook.text.replace(from, to), headers: { 'Idempotency-Key': to } });
    };
    expect((await changed('"system":false', '"system":true')).status).toBe(204);
    expect((await changed('"noteable_type":"MergeRequest"', '"noteable_type":"Issue"')).status).toBe(204);
    expect(reviewed).toEqual([]);
    expect((await post(address, hook)).status).toBe(202);
  });

  it('is not an event: 400; of a kind that nobody knows: 204', async () => {
    const address = await serve({ secrets: { token: TOKEN } });
    const hook = await hookOf(OPENED, { token: TOKEN });
    const said = async (text: string) =>
      (await post(address, hook, { text, headers: { 'Idempotency-Key': undefined } })).status;
    for (const text of ['', 'hello', '[1', '[]', '"x"', 'null', hook.text.slice(0, -9), '{"object_kind":"note"}'])
      expect([text, await said(text)]).toEqual([text, 400]);
    const event = JSON.parse(hook.text);
    expect(await said(JSON.stringify({ ...event, object_attributes: { iid: '1' } }))).toBe(400);
    expect(await said(JSON.stringify({ ...event, object_attributes: { ...event.object_attributes, iid: -1 } }))).toBe(
      400,
    );
    expect(await said('{}')).toBe(204);
    expect(await said('{"event_name":"project_create"}')).toBe(204);
    expect(await said(JSON.stringify({ ...event, object_kind: 'pipeline' }))).toBe(204);
    expect(reviewed).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('is refused where another instance says it, in the header or in the event', async () => {
    const address = await serve({ secrets: { token: TOKEN } });
    const hook = await hookOf(OPENED, { token: TOKEN });
    const of = (url: string) => hook.text.replaceAll(place.gitlab.url, url);
    for (const change of [
      { headers: { 'X-Gitlab-Instance': 'https://gitlab.example.org' } },
      { headers: { 'X-Gitlab-Instance': 'nonsense' } },
      { text: of('https://gitlab.example.org') },
      { text: of(`${place.gitlab.url}.example.org`) },
      { text: of(`${place.gitlab.url}/below`) },
      { text: hook.text.replaceAll('"path_with_namespace":"team/app"', '"path_with_namespace":"team/other"') },
      { text: hook.text.replaceAll('team/app', 'team/../app') },
      { text: hook.text.replaceAll('team/app', 'team/app?x') },
      { text: hook.text.replaceAll('team/app', 'team/app#x') },
    ])
      expect((await post(address, hook, change)).status).toBe(403);
    expect(reviewed).toEqual([]);
    expect((await post(address, hook, { headers: { 'X-Gitlab-Instance': undefined } })).status).toBe(202);
  });
});

describe('a delivery', () => {
  const at = async (options: Partial<WebhookOptions>, secrets: WebhookSecrets, change: Change = {}) => {
    const address = await serve(options);
    return (await post(address, await hookOf(OPENED, secrets), change)).status;
  };

  it.each([
    ['both', { token: TOKEN, signing: KEY }, BOTH],
    ['the token alone', { token: TOKEN }, { token: TOKEN }],
    ['the signature alone', { signing: KEY }, { signing: SIGNING }],
  ])('is believed with %s', async (_, secrets, sent) => {
    expect(await at({ secrets }, sent)).toBe(202);
    expect(reviewed).toHaveLength(1);
  });

  it.each([
    ['without anything', BOTH, {}],
    ['with the signature and no token', { signing: SIGNING }, {}],
    ['with the token and no signature', { token: TOKEN }, {}],
    ['with another token', { ...BOTH, token: 'another' }, {}],
    ['with the beginning of the token', { ...BOTH, token: TOKEN.slice(0, -1) }, {}],
    ['signed with another key', { ...BOTH, signing: `whsec_${Buffer.from('another key').toString('base64')}` }, {}],
    ['with an empty signature', BOTH, { headers: { 'webhook-signature': '' } }],
    ['with a signature of another version', BOTH, { headers: { 'webhook-signature': 'v2,abc' } }],
    ['without the id', BOTH, { headers: { 'webhook-id': undefined } }],
    ['with another id', BOTH, { headers: { 'webhook-id': 'another' } }],
    ['with another time', BOTH, { headers: { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 9) } }],
    ['with no number for a time', BOTH, { headers: { 'webhook-timestamp': 'NaN' } }],
    ['with another body', BOTH, { text: '{}' }],
  ] as const)('is refused %s', async (what, secrets, change) => {
    expect(await at({}, what === 'without anything' ? {} : secrets, change)).toBe(401);
    expect(reviewed).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^deliveries were refused \{"because":"[a-z, ]+","refused":1\}$/);
  });

  it('may have several signatures, one of which is right', async () => {
    const hook = await hookOf(OPENED);
    const several = `v1,${'A'.repeat(43)}= ${hook.headers['webhook-signature']}`;
    expect((await post(await serve(), hook, { headers: { 'webhook-signature': several } })).status).toBe(202);
  });

  it.each([
    [301, 401],
    [-301, 401],
    [290, 202],
    [-290, 202],
  ])('that was signed %i s ago is answered %i', async (seconds, status) => {
    expect(await at({ now: () => Date.now() + seconds * 1000 }, BOTH)).toBe(status);
  });

  it('that comes again is taken once, whatever its other headers say', async () => {
    const [address, hook] = [await serve(), await hookOf(OPENED)];
    expect((await post(address, hook)).status).toBe(202);
    expect(await post(address, hook, { headers: { 'Idempotency-Key': 'another' } })).toMatchObject({
      status: 202,
      text: 'it came before\n',
    });
    expect(reviewed).toHaveLength(1);
    await post(address, await hookOf(OPENED));
    expect(reviewed).toHaveLength(2);
  });

  it('that comes again is known without a signature, too', async () => {
    const [address, hook] = [await serve({ secrets: { token: TOKEN } }), await hookOf(OPENED, { token: TOKEN })];
    for (const _ of [1, 2]) expect((await post(address, hook)).status).toBe(202);
    expect(reviewed).toHaveLength(1);
  });

  it('that was turned away may come again', async () => {
    const ends: (() => void)[] = [];
    const review = () => new Promise<boolean>((end) => ends.push(() => end(true)));
    const address = await serve({ concurrency: 1, bounds: { waiting: 1 }, review });
    const hooks = await Promise.all([1, 2, 3].map((n) => hookOn(n)));
    for (const hook of hooks.slice(0, 2)) expect((await post(address, hook)).status).toBe(202);
    const full = await post(address, hooks[2]!);
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '60']);
    ends[0]!();
    await expect.poll(() => ends.length).toBe(2);
    expect((await post(address, hooks[2]!)).text).toBe('team/app!3 will be looked at\n');
    ends[1]!();
    await expect.poll(() => ends.length).toBe(3);
    ends[2]!();
  });

  it('tells the log of those that are refused once in a minute, and how many they were', async () => {
    let now = Date.now();
    const address = await serve({ secrets: { token: TOKEN }, now: () => now });
    const wrong = await hookOf(OPENED, { token: 'wrong' });
    for (let n = 0; n < 5; n++) await post(address, wrong);
    now += 60_000;
    await post(address, wrong);
    expect(lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))))).toEqual([
      { because: 'wrong token', refused: 1 },
      { because: 'wrong token', refused: 5 },
    ]);
  });
});

/** The same event of another merge request. */
async function hookOn(iid: number): Promise<Webhook> {
  const { createHmac } = await import('node:crypto');
  const hook = await hookOf(OPENED);
  const text = hook.text.replaceAll('"iid":1', `"iid":${iid}`);
  const { 'webhook-id': id, 'webhook-timestamp': at } = hook.headers;
  const signature = createHmac('sha256', KEY).update(`${id}.${at}.${text}`).digest('base64');
  return { text, headers: { ...hook.headers, 'webhook-signature': `v1,${signature}` } };
}

describe('a request', () => {
  it('goes to /webhook by POST, or to /healthz by GET', async () => {
    const [address, hook] = [await serve(), await hookOf(OPENED)];
    const asked = async (path: string, method: string) => {
      const { status, headers } = await fetch(`${address}${path}`, { method });
      return [status, headers.get('allow')];
    };
    expect(await asked('/healthz', 'GET')).toEqual([200, null]);
    expect(await asked('/healthz', 'HEAD')).toEqual([200, null]);
    expect(await asked('/healthz', 'POST')).toEqual([405, 'GET, HEAD']);
    expect(await asked('/webhook', 'GET')).toEqual([405, 'POST']);
    expect(await asked('/webhook', 'PUT')).toEqual([405, 'POST']);
    expect(await asked('/', 'GET')).toEqual([404, null]);
    for (const path of ['/', '/webhook/', '/webhooks', '/WEBHOOK'])
      expect((await post(address, hook, { path })).status).toBe(404);
    expect((await post(address, hook, { path: '/webhook?from=gitlab' })).status).toBe(202);
  });

  it('of more than a MiB is not read, whether it says so or not', async () => {
    const address = await serve({ secrets: { token: TOKEN } });
    const hook = await hookOf(OPENED, { token: TOKEN });
    const padded = (bytes: number) => hook.text.padEnd(bytes);
    expect((await post(address, hook, { text: padded((1 << 20) + 1) })).status).toBe(413);
    const head = `POST /webhook HTTP/1.1\r\nHost: x\r\nX-Gitlab-Token: ${TOKEN}\r\nContent-Length: 2000000\r\n\r\n`;
    expect(await answered(address, (socket) => void socket.write(head))).toMatch(/^HTTP\/1\.1 413 /);
    expect(await chunked(address, hook, padded((1 << 20) + 1))).toMatch(/^HTTP\/1\.1 413 /);
    expect(reviewed).toEqual([]);
    expect((await post(address, hook, { text: padded(1 << 20) })).status).toBe(202);
  });

  it('of somebody else is refused before its body is read', async () => {
    const address = await serve();
    const head = 'POST /webhook HTTP/1.1\r\nHost: x\r\nX-Gitlab-Token: wrong\r\nContent-Length: 1000000\r\n\r\n';
    expect(await answered(address, (socket) => void socket.write(head))).toMatch(/^HTTP\/1\.1 401 /);
  });

  it.each([
    ['in its head', 'POST /webhook HTTP/1.1\r\nHost: x\r\n'],
    ['in its body', `POST /webhook HTTP/1.1\r\nHost: x\r\nX-Gitlab-Token: ${TOKEN}\r\nContent-Length: 99\r\n\r\n{"a`],
  ])('that stops %s is cut off', async (_, begins) => {
    const address = await serve({ secrets: { token: TOKEN }, bounds: { request: 100 } });
    expect(await answered(address, (socket) => void socket.write(begins), 'close')).toMatch(/^HTTP\/1\.1 408 /);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect(reviewed).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('says what is wrong with an address that is taken', async () => {
    const port = Number(new URL(await serve()).port);
    const first = webhooks;
    await expect(serve({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
      `--host 127.0.0.1 --port ${port}: something listens there already`,
    );
    webhooks = first;
  });
});

/** What comes back over a connection of its own: until it is closed, or the head of an answer. */
async function answered(address: string, say: (socket: ReturnType<typeof connect>) => void, until = 'data') {
  const socket = connect(Number(new URL(address).port), '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  socket.on('data', (chunk) => (text += chunk));
  const over = once(socket, until);
  say(socket);
  await over;
  socket.destroy();
  return text;
}

function chunked(address: string, { headers }: Webhook, body: string): Promise<string> {
  const own = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST /webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n${own.join('')}\r\n`;
  const sent = `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  return answered(address, (socket) => void socket.write(sent));
}

describe('merge requests', () => {
  it('are reviewed once more for all that comes meanwhile', async () => {
    const ends: (() => void)[] = [];
    const review: WebhookOptions['review'] = (at, occasions) => {
      reviewed.push({ place: at, occasions });
      return new Promise((end) => ends.push(() => end(true)));
    };
    const address = await serve({ review });
    for (let n = 0; n < 50; n++) {
      const event = { ...OPENED, action: 'update', oldrev: 'a'.repeat(40) } as const;
      expect((await post(address, await hookOf(n % 2 === 0 ? OPENED : event))).status).toBe(202);
    }
    expect(reviewed).toHaveLength(1);
    ends[0]!();
    await expect.poll(() => reviewed.length).toBe(2);
    ends[1]!();
    expect(await webhooks!.end(60_000, new AbortController().signal)).toEqual([]);
    expect(reviewed).toHaveLength(2);
  });

  it('are looked at with every thread that was answered in meanwhile, each once', async () => {
    const ends: (() => void)[] = [];
    const review: WebhookOptions['review'] = (at, occasions) => {
      reviewed.push({ place: at, occasions });
      return new Promise((end) => ends.push(() => end(true)));
    };
    const address = await serve({ review });
    await post(address, await hookOf(OPENED));
    const threads: string[] = [];
    for (const line of [3, 6]) {
      const { id } = (await place.thread({ new_line: line })).body;
      threads.push(id);
      for (const body of ['Yes', 'No']) {
        const reply = await place.ann('POST', `${place.one}/discussions/${id}/notes`, { body });
        await post(address, await hookOf({ kind: 'note', project, iid: 1, note: reply.body.id }));
      }
    }
    ends[0]!();
    await expect.poll(() => reviewed.length).toBe(2);
    expect(reviewed[1]!.occasions.map(({ thread }) => thread)).toEqual(threads);
    ends[1]!();
  });

  it('are reviewed so often in ten minutes, and the log says so', async () => {
    const address = await serve({ limit: 2 });
    for (let n = 0; n < 4; n++) await post(address, await hookOf(OPENED));
    expect(reviewed).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('reviewed often enough for now'))).toEqual([
      expect.stringContaining(
        `"mergeRequest":"${place.gitlab.url}/team/app/-/merge_requests/1","limit":2,"seconds":600`,
      ),
    ]);
    await post(address, await hookOn(2));
    expect(reviewed).toHaveLength(3);
    const left = await webhooks!.end(60_000, new AbortController().signal);
    expect(left).toEqual([`${place.gitlab.url}/team/app/-/merge_requests/1`]);
  });

  it('go on where a review failed', async () => {
    const review = () => Promise.reject(new Error('broken'));
    const address = await serve({ review });
    for (let n = 1; n < 3; n++) await post(address, await hookOn(n));
    expect(await webhooks!.end(60_000, new AbortController().signal)).toEqual([]);
    expect(lines.filter((line) => line.startsWith('a review failed'))).toHaveLength(2);
  });
});

describe('the end', () => {
  it('is seen to by what was taken, and nothing new is', async () => {
    const ends: (() => void)[] = [];
    const review = () => new Promise<boolean>((end) => ends.push(() => end(true)));
    const address = await serve({ concurrency: 1, review });
    for (let n = 1; n < 3; n++) await post(address, await hookOn(n));
    let left: readonly string[] | undefined;
    const ending = webhooks!.end(60_000, new AbortController().signal).then((paths) => (left = paths));
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
    ends[0]!();
    await expect.poll(() => ends.length).toBe(2);
    expect(left).toBeUndefined();
    ends[1]!();
    expect(await ending).toEqual([]);
  });

  it.each(['late', 'at once'])('does not wait longer than it may: %s', async (how) => {
    const address = await serve({ concurrency: 1, review: () => new Promise(() => {}) });
    for (let n = 1; n < 3; n++) await post(address, await hookOn(n));
    const signal = how === 'late' ? new AbortController().signal : AbortSignal.abort();
    const paths = [1, 2].map((n) => `${place.gitlab.url}/team/app/-/merge_requests/${n}`);
    expect(await webhooks!.end(how === 'late' ? 1 : 60_000, signal)).toEqual(paths);
  });
});
