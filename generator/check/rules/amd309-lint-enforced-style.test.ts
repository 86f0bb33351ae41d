import { describe, expect, it } from 'vitest';
import { told } from '../testing/fixtures.ts';
import { lintEnforcedStyle } from './amd309-lint-enforced-style.ts';

const PRETTIER = {
  'package.json': JSON.stringify({
    scripts: { format: 'prettier --write .' },
    devDependencies: { prettier: '^3.0.0' },
  }),
  '.prettierrc': '{ "singleQuote": true }\n',
};

describe('AMD309 lint-enforced-style', () => {
  it.each([
    'Use 2 spaces for indentation.',
    'Use single quotes for strings.',
    'Single quotes',
    'Always use semicolons.',
    'Trailing commas in multi-line lists.',
    'Maximum line length is 100.',
    'Sort imports.',
    'No trailing whitespace.',
  ])('tells of %s', async (text) => {
    expect(await told(lintEnforcedStyle, `- ${text}\n`, PRETTIER)).toHaveLength(1);
  });

  it.each([
    'Use 2 spaces for indentation.',
    'Use single quotes for strings.',
  ])('is silent about %s without such a tool', async (text) => {
    expect(await told(lintEnforcedStyle, `- ${text}\n`, { 'package.json': '{}' })).toEqual([]);
  });

  it.each([
    'Prettier keeps single quotes.',
    'The formatter sorts imports.',
    'Comments wrap at 80 characters per line.',
    'Quote shell arguments with single quotes in `run.sh`.',
    'Use tabs in the settings page to separate plans.',
    'Group imports by layer.',
    'Read `.editorconfig` for the line length.',
  ])('is silent about %s', async (text) => {
    expect(await told(lintEnforcedStyle, `- ${text}\n`, PRETTIER)).toEqual([]);
  });
});
