import { describe, expect, it } from 'vitest';
import { isMarked, marked } from './note-marker.ts';
import type { SafeText } from './safe-text.ts';

const BODY = 'What was done.\n' as SafeText;

describe('marked', () => {
  it('writes a line of its own below the text', () => {
    const text = marked(BODY, 'closing-1');
    expect(text).toBe('What was done.\n\n<!-- agentsmd:closing-1 -->');
    expect(isMarked(text, 'closing-1')).toBe(true);
    expect(isMarked(text.replaceAll('\n', '\r\n'), 'closing-1')).toBe(true);
    expect(isMarked(text, 'closing')).toBe(false);
  });

  it.each([
    '`<!-- agentsmd:a -->`',
    '> <!-- agentsmd:a -->',
    'see <!-- agentsmd:a -->',
  ])('takes no notice of one that is only shown: %s', (text) => {
    expect(isMarked(text, 'a')).toBe(false);
  });

  it.each([
    '',
    ' ',
    'a --> @all',
    'a--b',
    '-a',
    'a-',
    'a\nb',
    'a\n',
    'a b',
    'ä',
    '<',
  ])('takes no name that could be more than one: %j', (name) => {
    expect(() => marked(BODY, name)).toThrow(/takes letters, digits and single/);
    expect(() => isMarked('', name)).toThrow(/takes letters/);
  });
});
