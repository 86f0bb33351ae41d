import { type InlineContext, inline } from './inline.ts';

const MOST_CELLS = 3000;

/** A table of AsciiDoc as one of Markdown, or its text in a fence where cells hold more than a line of words. */
export function table(lines: readonly string[], attributes: string, context: InlineContext): readonly string[] {
  const { cells, firstRow, even } = readCells(lines);
  // Where every line holds a row, that counts: the setting is often wrong.
  const columns = even ? firstRow : (columnsOf(attributes) ?? firstRow);
  const structured = lines.some((line) => /^(?:-{4,}|\.{4,}|={4,}|\* |\. |!===)/.test(line));
  if (columns === 0 || cells.length === 0) return [];
  if (structured || cells.length > MOST_CELLS || columns > 30) return ['```text', ...lines.map(unfenced), '```'];
  const rows: string[][] = [];
  for (let at = 0; at < cells.length; at += columns) {
    const row = cells.slice(at, at + columns).map((cell) => cellText(cell, context));
    rows.push([...row, ...Array<string>(columns - row.length).fill('')]);
  }
  const header = /header/.test(attributes) || (lines[0] !== '' && lines[1] === '');
  const [head, ...body] = header ? rows : [Array<string>(columns).fill(''), ...rows];
  return [head!, Array<string>(columns).fill('---'), ...body].map((row) => `| ${row.join(' | ')} |`);
}

interface Cells {
  readonly cells: readonly string[];
  /** How many stand on the first line that has any. */
  readonly firstRow: number;
  /** Every line has as many as the first, and more than one. */
  readonly even: boolean;
}

function readCells(lines: readonly string[]): Cells {
  const cells: string[] = [];
  let firstRow = 0;
  let even = true;
  for (const line of lines) {
    const before = cells.length;
    // `2+|wide`, `.2+^|tall`, `a|text`: what stands in front of the bar says how the cell looks.
    const parts = line.split(/(?:(?<=^|\s)(?:\d{0,3}(?:\.\d{1,3})?[+*])?[<^>.]{0,3}[adehlmsv]?)?(?<!\\)\|/);
    const spans = [...line.matchAll(/(?:(?<=^|\s)(\d{1,2})(?:\.\d{1,3})?\+[<^>.]{0,3}[adehlmsv]?)?(?<!\\)\|/g)];
    for (const [at, part] of parts.entries()) {
      if (at === 0) {
        if (cells.length > 0 && part.trim() !== '') cells[cells.length - 1] += `\n${part}`;
        continue;
      }
      cells.push(part);
      const wide = Math.min(Number(spans[at - 1]?.[1] ?? 1), 30);
      for (let more = 1; more < wide; more++) cells.push('');
    }
    const added = cells.length - before;
    if (firstRow === 0) firstRow = added;
    if (line.trim() !== '' && added !== firstRow) even = false;
    if (cells.length > MOST_CELLS) break;
  }
  return { cells, firstRow, even: even && firstRow > 1 };
}

/** `cols="1,2,3"`, `cols="3*"`. */
function columnsOf(attributes: string): number | undefined {
  const given = /\bcols="?([^"\]]{1,300})"?/.exec(attributes)?.[1];
  if (given === undefined) return undefined;
  const listed = /\bcols="/.test(attributes) ? given : given.split(/,\s*\w+=/)[0]!;
  return listed.split(/[,;]/).reduce((sum, part) => sum + Number(/^\s*(\d{1,2})\*/.exec(part)?.[1] ?? 1), 0);
}

function cellText(cell: string, context: InlineContext): string {
  return inline(cell.trim(), context)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/(?<!\\)\|/g, '\\|');
}

function unfenced(line: string): string {
  return line.replace(/^(\s*)(?=`{3})/, '$1 ');
}
