import matter from 'gray-matter';
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A Markdown file in two: what its front matter says, and the text below it. */
export interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The line in the file (from 1) on which the body begins; of an empty one the last line. */
  readonly bodyLine: number;
  /**
   * The line in the file of a key or of the n-th entry of a list; of what surrounds it where there is none. The first
   * call parses once more: most files are never asked.
   */
  lineOf(path: readonly PropertyKey[]): number;
}

/** Front matter that cannot be read, with the line in the file. */
export class FrontMatterError extends Error {
  override readonly name = 'FrontMatterError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** Longer front matter is no rule; the parsers below take more than linear time. In UTF-16 code units. */
const LONGEST = 64 << 10;
/** gray-matter looks for comments in a way that takes the square of the white space that stands in a row. */
const MOST_BLANKS = 2000;

/**
 * The one door to gray-matter. By itself it runs front matter that says `---js`; here every engine but YAML refuses, on
 * every call, and YAML is read by `yaml`, whose dates are text and whose errors have lines. Options are passed always:
 * without them the library answers a broken file that it sees again with an empty one.
 *
 * @throws {FrontMatterError} where there is none, it is in another language, or it is no YAML map.
 */
export function readFrontMatter(text: string): FrontMatter {
  const source = withoutMark(text);
  assertBlock(source);
  let data: Readonly<Record<string, unknown>> | undefined;
  const yaml = (block: string): object => {
    data = readMap(block);
    return data;
  };
  const { content } = matter(source, { language: 'yaml', engines: { ...REFUSING, yaml: { parse: yaml } } });
  if (data === undefined) throw new FrontMatterError('front matter is empty', 1);
  const start = source.length - content.trimStart().length;
  return { data, body: content.trim(), bodyLine: lineAt(source, start), lineOf: frontMatterLines(source) };
}

/** Whether a file begins as one with front matter does: a thematic break of four and more hyphens is none. */
export function hasFrontMatter(text: string): boolean {
  return /^\ufeff?---(?!-)/.test(text);
}

function withoutMark(text: string): string {
  return text.replace(/^\ufeff/, '');
}

function assertBlock(source: string): void {
  const language = /^---([^\n]*)/.exec(source)?.[1]?.trim();
  if (language === undefined || language.startsWith('-'))
    throw new FrontMatterError('no front matter: the file must begin with a line "---"', 1);
  if (language !== '' && language !== 'yaml') {
    const named = JSON.stringify(language.slice(0, 40));
    throw new FrontMatterError(`front matter in ${named}: only YAML is read, nothing was run`, 1);
  }
  const end = source.indexOf('\n---');
  if (end < 0) throw new FrontMatterError('front matter is not closed: a second line "---" is missing', 1);
  // Where gray-matter ends it, whatever follows on that line.
  const closing = /^---[^\n]*/.exec(source.slice(end + 1, end + 100))![0].trimEnd();
  if (closing !== '---') {
    const message = `front matter must end with a line "---", not ${JSON.stringify(closing.slice(0, 40))}`;
    throw new FrontMatterError(message, lineAt(source, end + 1));
  }
  if (end > LONGEST)
    throw new FrontMatterError(`front matter is too long: ${end} characters, ${LONGEST} are the most`, 1);
  const blank = longestBlank(source, end);
  if (blank.length > MOST_BLANKS) {
    const message = `${blank.length} blank characters in a row, ${MOST_BLANKS} are the most`;
    throw new FrontMatterError(`front matter: ${message}`, lineAt(source, blank.at));
  }
}

function longestBlank(source: string, end: number): { readonly at: number; readonly length: number } {
  let longest = { at: 0, length: 0 };
  let start = 0;
  for (let at = 0; at <= end; at++) {
    if (at < end && source.charCodeAt(at) <= 0x20) continue;
    if (at - start > longest.length) longest = { at: start, length: at - start };
    start = at + 1;
  }
  return longest;
}

function readMap(block: string): Readonly<Record<string, unknown>> {
  try {
    // With the line end that gray-matter cuts off: a carriage return alone would be part of the last value.
    const document = parseDocument(`${block}\n`, { prettyErrors: false });
    // A warning is a tag that YAML does not know, such as `!!js/function`: what it stands for is not guessed.
    const error = document.errors[0] ?? document.warnings[0];
    if (error)
      throw new FrontMatterError(`front matter is not valid YAML: ${error.message}`, lineAt(block, error.pos[0]));
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
    throw new FrontMatterError('front matter must be a map of settings', 1);
  } catch (error) {
    if (error instanceof FrontMatterError) throw error;
    // An alias without an anchor, too many of them, nesting too deep for the stack.
    const message = (error as Error).message.split('\n')[0]!;
    const alias = /^Unresolved alias .*: (\S+)$/.exec(message)?.[1];
    const line = alias === undefined ? 1 : lineAt(block, block.indexOf(`*${alias}`));
    throw new FrontMatterError(`front matter is not valid YAML: ${message}`, line);
  }
}

/** The line in the file, too: what gray-matter takes for the block begins on the line of the opening "---". */
function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const refuse = (): never => {
  throw new FrontMatterError('only YAML front matter is read, nothing was run', 1);
};
/** Every engine the library has by itself, and the names it knows them by. */
const REFUSING = Object.fromEntries(
  ['js', 'javascript', 'json', 'coffee', 'coffeescript', 'cson', 'toml'].map((name) => [name, { parse: refuse }]),
);

/** `lineOf` of a file whose front matter was read elsewhere. */
export function frontMatterLines(text: string): FrontMatter['lineOf'] {
  const source = withoutMark(text);
  let parsed: { readonly document: Document; readonly lines: LineCounter } | undefined;
  return (path) => {
    parsed ??= withLines(source);
    return lineOf(parsed.document, parsed.lines, path);
  };
}

function withLines(source: string): { readonly document: Document; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const end = source.indexOf('\n---');
  // The opening line made blank, so that offsets are those of the file.
  const block = source.slice(0, end < 0 ? 0 : end + 1).replace(/^---[^\r\n]*/, (opening) => ' '.repeat(opening.length));
  return { document: parseDocument(block, { lineCounter: lines, prettyErrors: false }), lines };
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) break;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) break;
      offset = (node as { range?: readonly number[] }).range?.[0] ?? offset;
    } else break;
  }
  return offset === 0 ? 1 : lines.linePos(offset).line;
}
