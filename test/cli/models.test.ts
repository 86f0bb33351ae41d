import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { TranscriptEvent } from '../../models/port.ts';
import { type ModelServer, type ModelsOptions, startModels } from '../models/index.ts';
import { runCli, runCliBeside } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsmd-models-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function configure(models: object): void {
  writeFileSync(join(cwd, 'agentsmd.config.yaml'), JSON.stringify({ models }));
}

const MODEL = { context: 100_000, family: 'f', price: { input: 1, output: 4 } };

/** Settings of one provider, every tier of which asks its first model. */
function settings(models: Readonly<Record<string, object>>, provider: object, more: object = {}): object {
  const first = `gw/${Object.keys(models)[0]}`;
  const all = Object.fromEntries(Object.entries(models).map(([id, model]) => [id, { ...MODEL, ...model }]));
  return {
    providers: { gw: { keyEnv: 'GW_KEY', ...provider, models: all } },
    tiers: { top: first, standard: first, light: first },
    ...more,
  };
}

describe('agentsmd models list', () => {
  const run = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    runCliBeside(['models', 'list', ...args], { cwd, env });

  it('says in a line that there are none', async () => {
    const none = await run();
    expect(none).toMatchObject({ code: 0, stderr: '' });
    expect(none.stdout).toMatch(/^models: none: [^\n]+\n$/);
    expect(JSON.parse((await run(['--json'])).stdout)).toEqual({ schema: 'agentsmd/models/1', configured: false });
  });

  it('shows who is asked for what, and never a key', async () => {
    const lab = { baseUrl: 'https://lab.example/v1', headers: { x: 's3cret' }, enabled: false };
    const base = settings(
      { large: {}, small: { price: undefined } },
      { baseUrl: 'https://gw.example/v1' },
      {
        failback: { 'gw/large': ['gw/small'] },
        agents: { docs: { model: 'gw/small' }, judge: { tier: 'top' } },
        data: { rules: [{ class: 'restricted', groups: ['bank'] }] },
      },
    ) as { providers: object };
    configure({ ...base, providers: { ...base.providers, lab: { ...lab, models: { big: MODEL } } } });
    const { code, stdout, stderr } = await run([], { GW_KEY: 's3cret-agcanary' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('s3cret');
    expect(stdout).toMatch(/^ {2}gw +https:\/\/gw\.example\/v1 +GW_KEY is set /m);
    expect(stdout).toMatch(/^ {2}lab +https:\/\/lab\.example\/v1 +no key .*switched off/m);
    expect(stdout).toMatch(/^ {2}gw\/large +100,000 +8,192 +1 \/ 1 \/ 4 +auto +yes +f$/m);
    expect(stdout).toMatch(/^ {2}gw\/small .* unknown /m);
    expect(stdout).toMatch(/^ {2}top +gw\/large -> gw\/small$/m);
    expect(stdout).toMatch(/^ {2}docs +model +gw\/small$/m);
    expect(stdout).toMatch(/^ {2}restricted +in bank +seen by nobody$/m);
    expect(stdout).toMatch(/^ {2}internal +every other project +seen by gw, lab$/m);
    expect((await run()).stdout).toContain('GW_KEY is missing');
    expect(runCli(['config', 'show'], { cwd }).stdout).toMatch(/^models\.providers\.lab\.headers\.x +"…" /m);
  });

  it('shows what remote configuration changes at the moment, or why it changes nothing', async () => {
    let text = '';
    const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models.json`;
    configure(settings({ large: {}, small: {} }, { baseUrl: 'https://gw.example/v1' }, { remote: { url } }));
    text = JSON.stringify({
      tiers: { light: 'gw/small', top: 'gw/large' },
      failback: { 'gw/large': ['gw/small'] },
      health: { 'gw/large': { openUntil: Date.UTC(2100, 0) }, 'gw/small': { openUntil: 1 } },
    });
    const changed = JSON.parse((await run(['--json'])).stdout);
    expect(changed).toMatchObject({
      configured: true,
      tiers: { top: ['gw/large', 'gw/small'], light: ['gw/small'] },
      changes: [
        { setting: 'tiers.light', from: 'gw/large', to: 'gw/small' },
        { setting: 'failback.gw/large', from: [], to: ['gw/small'] },
        { setting: 'health.gw/large', from: 'in use', to: 'left alone until 2100-01-01T00:00:00.000Z' },
      ],
      remote: { url, problem: null },
    });
    text = JSON.stringify({ providers: { gw: { enabled: false } } });
    const off = (await run()).stdout;
    expect(off).toMatch(/^ {2}gw .* switched off; sees public, internal$/m);
    expect(off).toMatch(/^ {2}top +none: its providers are switched off$/m);
    expect(off).toMatch(/^ {2}providers\.gw\.enabled +true -> false$/m);
    text = JSON.stringify({ tiers: { light: 'gw/\u001b[31mred' } });
    const refused = await run();
    expect(refused.code).toBe(0);
    expect(refused.stdout).toMatch(/refused, tiers\.light: unknown model "gw\/red"/);
    expect(refused.stdout).toMatch(/^ {2}light +gw\/large$/m);
    // Somebody else may have written that.
    mkdirSync(join(cwd, '.git'));
    const foreign = await run();
    expect(foreign).toMatchObject({ code: 2, stdout: '' });
    expect(foreign.stderr).toContain('--config');
  });
});

describe('agentsmd models test', () => {
  const run = (args: readonly string[] = []) =>
    runCliBeside(['models', 'test', ...args], { cwd, env: { GW_KEY: 'test-key-agcanary' } });

  it('leaves out what remote configuration has switched off', async () => {
    const text = JSON.stringify({ providers: { gw: { enabled: false } } });
    const server = createServer((_, response) => response.end(text)).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/models.json`;
    configure(settings({ large: {} }, { baseUrl: 'http://127.0.0.1:9/v1' }, { remote: { url } }));
    const { code, stderr } = await run();
    expect(code).toBe(2);
    expect(stderr).toContain('switched off, hence not tested unless named: gw/large');
  });

  /** A model that does what the test asks it to. */
  async function start(options: ModelsOptions): Promise<ModelServer> {
    const server = await startModels(options);
    onTestFinished(() => server.close());
    server.script(
      { when: ['whether you are ready'], needs: [], answer: { ready: true, word: 'hello' } },
      {
        when: ['Call the tool read_note'],
        needs: ['heron-4417'],
        answer: 'heron-4417',
        steps: [[{ name: 'read_note', arguments: { title: 'today' } }]],
      },
    );
    return server;
  }

  it('finds out what each model can do, and sends nothing of where it runs', async () => {
    const server = await start({
      models: { strict: {}, older: { jsonSchema: 'none' }, plain: { jsonSchema: 'none', tools: false } },
    });
    configure(settings({ strict: {}, older: {}, plain: { tools: false } }, { baseUrl: server.url }));
    writeFileSync(join(cwd, 'AGENTS.md'), '# Of this repository\n');
    const { code, stdout, stderr } = await run(['--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { models } = JSON.parse(stdout) as { models: { model: string }[] };
    expect(models).toEqual([
      expect.objectContaining({
        model: 'gw/strict',
        answers: true,
        structured: 'schema',
        tools: 'called',
        failure: null,
      }),
      expect.objectContaining({
        model: 'gw/older',
        answers: true,
        structured: 'tool',
        tools: 'called',
        repaired: false,
      }),
      expect.objectContaining({ model: 'gw/plain', answers: true, structured: 'text', tools: 'off', repaired: false }),
    ]);
    expect(models[0]).toMatchObject({
      calls: 3,
      firstToken: expect.any(Number),
      ms: expect.any(Number),
      cost: expect.any(Number),
      inputTokens: server.requests.slice(0, 3).reduce((sum, { usage }) => sum + (usage?.prompt_tokens ?? 0), 0),
    });
    for (const { prompt } of server.requests) expect(prompt).not.toMatch(/Of this repository|agentsmd-models-/);
  });

  it('counts in the budget of the day, and ends with it', async () => {
    const server = await start({ models: { good: {} } });
    configure(settings({ good: {} }, { baseUrl: server.url }, { budgets: { day: { tokens: 15_000 } } }));
    const env = { GW_KEY: server.key, AGENTSMD_STATE_DIR: join(cwd, 'state') };
    const test = () => runCliBeside(['models', 'test', '--json'], { cwd, env });
    const first = await test();
    expect(first).toMatchObject({ code: 0, stderr: '' });
    const [{ inputTokens, outputTokens }] = JSON.parse(first.stdout).models;
    const days = join(cwd, 'state/models');
    const lines = readdirSync(days).flatMap((name) => readFileSync(join(days, name), 'utf8').trim().split('\n'));
    const tokens = lines.map((line) => JSON.parse(line).tokens as number);
    expect(tokens.reduce((sum, one) => sum + one, 0)).toBe(inputTokens + outputTokens);

    appendFileSync(join(days, readdirSync(days)[0]!), '{"tokens":15000,"money":0}\n');
    const sent = server.requests.length;
    const second = await test();
    expect(second.code).toBe(3);
    expect(JSON.parse(second.stdout)).toMatchObject({ models: [{ failure: { reason: 'budget' } }] });
    expect(server.requests).toHaveLength(sent);
  });

  it('exits 1 where one fails and 3 where none answers, each with its reason', async () => {
    const server = await start({ models: { good: {}, bad: {}, lame: {} } });
    server.play({ kind: 'authentication' }, { model: 'bad' });
    server.play({ kind: 'saying', answer: { ready: true, word: 'no tools for me' } }, { model: 'lame' });
    configure(settings({ good: {}, bad: {}, lame: {} }, { baseUrl: server.url }));
    const some = await run();
    expect(some.code).toBe(1);
    expect(some.stdout).toMatch(/^gw\/good +ok .* schema +called$/m);
    expect(some.stdout).toMatch(/^gw\/bad +fails .*\n +authentication: gw\/bad: it answered 401/m);
    expect(some.stdout).toMatch(/^gw\/lame +ok .* not called$/m);
    expect(some.stderr).toContain('gw/lame did not call the tool');
    const none = await run(['gw/bad', '--json']);
    expect(none.code).toBe(3);
    expect(JSON.parse(none.stdout)).toMatchObject({
      models: [{ answers: false, failure: { reason: 'authentication' } }],
    });
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { message: 'no model answered', exitCode: 3 } });
    expect(server.requests.at(-1)?.model).toBe('bad');
    const unknown = await run(['gw/goood']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('did you mean gw/good?');
  });

  it('has nothing to test without models, and sends no key where a repository says so', async () => {
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('models is none') });
    const server = await start({ models: { good: {} } });
    configure(settings({ good: {} }, { baseUrl: server.url }));
    mkdirSync(join(cwd, '.git'));
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--config') });
    expect(server.requests).toEqual([]);
  });
});

describe('agentsmd models cost', () => {
  const at = 1_700_000_000_000;
  const call = (agent: string, model: string, step = 1): TranscriptEvent => ({
    at,
    agent,
    type: 'call',
    model,
    step,
    prompt: undefined,
    estimatedTokens: 100,
  });
  const took = (agent: string, model: string, finish: string, tokens: readonly number[], cost: number | null) => ({
    at,
    agent,
    type: 'step',
    model,
    finish,
    usage: {
      inputTokens: tokens[0],
      cachedTokens: tokens[1],
      outputTokens: tokens[2],
      reasoningTokens: 0,
      estimated: false,
    },
    cost,
    ms: 5,
  });
  const end = (agent: string) => ({ at, agent, type: 'end', outcome: 'answer' });
  const lines = (...events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

  it('adds up by agent and model, up to where a process was killed', () => {
    mkdirSync(join(cwd, 'kept'));
    configure(settings({ large: {} }, { baseUrl: 'https://gw.example/v1' }, { transcript: { dir: 'kept' } }));
    const one = lines(
      call('judge', 'gw/large'),
      took('judge', 'gw/large', 'overload', [0, 0, 0], 0),
      call('judge', 'gw/small'),
      took('judge', 'gw/small', 'stop', [1000, 750, 100], 0.25),
      call('judge', 'gw/small', 2),
      took('judge', 'gw/small', 'stop', [1000, 1000, 100], 0.5),
      end('judge'),
      call('judge', 'gw/large'),
      took('judge', 'gw/large', 'stop', [10, 0, 10], 1),
      end('judge'),
    );
    const killed = lines(call('\u001b[2Jdocs', 'lab/free'), took('\u001b[2Jdocs', 'lab/free', 'stop', [5, 0, 5], null));
    writeFileSync(join(cwd, 'kept/agentsmd-one-20260101T000000Z-1.jsonl'), one);
    writeFileSync(
      join(cwd, 'kept/agentsmd-two-20260101T000000Z-1.jsonl'),
      `${killed}${lines(call('docs', 'gw/large'))}{"at":1,"agent":"docs","ty`,
    );
    writeFileSync(join(cwd, 'kept/notes.txt'), 'not one of them');
    const shown = runCli(['models', 'cost'], { cwd });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).not.toContain('\u001b');
    expect(shown.stdout).toMatch(/^judge +gw\/small +2 +1 +2,000 +87\.5 % +200 +0\.750000$/m);
    expect(shown.stdout).toMatch(/^judge +gw\/large +2 +0 +10 +0\.0 % +10 +1\.00$/m);
    expect(shown.stdout).toMatch(/^docs +lab\/free +1 +0 +5 +0\.0 % +5 +unknown of 1 call$/m);
    expect(shown.stdout).toMatch(/^docs +gw\/large +1 +0 +0 +- +0 +unknown of 1 call$/m);
    expect(shown.stdout).toMatch(/^all +6 +1 +2,015 +86\.8 % +215 +1\.75, unknown of 2 calls$/m);
    const json = JSON.parse(
      runCli(['models', 'cost', '--json', 'kept/agentsmd-one-20260101T000000Z-1.jsonl'], { cwd }).stdout,
    );
    expect(json).toMatchObject({
      schema: 'agentsmd/models-cost/1',
      transcripts: 1,
      all: { calls: 4, retries: 1, cost: 1.75, unknown: 0 },
      damaged: [],
    });
  });

  it('takes questions of one agent that are under way side by side for what they are', () => {
    const both = lines(
      ...[call('a', 'gw/x'), call('a', 'gw/x'), call('a', 'gw/y')],
      ...[took('a', 'gw/x', 'stop', [5, 0, 5], 1), took('a', 'gw/y', 'stop', [5, 0, 5], 1), end('a')],
      ...[took('a', 'gw/x', 'stop', [5, 0, 5], 1), end('a')],
    );
    writeFileSync(join(cwd, 'a.jsonl'), both);
    const { rows } = JSON.parse(runCli(['models', 'cost', '--json', 'a.jsonl'], { cwd }).stdout);
    expect(rows).toMatchObject([
      { model: 'gw/x', calls: 2, retries: 0, cost: 2, unknown: 0 },
      { model: 'gw/y', calls: 1, retries: 0, cost: 1, unknown: 0 },
    ]);
  });

  it('counts what stands before a damage, and says so', () => {
    const good = lines(call('a', 'gw/x'), took('a', 'gw/x', 'stop', [5, 0, 5], 2));
    writeFileSync(join(cwd, 'a.jsonl'), `${good}nothing\n`);
    writeFileSync(
      join(cwd, 'b.jsonl'),
      lines({ at, agent: 'b', type: 'step', model: 'gw/x', usage: { inputTokens: -1 } }),
    );
    const { code, stdout, stderr } = runCli(['models', 'cost', 'a.jsonl', 'b.jsonl'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^all +1 +0 +5 .* 2\.00$/m);
    expect(stderr).toContain('a.jsonl:3: no event of a transcript');
    expect(stderr).toContain('b.jsonl: an event that is not what its type says');
  });

  it('says what it lacks', () => {
    const run = (...args: string[]) => runCli(['models', 'cost', ...args], { cwd });
    expect(run()).toMatchObject({ code: 2, stderr: expect.stringContaining('models.transcript.dir') });
    expect(run('nowhere.jsonl')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere.jsonl: there is no'),
    });
    expect(run('.')).toMatchObject({ code: 0, stdout: '', stderr: 'no transcript there\n' });
  });
});
