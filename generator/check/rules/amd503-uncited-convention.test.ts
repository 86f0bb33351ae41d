import { describe, expect, it } from 'vitest';
import { makeCodex } from '../../../codex/testing/make-codex.ts';
import { told } from '../testing/fixtures.ts';
import { uncitedConvention as rule } from './amd503-uncited-convention.ts';

const CODEX = makeCodex(
  { id: 'LOG-1', title: 'Do not print to the console in library code' },
  { id: 'ERR-1', title: 'Wrap errors with context' },
  { id: 'OFF-1', title: 'Give every handler a time limit', status: 'trial' },
  { id: 'JV-1', title: 'Close streams in finally blocks', appliesTo: { languages: ['java'] } },
);

describe('AMD503 uncited-convention', () => {
  it.each([
    [
      'the words of a rule',
      '- Do not print to the console in library code.\n',
      ['1:3 info Do not print to the console in library code.'],
    ],
    [
      'other words for no',
      '- Never print to the console in our library code\n',
      ['1:3 info Never print to the console in our library code'],
    ],
  ])('fires for %s', async (_, text, expected) => {
    expect(await told(rule, text, {}, undefined, CODEX)).toEqual(expected);
  });

  it.each([
    ['a citation', '- Do not print to the console in library code (Codex: LOG-1)\n'],
    ['another sentence', '- Print errors to the console with context\n'],
    ['the opposite', '- Print to the console in library code\n'],
    ['a rule on trial', '- Give every handler a time limit\n'],
    ['a rule for another stack', '- Close streams in finally blocks\n'],
    ['running text', 'Do not print to the console in library code.\n'],
  ])('is silent for %s', async (_, text) => {
    expect(await told(rule, text, {}, undefined, CODEX)).toEqual([]);
  });
});
