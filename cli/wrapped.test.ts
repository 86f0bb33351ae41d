import { styleText } from 'node:util';
import { describe, expect, it } from 'vitest';
import { labelled } from './wrapped.ts';

describe('labelled', () => {
  it('breaks between words, within 80 columns, below the text', () => {
    const lines = labelled('due', 'word '.repeat(40).trim()).split('\n');
    expect(lines).toEqual([
      `due        ${'word '.repeat(13)}word`,
      `           ${'word '.repeat(13)}word`,
      `           ${'word '.repeat(11)}word`,
    ]);
    expect(lines[0]).toHaveLength(80);
    expect(labelled('x', `${'a'.repeat(34)} ${'b'.repeat(35)}`).split('\n')).toHaveLength(2);
  });

  it('does not count colours', () => {
    const red = (text: string): string => styleText('red', text, { validateStream: false });
    expect(labelled(red('due'), `${red('a'.repeat(34))} ${red('b'.repeat(34))} c`).split('\n')).toEqual([
      `${red('due')}        ${red('a'.repeat(34))} ${red('b'.repeat(34))}`,
      '           c',
    ]);
  });

  it('leaves a word whole that is too long, and a label that is', () => {
    expect(labelled('a-long-label', `x ${'y'.repeat(100)} z`)).toBe(
      `a-long-label x\n${' '.repeat(11)}${'y'.repeat(100)}\n${' '.repeat(11)}z`,
    );
    expect(labelled('', 'x', 4)).toBe('    x');
  });
});
