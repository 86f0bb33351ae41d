import { describe, expect, it } from 'vitest';
import type { Command } from './replies.ts';
import { answerOf, requestsOf } from './requests.ts';

const bullets = [
  { path: 'AGENTS.md', key: 'command.test', text: 'Test: `npm test`; a single one: `npm test -- <file>`' },
  { path: 'AGENTS.md', key: 'command.lint', text: 'Lint: `make lint`' },
  { path: 'web/AGENTS.md', key: 'command.lint', text: 'Lint: `make lint`' },
];
const numbers = [
  [1, 'AGENTS.md', 'command.test'],
  [2, 'web/AGENTS.md', 'command.lint'],
  [3, 'AGENTS.md', 'command.gone'],
] as const;
const spokenOf = { bullets, numbers };
type Unsaid<T> = T extends unknown ? Omit<T, 'said'> : never;
const requested = (command: Unsaid<Command>) =>
  requestsOf([{ note: '5', author: 'ada', commands: [{ ...command, said: 'x' } as Command] }], spokenOf)[0]!;
const drop = (target: Extract<Command, { kind: 'drop' }>['target']) => requested({ kind: 'drop', target });

describe('what a reply comes to', () => {
  it.each([
    'Test: `npm test`; a single one: `npm test -- <file>`',
    '- test:  npm test; a single one: npm test -- <file>',
    'Test: **npm test**; a single one: npm test \\-- <file>',
  ])('a line is known as people copy it: %s', (line) => {
    expect(drop({ line }).edit).toEqual({ path: 'AGENTS.md', key: 'command.test', text: null, note: '5' });
  });

  it('a number is the bullet that was shown under it', () => {
    expect(drop({ number: 2 }).edit).toMatchObject({ path: 'web/AGENTS.md', key: 'command.lint' });
  });

  it.each([
    [{ number: 9 }, 'unknown-line'],
    [{ number: 3 }, 'unknown-line'],
    [{ line: 'Test: `npm' }, 'unknown-line'],
    [{ line: '``' }, 'unknown-line'],
    [{ line: 'Lint: make lint' }, 'ambiguous-line'],
  ])('%j: %s', (target, kind) => {
    expect(drop(target)).toMatchObject({ refusal: { kind } });
  });

  it('says which lines there are where there is none of that number', () => {
    expect(drop({ number: 99 }).refusal).toEqual({ kind: 'unknown-line', number: 99, first: 1, last: 2 });
  });

  it('is answered by what was done', () => {
    const request = drop({ number: 1 });
    const answer = (outcomes: Parameters<typeof answerOf>[2]) => answerOf(request, spokenOf, outcomes, 'x');
    expect(answer([{ edit: request.edit! }])).toEqual({ kind: 'dropped', bullet: bullets[0]!.text });
    expect(answer([{ edit: request.edit!, refused: 'why' }])).toEqual({ kind: 'refused', reason: 'why' });
    expect(answer([])).toMatchObject({ kind: 'refused', reason: expect.stringContaining('later reply') });
    expect(answerOf(requested({ kind: 'try-again' }), spokenOf, [], 'all is well')).toMatchObject({
      outcome: 'all is well',
    });
  });
});
