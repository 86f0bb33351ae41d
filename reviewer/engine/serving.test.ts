import { describe, expect, it, vi } from 'vitest';
import type { Tool } from '../../models/port.ts';
import type { Asked } from './protocol.ts';
import { serve } from './serving.ts';

const TODAY = new Date().toISOString().slice(0, 10);

/** `slow` ends when it is called off; `read` says what it was given. */
function served({ days }: Pick<Parameters<typeof serve>[0], 'days'> = { days: undefined }) {
  const run: Record<string, Tool['run']> = {
    read: async (input) => ({ ok: true, text: JSON.stringify(input), truncated: false }),
    broken: async () => {
      throw new Error('where it lies: /home/ada');
    },
    slow: async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      return { ok: false, reason: 'aborted', message: 'off' };
    },
  };
  const tools = Object.entries(run).map(([name, run]) => ({ name, description: '', input: {}, run }));
  const sent: Asked[] = [];
  const problems: string[] = [];
  const serving = serve(
    {
      tools: new Map(tools.map((tool) => [tool.name, tool])),
      days,
      onProblem: (problem) => void problems.push(problem),
    },
    // 1 may read, 2 may nothing, and others are not under way.
    (id) => (id === 1 ? ['read', 'slow', 'broken', 'gone'] : []),
    (asked) => void sent.push(asked),
  );
  const call = async (name: string, { id = 1, call = 7 } = {}) => {
    serving.hear({ type: 'tool', id, call, name, input: { path: 'a' } });
    await vi.waitFor(() => expect(sent).not.toEqual([]));
    return sent.splice(0);
  };
  return { serving, sent, problems, call };
}

describe('what is done for the process of the models', () => {
  it('is a tool of the question that it works at', async () => {
    const { call } = served();
    const result = { ok: true, text: '{"path":"a"}', truncated: false };
    expect(await call('read')).toEqual([{ type: 'result', call: 7, result }]);
  });

  it.each([
    ['a tool that the question has not', 'read', 2],
    ['a tool of a question that is over', 'read', 3],
    ['a tool that nobody has', 'gone', 1],
    ['what every object has', 'constructor', 1],
  ])('is not %s', async (_, name, id) => {
    const { call } = served();
    expect(await call(name, { id })).toMatchObject([{ result: { ok: false, reason: 'unknown-tool' } }]);
  });

  it('tells nothing of why a tool broke', async () => {
    const { call } = served();
    const result = { ok: false, reason: 'failed', message: 'the tool failed' };
    expect(await call('broken')).toEqual([{ type: 'result', call: 7, result }]);
  });

  it('ends when nobody waits for it any more, or the process is gone', async () => {
    const { serving, sent } = served();
    for (const call of [1, 2]) serving.hear({ type: 'tool', id: 1, call, name: 'slow', input: {} });
    serving.hear({ type: 'tool-off', call: 1 });
    await vi.waitFor(() => expect(sent).toMatchObject([{ call: 1, result: { reason: 'aborted' } }]));
    await serving.end();
    await vi.waitFor(() => expect(sent.slice(1)).toMatchObject([{ call: 2, result: { reason: 'aborted' } }]));
  });

  it('is no more than so many calls at a time, each of a number of its own', async () => {
    const { serving, sent } = served();
    for (let call = 0; call < 500; call += 1) serving.hear({ type: 'tool', id: 1, call, name: 'slow', input: {} });
    for (const call of [3, 500]) serving.hear({ type: 'tool', id: 1, call, name: 'read', input: {} });
    const refused = { result: { ok: false, reason: 'too-many' } };
    await vi.waitFor(() =>
      expect(sent).toMatchObject([
        { call: 3, ...refused },
        { call: 500, ...refused },
      ]),
    );
    await serving.end();
  });

  it('is the books of this day, also what is still to be written once the process is gone', async () => {
    const written = Promise.withResolvers<void>();
    const days = { spent: vi.fn(async () => ({ tokens: 5, money: 1 })), add: vi.fn(() => written.promise) };
    const { serving, sent } = served({ days });
    serving.hear({ type: 'day', call: 4 });
    await vi.waitFor(() => expect(sent).toEqual([{ type: 'day', call: 4, taken: { tokens: 5, money: 1 } }]));
    serving.hear({ type: 'took', tokens: 2, money: 0 });
    expect(days.add).toHaveBeenCalledWith(TODAY, { tokens: 2, money: 0 });
    const ended = vi.fn();
    const ending = serving.end().then(ended);
    await Promise.resolve();
    expect(ended).not.toHaveBeenCalled();
    written.resolve();
    await ending;
  });

  it('says that the books can be neither read nor written', async () => {
    const broken = async () => {
      throw new Error('/home/ada: no space left');
    };
    const { serving, sent, problems } = served({ days: { spent: broken, add: broken } });
    serving.hear({ type: 'day', call: 4 });
    serving.hear({ type: 'took', tokens: 2, money: 0 });
    await serving.end();
    await vi.waitFor(() => expect(sent).toEqual([{ type: 'day', call: 4, taken: null }]));
    expect(problems).toEqual(["what a call took could not be added to the day's shared budget"]);
  });
});
