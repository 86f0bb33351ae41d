import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, generateText, Output, streamText, type ToolSet } from 'ai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ModelServer, startModels } from './index.ts';

/** How the double looks to the library through which everything is asked. */
let server: ModelServer;
beforeEach(async () => {
  server = await startModels({ models: { 'small-1': {}, plain: { jsonSchema: 'none', tools: false } } });
});
afterEach(() => server.close());

const findings = z.object({ findings: z.array(z.object({ path: z.string(), title: z.string() })) });
const FOUND = { findings: [{ path: 'a.ts', title: 'assigns' }] };
const tools: ToolSet = { read: { description: 'Reads a file.', inputSchema: z.object({ path: z.string() }) } };

function model(id = 'small-1') {
  const provider = createOpenAICompatible({
    name: 'double',
    baseURL: server.url,
    apiKey: server.key,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  return provider.chatModel(id);
}

/** What a stream came to; errors of it are values there. */
async function streamed(
  options: Omit<Parameters<typeof streamText>[0], 'model' | 'prompt'> & { prompt: string },
  id?: string,
) {
  const errors: unknown[] = [];
  const result = streamText({
    maxRetries: 0,
    ...options,
    model: model(id),
    onError: ({ error }) => void errors.push(error),
  } as Parameters<typeof streamText>[0]);
  const parts = [];
  try {
    for await (const part of result.stream) parts.push(part);
  } catch (error) {
    // A connection that breaks within the answer is no part of the stream: it throws.
    errors.push(error);
  }
  const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
  const end = parts.find((part) => part.type === 'finish-step');
  return {
    parts,
    text,
    errors,
    finish: end?.finishReason,
    raw: end?.rawFinishReason,
    usage: end?.usage,
    types: new Set(parts.map(({ type }) => type)),
  };
}

describe('through the SDK', () => {
  it('streams text with its usage', async () => {
    server.script({ needs: ['question'], answer: 'An answer of a few words.' });
    const { text, finish, usage } = await streamed({ prompt: 'a question' });
    expect({ text, finish }).toEqual({ text: 'An answer of a few words.', finish: 'stop' });
    const [request] = server.requests;
    expect(usage).toMatchObject({
      inputTokens: request?.usage?.prompt_tokens,
      outputTokens: request?.usage?.completion_tokens,
    });
    expect(request?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it('counts cached tokens', async () => {
    const prompt = 'the same again and again '.repeat(20);
    await streamed({ prompt });
    const { usage } = await streamed({ prompt });
    expect(usage?.inputTokenDetails.cacheReadTokens).toBeGreaterThan(64);
    expect(usage?.inputTokenDetails.cacheReadTokens).toBe(
      server.requests[1]?.usage?.prompt_tokens_details.cached_tokens,
    );
  });

  it('gives structured answers, streamed and not; the SDK asks for strict mode', async () => {
    server.script({ needs: [], answer: FOUND });
    const output = Output.object({ schema: findings, name: 'findings' });
    expect((await generateText({ model: model(), prompt: 'x', output, maxRetries: 0 })).output).toEqual(FOUND);
    const result = streamText({ model: model(), prompt: 'x', output, maxRetries: 0 });
    expect(await result.output).toEqual(FOUND);
    expect(server.requests[1]?.body).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { name: 'findings', strict: true } },
    });
  });

  it('refuses a schema with an optional property, and any schema of a model that knows none', async () => {
    const optional = Output.object({ schema: z.object({ a: z.string().optional() }) });
    const asked = generateText({ model: model(), prompt: 'x', output: optional, maxRetries: 0 });
    await expect(asked).rejects.toMatchObject({ statusCode: 400, message: expect.stringContaining("Missing 'a'") });
    const plain = generateText({
      model: model('plain'),
      prompt: 'x',
      output: Output.object({ schema: findings }),
      maxRetries: 0,
    });
    await expect(plain).rejects.toMatchObject({ statusCode: 400, isRetryable: false });
  });

  it('calls tools, and takes their results', async () => {
    server.script({ needs: ['secret'], answer: 'found it', steps: [[{ name: 'read', arguments: { path: 'a.ts' } }]] });
    const first = await generateText({ model: model(), prompt: 'look', tools, maxRetries: 0 });
    expect(first.finishReason).toBe('tool-calls');
    expect(first.toolCalls).toMatchObject([{ toolName: 'read', input: { path: 'a.ts' } }]);
    const [call] = first.toolCalls;
    const second = await generateText({
      model: model(),
      messages: [
        { role: 'user', content: 'look' },
        ...first.responseMessages,
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: call!.toolCallId,
              toolName: 'read',
              output: { type: 'text', value: 'the secret' },
            },
          ],
        },
      ],
      tools,
      maxRetries: 0,
    });
    expect(second.text).toBe('found it');
  });

  it('streams calls of unknown tools and with arguments that are no JSON as calls that are invalid', async () => {
    server.play({
      kind: 'calling',
      steps: [
        [
          { name: 'read', arguments: '{"path":' },
          { name: 'shell', arguments: {} },
        ],
      ],
    });
    const { parts, finish } = await streamed({ prompt: 'x', tools });
    expect(finish).toBe('tool-calls');
    expect(parts.filter(({ type }) => type === 'tool-call')).toMatchObject([
      { toolName: 'read', invalid: true },
      { toolName: 'shell', invalid: true },
    ]);
  });

  it('shows reasoning, truncation and refusals', async () => {
    server.fail({ kind: 'thinking', tokens: 30 });
    const thought = await streamed({ prompt: 'x' });
    expect(thought.types).toContain('reasoning-delta');
    expect(thought.usage?.outputTokenDetails.reasoningTokens).toBe(30);
    server.fail({ kind: 'truncating', after: 2 });
    expect(await streamed({ prompt: 'x' })).toMatchObject({ finish: 'length', text: '{"find' });
    server.fail({ kind: 'endless' });
    expect(await streamed({ prompt: 'x', maxOutputTokens: 20 })).toMatchObject({
      finish: 'length',
      usage: { outputTokens: 20 },
    });
    for (const by of ['refusal', 'content_filter'] as const) server.fail({ kind: 'refusing', by });
    // The SDK makes text of the refusal, and says by the finish that it is one.
    const refused = { finish: 'content-filter', raw: 'stop', text: "I'm sorry, but I can't help with that." };
    expect(await streamed({ prompt: 'x' })).toMatchObject(refused);
    expect(await streamed({ prompt: 'x' })).toMatchObject({
      finish: 'content-filter',
      raw: 'content_filter',
      text: '',
    });
  });

  it.each([
    [
      { kind: 'rate-limit', retryAfter: 3 },
      { statusCode: 429, isRetryable: true, responseHeaders: { 'retry-after': '3' } },
    ],
    [{ kind: 'overloaded' }, { statusCode: 529, isRetryable: true, data: { error: { type: 'overloaded_error' } } }],
    [
      { kind: 'status', status: 502, page: true },
      { statusCode: 502, isRetryable: true },
    ],
    [{ kind: 'authentication' }, { statusCode: 401, isRetryable: false }],
    [
      { kind: 'overflow' },
      { statusCode: 400, isRetryable: false, data: { error: { code: 'context_length_exceeded' } } },
    ],
    [{ kind: 'reset' }, { statusCode: undefined, isRetryable: true }],
  ] as const)('tells of %o as the error of a call', async (failure, expected) => {
    server.fail(failure);
    const { errors } = await streamed({ prompt: 'x' });
    expect(errors).toHaveLength(1);
    expect(APICallError.isInstance(errors[0])).toBe(true);
    expect(errors[0]).toMatchObject(expected);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ kind: 'reset', after: 8 }, /Failed to process successful response/],
    [{ kind: 'cut', after: 8 }, /without a finish reason/],
    [{ kind: 'overloaded', after: 8 }, /Overloaded/],
  ] as const)('tells of %o in the midst of a stream', async (failure, message) => {
    server.script({ needs: [], answer: 'word '.repeat(50) });
    server.fail(failure);
    const { errors } = await streamed({ prompt: 'x' });
    expect(errors).toHaveLength(1);
    expect(String((errors[0] as Error).message ?? errors[0])).toMatch(message);
  });

  it('can be left while it hangs', async () => {
    server.fail({ kind: 'hang' });
    const stop = new AbortController();
    const asked = streamed({ prompt: 'x', abortSignal: stop.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    stop.abort();
    expect((await asked).types).toContain('abort');
    await expect.poll(() => server.requests[0]?.outcome).toBe('client');
  });
});
