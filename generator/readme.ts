import type { Evidence } from '../facts/index.ts';

/** A paragraph of a document that people already have. */
interface Paragraph {
  readonly at: Evidence;
  readonly text: string;
}

/** What a repository's own documents say, to leave out what would only repeat them. */
export class Documents {
  readonly #paragraphs: readonly Paragraph[];

  constructor(files: ReadonlyMap<string, string>) {
    this.#paragraphs = [...files].flatMap(([path, text]) => [...paragraphsOf(path, text)]);
  }

  /** The paragraph that already holds every code span of a bullet, if one does. */
  saying(text: string): Evidence | undefined {
    const spans = [...text.matchAll(/(`+)\s?(.+?)\s?\1/g)].map((match) => match[2]!.toLowerCase());
    if (spans.length === 0) return undefined;
    return this.#paragraphs.find((paragraph) => spans.every((span) => paragraph.text.includes(span)))?.at;
  }
}

/** Where a repository explains itself to people. */
export const DOCUMENT = /^(?:readme|contributing|development|developing|hacking)(?:\.(?:md|rst|txt|adoc))?$/i;

function* paragraphsOf(path: string, text: string): Iterable<Paragraph> {
  let start = 0;
  let lines: string[] = [];
  for (const [index, line] of [...text.split(/\r?\n/), ''].entries()) {
    if (line.trim() !== '') {
      if (lines.length === 0) start = index + 1;
      lines.push(line);
      continue;
    }
    if (lines.length > 0) yield { at: { path, line: start }, text: lines.join('\n').toLowerCase() };
    lines = [];
  }
}
