import { stripVTControlCharacters } from 'node:util';

/** What a terminal has at least. */
const COLUMNS = 80;

/**
 * `label  text`, the text broken between its words so that lines fit 80 columns, and aligned. Words may be coloured, each for
 * itself; one that is too long keeps its line.
 */
export function labelled(label: string, text: string, indent = 11): string {
  const lines = wrap(text, COLUMNS - indent);
  const pad = ' '.repeat(Math.max(1, indent - stripVTControlCharacters(label).length));
  return lines.map((line, at) => `${at === 0 ? `${label}${pad}` : ' '.repeat(indent)}${line}`.trimEnd()).join('\n');
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let length = 0;
  for (const word of text.split(' ')) {
    const size = stripVTControlCharacters(word).length;
    if (lines.length > 0 && length + 1 + size <= width) {
      lines[lines.length - 1] += ` ${word}`;
      length += 1 + size;
    } else {
      lines.push(word);
      length = size;
    }
  }
  return lines;
}
