/** One replacement within a line. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/**
 * A line as it should read by several suggestions, each of which mends one thing in it and leaves the rest. Where two mend the same place
 * the one that mends more counts. `''` where the line should go, `null` where nobody knows.
 */
export function joined(line: string, suggestions: readonly (string | null)[]): string | null {
  const known = suggestions.filter((each) => each !== null);
  if (known.length < suggestions.length || known.length === 0) return null;
  if (known.includes('')) return '';
  const edits = known.map((each) => editOf(line, each)).sort((a, b) => b.to - b.from - (a.to - a.from));
  const kept: Edit[] = [];
  for (const edit of edits) if (!kept.some((other) => edit.from < other.to && other.from < edit.to)) kept.push(edit);
  kept.sort((a, b) => b.from - a.from);
  return kept.reduce((text, { from, to, text: instead }) => text.slice(0, from) + instead + text.slice(to), line);
}

/** What differs, widened to whole words: two edits of one word are one place. */
function editOf(line: string, changed: string): Edit {
  const most = Math.min(line.length, changed.length);
  let from = 0;
  while (from < most && line[from] === changed[from]) from++;
  let behind = 0;
  while (behind < most - from && line.at(-1 - behind) === changed.at(-1 - behind)) behind++;
  while (from > 0 && isWord(line[from - 1])) from--;
  while (behind > 0 && isWord(line[line.length - behind])) behind--;
  return { from, to: line.length - behind, text: changed.slice(from, changed.length - behind) };
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_-]/u.test(character);
}
