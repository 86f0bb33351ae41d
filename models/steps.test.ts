import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Tool, ToolResult } from './port.ts';
import { ANSWER, ONE, openDoor, question, recording } from './testing/door.ts';

function tool(name: string, run: (input: unknown, signal: AbortSignal) => Promise<ToolResult>): Tool {
  return { name, description: `Does ${name}.`, input: z.object({ path: z.string() }), run };
}

const text = (value: string): ToolResult => ({ ok: true, text: value, truncated: false });
const READ = tool('read', async (input) => text(`content of ${(input as { path: string }).path}`));
const calls = (name: string, args: unknown) => ({ kind: 'calling', steps: [[{ name, arguments: args }]] }) as const;

function toolTexts(body: { messages: readonly { role: string; content: unknown }[] } | undefined) {
  return body?.messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content)) ?? [];
}

describe('a question with tools', () => {
  it('goes step by step, the results given as data', async () => {
    const { models, server, bodies } = await openDoor();
    server.play({
      kind: 'calling',
      steps: [
        [
          { name: 'read', arguments: { path: 'a.ts' } },
          { name: 'read', arguments: { path: 'b.ts' } },
        ],
        [{ name: 'read', arguments: { path: 'c.ts' } }],
      ],
    });
    const transcript = recording();
    const answer = await models.ask(question(models, { answer: ANSWER, tools: [READ], transcript }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 3 });
    const [first, second, third] = bodies();
    expect(first?.tools?.map(({ function: { name } }) => name)).toEqual(['read', 'findings']);
    expect(toolTexts(second)[0]).toMatch(/^<agentsmd-data-\w+ name="read">\ncontent of a\.ts\n<\/agentsmd-data-\w+>$/);
    expect(toolTexts(third)).toHaveLength(3);
    expect(third?.messages.slice(0, second?.messages.length)).toEqual(second?.messages);
    expect(transcript.of('tool')).toMatchObject([{ name: 'read', input: { path: 'a.ts' } }, {}, {}]);
  });

  it('does not go on with a model that calls no tools once some were called', async () => {
    const { models, server, asked } = await openDoor({ models: { large: {}, small: { tools: false } } });
    server.play(
      { kind: 'calling', steps: [[{ name: 'read', arguments: { path: 'a.ts' } }]] },
      { model: 'large', times: 1 },
    );
    server.fail({ kind: 'status', status: 500 }, { model: 'large', prompt: 'content of a.ts', times: 2 });
    const answer = await models.ask(question(models, { answer: ANSWER, tools: [READ] }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'unavailable' });
    expect(asked()).not.toContain('small');
  });

  it.each<readonly [string, unknown, RegExp]>([
    ['nothing', { path: 'a.ts' }, /unknown-tool/],
    ['read', '{"path": ', /invalid-input/],
    ['broken', { path: 'a.ts' }, /failed/],
    ['refusing', { path: 'a.ts' }, /no-such-file/],
    ['odd name; rm', { path: 'a.ts' }, /unknown-tool/],
  ])('goes on after a call of %s with %j', async (name, args, wanted) => {
    const broken = tool('broken', async () => {
      throw new Error('secret');
    });
    const refusing = tool('refusing', async () => ({ ok: false, reason: 'no-such-file', message: 'there is none' }));
    const { models, server, bodies } = await openDoor();
    server.play(calls(name, args));
    const answer = await models.ask(question(models, { answer: ANSWER, tools: [READ, broken, refusing] }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    expect(toolTexts(bodies()[1])[0]).toMatch(wanted);
    expect(JSON.stringify(bodies())).not.toContain('secret');
  });

  it('cuts long results and says so', async () => {
    const { models, server, bodies } = await openDoor();
    server.play(calls('read', { path: 'a' }));
    await models.ask(question(models, { tools: [tool('read', async () => text('x '.repeat(100_000)))] }));
    const [given] = toolTexts(bodies()[1]);
    expect(given?.length).toBeLessThan(70_000);
    expect(given).toContain('There is more');
  });

  it('ends after its last step, in which it may call none', async () => {
    const { models, server, bodies } = await openDoor({ models: { large: { structured: 'schema' }, small: {} } });
    server.play({ kind: 'calling', steps: [[{ name: 'read', arguments: { path: 'a' } }]], forever: true });
    const answer = await models.ask(question(models, { tools: [READ], maxSteps: 3, answer: ANSWER }));
    expect(answer).toMatchObject({ reason: 'steps', calls: 3 });
    expect(bodies().map(({ tool_choice }) => tool_choice)).toEqual(['auto', 'auto', 'none']);
    expect(bodies().map(({ tools }) => tools)).toEqual([bodies()[0]?.tools, bodies()[0]?.tools, bodies()[0]?.tools]);
  });

  it('goes on with the next model where the first one fails on the way', async () => {
    const { models, server, asked, bodies } = await openDoor();
    server.play(calls('read', { path: 'a.ts' }));
    let steps = 0;
    const transcript = {
      write: ({ type }: { type: string }) => {
        if (type === 'tool') server.play({ kind: 'reset' }, { model: 'large' });
        if (type === 'step') steps += 1;
      },
    };
    const answer = await models.ask(question(models, { answer: ANSWER, tools: [READ], transcript }));
    expect(answer).toMatchObject({ kind: 'answer', model: 'gw/small', calls: 3 });
    expect(asked()).toEqual(['large', 'large', 'small']);
    expect(toolTexts(bodies()[2])).toEqual(toolTexts(bodies()[1]));
    expect(steps).toBe(3);
  });

  it('ends at once when it is called off while a tool hangs', async () => {
    const { models, server } = await openDoor();
    server.play(calls('hanging', { path: 'a' }));
    const abort = new AbortController();
    const hanging = tool('hanging', async () => {
      abort.abort();
      return await new Promise<ToolResult>(() => {});
    });
    const answer = await models.ask(question(models, { tools: [hanging], signal: abort.signal }));
    expect(answer).toMatchObject({ reason: 'aborted', calls: 1 });
  });

  it('is not hindered by a recorder or telemetry that throws', async () => {
    const fail = () => {
      throw new Error('full');
    };
    const { models } = await openDoor({ deps: { telemetry: fail } });
    const answer = await models.ask(question(models, { answer: ANSWER, transcript: { write: fail } }));
    expect(answer.kind).toBe('answer');
  });
});

describe('a model that says nothing for long', () => {
  it('is said to be thinking, again and again, until it answers', async () => {
    const { promise: answered, resolve: answerNow } = Promise.withResolvers<void>();
    const { models } = await openDoor({ server: { latency: () => answered }, deps: { thinking: 20 } });
    const transcript = recording();
    const asking = models.ask(question(models, { answer: ANSWER, transcript }));
    await expect.poll(() => transcript.of('thinking').length).toBeGreaterThan(1);
    answerNow();
    expect(await asking).toMatchObject({ kind: 'answer' });
    const told = transcript.of('thinking').length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(transcript.of('thinking')).toHaveLength(told);
  });
});

describe('a model without tools that an agent with tools comes to', () => {
  const tools = [READ];

  it('is asked without them, of which the transcript warns once', async () => {
    const { models, server, bodies } = await openDoor({ models: { large: { tools: false }, small: { tools: false } } });
    server.fail([{ kind: 'garbage' }]);
    server.fail({ kind: 'reset' });
    const transcript = recording();
    const answer = await models.ask(question(models, { answer: ANSWER, tools, transcript }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, model: 'gw/small', calls: 3 });
    for (const body of bodies()) expect(body).not.toHaveProperty('tools');
    expect(transcript.of('warning')).toMatchObject([
      { message: expect.stringMatching(/^gw\/large .* without .*tools/) },
    ]);
  });

  it('is not warned of where the agent has none, or the model takes them', async () => {
    for (const [given, asked] of [
      [{ tools: false }, {}],
      [{ tools: true }, { tools }],
    ] as const) {
      const { models } = await openDoor({ models: { large: given }, failback: {} });
      const transcript = recording();
      await models.ask(question(models, { answer: ANSWER, ...asked, transcript }));
      expect(transcript.of('warning')).toEqual([]);
    }
  });
});

it('tools have as long as a call, also where that is no whole number of milliseconds', async () => {
  const { models, server } = await openDoor({ timeouts: { first: 10, between: 10, call: 16.1 } });
  server.play(calls('read', { path: 'a' }));
  expect(await models.ask(question(models, { answer: ANSWER, tools: [READ] }))).toMatchObject({ value: ONE, calls: 2 });
});

describe('an answer that is spread over several calls', () => {
  const one = (line: number) => ({ name: 'findings', arguments: { findings: [{ path: 'src/pay.ts', line }] } });
  const tools = { models: { large: { structured: 'tool' as const } }, failback: {} };

  it('is asked for again in one, so that nothing of it is lost', async () => {
    const { models, server, bodies } = await openDoor(tools);
    server.play({ kind: 'calling', steps: [[one(3), one(9)]] });
    const answer = await models.ask(question(models, { answer: ANSWER }));
    expect(answer).toMatchObject({ kind: 'answer', value: ONE, calls: 2 });
    expect(toolTexts(bodies()[1])).toEqual(Array(2).fill(expect.stringContaining('call it once')));
  });

  it('and again, is none', async () => {
    const { models, server } = await openDoor(tools);
    server.play({ kind: 'calling', steps: [[one(3), one(9)]], forever: true });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ reason: 'unparsable', calls: 2 });
  });

  it('is taken where they all say the same', async () => {
    const { models, server } = await openDoor(tools);
    server.play({ kind: 'calling', steps: [[one(3), one(3)]] });
    expect(await models.ask(question(models, { answer: ANSWER }))).toMatchObject({ value: ONE, calls: 1 });
  });
});
