import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import type { Event } from '../attempt.ts';
import type { NewInPrompt, Tool, TranscriptEvent } from '../port.ts';
import { type Body, openDoor, question, recording } from '../testing/door.ts';
import { openTranscript, readTranscript } from './index.ts';
import { onlyNew, openPrompts, type WholePrompt } from './only-new.ts';

const CODE = 'a line of code;\n'.repeat(50);
const READ: Tool = {
  name: 'read',
  description: 'Reads.',
  input: z.object({ path: z.string() }),
  run: async () => ({ ok: true, text: CODE, truncated: false }),
};

/** A transcript of a question of that many steps, each but the last of which reads the same amount. */
async function transcriptOf(steps: number, content: 'full' | 'usage') {
  const dir = mkdtempSync(join(tmpdir(), 'agentsmd-transcript-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const { models, server, bodies } = await openDoor({ failback: {} });
  const call = [{ name: 'read', arguments: { path: 'a.ts' } }];
  server.play({ kind: 'calling', steps: Array.from({ length: steps - 1 }, () => call) });
  const transcript = await openTranscript({ dir, name: 'x', content, retentionDays: 1, now: Date.now });
  const answer = await models.ask(question(models, { tools: [READ], maxSteps: steps, transcript }));
  await transcript.close();
  expect(answer).toMatchObject({ kind: 'answer', calls: steps });
  const events: TranscriptEvent[] = [];
  for await (const event of readTranscript(transcript.file)) events.push(event);
  return { bytes: readFileSync(transcript.file).length, events, bodies: bodies() };
}

describe('the transcript of a question with many steps', () => {
  it.each(['full', 'usage'] as const)('grows with its steps, not with their square: %s', async (content) => {
    const [ten, twenty, forty] = [
      await transcriptOf(10, content),
      await transcriptOf(20, content),
      await transcriptOf(40, content),
    ];
    const [first, second] = [twenty.bytes - ten.bytes, forty.bytes - twenty.bytes];
    // Twice as many more steps: with whole prompts it would be four times as many bytes.
    expect(second / first).toBeGreaterThan(1.9);
    expect(second / first).toBeLessThan(2.1);
  });

  it('has all that was asked, once it is put together again', async () => {
    const { events, bodies } = await transcriptOf(20, 'full');
    const wholeOf = openPrompts();
    const prompts = events.flatMap((event) => wholeOf(event) ?? []);
    expect(prompts).toHaveLength(20);
    for (const [at, { instructions, messages, tools }] of prompts.entries()) {
      const { messages: sent, tools: sentTools } = bodies[at] as Body;
      expect(messages.map((one) => (one as { role: string }).role)).toEqual(sent.slice(1).map(({ role }) => role));
      expect(instructions).toBe(sent[0]?.content);
      expect(tools).toEqual(sentTools?.map((tool) => tool.function.name));
      expect(JSON.stringify(messages).length).toBeGreaterThan(at * CODE.length);
    }
  });
});

describe('what is new in a prompt', () => {
  const call = (prompt: WholePrompt): Event => ({ type: 'call', model: 'gw/m', step: 1, prompt, estimatedTokens: 1 });
  const user = (content: string) => ({ role: 'user', content });
  const one: WholePrompt = { instructions: 'be brief', messages: [user('a')], tools: ['read'] };

  /** What was written of them, and what they are put together again. */
  function told(prompts: readonly WholePrompt[]) {
    const written: NewInPrompt[] = [];
    const wholeOf = openPrompts();
    const wholes: unknown[] = [];
    const write = onlyNew((event) => {
      if (event.type !== 'call') return;
      written.push(event.prompt as NewInPrompt);
      wholes.push(wholeOf(JSON.parse(JSON.stringify({ at: 0, agent: 'a', ...event }))));
    });
    for (const prompt of prompts) write(call(prompt));
    return { written, wholes };
  }

  it.each<readonly [string, WholePrompt, object]>([
    ['nothing, asked again', { ...one, messages: [user('a')] }, { from: 1, messages: [] }],
    ['what follows', { ...one, messages: [user('a'), user('b')] }, { from: 1, messages: [user('b')] }],
    ['what changed, and all behind it', { ...one, messages: [user('A')] }, { from: 0, messages: [user('A')] }],
    ['less', { ...one, messages: [] }, { from: 0, messages: [] }],
    ['tools', { ...one, tools: [] }, { from: 1, messages: [], tools: [] }],
    ['a system message', { ...one, instructions: 'be long' }, { from: 1, messages: [], instructions: 'be long' }],
    ['none any more', { messages: [user('a')], tools: ['read'] }, { from: 1, messages: [], instructions: null }],
  ])('is %s', (_, next, wanted) => {
    const { written, wholes } = told([one, next]);
    const [{ question: id, ...first }, { question: same, ...second }] = written as [NewInPrompt, NewInPrompt];
    expect(first).toEqual({ from: 0, ...one });
    expect(second).toEqual(wanted);
    expect(same).toBe(id);
    expect(wholes).toEqual([one, { instructions: undefined, ...next }]);
  });

  it('does not mix questions of one agent that are under way side by side', () => {
    const transcript = recording();
    const write = (event: Event) => transcript.write({ at: 0, agent: 'a', ...event } as TranscriptEvent);
    const [left, right] = [onlyNew(write), onlyNew(write)];
    const prompts = ['l', 'r'].map((name) => [[user(name)], [user(name), user(`${name}2`)]]);
    for (const step of [0, 1])
      for (const [at, say] of [left, right].entries()) say(call({ ...one, messages: prompts[at]![step]! }));
    const wholeOf = openPrompts();
    expect(transcript.events.map((event) => wholeOf(event)?.messages)).toEqual([
      [user('l')],
      [user('r')],
      [user('l'), user('l2')],
      [user('r'), user('r2')],
    ]);
  });

  it('is not guessed where the call before is missing, as it is where only usage is kept', () => {
    const wholeOf = openPrompts();
    const event = { at: 0, agent: 'a', type: 'call', model: 'gw/m', step: 2, estimatedTokens: 1 } as const;
    expect(wholeOf({ ...event, prompt: { question: 'x', from: 1, messages: [user('b')] } })).toBeUndefined();
    expect(wholeOf({ ...event, prompt: undefined })).toBeUndefined();
  });

  it('leaves all other events as they are', () => {
    const transcript = recording();
    const event = { type: 'warning', message: 'x' } as const;
    onlyNew((one) => transcript.write({ at: 0, agent: 'a', ...one } as TranscriptEvent))(event);
    expect(transcript.events).toEqual([{ at: 0, agent: 'a', ...event }]);
  });
});
