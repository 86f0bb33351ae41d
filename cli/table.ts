import { stripVTControlCharacters } from 'node:util';

/** Columns wider than this are not waited for: what follows such a cell is pushed to the right in its own row only. */
const WIDEST_COLUMN = 64;

/** Rows of cells as lines of aligned columns. Cells may be coloured. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const cell of rows.flatMap((row) => row.slice(0, -1).map((text, at) => ({ at, width: widthOf(text) })))) {
    if (cell.width <= WIDEST_COLUMN) widths[cell.at] = Math.max(widths[cell.at] ?? 0, cell.width);
  }
  return rows
    .map((row) => {
      const cells = row.map((text, at) => text + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(text))));
      return `${indent}${cells.join('  ')}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
