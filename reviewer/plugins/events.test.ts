import { expect, it } from 'vitest';
import type { PluginProblem } from './draft.ts';
import { openEvents } from './events.ts';
import type { ReviewEvent, ReviewPlugin } from './plugin.ts';

const STARTED: ReviewEvent = { type: 'started', tier: 'full', agents: ['security'] };
const ENDED: ReviewEvent = { type: 'ended', decision: 'approved', findings: 0, ms: 5 };

function open(plugins: readonly ReviewPlugin[]) {
  const problems: PluginProblem[] = [];
  return { problems, ...openEvents(plugins, (problem) => void problems.push(problem), 20) };
}

it('tells every plugin, whatever others do, and one that fails nothing more', async () => {
  const told: ReviewEvent[] = [];
  let asked = 0;
  const { tell, problems } = open([
    {
      name: 'throws',
      onEvent() {
        asked += 1;
        throw new Error('broken');
      },
    },
    {
      name: 'rejects',
      // The type forbids it; who writes plain JavaScript has none.
      onEvent: (async () => {
        throw new Error('later');
      }) as () => void,
    },
    { name: 'deaf' },
    { name: 'works', onEvent: (event) => void told.push(event) },
  ]);
  tell(STARTED);
  await Promise.resolve();
  tell(ENDED);
  await expect.poll(() => problems.length).toBe(2);
  expect(told).toEqual([STARTED, ENDED]);
  expect(asked).toBe(1);
  expect(problems).toEqual([
    { plugin: 'throws', phase: 'event', message: 'broken' },
    { plugin: 'rejects', phase: 'event', message: 'later' },
  ]);
});

it('hands out copies that nobody can change', () => {
  const event = structuredClone(STARTED);
  const { tell, problems } = open([{ name: 'x', onEvent: (told) => void Object.assign(told, { tier: 'trivial' }) }]);
  tell(event);
  expect(event).toEqual(STARTED);
  expect(problems).toMatchObject([{ phase: 'event', message: expect.stringContaining('read only') }]);
});

it('closes all, waits for none for long, and reports', async () => {
  const closed: string[] = [];
  const { close, problems } = open([
    { name: 'hangs', close: () => new Promise(() => {}) },
    { name: 'fails', close: () => Promise.reject(new Error('no')) },
    { name: 'works', close: async () => void closed.push('works') },
  ]);
  await close();
  expect(closed).toEqual(['works']);
  expect(problems).toEqual([
    { plugin: 'fails', phase: 'close', message: 'no' },
    { plugin: 'hangs', phase: 'close', message: 'did not end within 0.02 s' },
  ]);
});
