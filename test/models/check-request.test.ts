import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, hello } from './ask.ts';
import { type ModelServer, startModels } from './index.ts';

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false };
const tool = { type: 'function', function: { name: 'read', parameters: { type: 'object', properties: {} } } };
const call = { id: 'c1', type: 'function', function: { name: 'read', arguments: '{}' } };
const user = { role: 'user', content: 'hello' };
const format = (given: unknown, more = {}) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: given, ...more } },
});

let server: ModelServer;
beforeAll(async () => {
  server = await startModels({
    models: {
      'small-1': { context: 1000, output: 100 },
      plain: { jsonSchema: 'none', tools: false },
      lenient: { jsonSchema: 'lenient' },
    },
  });
});
afterAll(() => server.close());

describe('the double rejects what real endpoints reject', () => {
  it.each<[string, object, RegExp, string?]>([
    ['no messages', { messages: undefined }, /Missing required parameter: 'messages'/],
    ['empty messages', { messages: [] }, /empty array/, 'empty_array'],
    ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }, /Invalid value: 'robot'/, 'invalid_value'],
    ['a user without content', { messages: [{ role: 'user', content: null }] }, /expected a string, got null/],
    ['a picture', { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }, /text only/],
    ['an unknown key of a message', { messages: [{ ...user, mood: 'good' }] }, /'mood' was unexpected/],
    [
      'an unknown parameter',
      { temprature: 1 },
      /Unrecognized request argument supplied: temprature/,
      'unknown_parameter',
    ],
    ['a name every object has', { constructor: 1 }, /Unrecognized request argument/, 'unknown_parameter'],
    ['a wrong type', { temperature: '1' }, /Invalid value for 'temperature'/, 'invalid_value'],
    ['stream_options without a stream', { stream_options: { include_usage: true } }, /only allowed when 'stream'/],
    ['metadata without store', { metadata: { a: 'b' }, store: false }, /only allowed when 'store' is enabled/],
    ['metadata that is no string', { metadata: { a: 1 }, store: true }, /metadata.a/],
    ['both limits', { max_tokens: 1, max_completion_tokens: 1 }, /at the same time/],
    ['a limit over the model', { max_tokens: 101 }, /supports at most 100 completion tokens/, 'invalid_value'],
    ['a limit of nothing', { max_tokens: 0 }, /Invalid value for 'max_tokens'/],
    ['no tools, but a list', { tools: [] }, /empty array/],
    ['tool_choice without tools', { tool_choice: 'auto' }, /only allowed when 'tools' are specified/],
    [
      'a tool_choice that is no tool',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'x' } } },
      /not in 'tools'/,
    ],
    ['two tools of one name', { tools: [tool, tool] }, /must be unique/],
    ['a tool with a bad name', { tools: [{ type: 'function', function: { name: 'a b' } }] }, /must match/],
    [
      'parameters that are no object',
      { tools: [{ type: 'function', function: { name: 'a', parameters: { type: 'string' } } }] },
      /'type: "object"'/,
      'invalid_function_parameters',
    ],
    ['tools of a model that has none', { model: 'plain', tools: [tool] }, /does not support tools/],
    ['a schema of a model that has none', { model: 'plain', ...format(schema) }, /not supported with this model/],
    ['json_object unsaid', { response_format: { type: 'json_object' } }, /must contain the word 'json'/],
    ['an unknown format', { response_format: { type: 'xml' } }, /Invalid value: 'xml'/],
    ['a schema without a name', format(schema, { name: '' }), /json_schema.name/],
    ['no schema', format(undefined), /Missing required parameter/],
    ['strict: a list at the root', format({ type: 'array', items: schema }), /got 'type: "array"'/],
    ['strict: an optional property', format({ ...schema, required: [] }), /Missing 'a'/],
    ['strict: open objects', format({ ...schema, additionalProperties: undefined }), /to be false/],
    [
      'strict: below',
      format({ ...schema, properties: { a: { type: 'array', items: { type: 'object' } } } }),
      /context=\('properties', 'a', 'items'\)/,
    ],
    [
      'strict: what it does not know',
      format({ ...schema, properties: { a: { oneOf: [{ type: 'null' }] } } }),
      /'oneOf' is not permitted/,
    ],
    [
      'a tool message out of nowhere',
      { messages: [user, { role: 'tool', tool_call_id: 'c1', content: 'x' }] },
      /must be a response to a preceding message/,
    ],
    [
      'a tool message of another id',
      {
        messages: [
          user,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'c2', content: 'x' },
        ],
      },
      /of the id 'c2'/,
    ],
    [
      'a call without its result',
      { messages: [user, { role: 'assistant', content: null, tool_calls: [call] }, user] },
      /did not have response messages: c1/,
    ],
    [
      'a result that comes too late',
      {
        messages: [
          user,
          { role: 'assistant', content: null, tool_calls: [call] },
          user,
          { role: 'tool', tool_call_id: 'c1', content: 'x' },
        ],
      },
      /did not have response messages: c1/,
    ],
    [
      'a call without its result at the end',
      { messages: [user, { role: 'assistant', content: null, tool_calls: [call] }] },
      /did not have response messages: c1/,
    ],
    [
      'arguments that are no JSON',
      {
        messages: [user, { role: 'assistant', tool_calls: [{ ...call, function: { name: 'read', arguments: '{' } }] }],
      },
      /is no JSON/,
    ],
    ['nothing from the assistant', { messages: [user, { role: 'assistant', content: null }] }, /got null/],
    [
      'a prompt that is too long',
      { messages: [{ role: 'user', content: 'word '.repeat(1000) }] },
      /maximum context length is 1000 tokens/,
      'context_length_exceeded',
    ],
    [
      'a prompt that leaves no room for the answer',
      { max_tokens: 100, messages: [{ role: 'user', content: 'word '.repeat(920) }] },
      /100 in the completion/,
      'context_length_exceeded',
    ],
  ])('%s', async (_, change, message, code) => {
    const { status, body } = await ask(server, { ...hello, ...change });
    expect(status).toBe(400);
    expect(body.error).toEqual({
      message: expect.stringMatching(message),
      type: 'invalid_request_error',
      param: expect.any(String),
      code: code ?? body.error?.code,
    });
    if (code === undefined) expect(body.error?.code).not.toBe('context_length_exceeded');
  });

  it('takes all of that where it is right', async () => {
    const messages = [
      { role: 'system', content: 'be brief' },
      { role: 'developer', content: [{ type: 'text', text: 'and kind' }] },
      user,
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: 'x' },
      { role: 'assistant', content: 'well' },
      user,
    ];
    const limits = {
      max_tokens: 100,
      temperature: 0,
      stop: ['a'],
      seed: 1,
      user: 'u',
      store: true,
      metadata: { a: 'b' },
    };
    const right = { ...hello, messages, tools: [tool], tool_choice: 'auto', ...limits, ...format(schema) };
    expect(await ask(server, right)).toMatchObject({ status: 200 });
    const open = { ...schema, required: [], additionalProperties: undefined };
    expect(await ask(server, { ...hello, model: 'lenient', ...format(open) })).toMatchObject({ status: 200 });
    expect(await ask(server, { ...hello, ...format(open, { strict: false }) })).toMatchObject({ status: 200 });
  });

  it('knows its keys, its models, its paths and its media type', async () => {
    const wrong = await ask(server, hello, { authorization: 'Bearer other' });
    expect(wrong).toMatchObject({ status: 401, body: { error: { code: 'invalid_api_key' } } });
    expect(await ask(server, hello, { authorization: '' })).toMatchObject({ status: 401 });
    const unknown = await ask(server, { ...hello, model: 'small-2' });
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'model_not_found', param: 'model' } } });
    expect(await ask(server, { messages: hello.messages })).toMatchObject({ status: 400 });
    expect(await ask(server, '{"model":')).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(/could not parse/) } },
    });
    expect(await ask(server, hello, { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
    expect((await fetch(`${server.url}/completions`)).status).toBe(404);
    const models = await fetch(`${server.url}/models`, { headers: { authorization: `Bearer ${server.key}` } });
    expect(await models.json()).toMatchObject({
      object: 'list',
      data: [{ id: 'small-1', max_model_len: 1000 }, { id: 'plain' }, { id: 'lenient' }],
    });
    expect((await fetch(`${server.url}/models`)).status).toBe(401);
  });

  it('wants no key where there are none, and may not know a parameter', async () => {
    await using bare = await startModels({ keys: {}, refuses: ['store'] });
    expect(await ask(bare, hello, { authorization: '' })).toMatchObject({ status: 200 });
    expect(await ask(bare, { ...hello, store: false })).toMatchObject({
      status: 400,
      body: { error: { param: 'store' } },
    });
  });

  it('may lose a model while it runs', async () => {
    await using other = await startModels();
    other.models.delete('small-1');
    expect(await ask(other, hello)).toMatchObject({ status: 404 });
  });
});
