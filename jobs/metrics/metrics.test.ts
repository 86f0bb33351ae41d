import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Engine } from '../engine.ts';
import { SILENT } from '../log.ts';
import type { Tables } from '../store/tables.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { memoryState } from '../testing/state.ts';
import { Gauges } from './gauges.ts';
import { withMetrics } from './index.ts';
import { readListen } from './listen.ts';
import { type MetricsOptions, type OpenMetrics, openMetrics } from './open.ts';

let db: Kysely<Tables>;
const closing: (() => Promise<unknown>)[] = [];
const asked = { counts: 0 };
const queue = {
  counts: async () => {
    asked.counts++;
    return { ready: 12, waiting: 3, active: 4 };
  },
} as unknown as Engine['queue'];

beforeAll(async () => {
  db = await memoryState();
  const seen = { instance: 'https://gitlab.example.com', first_seen: new Date(), last_seen: new Date() };
  await db
    .insertInto('repository')
    .values(
      Array.from({ length: 5 }, (_, at) => ({
        ...seen,
        key: `https://gitlab.example.com#${at}`,
        project: String(at),
        path: `shop/secret-${at}`,
        url: '',
        dead_since: at < 2 ? new Date() : null,
      })),
    )
    .execute();
  await db
    .insertInto('merge_request')
    .values(
      (['opened', 'opened', 'opened', 'merged'] as const).map((state, iid) => ({
        key: 'https://gitlab.example.com#1',
        iid,
        url: '',
        state,
        source: 'agentsmd/refresh',
        opened_at: new Date(),
        purpose: 'agents-md',
      })),
    )
    .execute();
});
afterAll(() => db.destroy());
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

const done = (outcome: 'generated' | 'failed', ms: number, reason?: string): SweepEvent => ({
  type: 'repository',
  path: 'shop/secret-1',
  instance: 'https://gitlab.example.com',
  outcome,
  ms,
  ...(reason === undefined ? {} : { reason }),
});

async function opened(options: Partial<MetricsOptions> = {}): Promise<OpenMetrics & { scrape(): Promise<string> }> {
  const metrics = await openMetrics({
    listen: { host: '127.0.0.1', port: 0 },
    otlp: false,
    env: {},
    onProblem: () => {},
    ...options,
  });
  closing.push(() => metrics.close());
  return { ...metrics, scrape: async () => await (await fetch(metrics.address!)).text() };
}

/** Each line of the text format, by its name and labels. */
const samples = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), line.slice(line.lastIndexOf(' ') + 1)]),
  );

describe('metrics for Prometheus', () => {
  it('count repositories, requests and durations', async () => {
    const { onEvent, onRequest, onSweep, scrape } = await opened();
    for (const ms of [120, 700, 40_000]) onEvent(done('generated', ms));
    onEvent(done('failed', 3000, 'push-rule'));
    onEvent({ type: 'progress', done: 1, total: 2, failed: 0, current: [] });
    for (const status of [200, 201, 304, 429, 503, undefined]) onRequest('https://gitlab.example.com', status);
    onRequest('/srv/repos', 200);
    onSweep({ ms: 90_000 });
    const text = await scrape();
    expect(text).toContain('# TYPE agentsmd_repositories_total counter');
    expect(text).toContain('# TYPE agentsmd_repository_duration_seconds histogram');
    expect(samples(text)).toMatchObject({
      'agentsmd_repositories_total{outcome="generated",reason=""}': '3',
      'agentsmd_repositories_total{outcome="failed",reason="push-rule"}': '1',
      'agentsmd_requests_total{instance="gitlab.example.com",status="2xx"}': '2',
      'agentsmd_requests_total{instance="gitlab.example.com",status="3xx"}': '1',
      'agentsmd_requests_total{instance="gitlab.example.com",status="4xx"}': '1',
      'agentsmd_requests_total{instance="gitlab.example.com",status="5xx"}': '1',
      'agentsmd_requests_total{instance="gitlab.example.com",status="none"}': '1',
      'agentsmd_requests_total{instance="folder",status="2xx"}': '1',
      'agentsmd_repository_duration_seconds_count{outcome="generated"}': '3',
      'agentsmd_repository_duration_seconds_sum{outcome="generated"}': '40.82',
      'agentsmd_repository_duration_seconds_bucket{outcome="generated",le="1"}': '2',
      'agentsmd_repository_duration_seconds_bucket{outcome="generated",le="+Inf"}': '3',
      agentsmd_sweep_duration_seconds_count: '1',
      agentsmd_sweep_duration_seconds_sum: '90',
    });
  });

  it('read gauges from the database, at most every few seconds', async () => {
    const clock = { ms: 1000 };
    const { observe, scrape } = await opened({ now: () => clock.ms });
    expect(samples(await scrape())).toEqual({});
    observe({ db, queue });
    asked.counts = 0;
    const texts = await Promise.all([scrape(), scrape(), scrape()]);
    for (const text of texts)
      expect(samples(text)).toMatchObject({
        'agentsmd_queue_depth{state="ready"}': '12',
        'agentsmd_queue_depth{state="waiting"}': '3',
        'agentsmd_queue_depth{state="active"}': '4',
        agentsmd_open_merge_requests: '3',
        agentsmd_dead_repositories: '2',
      });
    clock.ms += 4000;
    await scrape();
    expect(asked.counts).toBe(1);
    clock.ms += 1000;
    await scrape();
    expect(asked.counts).toBe(2);
  });

  it('never fail for a store that fails', async () => {
    const { observe, scrape, onSweep } = await opened();
    observe({ db, queue: { counts: () => Promise.reject(new Error('gone')) } as unknown as Engine['queue'] });
    onSweep({ ms: 1000 });
    const found = samples(await scrape());
    expect(Object.keys(found).filter((name) => name.startsWith('agentsmd_queue'))).toEqual([]);
    expect(found.agentsmd_sweep_duration_seconds_count).toBe('1');
  });

  it('ask once for all who ask at the same time, and never reject', async () => {
    const gauges = new Gauges(() => 0);
    gauges.observe({ db, queue });
    asked.counts = 0;
    await Promise.all([gauges.read(), gauges.read(), gauges.read()]);
    expect(asked.counts).toBe(1);
    const broken = new Gauges(() => 0);
    broken.observe({ db, queue: { counts: () => Promise.reject(new Error('gone')) } as unknown as Engine['queue'] });
    expect(await broken.read()).toBeUndefined();
    await broken.settle();
  });

  it('do not wait for a store that hangs, and tell what was read before', async () => {
    const clock = { ms: 0 };
    const answers = [Promise.resolve({ ready: 1, waiting: 0, active: 0 }), new Promise<never>(() => {})];
    const gauges = new Gauges(() => clock.ms, 20);
    gauges.observe({ db, queue: { counts: () => answers.shift() } as unknown as Engine['queue'] });
    while ((await gauges.read()) === undefined);
    clock.ms += 60_000;
    expect(await gauges.read()).toMatchObject({ queue: { ready: 1 } });
    expect(answers).toEqual([]);
    await gauges.settle();
  });

  it('hold no names, whatever a reason says, and no endless number of series', async () => {
    const { onEvent, scrape } = await opened();
    for (const reason of ['shop/secret-1', 'x"} 1\nforged 1', 'Ä', 'a'.repeat(41)]) onEvent(done('failed', 1, reason));
    for (let at = 0; at < 300; at++)
      onEvent(done('failed', 1, `r${String.fromCharCode(97 + (at % 26))}-${'x'.repeat(1 + Math.floor(at / 26))}`));
    const text = await scrape();
    expect(text).not.toMatch(/secret|forged|^# HELP.*description missing/m);
    const series = Object.keys(samples(text)).filter((name) => name.startsWith('agentsmd_repositories_total'));
    expect(series).toHaveLength(101);
    expect(samples(text)['agentsmd_repositories_total{outcome="failed",reason="other"}']).toBe('204');
  });

  it('answer nothing but GET /metrics', async () => {
    const { address } = await opened();
    expect((await fetch(address!, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', address))).status).toBe(404);
    expect((await fetch(`${address}?x=1`)).status).toBe(200);
  });

  it('say what is wrong with an address that is taken', async () => {
    const { address } = await opened();
    const port = Number(new URL(address!).port);
    await expect(opened({ listen: { host: '127.0.0.1', port } })).rejects.toThrow(
      `--metrics 127.0.0.1:${port}: something listens there already`,
    );
  });

  it('stop at once, whoever still holds a connection', async () => {
    const metrics = await openMetrics({
      listen: { host: '127.0.0.1', port: 0 },
      otlp: false,
      env: {},
      onProblem: () => {},
    });
    const socket = connect(Number(new URL(metrics.address!).port), '127.0.0.1');
    await once(socket, 'connect');
    const ended = once(socket, 'close');
    await metrics.close();
    await ended;
    await expect(fetch(metrics.address!)).rejects.toThrow();
  });
});

describe('metrics over OTLP', () => {
  async function collector(status = 200) {
    const got: { path: string; headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      got.push({ path: request.url!, headers: request.headers, body });
      response.writeHead(status).end('{}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
    });
    return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  }

  it('are sent to where the variables say, at the end at the latest', async () => {
    const { got, url } = await collector();
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', url);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'x-team=platform');
    vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment=test%20bed,broken');
    await withMetrics({ env: process.env, log: SILENT, engine: { db, queue } }, async ({ onEvent, address }) => {
      expect(address).toBeUndefined();
      onEvent(done('generated', 120));
    });
    expect(got.map(({ path }) => path)).toEqual(['/v1/metrics']);
    expect(got[0]!.headers['x-team']).toBe('platform');
    const { resourceMetrics } = JSON.parse(got[0]!.body) as {
      resourceMetrics: {
        resource: { attributes: { key: string; value: { stringValue: string } }[] };
        scopeMetrics: { metrics: { name: string }[] }[];
      }[];
    };
    const attributes = Object.fromEntries(
      resourceMetrics[0]!.resource.attributes.map(({ key, value }) => [key, value.stringValue]),
    );
    expect(attributes).toMatchObject({ 'service.name': 'agentsmd', 'deployment.environment': 'test bed' });
    expect(resourceMetrics[0]!.scopeMetrics[0]!.metrics.map(({ name }) => name)).toEqual([
      'agentsmd_repositories_total',
      'agentsmd_repository_duration_seconds',
      'agentsmd_queue_depth',
      'agentsmd_open_merge_requests',
      'agentsmd_dead_repositories',
    ]);
    expect(got[0]!.body).not.toContain('secret');
  });

  it('that nobody takes are a warning and stop nothing', async () => {
    const { got, url } = await collector(400);
    vi.stubEnv('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', `${url}/v1/metrics`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc');
    const warnings: string[] = [];
    const log = { ...SILENT, warn: (_: unknown, message: string) => void warnings.push(message) };
    vi.stubEnv('OTEL_METRIC_EXPORT_INTERVAL', '20');
    const value = await withMetrics({ env: process.env, log, engine: { db, queue } }, async ({ onSweep }) => {
      onSweep({ ms: 5 });
      await vi.waitFor(() => expect(got.length).toBeGreaterThan(2), { timeout: 20_000 });
      return 'done';
    });
    expect(value).toBe('done');
    expect(warnings).toEqual([
      expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL grpc'),
      expect.stringContaining('metrics could not be sent'),
    ]);
  });
});

describe('withMetrics', () => {
  it('loads nothing where nobody asked', () => {
    const code = `import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { withMetrics } = await import(${JSON.stringify(join(import.meta.dirname, 'index.ts'))});
      for (const env of [{}, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_SDK_DISABLED: 'true' }, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_METRICS_EXPORTER: 'none' }])
        await withMetrics({ env }, async ({ onSweep }) => onSweep({ ms: 1 }));
      console.log(loaded.filter((url) => url.includes('opentelemetry')).length);`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect([ran.stderr, ran.stdout]).toEqual(['', '0\n']);
  });

  it('serves while the work goes on, and not afterwards', async () => {
    let address = '';
    await expect(
      withMetrics({ listen: '127.0.0.1:0', env: {}, log: SILENT, engine: { db, queue } }, async (metrics) => {
        address = metrics.address!;
        expect(await (await fetch(address)).text()).toContain('agentsmd_queue_depth{state="ready"} 12');
        throw new Error('the work failed');
      }),
    ).rejects.toThrow('the work failed');
    await expect(fetch(address)).rejects.toThrow();
  });
});

describe('--metrics', () => {
  it.each([
    ['9464', { host: '127.0.0.1', port: 9464 }],
    [':9464', { host: '127.0.0.1', port: 9464 }],
    ['0.0.0.0:9464', { host: '0.0.0.0', port: 9464 }],
    ['metrics.example.com:1', { host: 'metrics.example.com', port: 1 }],
    ['[::1]:9464', { host: '::1', port: 9464 }],
  ])('%s is %j', (text, expected) => expect(readListen(text)).toEqual(expected));

  it.each([
    '',
    'x',
    '70000',
    '::1:9464',
    '[x]:1',
    'a b:1',
    '127.0.0.1',
    '-1',
    '127.0.0.1:9464/metrics',
  ])('%s is refused', (text) => expect(() => readListen(text)).toThrow(`--metrics ${text}: not an address`));
});
