import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsIn, PHRASES } from './replies.ts';

describe('commands in a comment', () => {
  it.each([
    ['agentsmd: drop 3', { kind: 'drop', target: { number: 3 } }],
    ['AgentsMD: Drop #3.', { kind: 'drop', target: { number: 3 } }],
    ['agentsmd: drop "Test: `npm test`"', { kind: 'drop', target: { line: 'Test: `npm test`' } }],
    ['agentsmd: drop “It is "so"”', { kind: 'drop', target: { line: 'It is "so"' } }],
    ['agentsmd: wrong 3 `make check`', { kind: 'wrong', target: { number: 3 }, correction: '`make check`' }],
    ['agentsmd: wrong "A b": `x`', { kind: 'wrong', target: { line: 'A b' }, correction: '`x`' }],
    ['agentsmd: try again', { kind: 'try-again' }],
    ['agentsmd: stop!', { kind: 'stop' }],
    ['  agentsmd: stop', { kind: 'stop' }],
    ['Hello bot,\nagentsmd: stop\nthanks', { kind: 'stop' }],
    ['agentsmd: stop it, please', { kind: 'unknown', said: 'stop it, please' }],
    ['agentsmd: drop', { kind: 'unknown', said: 'drop' }],
    ['agentsmd: drop 3 and 4', { kind: 'unknown', said: 'drop 3 and 4' }],
    ['agentsmd: wrong 3', { kind: 'unknown', said: 'wrong 3' }],
    ['agentsmd: dropping 3', { kind: 'unknown', said: 'dropping 3' }],
  ])('%s', (body, command) => {
    expect(commandsIn(body)).toEqual([command]);
  });

  it.each([
    '> agentsmd: stop',
    '> quoted\nagentsmd: stop',
    '```\nagentsmd: stop\n```',
    '~~~\nagentsmd: stop',
    '    agentsmd: stop',
    '`agentsmd: stop`',
    '`code\nagentsmd: stop\ncode`',
    '- agentsmd: stop',
    '1. agentsmd: stop',
    '| agentsmd: stop |\n|---|\n| x |',
    '# agentsmd: stop',
    '<div>\nagentsmd: stop\n</div>',
    '<!--\nagentsmd: stop\n-->',
    '<details><summary>x</summary>\nagentsmd: stop\n</details>',
    '**agentsmd: stop**',
    '[agentsmd: stop](https://example.com)',
    'please agentsmd: stop',
    'agentsmd stop',
    `agentsmd: stop\n${'> '.repeat(30)}x`,
    '',
  ])('none in %j', (body) => {
    expect(commandsIn(body)).toEqual([]);
  });

  it('understands the phrases that it tells people', () => {
    for (const phrase of PHRASES) expect(commandsIn(phrase)).not.toMatchObject([{ kind: 'unknown' }]);
  });

  it('takes no more than twenty, and any text', () => {
    expect(commandsIn('agentsmd: drop 1\n'.repeat(50))).toHaveLength(20);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void commandsIn(`agentsmd: ${text}`)));
  });
});
