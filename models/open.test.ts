import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ModelServer, startModels } from '../test/models/index.ts';
import type { ModelsSettings } from './config.ts';
import { openConfigured } from './open.ts';
import { ANSWER, ONE, question } from './testing/door.ts';
import { settings } from './testing/settings.ts';

async function listening(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let server: ModelServer;
let home: string;
const problems: string[] = [];
beforeEach(async () => {
  problems.length = 0;
  home = mkdtempSync(join(tmpdir(), 'agentsmd-open-'));
  server = await startModels({ models: { large: {}, small: {} } });
  server.script({ when: ['src/pay.ts'], needs: [], answer: ONE });
  onTestFinished(async () => {
    rmSync(home, { recursive: true, force: true });
    await server.close();
  });
});

async function open(given: Partial<Omit<ModelsSettings, 'providers'>>, env: NodeJS.ProcessEnv = {}) {
  const config = settings({
    models: { large: {}, small: {} },
    ...given,
    provider: { baseUrl: server.url, keyEnv: 'GW_KEY' },
  });
  const state = () => join(home, 'state');
  const deps = {
    env: { GW_KEY: server.key, ...env },
    home,
    state,
    onProblem: (text: string) => void problems.push(text),
  };
  const models = await openConfigured(config, deps);
  onTestFinished(() => models.close());
  return models;
}

describe('language models as they are configured', () => {
  it('are none', async () => {
    const models = await openConfigured('none', { env: {}, home, state: () => '' });
    expect(await models.ask(question(models))).toMatchObject({ kind: 'failed', reason: 'none' });
    expect(await models.transcript('x')).toBeUndefined();
    models.tell({ at: 0, type: 'start', attributes: {} });
    await models.close();
  });

  it('tell where the key is not there under which they would say who asks', async () => {
    await open({ attributionKeyEnv: 'HASH_KEY' });
    expect(problems).toEqual([
      expect.stringContaining('models.attributionKeyEnv: the environment variable HASH_KEY is'),
    ]);
    problems.length = 0;
    await open({ attributionKeyEnv: 'HASH_KEY' }, { HASH_KEY: 'k' });
    expect(problems).toEqual([]);
  });

  it('follow remote configuration', async () => {
    const url = await listening((_, response) => void response.end('{"tiers":{"standard":"gw/small"}}'));
    const models = await open({ remote: { url, tokenEnv: '' } });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ model: 'gw/small' });
    expect(problems).toEqual([]);
  });

  it('tell a collector what happened, the last of it before they are closed', async () => {
    const told: { names: string[]; authorization: string | undefined }[] = [];
    const url = await listening(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const names = [...text.matchAll(/"eventName":"([^"]+)"/g)].map((found) => found[1]!);
      told.push({ names, authorization: request.headers.authorization });
      response.end('{}');
    });
    const models = await open({ telemetry: { url, tokenEnv: 'OTLP' } }, { OTLP: 't' });
    await models.ask(question(models, { answer: ANSWER }));
    models.tell({ at: 1, type: 'end', outcome: 'approved', ms: 5, attributes: {} });
    await models.close();
    expect(told.flatMap(({ names }) => names)).toEqual([
      'gen_ai.client.inference.operation.details',
      'agentsmd.question',
      'agentsmd.run.end',
    ]);
    expect(new Set(told.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer t']));
  });

  it('tell nobody without the token that they were to send', async () => {
    const models = await open({ telemetry: { url: 'http://127.0.0.1:9', tokenEnv: 'OTLP' } });
    await models.ask(question(models, { answer: ANSWER }));
    await models.close();
    expect(problems).toEqual([expect.stringMatching(/^models\.telemetry\.tokenEnv: .* OTLP is not set/)]);
  });

  it('keep transcripts beside their configuration', async () => {
    const models = await open({ transcript: { dir: 'kept', content: 'full', retentionDays: 1 } });
    const transcript = await models.transcript('shop/web!7');
    await models.ask(question(models, { answer: ANSWER, transcript }));
    await transcript!.close();
    const [name, ...others] = readdirSync(join(home, 'kept'));
    expect(others).toEqual([]);
    expect(name).toMatch(/^agentsmd-shop-web-7-/);
    const lines = readFileSync(join(home, 'kept', name!), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(expect.arrayContaining(['call', 'step', 'end']));
    const without = await open({});
    expect(await without.transcript('x')).toBeUndefined();
  });

  it('count the day in the state folder, where a day has a budget', async () => {
    const none = { tokens: null, money: null };
    const budgets = { call: none, review: none, day: { tokens: 1_000_000, money: null } };
    const models = await open({ budgets });
    const { usage } = await models.ask(question(models, { answer: ANSWER }));
    await models.close();
    const [name] = readdirSync(join(home, 'state', 'models'));
    expect(JSON.parse(readFileSync(join(home, 'state', 'models', name!), 'utf8'))).toEqual({
      tokens: usage.inputTokens + usage.outputTokens,
      money: expect.any(Number),
    });
  });
});
