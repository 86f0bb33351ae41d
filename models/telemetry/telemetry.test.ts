import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Report } from '../room.ts';
import { openWire, type Wire } from '../wire.ts';
import { openTelemetry, type Told } from './index.ts';

interface Body {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly scope: { readonly attributes: readonly { readonly value: object }[] };
      readonly logRecords: readonly {
        readonly eventName: string;
        readonly attributes: readonly { key: string; value: object }[];
      }[];
    }[];
  }[];
}

let server: Server;
let url: string;
let wire: Wire;
let answer: (response: ServerResponse) => void;
const bodies: Body[] = [];
const requests: IncomingMessage[] = [];
const problems: string[] = [];

beforeEach(async () => {
  for (const list of [bodies, requests, problems]) list.splice(0);
  answer = (response) => void response.end('{}');
  server = createServer(async (request, response) => {
    requests.push(request);
    let text = '';
    for await (const part of request) text += part;
    bodies.push(JSON.parse(text) as Body);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  wire = openWire({});
});
afterEach(async () => {
  await wire.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const open = (change: { readonly url?: string; readonly headers?: Record<string, string> } = {}) =>
  openTelemetry({ url, wire, onProblem: (message) => problems.push(message), ...change });
const start = (at: number): Told => ({ at, type: 'start', attributes: { run: at } });
const records = () => bodies.flatMap((body) => body.resourceLogs[0]!.scopeLogs[0]!.logRecords);
const CALL: Report = {
  ...{
    at: 1_700_000_000_000,
    agent: 'security',
    tier: 'standard',
    type: 'call',
    model: 'gw/org/large',
    outcome: 'overload',
  },
  usage: { inputTokens: 100, cachedTokens: 64, outputTokens: 7, reasoningTokens: 0, estimated: false },
  ...{ cost: 0.25, ms: 1200 },
};

describe('telemetry', () => {
  it('tells of a call by the names that everybody has for it', async () => {
    const telemetry = open({ headers: { 'x-team': 'platform' } });
    telemetry.tell(CALL);
    await telemetry.close();
    expect(requests.map(({ method, url, headers }) => [method, url, headers['x-team']])).toEqual([
      ['POST', '/v1/logs', 'platform'],
    ]);
    const [record] = records();
    expect(record).toMatchObject({
      eventName: 'gen_ai.client.inference.operation.details',
      timeUnixNano: '1700000000000000000',
    });
    expect(Object.fromEntries(record!.attributes.map(({ key, value }) => [key, Object.values(value)[0]]))).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'gw',
      'gen_ai.request.model': 'org/large',
      'gen_ai.agent.name': 'security',
      'gen_ai.usage.input_tokens': '100',
      'gen_ai.usage.cache_read.input_tokens': '64',
      'gen_ai.usage.output_tokens': '7',
      'error.type': 'overload',
      'agentsmd.tier': 'standard',
      'agentsmd.duration_ms': '1200',
      'agentsmd.usage_estimated': false,
      'agentsmd.cost': 0.25,
    });
  });

  it('sends what is told in one go as one batch, and the rest at the end', async () => {
    const telemetry = open();
    for (let at = 0; at < 30; at++) telemetry.tell(start(at));
    await expect.poll(() => bodies.length).toBe(1);
    telemetry.tell({ at: 30, type: 'end', outcome: 'approved', ms: 5, attributes: {} });
    await telemetry.close();
    expect(records()).toHaveLength(31);
    expect(bodies).toHaveLength(2);
    telemetry.tell(start(31));
    await telemetry.close();
    expect(bodies).toHaveLength(2);
  });

  it('keeps no more than fifty, the newest, and says how many went', async () => {
    const telemetry = open();
    for (let at = 0; at < 80; at++) telemetry.tell(start(at));
    await telemetry.close();
    const first = records()[0]!.attributes[0]!.value;
    expect([records().length, first]).toEqual([50, { intValue: '30' }]);
    expect(bodies[0]!.resourceLogs[0]!.scopeLogs[0]!.scope.attributes[0]!.value).toEqual({ intValue: '30' });
  });

  it('waits for nobody: a collector that hangs holds up the end for two seconds at most', {
    timeout: 30_000,
  }, async () => {
    answer = () => {};
    const telemetry = open();
    for (let at = 0; at < 200; at++) telemetry.tell(start(at));
    await expect.poll(() => bodies.length).toBe(1);
    telemetry.tell(start(200));
    const begun = performance.now();
    await telemetry.close();
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(problems).toHaveLength(1);
  });

  it.each([
    ['answers 500', () => url, 'it answered 500'],
    ['cannot be asked', () => 'http://127.0.0.1:1', 'bad port'],
    ['has a password in its address', () => 'http://me:s3cret@127.0.0.1:1', 'its address'],
  ])('says once where the collector %s', async (_, where, message) => {
    answer = (response) => void response.writeHead(500).end();
    const telemetry = open({ url: where() });
    for (let at = 0; at < 3; at++) {
      telemetry.tell(start(at));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await telemetry.close();
    expect(problems).toEqual([expect.stringContaining(message)]);
    expect(problems[0]).not.toContain('s3cret');
  });

  const lost = () =>
    bodies.map((body) => Object.values(body.resourceLogs[0]!.scopeLogs[0]!.scope.attributes[0]!.value)[0]);

  it('says how many were lost with a request that failed', async () => {
    answer = (response) => void response.writeHead(503).end();
    const telemetry = open();
    for (let at = 0; at < 3; at++) telemetry.tell(start(at));
    await expect.poll(() => problems).toHaveLength(1);
    answer = (response) => void response.end('{}');
    telemetry.tell(start(3));
    await telemetry.close();
    expect(lost()).toEqual(['0', '3']);
  });

  it('says how many were lost while a request was under way', async () => {
    const { promise: gate, resolve: pass } = Promise.withResolvers<void>();
    answer = (response) => void gate.then(() => response.end('{}'));
    const telemetry = open();
    telemetry.tell(start(0));
    await expect.poll(() => bodies).toHaveLength(1);
    for (let at = 1; at <= 60; at++) telemetry.tell(start(at));
    pass();
    await expect.poll(() => bodies).toHaveLength(2);
    telemetry.tell(start(61));
    await telemetry.close();
    expect(lost()).toEqual(['0', '10', '0']);
  });
});
