import { describe, expect, it } from 'vitest';
import { ask, events, post } from './ask.ts';
import { type ModelServer, startModels } from './index.ts';

const SHARED = 'What is shared by everybody comes first. '.repeat(40);

/** A busy machine takes its time. */
const POLL = { timeout: 20_000 };

function about(own: string, more: object = {}) {
  return {
    model: 'small-1',
    messages: [
      { role: 'system', content: SHARED },
      { role: 'user', content: own },
    ],
    ...more,
  };
}

async function cachedOf(server: ModelServer, body: object, headers = {}): Promise<number | undefined> {
  return (await ask(server, body, headers)).body.usage?.prompt_tokens_details.cached_tokens;
}

describe('the prefix cache', () => {
  it('counts whole blocks of 16 tokens that were the beginning of an earlier prompt', async () => {
    await using server = await startModels();
    expect(await cachedOf(server, about('one'))).toBe(0);
    const before = 2 + server.tokens('system') - 1 + server.tokens(SHARED) + 1;
    const cached = await cachedOf(server, about('two'));
    expect(cached).toBe(before - (before % 16));
    expect(cached).toBeGreaterThan(300);
  });

  it('never counts the last token of a prompt, not even of the same one', async () => {
    await using server = await startModels();
    for (let more = 0; more < 16; more++) {
      const same = about('x '.repeat(more));
      const { body } = await ask(server, same);
      const { prompt_tokens: all = 0 } = body.usage ?? {};
      expect(await cachedOf(server, same)).toBe(all - 1 - ((all - 1) % 16));
    }
  });

  it('holds nothing behind the first difference', async () => {
    await using server = await startModels();
    await ask(server, about('one'));
    const other = { ...about('one'), messages: [{ role: 'system', content: `!${SHARED}` }] };
    expect(await cachedOf(server, other)).toBe(0);
  });

  it('takes tools for a part of the prompt, before the messages', async () => {
    await using server = await startModels();
    const tools = [
      { type: 'function', function: { name: 'read', description: 'Reads one file of the checkout. '.repeat(5) } },
    ];
    await ask(server, about('one'));
    expect(await cachedOf(server, about('one', { tools }))).toBe(0);
    expect(
      await cachedOf(server, { ...about('', { tools }), messages: [{ role: 'user', content: 'else' }] }),
    ).toBeGreaterThan(16);
  });

  it('is of one model and one organisation, whatever the key', async () => {
    await using server = await startModels({
      models: { 'small-1': {}, other: {} },
      keys: { a: 'org-1', b: 'org-1', c: 'org-2' },
    });
    await ask(server, about('one'));
    expect(await cachedOf(server, about('two', { model: 'other' }))).toBe(0);
    expect(await cachedOf(server, about('two'), { authorization: 'Bearer c' })).toBe(0);
    expect(await cachedOf(server, about('two'), { authorization: 'Bearer b' })).toBeGreaterThan(300);
  });

  it('holds a prefix only from the first token of the request that carried it', async () => {
    const gate = Promise.withResolvers<void>();
    await using server = await startModels({ latency: () => gate.promise });
    const both = Promise.all([cachedOf(server, about('one')), cachedOf(server, about('two'))]);
    await expect.poll(() => server.requests.filter(({ usage }) => usage !== undefined).length).toBe(2);
    gate.resolve();
    expect(await both).toEqual([0, 0]);
    expect(await cachedOf(server, about('three'))).toBeGreaterThan(300);
  });

  it('is cold for a request that came before that token, even if its own comes later', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let came = 0;
    await using server = await startModels({ latency: async () => await gates[came++]?.promise });
    const waiting = () => server.requests.filter(({ usage }) => usage !== undefined).length;
    const first = cachedOf(server, about('one'));
    await expect.poll(waiting, POLL).toBe(1);
    const second = cachedOf(server, about('two'));
    await expect.poll(waiting, POLL).toBe(2);
    gates[0].resolve();
    expect(await first).toBe(0);
    expect(await cachedOf(server, about('three'))).toBeGreaterThan(300);
    gates[1].resolve();
    expect(await second).toBe(0);
  });

  it('holds nothing of a request whose client left before its first token', async () => {
    const options = { latency: 120_000 };
    await using server = await startModels(options);
    const stop = new AbortController();
    const left = post(server, about('one'), {}, stop.signal);
    await expect.poll(() => server.requests[0]?.usage, POLL).toBeDefined();
    stop.abort();
    await expect(left).rejects.toThrow('aborted');
    await expect.poll(() => server.requests[0]?.outcome, POLL).toBe('client');
    options.latency = 0;
    expect(await cachedOf(server, about('two'))).toBe(0);
  });

  it('holds nothing of a request that produced none', async () => {
    await using server = await startModels();
    server.fail({ kind: 'status', status: 500 });
    server.fail({ kind: 'overflow' });
    await ask(server, about('one'));
    await ask(server, about('one'));
    expect(await cachedOf(server, about('one'))).toBe(0);
  });

  it('holds it while the answer is still being streamed', async () => {
    await using server = await startModels();
    server.fail({ kind: 'endless' });
    const stop = new AbortController();
    const going = events(await post(server, about('one', { stream: true }), {}, stop.signal));
    await going.next();
    expect(await cachedOf(server, about('two'))).toBeGreaterThan(300);
    stop.abort();
    await expect(async () => {
      while (!(await going.next()).done);
    }).rejects.toThrow('aborted');
  });

  it('forgets what was not used for longest, and all of it when told to', async () => {
    const blocks = (text: string) => ({ model: 'small-1', messages: [{ role: 'user', content: text.repeat(160) }] });
    await using server = await startModels({ cacheBlocks: 25 });
    expect(await cachedOf(server, blocks(' one'))).toBe(0);
    expect(await cachedOf(server, blocks(' two'))).toBe(0);
    expect(await cachedOf(server, blocks(' one'))).toBe(160);
    expect(await cachedOf(server, blocks(' six'))).toBe(0);
    expect(await cachedOf(server, blocks(' one'))).toBe(160);
    // Its end went first; its beginning is still there.
    expect(await cachedOf(server, blocks(' two'))).toBe(80);
    server.forgetPrefixes();
    expect(await cachedOf(server, blocks(' one'))).toBe(0);
  });

  it('can be switched off', async () => {
    await using server = await startModels({ cacheBlocks: 0 });
    await ask(server, about('one'));
    expect(await cachedOf(server, about('one'))).toBe(0);
  });
});
