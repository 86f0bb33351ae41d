import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { FLEET_DEFAULTS, type FleetConfig, fleetConfigSchema, NOTIFY_ON } from '../config.ts';
import { SILENT } from '../log.ts';
import { notifier, withNotifier } from './index.ts';
import { type News, newsOf } from './news.ts';
import { fill, templateProblem } from './template.ts';
import type { NotifierOptions } from './web-hook.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Got {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A receiver that answers as it is told, in order, and 200 afterwards. */
async function receiver(...answers: ((response: ServerResponse) => void)[]) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    got.push({ method: request.method!, path: request.url!, headers: request.headers, text });
    const answer = answers.shift() ?? status(200);
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret-agcanary` };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end('x'.repeat(200_000));

async function opened(
  settings: Partial<FleetConfig['notify']>,
  options: NotifierOptions = {},
  env: NodeJS.ProcessEnv = {},
) {
  const warnings: (Readonly<Record<string, unknown>> & { readonly said: string })[] = [];
  const log = { ...SILENT, warn: (fields: object, said: string) => void warnings.push({ ...fields, said }) };
  const config = { ...FLEET_DEFAULTS.notify, on: [...NOTIFY_ON], ...settings };
  const timing = { pause: 1, ...options.timing };
  return { ...(await notifier(config, env, log, { ...options, timing })), warnings };
}

const CREATED: News = {
  kind: 'created',
  project: 'shop/cart',
  url: 'https://gitlab.example.com/shop/cart/-/merge_requests/7',
  owner: 'team-cart',
  sweep: 12,
};

describe('notifier', () => {
  it('posts our own body, with the secret of the variable', async () => {
    const { got, url } = await receiver();
    const { tell, flush, warnings } = await opened(
      { url, tokenEnv: 'HOOK_TOKEN' },
      {},
      { HOOK_TOKEN: 's3cr3t-agcanary\n' },
    );
    tell(CREATED);
    tell({ kind: 'halted', project: '', message: '4 of 10 were closed' });
    await flush();
    expect(
      got.map(({ method, path, headers }) => [method, path, headers['content-type'], headers['x-agentsmd-token']]),
    ).toEqual(Array(2).fill(['POST', '/hook/s3cret-agcanary', 'application/json', 's3cr3t-agcanary']));
    expect(got.map(({ text }) => JSON.parse(text))).toEqual([
      {
        schema: 'agentsmd/notify/1',
        kind: 'created',
        text: `shop/cart: merge request opened: ${CREATED.url}`,
        project: 'shop/cart',
        reason: null,
        message: null,
        url: CREATED.url,
        owner: 'team-cart',
        sweep: 12,
      },
      expect.objectContaining({
        project: null,
        url: null,
        sweep: null,
        text: 'the rollout was halted (4 of 10 were closed)',
      }),
    ]);
    expect(warnings).toEqual([]);
  });

  it('fills a template in within its texts only', async () => {
    const { got, url } = await receiver();
    const template =
      '{"text": "{{kind}} of {{ project }}: {{message}}", "n": 1, "to": [["{{owner}}"]], "{{url}}": null, "s": "{{sweep}}{{reason}}"}';
    const { tell, flush } = await opened({ url, template });
    tell({ ...CREATED, project: '{{url}}', message: '", "admin": true, "x": "\\' });
    await flush();
    expect(JSON.parse(got[0]!.text)).toEqual({
      text: 'created of {{url}}: ", "admin": true, "x": "\\',
      n: 1,
      to: [['team-cart']],
      '{{url}}': null,
      s: '12',
    });
  });

  it('sends no text of a repository that would do something where it is shown', async () => {
    const { got, url } = await receiver();
    const { tell, flush } = await opened({ url });
    const evil =
      '@channel <!here> <@U123> [x](https://evil.example/a) https://evil.example\n/close\r\n\u001b[2J\u202e# !12 glpat-aaaaaaaaaaaaaaaaaaaa';
    tell({
      kind: 'failed',
      project: evil,
      reason: evil,
      message: evil.repeat(50),
      owner: evil,
      url: `javascript:${evil}`,
    });
    await flush();
    const body = JSON.parse(got[0]!.text) as Record<string, string>;
    for (const field of ['project', 'reason', 'message', 'owner', 'url', 'text']) {
      expect(body[field], field).not.toMatch(/[\p{Cc}\p{Cf}]|@\w|<!\w|:\/\/|!\d|a{20}|^\//u);
      expect(body[field]!.length, field).toBeLessThan(2500);
    }
    expect(body.message!.length).toBeLessThanOrEqual(1000);
  });

  it.each([
    [
      'https://gitlab.example.com/a(b)|c>/-/merge_requests/1',
      'https://gitlab.example.com/a%28b%29%7Cc%3E/-/merge_requests/1',
    ],
    ['https://x@gitlab.example.com/', expect.not.stringContaining('://')],
    ['https://:y@gitlab.example.com/', expect.not.stringContaining('://')],
    ['/srv/repos/shop/cart.git', '/srv/repos/shop/cart.git'],
  ])('sends the address %s as %s', async (address, expected) => {
    const { got, url } = await receiver();
    const { tell, flush } = await opened({ url });
    tell({ ...CREATED, url: address });
    await flush();
    expect((JSON.parse(got[0]!.text) as { url: string }).url.replace(/^'/, '')).toEqual(expected);
  });

  it('tells only what is asked for, and nobody by default', async () => {
    const { got, url } = await receiver();
    const some = await opened({ url, on: ['halted'] });
    for (const kind of NOTIFY_ON) some.tell({ ...CREATED, kind });
    await some.flush();
    expect(got).toHaveLength(1);
    const off = await notifier(FLEET_DEFAULTS.notify, {}, SILENT);
    off.tell(CREATED);
    await off.flush();
  });

  it('follows no redirect and tries only twice what may go the second time', async () => {
    const { got, url } = await receiver(
      status(302, { location: '/elsewhere' }),
      status(404),
      status(500),
      status(200),
      status(429),
      (response) => void response.destroy(),
      status(204),
    );
    const { tell, flush, warnings } = await opened({ url });
    for (const project of ['a', 'b', 'c', 'd', 'e']) {
      tell({ ...CREATED, project });
      await flush();
    }
    expect(got.map(({ text }) => (JSON.parse(text) as { project: string }).project)).toEqual([
      'a',
      'b',
      'c',
      'c',
      'd',
      'd',
      'e',
    ]);
    expect(got.every(({ path }) => path === '/hook/s3cret-agcanary')).toBe(true);
    expect(warnings.map(({ project, failure }) => [project, failure])).toEqual([
      ['a', 'answered 302: redirects are not followed'],
      ['b', 'answered 404'],
      ['d', expect.stringMatching(/closed|SOCKET|RESET/i)],
    ]);
    expect(JSON.stringify(warnings)).not.toContain('s3cret');
  });

  it('gives up on who does not answer, and leaves a dead one alone for a minute', async () => {
    const clock = { ms: 0 };
    const silent = (): void => {};
    const { got, url } = await receiver(...Array(6).fill(silent));
    const { tell, flush, warnings } = await opened({ url }, { now: () => clock.ms, timing: { try: 50 } });
    for (let at = 0; at < 10; at++) tell(CREATED);
    await flush();
    tell(CREATED);
    await flush();
    expect(got).toHaveLength(6);
    expect(warnings.map(({ failure, dropped }) => failure ?? dropped)).toEqual([
      ...Array(3).fill('no answer in 0.05 s'),
      7,
      1,
    ]);
    clock.ms += 60_000;
    tell(CREATED);
    await flush();
    expect(got).toHaveLength(7);
    expect(JSON.parse(got[6]!.text)).toMatchObject({ dropped: 8 });
  });

  it('does not wait for ever at the end', async () => {
    const answering = { now: false };
    const answer = (response: ServerResponse) => void (answering.now && response.end());
    const { got, url } = await receiver(...Array(9).fill(answer));
    const { tell, flush, warnings } = await opened({ url }, { timing: { flush: 100, try: 600_000 } });
    for (let at = 0; at < 3; at++) tell(CREATED);
    await flush();
    expect(got).toHaveLength(1);
    expect(warnings.at(-1)).toMatchObject({ dropped: 2 });
    answering.now = true;
    tell(CREATED);
    await flush();
    expect(got).toHaveLength(2);
    expect(warnings.at(-1)).toMatchObject({ dropped: 2 });
  });

  it('tells at most so many a minute, and how many were left out', async () => {
    const clock = { ms: 0 };
    const { got, url } = await receiver();
    const { tell, flush, warnings } = await opened({ url }, { now: () => clock.ms, perMinute: 3 });
    for (let at = 0; at < 1000; at++) tell(CREATED);
    await flush();
    clock.ms = 59_999;
    tell(CREATED);
    clock.ms = 60_000;
    tell(CREATED);
    await flush();
    await flush();
    expect(got.map(({ text }) => (JSON.parse(text) as { dropped?: number }).dropped)).toEqual([
      undefined,
      997,
      undefined,
      1,
    ]);
    expect(warnings.map(({ dropped }) => dropped)).toEqual([997, 1]);
  });

  it.each<[string, Partial<FleetConfig['notify']>, string]>([
    ['no address', { url: 'chat.example.com' }, 'fleet.notify.url: not a web address'],
    ['another scheme', { url: 'ftp://chat.example.com' }, 'fleet.notify.url: not a web address'],
    ['a user in it', { url: 'https://a:b@chat.example.com' }, 'fleet.notify.url: no user in it'],
    [
      'a variable that is not set',
      { tokenEnv: 'NOT_SET' },
      'fleet.notify.tokenEnv: the environment variable NOT_SET is not set',
    ],
    ['a variable with a line end', { tokenEnv: 'TWO_LINES' }, 'TWO_LINES holds characters'],
    ['no JSON', { template: '{"a":}' }, 'fleet.notify.template: no JSON: Unexpected token'],
  ])('refuses %s', async (_, settings, message) => {
    const refused = opened({ url: 'https://chat.example.com/', ...settings }, {}, { TWO_LINES: 'a\nb' });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(message), exitCode: 2 });
  });
});

describe('fleet.notify.template', () => {
  it.each([
    ['', undefined],
    ['{"text": "{{project}}"}', undefined],
    ['{"n": {{sweep}}}', 'no JSON: {{…}} stands for text, so put quotes around it'],
    ['{"a": 1,}', expect.stringMatching(/^no JSON: .*line 1 column 9/)],
    ['{\n  "a": tru\n}', expect.stringMatching(/^no JSON: [^\n]*$/)],
    ['{"a": "{{projct}}"}', 'there is no {{projct}}; known: project, kind, reason, message, url, owner, sweep'],
  ])('%s: %s', (template, problem) => expect(templateProblem(template)).toEqual(problem));

  it('is looked at with the rest of the configuration', () => {
    const read = fleetConfigSchema(z).safeParse({ notify: { template: '{{project}}' } });
    expect(read.error?.issues).toMatchObject([
      { path: ['notify', 'template'], message: expect.stringContaining('quotes') },
    ]);
    expect(fleetConfigSchema(z).parse({}).notify).toEqual(FLEET_DEFAULTS.notify);
  });

  it('never looks at what was put in', () => {
    const values = { project: '{{url}}', kind: '', reason: '', message: '', url: 'secret', owner: '', sweep: '' };
    expect(fill(['{{project}}{{project}}', { '{{kind}}': true }], values)).toEqual([
      '{{url}}{{url}}',
      { '{{kind}}': true },
    ]);
  });
});

describe('newsOf', () => {
  const event = { type: 'repository', path: 'shop/cart', instance: 'https://gitlab.example.com', ms: 1 } as const;
  const mergeRequest = { iid: 7, url: CREATED.url! };

  it.each([
    ['refreshed', undefined, mergeRequest, 'updated'],
    ['skipped', 'pointless', mergeRequest, 'closed'],
    ['failed', 'timeout', undefined, 'failed'],
    ['failed', 'push-rule', undefined, 'refused'],
    ['skipped', 'limit-open', undefined, undefined],
    ['unchanged', undefined, mergeRequest, undefined],
  ] as const)('%s (%s) with %j is %s', (outcome, reason, mr, kind) => {
    const about = { ...(reason ? { reason } : {}), ...(mr ? { mergeRequest: mr } : {}), owner: 'team-cart', sweep: 3 };
    const news = newsOf({ ...event, outcome, ...about });
    expect(news?.kind).toBe(kind);
    if (news) expect(news).toMatchObject({ project: 'shop/cart', owner: 'team-cart', sweep: 3, url: mr?.url });
  });

  it.each(['generated', 'refreshed'] as const)('of a merge request that was opened, %s, is created', (outcome) => {
    expect(newsOf({ ...event, outcome, opened: true, mergeRequest })?.kind).toBe('created');
  });

  it('of a halt is news, and of other warnings is none', () => {
    const warning = { type: 'warning', message: 'the rollout is halted' } as const;
    expect(newsOf({ ...warning, halted: true })).toEqual({ kind: 'halted', project: '', message: warning.message });
    expect(newsOf(warning)).toBeUndefined();
    expect(newsOf({ type: 'begun', path: 'shop/cart' })).toBeUndefined();
  });
});

describe('withNotifier', () => {
  const created = {
    type: 'repository',
    path: 'shop/cart',
    instance: '',
    outcome: 'generated',
    opened: true,
    ms: 1,
  } as const;

  it('tells what the work brought about, and waits for it at the end, however that comes', async () => {
    const { got, url } = await receiver();
    const config = { ...FLEET_DEFAULTS.notify, url };
    await expect(
      withNotifier({ config, env: {}, log: SILENT }, async (tell) => {
        tell(created);
        tell({ type: 'begun', path: 'shop/cart' });
        throw new Error('the work failed');
      }),
    ).rejects.toThrow('the work failed');
    expect(got.map(({ text }) => (JSON.parse(text) as { project: string }).project)).toEqual(['shop/cart']);
  });

  it('begins no work with settings that cannot work', async () => {
    const config = { ...FLEET_DEFAULTS.notify, url: 'nowhere' };
    const use = vi.fn();
    await expect(withNotifier({ config, env: {}, log: SILENT }, use)).rejects.toThrow('fleet.notify.url');
    expect(use).not.toHaveBeenCalled();
  });
});
