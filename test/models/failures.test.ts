import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, events, hello, post, type Said, wordsOf } from './ask.ts';
import { type ModelServer, startModels } from './index.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModels({ models: { 'small-1': {}, other: {} } });
  server.script({ needs: [], answer: 'word '.repeat(100) });
});
afterEach(() => server.close());

async function broken(body: object): Promise<{ chunks: number; error: unknown }> {
  let chunks = 0;
  try {
    for await (const event of events(await post(server, body))) if (event.choices?.[0]?.delta?.content) chunks++;
  } catch (error) {
    return { chunks, error };
  }
  return { chunks, error: undefined };
}

describe('a failure', () => {
  it('strikes once, in the order in which it was said, and then no more', async () => {
    server.fail({ kind: 'rate-limit', retryAfter: 7 });
    server.fail({ kind: 'rate-limit', code: 'insufficient_quota' });
    server.fail({ kind: 'status', status: 503, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' });
    server.fail({ kind: 'status', status: 502, page: true });
    server.fail({ kind: 'overloaded' });
    server.fail({ kind: 'overloaded', status: 503 });
    server.fail({ kind: 'authentication' });
    server.fail({ kind: 'authentication', status: 403 });
    server.fail({ kind: 'overflow' });
    const got = [];
    for (let n = 0; n < 10; n++) {
      const { status, headers, body } = await ask(server, hello);
      got.push([status, body.error?.code ?? body.error?.type, headers.get('retry-after')]);
    }
    expect(got).toEqual([
      [429, 'rate_limit_exceeded', '7'],
      [429, 'insufficient_quota', null],
      [503, 'server_error', 'Wed, 21 Oct 2026 07:28:00 GMT'],
      [502, undefined, null],
      [529, 'overloaded_error', null],
      [503, 'overloaded_error', null],
      [401, 'invalid_api_key', null],
      [403, 'permission_denied', null],
      [400, 'context_length_exceeded', null],
      [200, undefined, null],
    ]);
    expect(server.requests.map(({ character }) => character).slice(-3)).toEqual([
      'authentication',
      'overflow',
      'helpful',
    ]);
  });

  it('may cut the connection before a byte, or within the answer', async () => {
    server.fail({ kind: 'reset' });
    await expect(ask(server, hello)).rejects.toThrow('fetch failed');
    server.fail({ kind: 'reset', after: 16 });
    const streamed = await broken({ ...hello, stream: true });
    expect(streamed.error).toMatchObject({ message: 'terminated' });
    expect(streamed.chunks).toBeLessThanOrEqual(2);
    server.fail({ kind: 'reset', after: 16 });
    await expect(ask(server, hello)).rejects.toThrow('fetch failed');
    expect(server.requests.map(({ outcome }) => outcome)).toEqual(['double', 'double', 'double']);
    expect(server.requests[1]).toMatchObject({ status: 200, usage: { completion_tokens: 16 }, finish: undefined });
  });

  it('may end a stream as if it were whole, or with an error in its midst', async () => {
    server.fail({ kind: 'cut', after: 16 });
    expect(await broken({ ...hello, stream: true })).toMatchObject({
      chunks: 2,
      error: { message: 'the stream ended without [DONE]' },
    });
    server.fail({ kind: 'overloaded', after: 16 });
    const got: Said[] = [];
    await expect(async () => {
      for await (const event of events(await post(server, { ...hello, stream: true }))) got.push(event);
    }).rejects.toThrow('without [DONE]');
    expect(got.at(-1)).toMatchObject({ error: { type: 'overloaded_error' } });
  });

  it('may be that nothing comes until the client goes', async () => {
    for (const [at, after] of [undefined, 16].entries()) {
      server.fail({ kind: 'hang', ...(after && { after }) });
      const stop = new AbortController();
      const asked = post(server, { ...hello, stream: true }, {}, stop.signal).then(async (response) => {
        for await (const _ of events(response));
      });
      asked.catch(() => {});
      await expect
        .poll(() => server.requests[at]?.character && [server.requests[at].usage?.completion_tokens])
        .toEqual([after]);
      expect(server.requests[at]?.ended).toBeUndefined();
      stop.abort();
      await expect(asked).rejects.toThrow();
      await expect
        .poll(() => server.requests[at])
        .toMatchObject({ outcome: 'client', ended: expect.any(Number), status: after && 200 });
    }
  });

  it.each([
    ['comments', ': still here'],
    ['blanks', '   '],
    ['empty-deltas', '"content":""'],
  ] as const)('may be that %s come instead, for ever', async (alive, sign) => {
    for (const after of [undefined, 16]) {
      server.fail({ kind: 'hang', alive, ...(after && { after }) });
      const stop = new AbortController();
      const response = await post(server, { ...hello, stream: true }, {}, stop.signal);
      let text = '';
      const read = async () => {
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          if (text.split('\n').filter((line) => line.includes(sign)).length > 4) stop.abort();
        }
      };
      await expect(read()).rejects.toThrow();
      expect(text.includes('word')).toBe(after !== undefined);
      await expect.poll(() => server.requests.at(-1)).toMatchObject({ outcome: 'client', status: 200 });
    }
  });

  it('does not outlive the double', async () => {
    const other = await startModels();
    other.fail({ kind: 'hang' });
    const asked = ask(other, hello);
    asked.catch(() => {});
    await expect.poll(() => other.requests.length).toBe(1);
    await other.close();
    await expect(asked).rejects.toThrow('fetch failed');
  });
});

describe('who is met', () => {
  const statusOf = async (body: object) => (await ask(server, body)).status;

  it('goes by the model, the prompt, and how often', async () => {
    server.play({ kind: 'status', status: 500 }, { model: 'other' });
    server.play({ kind: 'status', status: 501 }, { prompt: /bye/ });
    server.play({ kind: 'status', status: 502 }, { prompt: 'twice', times: 2 });
    const bye = [{ role: 'user', content: 'bye' }];
    expect(await statusOf(hello)).toBe(200);
    expect(await statusOf({ ...hello, model: 'other' })).toBe(500);
    expect(await statusOf({ model: 'other', messages: bye })).toBe(501);
    const twice = { ...hello, messages: [{ role: 'user', content: 'twice' }] };
    expect([await statusOf(twice), await statusOf(twice), await statusOf(twice)]).toEqual([502, 502, 200]);
    server.reset();
    expect(await statusOf({ ...hello, model: 'other' })).toBe(200);
    server.models.get('other')!.character = { kind: 'overloaded' };
    expect(await statusOf({ ...hello, model: 'other' })).toBe(529);
  });

  it('is drawn by lot, the same way each time', async () => {
    const drawn = async (seed: number, concurrent: boolean) => {
      await using one = await startModels({ seed });
      one.fail([{ kind: 'status', status: 500 }, { kind: 'overloaded' }], { share: 0.3 });
      const asked = (n: number) => ask(one, { ...hello, messages: [{ role: 'user', content: `no. ${n % 100}` }] });
      const all = [];
      for (let n = 0; n < 200; n += 20) {
        const some = Array.from({ length: 20 }, (_, i) => n + i);
        if (concurrent) all.push(...(await Promise.all(some.map(asked))));
        else for (const i of some) all.push(await asked(i));
      }
      return all.map(({ status }) => status);
    };
    const once = await drawn(1, false);
    expect(await drawn(1, true)).toEqual(once);
    expect(await drawn(2, true)).not.toEqual(once);
    const struck = once.filter((status) => status !== 200);
    expect(struck.length).toBeGreaterThan(40);
    expect(struck.length).toBeLessThan(80);
    expect(new Set(struck)).toEqual(new Set([500, 529]));
    expect(once.slice(0, 100)).not.toEqual(once.slice(100));
  });

  it('is refused without a character', () => {
    expect(() => server.play([])).toThrow('want a character');
  });
});

describe('what is captured', () => {
  it('is the request, its times and its end', async () => {
    await wordsOf(server, hello);
    const [one] = server.requests;
    expect(one).toMatchObject({
      path: '/v1/chat/completions',
      model: 'small-1',
      prompt: 'hello',
      status: 200,
      outcome: 'whole',
      finish: 'stop',
      inFlight: 1,
    });
    expect(one?.headers.authorization).toBe('Bearer test-key-agcanary');
    expect(one?.begun).toBeLessThanOrEqual(one?.firstToken ?? 0);
    expect(one?.firstToken).toBeLessThanOrEqual(one?.ended ?? 0);
  });

  it('tells how many were under way', async () => {
    server.fail({ kind: 'hang' }, { times: 2 });
    const stop = new AbortController();
    const hanging = [1, 2].map(() => post(server, hello, {}, stop.signal).catch(() => {}));
    await expect.poll(() => server.requests.length).toBe(2);
    await ask(server, hello);
    expect(server.requests.map(({ inFlight }) => inFlight)).toEqual([1, 2, 3]);
    stop.abort();
    await Promise.all(hanging);
    await expect.poll(() => server.requests.every(({ ended }) => ended !== undefined)).toBe(true);
    await ask(server, hello);
    expect(server.requests.at(-1)?.inFlight).toBe(1);
  });
});
