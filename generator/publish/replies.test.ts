import { describe, expect, it, vi } from 'vitest';
import * as markdown from '../../facts/parse/markdown.ts';
import fc from '../../test/fast-check.ts';
import { commandsIn, PHRASES } from './replies.ts';

vi.mock('../../facts/parse/markdown.ts', { spy: true });

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
    ['agentsmd: drop 3 and why', { kind: 'unknown', said: 'drop 3 and why' }],
    ['agentsmd: wrong 3', { kind: 'unknown', said: 'wrong 3' }],
    ['agentsmd: dropping 3', { kind: 'unknown', said: 'dropping 3' }],
  ])('%s', (body, command) => {
    expect(commandsIn(body)).toMatchObject([command]);
  });

  it.each(['7, 8', '7 and 8', '#7, and 8.', '7 8', '7,8'])('means several lines by %s', (which) => {
    const said = `drop ${which}`;
    expect(commandsIn(`agentsmd: ${said}`)).toEqual([
      { kind: 'drop', target: { number: 7 }, said },
      { kind: 'drop', target: { number: 8 }, said },
    ]);
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

  // Each of these costs a Markdown parser seconds, and anybody may write one.
  it.each([
    '~~a',
    'a`\n',
    '[',
    '![](',
    '*a **a ',
    '<a ',
    '> ',
    '- ',
    '&#',
    'a@a.',
    '|a',
    '`` `',
  ])('are found without parsing %j over and over', (part) => {
    for (const size of [7_900, 100_000]) {
      const commands = commandsIn(`agentsmd: drop 1\n\n${part.repeat(size / part.length)}`);
      expect(commands).toHaveLength(size < 8_000 ? 1 : 0);
    }
    expect(markdown.parseGfm).not.toHaveBeenCalled();
    expect(markdown.parseMarkdown).not.toHaveBeenCalled();
  });
});
