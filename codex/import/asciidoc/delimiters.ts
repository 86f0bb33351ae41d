/** Finds where delimited blocks of AsciiDoc end, in one pass over the lines. */
export class Delimiters {
  readonly #at = new Map<string, number[]>();

  constructor(lines: readonly string[]) {
    for (const [at, line] of lines.entries()) {
      const delimiter = delimiterOf(line);
      if (delimiter === undefined) continue;
      const known = this.#at.get(delimiter);
      if (known) known.push(at);
      else this.#at.set(delimiter, [at]);
    }
  }

  /** The line that closes the block which opens at a line; `undefined` where none does, or no block opens there. */
  close(line: string, at: number): number | undefined {
    const delimiter = delimiterOf(line);
    if (delimiter === undefined) return undefined;
    const places = this.#at.get(delimiter.startsWith('```') ? '```' : delimiter) ?? [];
    let [low, high] = [0, places.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle]! <= at) low = middle + 1;
      else high = middle;
    }
    return places[low];
  }
}

function delimiterOf(line: string): string | undefined {
  const text = line.trimEnd();
  return /^(?:-{4,}|={4,}|\.{4,}|\*{4,}|_{4,}|\+{4,}|\/{4,}|--|[|,:!]={3,}|```[\w-]{0,30})$/.test(text)
    ? text
    : undefined;
}
