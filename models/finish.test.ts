import { afterEach, describe, expect, it, vi } from 'vitest';
import { ANSWER, openDoor, question, recording } from './testing/door.ts';

const event = (delta: object, more: object = {}) => ({ choices: [{ index: 0, delta, ...more }] });

/** A model that says these, whatever it is asked. */
function saying(...events: readonly object[]) {
  const lines = [...events.map((one) => JSON.stringify(one)), '[DONE]'];
  const fetch = async () =>
    new Response(lines.map((line) => `data: ${line}\n\n`).join(''), {
      headers: { 'content-type': 'text/event-stream' },
    });
  return { failback: {}, deps: { sleep: async () => {}, wire: { fetch, close: async () => {} } } };
}

describe('an answer without a form', () => {
  const ended = (finish: string) => saying(event({ content: 'The change' }), event({}, { finish_reason: finish }));

  it.each(['stop', 'eos_token', 'end_turn', 'STOP'])('that ends with %j is one', async (finish) => {
    const { models } = await openDoor(ended(finish));
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', value: 'The change' });
  });

  // DeepSeek; OpenRouter and Mistral; vLLM; whatever comes next.
  it.each(['insufficient_system_resource', 'error', 'abort', 'tired'])('that ends with %j is none', async (finish) => {
    const { models } = await openDoor(ended(finish));
    expect(await models.ask(question(models))).toMatchObject({ kind: 'failed', reason: 'unavailable' });
  });

  it.each(['max_tokens', 'MAX_TOKENS', 'model_length'])('that ends with %j was cut off', async (finish) => {
    const { models } = await openDoor(ended(finish));
    expect(await models.ask(question(models))).toMatchObject({ kind: 'failed', reason: 'truncated', calls: 2 });
  });
});

it('usage of nothing is none that was counted', async () => {
  const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
  const end = event({ content: 'Fine.' }, { finish_reason: 'stop' });
  const { models } = await openDoor(saying(end, { choices: [], usage }));
  const answer = await models.ask(question(models));
  expect(answer).toMatchObject({ kind: 'answer', usage: { estimated: true } });
  expect(answer.usage.inputTokens).toBeGreaterThan(10);
});

describe('a key that cannot stand in a header', () => {
  it.each(['abc…def', 'abc\ndef', 'a key'])('is named, and nothing is sent or counted: %j', async (key) => {
    const { models, asked } = await openDoor({ deps: { env: { GW_KEY: key } } });
    const answer = await models.ask(question(models, { answer: ANSWER }));
    expect(answer).toMatchObject({ reason: 'authentication', calls: 0, usage: { inputTokens: 0 } });
    expect(answer).toMatchObject({ message: expect.stringContaining('GW_KEY') });
    expect(JSON.stringify(answer)).not.toContain('def');
    expect(asked()).toEqual([]);
    expect(models.health()).toEqual({});
  });

  it('is none that ends with a line break, as files do', async () => {
    const { models } = await openDoor({ deps: { env: { GW_KEY: 'test-key-agcanary\n' } } });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ kind: 'answer' });
  });
});

describe('a model that writes the arguments of a tool', () => {
  afterEach(() => void vi.useRealTimers());

  it('is not said to be silent', async () => {
    let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
      },
    });
    const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    const { models } = await openDoor({ failback: {}, deps: { wire: { fetch, close: async () => {} } } });
    const transcript = recording();
    // What libraries load lazily must be there before time stands still.
    await Promise.all([import('ai'), import('@ai-sdk/openai-compatible'), import('gpt-tokenizer/encoding/o200k_base')]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const asking = models.ask(question(models, { answer: ANSWER, transcript }));
    const settled = async () => {
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    };
    const say = async (delta: object, more: object = {}) => {
      stream?.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event(delta, more))}\n\n`));
      await settled();
    };
    const call = (text: string, more: object = {}) => ({
      tool_calls: [{ index: 0, ...more, function: { arguments: text, ...('id' in more ? { name: 'findings' } : {}) } }],
    });
    await settled();
    await say(call('{"findings"', { id: 'one', type: 'function' }));
    for (const part of [':', ' ', '[', ']', '}']) {
      vi.advanceTimersByTime(20_000);
      await say(call(part));
    }
    await say({}, { finish_reason: 'tool_calls' });
    stream?.close();
    await settled();
    await asking;
    expect(transcript.of('step').length).toBeGreaterThan(0);
    expect(transcript.of('thinking')).toEqual([]);
  });
});
