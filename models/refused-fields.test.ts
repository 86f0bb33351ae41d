import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Tool } from './port.ts';
import { ANSWER, ONE, openDoor, question } from './testing/door.ts';

const READ: Tool = {
  name: 'read',
  description: 'Reads.',
  input: z.object({ path: z.string() }),
  run: async () => ({ ok: true, text: 'read', truncated: false }),
};
const ALONE = { failback: {} };

/** What a second question finds is what the first one learned. */
async function askTwice(door: Awaited<ReturnType<typeof openDoor>>, more: Parameters<typeof question>[1] = {}) {
  const first = await door.models.ask(question(door.models, { answer: ANSWER, ...more }));
  const sent = door.bodies().length;
  const second = await door.models.ask(question(door.models, { answer: ANSWER, ...more }));
  return { first, second, later: door.bodies().slice(sent) };
}

describe('who asks', () => {
  it.each([
    { refuses: ['user'] },
    { refuses: ['metadata'] },
    // By itself: no metadata without `store: true`.
    { refuses: [] },
  ])('is left out where an endpoint does not take it, from then on: $refuses', async (server) => {
    const door = await openDoor({
      ...ALONE,
      server,
      attributionKeyEnv: 'HASH_KEY',
      deps: { env: { HASH_KEY: 'k', GW_KEY: 'test-key-agcanary' } },
    });
    const about = { project: 'shop/web', tags: [], user: 'lovelace' };
    const { first, second, later } = await askTwice(door, { about });
    expect(first).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    expect(second).toMatchObject({ kind: 'answer', value: ONE, calls: 1 });
    expect(door.bodies()[0]).toMatchObject({ user: expect.any(String), metadata: expect.any(Object) });
    for (const body of [door.bodies()[1], ...later]) {
      expect(body).not.toHaveProperty('user');
      expect(body).not.toHaveProperty('metadata');
      expect(body?.store).toBe(false);
    }
  });
});

describe('a field that an endpoint does not take', () => {
  it('is left out, from then on: stream_options, without which tokens are estimated', async () => {
    const door = await openDoor({ ...ALONE, server: { refuses: ['stream_options'] } });
    const { first, second, later } = await askTwice(door);
    expect(first).toMatchObject({ kind: 'answer', value: ONE, calls: 2, usage: { estimated: true } });
    expect(second).toMatchObject({ kind: 'answer', value: ONE, calls: 1 });
    expect(door.bodies()[0]).toHaveProperty('stream_options');
    for (const body of later) expect(body).not.toHaveProperty('stream_options');
  });

  it('is left out, from then on: tool_choice, whose work is done by the choice of tools', async () => {
    const door = await openDoor({ ...ALONE, server: { refuses: ['tool_choice'] } });
    door.server.play({ kind: 'calling', steps: [[{ name: 'read', arguments: { path: 'a' } }]] });
    const { first, second, later } = await askTwice(door, { tools: [READ], maxSteps: 2 });
    expect(first).toMatchObject({ kind: 'answer', value: ONE, calls: 3 });
    expect(second).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    for (const body of later) expect(body).not.toHaveProperty('tool_choice');
    const named = later.map(({ tools }) => tools?.map(({ function: { name } }) => name));
    expect(named).toEqual([['read', 'findings'], ['findings']]);
  });

  it('never is `store: false`, and the setting that sends it is named', async () => {
    const door = await openDoor({ ...ALONE, server: { refuses: ['store'] } });
    const { first, second } = await askTwice(door);
    for (const answer of [first, second])
      expect(answer).toMatchObject({
        reason: 'configuration',
        calls: 1,
        message: expect.stringContaining('models.providers.gw.zeroRetention: false'),
      });
    expect(door.bodies().map(({ store }) => store)).toEqual([false, false]);
  });

  it.each([
    ['models.providers.gw.models.large.tools: false', { tools: false }, {}, { tools: [READ] }],
    ['models.providers.gw.models.large.structured', { jsonSchema: 'none' }, { structured: 'schema' }, {}],
    ['models.providers.gw.models.large.output', { output: 1000 }, {}, {}],
  ] as const)('and cannot be left out ends it, naming %s', async (setting, simulated, model, more) => {
    const door = await openDoor({ ...ALONE, server: { models: { large: simulated } }, models: { large: model } });
    const { first, second } = await askTwice(door, more);
    for (const answer of [first, second])
      expect(answer).toMatchObject({ reason: 'configuration', message: expect.stringContaining(setting) });
    expect(second.calls).toBe(1);
  });

  it('a schema that is too much for strict mode is asked for by a tool', async () => {
    // All is required and nothing else allowed; but there strict mode wants a type everywhere.
    const schema = z.object({ findings: z.array(z.unknown()) });
    const door = await openDoor(ALONE);
    const answer = await door.models.ask(question(door.models, { answer: { name: 'findings', schema } }));
    expect(answer).toMatchObject({ kind: 'answer', calls: 2 });
    expect(door.bodies()[0]?.response_format?.json_schema.strict).toBe(true);
    expect(door.bodies()[1]).not.toHaveProperty('response_format');
  });

  it.each([
    // As vLLM without a parser says, whether tool_choice was sent or not.
    ['"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set', 'large.tools: false'],
    ["Unknown: 'stream_options'", ''],
    ['user, metadata, tools, tool_choice, response_format, max_completion_tokens, stream_options, store', ''],
  ])('is never asked about in circles, though an endpoint goes on complaining: %s', async (message, setting) => {
    const keys = { env: { HASH_KEY: 'k', GW_KEY: 'test-key-agcanary' } };
    const door = await openDoor({ ...ALONE, attributionKeyEnv: 'HASH_KEY', deps: keys });
    door.server.play({ kind: 'status', status: 400, message });
    const about = { project: 'shop/web', tags: [], user: 'lovelace' };
    const { first, second } = await askTwice(door, { tools: [READ], about });
    expect(first).toMatchObject({ reason: 'configuration', message: expect.stringContaining(setting) });
    // Each adaptation once: the limit's name, two fields, two other forms of the answer, who asks.
    expect(first.calls).toBeGreaterThan(1);
    expect(first.calls).toBeLessThanOrEqual(7);
    expect(second).toMatchObject({ reason: 'configuration', calls: 1 });
  });
});

describe('agents that begin side by side', () => {
  const keys = { env: { HASH_KEY: 'k', GW_KEY: 'test-key-agcanary' } };
  const askAll = async (door: Awaited<ReturnType<typeof openDoor>>) => {
    const ask = () => door.models.ask(question(door.models, { answer: ANSWER, tools: [READ] }));
    return await Promise.all(Array.from({ length: 4 }, ask));
  };
  const GIVEN = Array(4).fill(expect.objectContaining({ kind: 'answer', value: ONE }));

  it.each(['stream_options', 'metadata', 'tool_choice', 'max_tokens'])('each ask again without %s', async (field) => {
    const attributionKeyEnv = field === 'metadata' ? 'HASH_KEY' : '';
    const door = await openDoor({ ...ALONE, server: { refuses: [field] }, attributionKeyEnv, deps: keys });
    expect(await askAll(door)).toEqual(GIVEN);
  });
});
