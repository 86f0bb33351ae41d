import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openDoor, question, recording } from './testing/door.ts';

/** Only the one that is meant can run out, however slow the machine is. */
const LONG = { first: 100, between: 100, call: 100 };
const SOON = 0.3;

const ALIVE = [undefined, 'comments', 'blanks', 'empty-deltas'] as const;

describe('an answer that never ends', () => {
  it.each(
    ALIVE.flatMap((alive) => [
      ['first', 'no first token came within 0.3 s', { kind: 'hang', alive }] as const,
      ['between', 'no further token came within 0.3 s', { kind: 'hang', after: 9, alive }] as const,
      ['call', 'it did not end within 0.3 s', { kind: 'hang', after: 9, alive }] as const,
    ]),
  )('is ended by timeouts.%s: "%s" after %j', async (timeout, message, character) => {
    const { models, server, reports } = await openDoor({ timeouts: { ...LONG, [timeout]: SOON }, failback: {} });
    server.play({ kind: 'endless' });
    server.fail(character);
    const transcript = recording();
    const answer = await models.ask(question(models, { transcript }));
    expect(answer).toMatchObject({ kind: 'failed', reason: 'unavailable', calls: 1 });
    expect(answer).toHaveProperty('message', `gw/large: ${message}`);
    expect(transcript.of('step')).toMatchObject([{ finish: 'timeout', usage: { estimated: true } }]);
    expect(reports[0]).toMatchObject({ type: 'call', outcome: 'timeout' });
    // Its connection is not left open.
    await expect.poll(() => server.requests[0]?.outcome).toBe('client');
  });

  it('in the middle of a call of a tool, with deltas that hold nothing, is ended by timeouts.between', async () => {
    const { models, server } = await openDoor({ timeouts: { ...LONG, between: SOON }, failback: {} });
    const read = { name: 'read', description: 'Reads.', input: z.object({ path: z.string() }) };
    const run = async () => ({ ok: true, text: '', truncated: false }) as const;
    server.script({
      needs: [],
      answer: '',
      steps: [[{ name: 'read', arguments: { path: 'a/path/of/some/length.ts' } }]],
    });
    server.fail({ kind: 'hang', after: 4, alive: 'empty-arguments' });
    expect(await models.ask(question(models, { tools: [{ ...read, run }] }))).toMatchObject({
      reason: 'unavailable',
      message: 'gw/large: no further token came within 0.3 s',
    });
  });

  it('though words keep coming is ended by timeouts.call', async () => {
    const { models, server } = await openDoor({
      timeouts: { ...LONG, call: SOON },
      models: { large: { output: 8192 } },
      failback: {},
      server: { tokensPerSecond: 50 },
    });
    server.play({ kind: 'endless' });
    expect(await models.ask(question(models))).toMatchObject({
      reason: 'unavailable',
      message: 'gw/large: it did not end within 0.3 s',
    });
  });

  it('of nothing but blanks is cut off, asked for in short, and then none', async () => {
    const { models, server } = await openDoor({ models: { large: { output: 100 } }, failback: {} });
    server.play({ kind: 'endless', words: 'blanks', overruns: true });
    expect(await models.ask(question(models))).toMatchObject({ reason: 'truncated', calls: 2 });
    expect(server.requests[1]?.prompt).toContain('at most 50 tokens');
    await expect.poll(() => server.requests.map(({ outcome }) => outcome)).toEqual(['client', 'client']);
  });
});
