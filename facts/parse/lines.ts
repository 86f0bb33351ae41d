/** Turns offsets of a text into lines, and lines into text. Line ends may be LF, CRLF or a lone CR. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) this.#starts.push(i + 1);
    }
  }

  /** How many lines there are; a final line end does not open another one. */
  get count(): number {
    return this.#starts.at(-1) === this.#text.length ? this.#starts.length - 1 : this.#starts.length;
  }

  /** The line (from 1) that holds an offset. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The offset at which a line (from 1) begins; beyond the last line that of the end. */
  startOf(number: number): number {
    return this.#starts[number - 1] ?? this.#text.length;
  }

  /** The text of a line (from 1) without its line end; empty beyond the last. */
  line(number: number): string {
    const start = this.#starts[number - 1];
    if (start === undefined) return '';
    return this.#text.slice(start, this.#starts[number] ?? this.#text.length).replace(/[\r\n]+$/, '');
  }

  /** All lines. */
  all(): readonly string[] {
    return Array.from({ length: this.count }, (_, i) => this.line(i + 1));
  }
}
