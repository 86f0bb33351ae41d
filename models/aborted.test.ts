import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Tool, ToolResult } from './port.ts';
import { runTools } from './run-tools.ts';
import { ANSWER, openDoor, question, recording } from './testing/door.ts';

const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
process.on('unhandledRejection', note);
afterAll(() => void process.off('unhandledRejection', note));
afterEach(async () => {
  // Node tells of them once the microtasks are done.
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled.splice(0)).toEqual([]);
});

describe('a question that is called off while it tries a model again', () => {
  it.each(['before its first token', 'in mid-stream'])('%s gives the place to the next one', async (when) => {
    const clock = { now: 1_000_000_000_000 };
    const { models, server, asked } = await openDoor({
      breaker: { failures: 1, cooldown: 120 },
      deps: { now: () => clock.now },
    });
    server.fail({ kind: 'status', status: 500 }, { model: 'large' });
    await models.ask(question(models));
    clock.now += 120_000;
    server.requests.length = 0;
    server.fail(when === 'in mid-stream' ? { kind: 'hang', after: 1 } : { kind: 'hang' }, { model: 'large' });
    const abort = new AbortController();
    const probing = models.ask(question(models, { signal: abort.signal }));
    await expect.poll(() => server.requests.length).toBe(1);
    if (when === 'in mid-stream') await expect.poll(() => server.requests[0]?.firstToken).toBeDefined();
    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', model: 'gw/small' });
    abort.abort();
    expect(await probing).toMatchObject({ reason: 'aborted' });
    // Nothing was found out about it.
    expect(models.health()).toEqual({ 'gw/large': { openUntil: clock.now } });

    expect(await models.ask(question(models))).toMatchObject({ kind: 'answer', model: 'gw/large' });
    expect(asked()).toEqual(['large', 'small', 'large']);
    expect(models.health()).toEqual({});
  });
});

describe('a question that is called off', () => {
  const toolOf = (run: Tool['run']): Tool => ({ name: 'read', description: 'Reads.', input: z.object({}), run });
  const CALL = { kind: 'calling', steps: [[{ name: 'read', arguments: {} }]] } as const;

  it('before a tool starts does not start it', async () => {
    const { models, server } = await openDoor();
    server.play(CALL);
    const abort = new AbortController();
    let started = 0;
    const tool = toolOf(async () => {
      started += 1;
      return { ok: true, text: '', truncated: false };
    });
    const transcript = recording();
    const callingOff: typeof transcript = {
      ...transcript,
      write(event) {
        transcript.write(event);
        // What is written last before its tools.
        if (event.type === 'step') abort.abort();
      },
    };
    const asking = question(models, { answer: ANSWER, tools: [tool], signal: abort.signal, transcript: callingOff });
    expect(await models.ask(asking)).toMatchObject({ kind: 'failed', reason: 'aborted', calls: 1 });
    expect(started).toBe(0);
    expect(transcript.of('tool')).toMatchObject([{ result: { ok: false, reason: 'aborted' } }]);
    expect(transcript.events.at(-1)).toMatchObject({ type: 'end', outcome: 'aborted' });
  });

  it.each<readonly [string, (signal: AbortSignal) => Promise<ToolResult>]>([
    ['that never ends', () => new Promise(() => {})],
    [
      'that fails because of it',
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    ],
    [
      'that fails after it',
      (signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => setImmediate(() => reject(new Error('late')))),
        ),
    ],
  ])('while a tool runs %s ends as such', async (_, run) => {
    const { models, server } = await openDoor();
    server.play(CALL);
    const abort = new AbortController();
    const tool = toolOf((__, signal) => {
      setImmediate(() => abort.abort());
      return run(signal);
    });
    const asking = question(models, { answer: ANSWER, tools: [tool], signal: abort.signal });
    expect(await models.ask(asking)).toMatchObject({ kind: 'failed', reason: 'aborted', calls: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('tells the tools why, which is not that they took too long', async () => {
    const abort = new AbortController();
    const running = runTools(
      [{ id: '1', name: 'read', input: {} }],
      [toolOf(() => new Promise(() => {}))],
      abort.signal,
      60_000,
      () => 0,
    );
    abort.abort();
    expect(await running).toMatchObject([{ result: { reason: 'aborted', message: 'it was called off' } }]);
  });
});

describe('a question whose prompt is still being made', () => {
  const never = () => new Promise<never>(() => {});

  it('ends when it is called off', async () => {
    const { models, asked } = await openDoor();
    const abort = new AbortController();
    const transcript = recording();
    const asking = models.ask(question(models, { prompt: never, signal: abort.signal, transcript }));
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await asking).toMatchObject({ kind: 'failed', reason: 'aborted', calls: 0 });
    expect(transcript.events).toMatchObject([{ type: 'end', outcome: 'aborted' }]);
    expect(asked()).toEqual([]);
  });

  it('does not hold up the end', async () => {
    const { models } = await openDoor();
    const asking = models.ask(question(models, { prompt: never }));
    await models.close();
    expect(await asking).toMatchObject({ reason: 'aborted' });
  });

  it('is nobody’s loose end where making it fails after that', async () => {
    const { models } = await openDoor();
    const made = Promise.withResolvers<never>();
    const abort = new AbortController();
    const asking = models.ask(question(models, { prompt: () => made.promise, signal: abort.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    expect(await asking).toMatchObject({ reason: 'aborted' });
    made.reject(new Error('too late'));
  });
});
