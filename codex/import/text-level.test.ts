import { describe, expect, it } from 'vitest';
import { textLevel } from './text-level.ts';

describe('the level that a text names', () => {
  it.each([
    ['Calls must end within a second.', 'MUST'],
    ['Callers shall send a key.', 'MUST'],
    ['You **should** wrap errors.', 'SHOULD'],
    ['Clients may cache the answer.', 'MAY'],
    ['Answers MUST NOT be cached.', 'MUST'],
    ['It is RECOMMENDED to wrap errors.', 'SHOULD'],
    ['When a call may fail, the caller must retry.', 'MUST'],
    ['Clients that may retry must send a key.', 'MUST'],
    ['An error that a caller should see must have a code.', 'MUST'],
    ['This must never happen.', 'MUST'],
    ['- Calls must end.\n- Calls should be short.', 'MUST'],
    ['```go\n// must\n```\n\nCalls should end.', 'SHOULD'],
    ['Errors are wrapped. Callers SHOULD say where.', 'SHOULD'],
    ['Calls may fail, and clients MUST retry.', 'MUST'],
  ])('%j: %s', (text, level) => {
    expect(textLevel(`## A-1: Heading\n\n${text}\n`)).toBe(level);
  });

  it.each([
    'Errors are wrapped.',
    'Errors are wrapped. Callers must say where.',
    'Must I wrap errors?',
    'This may contain nuts.',
    'Calls may be slow.',
    'Calls may not end.',
    'Somebody must have seen it.',
    'Optional fields are left out; required ones are there.',
    'The word `MUST` is for levels.',
    '> Callers must wrap.',
    '| must | should |',
    'One. Two. Three. Callers MUST wrap.',
    '',
  ])('%j: none', (text) => {
    expect(textLevel(`## A-1: Heading\n\n${text}\n`)).toBeUndefined();
  });

  it('below an underlined heading', () => {
    expect(textLevel('A-1: Must we\n------------\n\nCalls should end.')).toBe('SHOULD');
  });

  it.each([
    'must '.repeat(100_000),
    '`'.repeat(100_000),
    'a '.repeat(100_000),
    '*'.repeat(100_000),
  ])('ends on long texts', (text) => {
    expect(['MUST', undefined]).toContain(textLevel(`## A\n\n${text}`));
  });
});
