import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Told } from '../../../models/telemetry/records.ts';
import { openWire, type Wire } from '../../../models/wire.ts';
import type { AgentReport } from '../../report.ts';
import { openEvents } from '../events.ts';
import type { ReviewEvent, ReviewPlugin } from '../plugin.ts';
import { setupOf, subjectOf } from '../testing/run.ts';
import { telemetry } from './telemetry.ts';
import { tracing } from './tracing.ts';

const report = (name: string, state: AgentReport['state'], ms = 1000): ReviewEvent => ({
  type: 'agent',
  report: { name, state, findings: 2, ms, message: 'quotes src/secret.ts' },
});
const EVENTS: readonly ReviewEvent[] = [
  { type: 'started', tier: 'lite', agents: ['security', 'release'] },
  { type: 'engine', event: { type: 'failback', agent: 'security', from: 'a/b', to: 'a/c' } },
  { type: 'engine', event: { type: 'thinking', agent: 'security', seconds: 30 } },
  { type: 'engine', event: { type: 'restart', why: 'crash' } },
  report('security', 'done'),
  report('release', 'failed', 500),
  { type: 'ended', decision: null, findings: 3, ms: 4000 },
];
const AT = 1_700_000_000_000;

function openPlugin(plugin: ReviewPlugin) {
  const problems: unknown[] = [];
  return { problems, ...openEvents([plugin], (problem) => void problems.push(problem)) };
}

it('telemetry tells counts, and nothing of what was read', async () => {
  const told: Told[] = [];
  const plugin = telemetry(
    (each) => void told.push(each),
    () => AT,
  );
  await setupOf(plugin, subjectOf('src/secret.ts', 'b.ts'));
  const { tell, problems } = openPlugin(plugin);
  for (const event of EVENTS) tell(event);
  const begun = {
    ...{ 'agentsmd.run': 'review', 'agentsmd.files': 2, 'agentsmd.lines': 4 },
    ...{ 'agentsmd.risk_tier': 'lite', 'agentsmd.agents': 2 },
  };
  expect(told).toEqual([
    { at: AT, type: 'start', attributes: begun },
    {
      ...{ at: AT, type: 'end', outcome: 'none', ms: 4000 },
      attributes: {
        ...begun,
        ...{
          'agentsmd.agents_done': 1,
          'agentsmd.agents_partial': 0,
          'agentsmd.agents_failed': 1,
          'agentsmd.agents_other': 0,
        },
        ...{ 'agentsmd.failbacks': 1, 'agentsmd.restarts': 1, 'agentsmd.warnings': 0, 'agentsmd.findings': 3 },
      },
    },
  ]);
  expect(JSON.stringify(told)).not.toMatch(/secret|group\/app/);
  expect(problems).toEqual([]);
});

describe('tracing', () => {
  interface Sent {
    readonly resourceSpans: readonly [
      { readonly scopeSpans: readonly [{ readonly spans: readonly Record<string, unknown>[] }] },
    ];
  }
  let server: Server;
  let url: string;
  let wire: Wire;
  let hangs = false;
  const sent: { readonly path: string | undefined; readonly token: string | undefined; readonly body: Sent }[] = [];

  beforeEach(async () => {
    sent.splice(0);
    hangs = false;
    server = createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      sent.push({ path: request.url, token: request.headers.authorization, body: JSON.parse(text) as Sent });
      if (!hangs) response.end('{}');
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
  const spans = () => sent.flatMap(({ body }) => body.resourceSpans[0].scopeSpans[0].spans);

  it('sends a span for each agent below that of the review', async () => {
    const onProblem = () => {};
    const { tell, close } = openPlugin(
      tracing({ url: `${url}/`, headers: { authorization: 'Bearer t' }, wire, onProblem }, () => AT),
    );
    for (const event of EVENTS) tell(event);
    await close();
    expect(new Set(sent.map(({ path, token }) => `${path} ${token}`))).toEqual(new Set(['/v1/traces Bearer t']));
    const [security, release, review] = spans();
    expect([security, release, review]).toMatchObject([
      {
        name: 'agent security',
        kind: 1,
        startTimeUnixNano: `${AT - 1000}000000`,
        endTimeUnixNano: `${AT}000000`,
        status: { code: 1 },
      },
      { name: 'agent release', startTimeUnixNano: `${AT - 500}000000`, status: { code: 2, message: 'failed' } },
      { name: 'review', startTimeUnixNano: `${AT - 4000}000000`, status: { code: 2, message: 'no decision' } },
    ]);
    expect(review).not.toHaveProperty('parentSpanId');
    for (const part of [security!, release!]) {
      expect(part.parentSpanId).toBe(review!.spanId);
      expect(part.traceId).toBe(review!.traceId);
      expect(part.spanId).toMatch(/^[0-9a-f]{16}$/);
    }
    expect(review!.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.stringify(sent)).not.toContain('secret');
  });

  it('waits for no collector that hangs, keeps 50 at most, and ends in time', async () => {
    hangs = true;
    const problems: string[] = [];
    const plugin = tracing({ url, wire, onProblem: (message) => void problems.push(message) });
    const { tell, close } = openPlugin(plugin);
    tell(report('first', 'done'));
    await expect.poll(() => sent.length).toBe(1);
    for (let at = 0; at < 80; at++) tell(report(`a${at}`, 'done'));
    hangs = false;
    await expect.poll(() => sent.length, { timeout: 10_000 }).toBe(2);
    await close();
    expect(spans()).toHaveLength(51);
    expect(spans().at(-1)).toMatchObject({ name: 'agent a79' });
    expect(problems).toEqual([expect.stringMatching(/^review\.tracing\.url: traces could not be sent: /)]);
  });
});
