import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModelsSettings, SETTINGS_DEFAULTS } from '../config.ts';
import { openWire, type Wire } from '../wire.ts';
import { openRemote } from './copy.ts';
import { readDocument } from './document.ts';

const model = (family: string) =>
  ({ context: 100_000, output: 4096, family, structured: 'auto', tools: true }) as const;
const provider = {
  ...{
    baseUrl: 'http://127.0.0.1:1/v1',
    keyEnv: '',
    headers: {},
    concurrency: 8,
    zeroRetention: true,
    prefixCache: true,
  },
  ...{ classes: ['internal'], enabled: true },
};
const SETTINGS: ModelsSettings = {
  ...SETTINGS_DEFAULTS,
  providers: {
    a: { ...provider, models: { 'large-2': model('large'), 'large-1': model('large'), small: model('small') } },
    b: { ...provider, models: { other: model('other') } },
  },
  tiers: { top: 'a/large-2', standard: 'a/large-2', light: 'a/small' },
};

describe('a document', () => {
  const read = (document: object | string) =>
    readDocument(typeof document === 'string' ? document : JSON.stringify(document), SETTINGS);

  it('may switch providers off, and choose models and chains', () => {
    const document = {
      tiers: { light: 'b/other' },
      agents: { security: { model: 'a/large-1' }, release: { tier: 'top' } },
      providers: { b: { enabled: false } },
      failback: { 'a/large-2': ['a/large-1'] },
      health: { 'a/large-2': { openUntil: 5 }, 'elsewhere/x': { openUntil: 7 } },
    };
    expect(read(document)).toEqual(document);
    expect(read({})).toEqual({});
  });

  it.each([
    ['{', /^no JSON: /],
    [[], /expected object/],
    [{ tier: {} }, /Unrecognized key: "tier"/],
    [{ tiers: { top: 'a/large-3' } }, /^tiers\.top: unknown model "a\/large-3"; known: a\/large-2, /],
    [{ agents: { security: { model: 'c/x' } } }, /^agents\.security\.model: unknown model "c\/x"/],
    [{ providers: { c: { enabled: false } } }, /^providers\.c: unknown provider; known: a, b$/],
    [{ providers: { a: { enabled: 'no' } } }, /^providers\.a\.enabled: /],
    [{ failback: { 'a/large-2': ['b/other'] } }, /family "other"/],
    [{ health: { 'a/large-2': { openUntil: 'soon' } } }, /^health\.a\/large-2\.openUntil: /],
  ])('is refused as a whole: %j', (document, message) => {
    expect(read(document)).toEqual({ refused: expect.stringMatching(message) });
  });
});

describe('a copy', () => {
  let server: Server;
  let url: string;
  let wire: Wire;
  let time: number;
  const asked: IncomingMessage[] = [];
  const problems: string[] = [];
  let answer: { status: number; body?: string; etag?: string } | 'hang';

  beforeEach(async () => {
    asked.splice(0);
    problems.splice(0);
    time = 0;
    answer = { status: 200, body: '{}' };
    server = createServer((request, response) => {
      asked.push(request);
      if (answer === 'hang') return;
      const { status, body = '', etag } = answer;
      const isKnown = etag !== undefined && request.headers['if-none-match'] === etag;
      response.writeHead(isKnown ? 304 : status, etag === undefined ? {} : { etag });
      response.end(isKnown ? '' : body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models.json`;
    wire = openWire({});
  });
  afterEach(async () => {
    await wire.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (remote: Partial<ModelsSettings['remote']> = {}, env: NodeJS.ProcessEnv = {}) =>
    openRemote(
      { ...SETTINGS, remote: { url, tokenEnv: '', ...remote } },
      { env, wire, now: () => time, onProblem: (message) => problems.push(message) },
    );
  const OFF = '{"providers":{"b":{"enabled":false}}}';

  it('is none where there is no address', async () => {
    expect(await open({ url: '' }).overrides()).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('is asked for once by many, and again when it is no longer fresh', async () => {
    const remote = open();
    await Promise.all(Array.from({ length: 50 }, () => remote.overrides()));
    time = 2000;
    expect(await remote.overrides()).toEqual({});
    expect(asked).toHaveLength(1);
    answer = { status: 200, body: OFF };
    time = 2001;
    expect(await remote.overrides()).toEqual({ providers: { b: { enabled: false } } });
    expect(asked).toHaveLength(2);
  });

  it('is asked for by its ETag, and with the token', async () => {
    answer = { status: 200, body: OFF, etag: '"1"' };
    const remote = open({ tokenEnv: 'REMOTE_TOKEN' }, { REMOTE_TOKEN: 'secret' });
    await remote.overrides();
    time = 3000;
    expect(await remote.overrides()).toEqual({ providers: { b: { enabled: false } } });
    expect(asked.map(({ headers }) => [headers['if-none-match'], headers.authorization])).toEqual([
      [undefined, 'Bearer secret'],
      ['"1"', 'Bearer secret'],
    ]);
  });

  it.each([
    [{ status: 500 }, 'its address answered 500'],
    [{ status: 304 }, 'its address answered 304'],
    [{ status: 302 }, 'its address answered 302'],
    [{ status: 200, body: '{"tiers":{"top":"x/y"}}' }, 'refused, tiers.top: unknown model "x/y"'],
    [{ status: 200, body: `"${'x'.repeat(1 << 20)}"` }, 'larger than 1048576 bytes'],
  ])('stays as it was where it cannot be taken, which is told once: %j', async (bad, message) => {
    answer = { status: 200, body: OFF };
    const remote = open();
    await remote.overrides();
    answer = bad;
    for (time = 3000; time < 12_000; time += 3000) {
      await remote.overrides();
      await expect.poll(() => asked.length).toBe(1 + time / 3000);
    }
    await expect.poll(() => problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).toMatch(/^models\.remote\.url: .*; what it said before holds$/s);
    expect(await remote.overrides()).toEqual({ providers: { b: { enabled: false } } });
  });

  it('names why nobody answers', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await open().overrides()).toBeUndefined();
    const port = new URL(url).port;
    expect(problems).toEqual([`models.remote.url: ECONNREFUSED 127.0.0.1:${port}; the configuration holds without it`]);
  });

  it('comes back by itself', async () => {
    answer = { status: 503 };
    const remote = open();
    expect(await remote.overrides()).toBeUndefined();
    expect(problems).toEqual(['models.remote.url: its address answered 503; the configuration holds without it']);
    answer = { status: 200, body: OFF };
    time = 3000;
    await expect.poll(() => remote.overrides()).toEqual({ providers: { b: { enabled: false } } });
  });

  it.each([
    { status: 503 },
    { status: 200, body: '{' },
  ])('is waited for by who comes long after %j, which may be over since', async (bad) => {
    const remote = open();
    await remote.overrides();
    answer = bad;
    time = 3000;
    expect(await remote.overrides()).toEqual({});
    answer = { status: 200, body: OFF };
    time = 8000;
    expect(await remote.overrides()).toEqual({ providers: { b: { enabled: false } } });
  });

  it('is the same one as long as its text is, without ETags too: health is taken over once', async () => {
    answer = { status: 200, body: '{"health":{"a/small":{"openUntil":5}}}' };
    const remote = open();
    const first = await remote.overrides();
    time = 3000;
    expect(await remote.overrides()).toBe(first);
    expect(asked).toHaveLength(2);
    answer = { status: 200, body: '{"health":{"a/small":{"openUntil":6}}}' };
    time = 6000;
    expect(await remote.overrides()).toEqual({ health: { 'a/small': { openUntil: 6 } } });
  });

  it('is not waited for for long, and where it hangs by nobody after the first', async () => {
    answer = 'hang';
    const remote = open();
    expect(await remote.overrides()).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining('does not answer within 1500 ms')]);
    time = 3000;
    const begun = asked.length;
    await Promise.all(Array.from({ length: 20 }, () => remote.overrides()));
    await expect.poll(() => asked.length).toBe(begun + 1);
  });

  it('says which token is missing', async () => {
    await open({ tokenEnv: 'REMOTE_TOKEN' }).overrides();
    expect(problems).toEqual([
      expect.stringContaining('the environment variable REMOTE_TOKEN with its token is not set'),
    ]);
    expect(asked).toEqual([]);
  });
});
