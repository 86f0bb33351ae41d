import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ScriptedServer, type Step, scriptedServer } from '../../forge/gitlab/http/testing/scripted-server.ts';
import { type ModelsOptions, startModels } from '../models/index.ts';
import { runCliBeside } from './run-cli.ts';

interface Check {
  readonly about: string;
  readonly mark: string;
  readonly says: string;
  readonly mend?: string;
}

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-doctor-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const MODEL = { context: 100_000 };

/** What the doctor says of models, with one provider at that address. */
async function examine(
  baseUrl: string,
  { provider = {}, more = {}, env = { GW_KEY: 'test-key-agcanary' } as Record<string, string> } = {},
): Promise<readonly Check[]> {
  const gw = { baseUrl, keyEnv: 'GW_KEY', models: { 'large-2': MODEL }, ...provider };
  const tiers = { top: 'gw/large-2', standard: 'gw/large-2', light: 'gw/large-2' };
  const models = { providers: { gw }, tiers, ...more };
  writeFileSync(join(cwd, 'agentsmd.config.yaml'), JSON.stringify({ models }));
  const { stdout } = await runCliBeside(['doctor', '--json'], { cwd, env });
  const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
  return checks.filter(({ about }) => /model|^gw\/|transcripts/.test(about));
}

async function start(options: ModelsOptions = { models: { 'large-2': {} } }) {
  const server = await startModels(options);
  onTestFinished(() => server.close());
  return server;
}

async function says(step: Step): Promise<ScriptedServer> {
  const server = await scriptedServer(() => step);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** An address where somebody listened, and nobody does now. */
async function gone(): Promise<string> {
  const server = await scriptedServer([]);
  await server[Symbol.asyncDispose]();
  return server.url;
}

describe('agentsmd doctor, of models', { timeout: 120_000 }, () => {
  it('warns of a model for an agent that there is not', async () => {
    const { url } = await start();
    const agents = { secuirty: { tier: 'top' }, documentation: { tier: 'light' } };
    const found = await examine(url, { more: { agents } });
    expect(found.filter(({ about }) => about === 'models of agents')).toEqual([
      {
        about: 'models of agents',
        mark: 'warns',
        says: 'models.agents.secuirty: there is no such agent; did you mean security?',
        mend: expect.any(String),
      },
    ]);
  });

  it('says in a line that there are none', async () => {
    const { stdout } = await runCliBeside(['doctor', '--json'], { cwd });
    const { checks } = JSON.parse(stdout) as { checks: readonly Check[] };
    expect(checks.filter(({ about }) => /model/.test(about))).toEqual([
      { about: 'models', mark: 'note', says: expect.stringMatching(/^models is none/) },
    ]);
  });

  it('asks a provider for its list alone, with the key, and no model', async () => {
    const server = await start();
    expect(await examine(server.url)).toEqual([{ about: 'models of gw', mark: 'ok', says: `${server.url}: 1 models` }]);
    expect(server.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/models', 'Bearer test-key-agcanary'],
    ]);
  });

  it('names a key that is not set without asking, and one that is refused, and never shows it', async () => {
    const server = await start();
    const missing = await examine(server.url, { env: {} });
    expect(missing).toMatchObject([{ mark: 'fails', says: 'GW_KEY with its key is not set', mend: 'set GW_KEY' }]);
    expect(server.requests).toEqual([]);
    const wrong = await examine(server.url, { env: { GW_KEY: 's3cret-agcanary' } });
    expect(wrong).toMatchObject([{ mark: 'fails', says: expect.stringContaining('refuses the key in GW_KEY (401)') }]);
    const wanted = await examine(server.url, { provider: { keyEnv: '' } });
    expect(wanted).toMatchObject([{ mark: 'fails', says: expect.stringContaining('wants a key (401)') }]);
    expect(JSON.stringify([missing, wrong, wanted])).not.toContain('s3cret');
  });

  it('names a model that is not in the list, with the nearest', async () => {
    const server = await start({ models: { 'large-3': {}, other: {} } });
    expect(await examine(server.url)).toEqual([
      expect.objectContaining({ about: 'models of gw', mark: 'ok' }),
      {
        about: 'gw/large-2',
        mark: 'warns',
        says: 'is not in the list of its provider',
        mend: 'did you mean large-3? agentsmd models test gw/large-2 tells for sure',
      },
    ]);
  });

  it.each<readonly [string, Step, string, RegExp]>([
    ['there is none', { status: 404 }, 'note', /cannot list its models \(404\)$/],
    ['it may not be seen', { status: 403 }, 'warns', /does not let this key list models \(403\)$/],
    ['it is elsewhere', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 'fails', /elsewhere \(302\)$/],
    ['it fails', { status: 500 }, 'fails', /answered 500$/],
    ['it is another page', { body: '<html>' }, 'warns', /is no list of models$/],
    ['the connection breaks', { fault: 'reset' }, 'fails', /: (?:UND_ERR_SOCKET|ECONNRESET)/],
  ])('says what is wrong with a list: %s', async (_, step, mark, wanted) => {
    const server = await says(step);
    expect(await examine(`${server.url}/v1`)).toMatchObject([{ mark, says: expect.stringMatching(wanted) }]);
    expect(server.requests).toHaveLength(1);
  });

  it('waits five seconds for one that is silent, and names one that is not there', async () => {
    const server = await says({ fault: 'silent' });
    const other = { baseUrl: `${await gone()}/v1`, models: { a: MODEL } };
    const off = { ...other, baseUrl: server.url, enabled: false };
    const gw = { baseUrl: server.url, models: { 'large-2': MODEL } };
    const checks = await examine('', { more: { providers: { gw, off, other } } });
    expect(checks).toMatchObject([
      { about: 'models of gw', mark: 'fails', says: expect.stringMatching(/no answer within 5 s$/) },
      { about: 'models of off', mark: 'note' },
      { about: 'models of other', mark: 'fails', says: expect.stringMatching(/: ECONNREFUSED 127\.0\.0\.1:\d+$/) },
    ]);
    expect(server.requests).toHaveLength(1);
  });

  it('reads the remote configuration, and says why it cannot be taken', async () => {
    const server = await start();
    const good = await says({ json: {} });
    const bad = await says({ json: { tiers: { top: 'gw/large-9' } } });
    const of = async (url: string) =>
      (await examine(server.url, { more: { remote: { url } } })).find(({ about }) => about === 'models.remote');
    expect(await of(`${good.url}/models.json?token=s3cret`)).toEqual({
      about: 'models.remote',
      mark: 'ok',
      says: `${good.url}/models.json can be read`,
    });
    expect(await of(bad.url)).toMatchObject({ mark: 'warns', says: expect.stringContaining('tiers.top: unknown') });
    expect(await of(await gone())).toMatchObject({
      mark: 'warns',
      says: expect.stringContaining('models.remote.url: ECONNREFUSED 127.0.0.1:'),
    });
  });

  it('makes the folder of transcripts, and says where it cannot be written', async () => {
    const server = await start();
    const of = async (dir: string) => (await examine(server.url, { more: { transcript: { dir } } })).at(-1);
    expect(await of('told')).toEqual({ about: 'transcripts', mark: 'ok', says: join(cwd, 'told') });
    expect(statSync(join(cwd, 'told')).mode & 0o777).toBe(0o700);
    writeFileSync(join(cwd, 'file'), '');
    expect(await of('file/told')).toMatchObject({
      about: 'transcripts',
      mark: 'fails',
      says: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });

  it('sends no key, and makes no folder, where a repository says so', async () => {
    const server = await start();
    mkdirSync(join(cwd, '.git'));
    const checks = await examine(server.url, { more: { transcript: { dir: 'told' } } });
    expect(checks).toEqual([
      { about: 'models', mark: 'fails', says: expect.stringMatching(/^no provider is asked: .*--config/) },
    ]);
    expect(server.requests).toEqual([]);
    expect(() => statSync(join(cwd, 'told'))).toThrow('ENOENT');
  });
});
