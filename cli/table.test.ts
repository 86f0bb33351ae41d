import { describe, expect, it } from 'vitest';
import { table } from './table.ts';

describe('table', () => {
  it('aligns columns, colours apart, and leaves no blanks at line ends', () => {
    const rows = [
      ['a', '\u001b[31mlong\u001b[39m', 'x'],
      ['bbb', 's', ''],
    ];
    expect(table(rows, '  ')).toBe('  a    \u001b[31mlong\u001b[39m  x\n  bbb  s\n');
  });

  it('does not push every row to the right for one very long cell', () => {
    const long = 'x'.repeat(200);
    expect(
      table([
        [long, 'b'],
        ['a', 'b'],
      ]),
    ).toBe(`${long}  b\na  b\n`);
  });

  it('is empty without rows', () => {
    expect(table([])).toBe('');
  });
});
