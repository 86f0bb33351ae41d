import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import { runCliBeside } from './run-cli.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'agentsmd-told-'));
const posted: { readonly path: string; readonly token: string | undefined; readonly text: string }[] = [];
let server: Server;
let repo: TestRepository;
let url = '';

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    posted.push({ path: request.url!, token: request.headers['x-agentsmd-token'] as string | undefined, text });
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const files = { 'package.json': '{"name":"cart","scripts":{"test":"vitest run"}}', 'package-lock.json': '{}' };
  repo = await makeRepository({ files }, { name: 'cart' });
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await repo.cleanup();
  rmSync(folder, { recursive: true, force: true });
});

it('a sweep tells the web hook and OpenTelemetry what it did', async () => {
  mkdirSync(join(folder, 'home'));
  const file = join(folder, 'agentsmd.config.yaml');
  const template = '{"text": "{{kind}} {{project}} {{sweep}}"}';
  writeFileSync(file, `fleet:\n  notify: { url: '${url}/hook', tokenEnv: HOOK, template: '${template}' }\n`);
  const env = { HOOK: 's3cret', OTEL_EXPORTER_OTLP_ENDPOINT: url, AGENTSMD_STATE_DIR: join(folder, 'state') };
  const { code, stderr } = await runCliBeside(['sweep', '--dir', repo.root, '--config', file], { cwd: folder, env });
  expect(code, stderr).toBe(0);
  const news = posted.filter(({ path }) => path === '/hook');
  expect(news.map(({ token, text }) => [token, JSON.parse(text)])).toEqual([['s3cret', { text: 'created cart 1' }]]);
  const metrics = posted.filter(({ path }) => path === '/v1/metrics').map(({ text }) => text);
  expect(metrics.length).toBeGreaterThan(0);
  expect(metrics.at(-1)).toMatch(/"agentsmd_repositories_total".*"generated"/);
  expect(metrics.at(-1)).toContain('agentsmd_sweep_duration_seconds');
  expect(metrics.at(-1)).not.toContain('cart');
});

it('and does not begin where the hook cannot be told', async () => {
  const file = join(folder, 'wrong.yaml');
  writeFileSync(file, `fleet:\n  notify: { url: '${url}/hook', tokenEnv: NOT_SET }\n`);
  const env = { AGENTSMD_STATE_DIR: join(folder, 'none') };
  const { code, stderr } = await runCliBeside(['sweep', '--dir', repo.root, '--config', file], { cwd: folder, env });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'agentsmd: fleet.notify.tokenEnv: the environment variable NOT_SET is not set\n',
  });
});
