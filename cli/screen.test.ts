import { describe, expect, it } from 'vitest';
import { redraw } from './screen.ts';

function drawn(text: string, footer: string, rows: number, columns = 20): string {
  const written: string[] = [];
  redraw({ rows, columns, write: (part) => written.push(part) }, text, footer);
  return written.join('');
}

describe('redraw', () => {
  it('draws from the top, clears each line behind its end, and what is below', () => {
    expect(drawn('a\nb\n', 'c', 24)).toBe('\x1b[Ha\x1b[K\nb\x1b[K\n\x1b[K\nc\x1b[K\n\x1b[J');
  });

  it('never scrolls: what does not fit is left out, and the footer stays', () => {
    const text = Array.from({ length: 50 }, (_, at) => `line ${at}`).join('\n');
    const lines = drawn(text, 'end', 10).split('\n');
    expect(lines).toHaveLength(10);
    expect([lines[0], lines[6], lines[8]]).toEqual(['\x1b[Hline 0\x1b[K', 'line 6\x1b[K', 'end\x1b[K']);
    expect(drawn(`${'x'.repeat(50)}\nnext\n`, 'end', 6).split('\n')).toHaveLength(4);
    expect(drawn(`\x1b[31m${'x'.repeat(20)}\x1b[39m\nnext\n`, '', 4)).toContain('next');
  });
});
