import matter from 'gray-matter';
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A Markdown file in two: what its front matter says, and the text below it. */
export interface FrontMatter {
  readonly data: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** The line (from 1) of a key or of the n-th entry of a list; of what surrounds it where there is none. */
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

/**
 * The one door to gray-matter. By itself it runs front matter that says `---js`; here every engine but YAML refuses, on
 * every call, and YAML is read by `yaml`, whose dates are text and whose errors have lines. Options are passed always:
 * without them the library answers a broken file that it sees again with an empty one.
 *
 * @throws {FrontMatterError} where there is none, it is in another language, or it is no YAML map.
 */
export function readFrontMatter(text: string): FrontMatter {
  const source = text.replace(/^\ufeff/, '');
  const opening = /^---([^\r\n]*)(\r\n|\r|\n|$)/.exec(source);
  if (!opening) throw new FrontMatterError('no front matter: the file must begin with a line "---"', 1);
  const language = opening[1]!.trim();
  if (language !== '' && language !== 'yaml')
    throw new FrontMatterError(
      `front matter in ${JSON.stringify(language.slice(0, 40))}: only YAML is read, nothing was run`,
      1,
    );
  if (!/[\r\n]---/.test(source))
    throw new FrontMatterError('front matter is not closed: a second line "---" is missing', 1);
  let document: Document | undefined;
  const lines = new LineCounter();
  const yaml = (block: string): object => {
    document = parseDocument(block, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    const error = document.errors[0];
    if (error)
      throw new FrontMatterError(`front matter is not valid YAML: ${error.message}`, lines.linePos(error.pos[0]).line);
    const data: unknown = document.toJS({ maxAliasCount: 100 });
    if (typeof data !== 'object' || data === null || Array.isArray(data))
      throw new FrontMatterError('front matter must be a map of settings', 1);
    return data;
  };
  const { data, content } = matter(source, { language: 'yaml', engines: { ...REFUSING, yaml: { parse: yaml } } });
  if (document === undefined) throw new FrontMatterError('front matter is empty', 1);
  const parsed: Document = document;
  return { data, body: content.trim(), lineOf: (path) => lineOf(parsed, lines, path) };
}

const refuse = (): never => {
  throw new FrontMatterError('only YAML front matter is read, nothing was run', 1);
};
/** Every engine the library has by itself, and the names it knows them by. */
const REFUSING = Object.fromEntries(
  ['js', 'javascript', 'json', 'coffee', 'coffeescript', 'cson', 'toml'].map((name) => [name, { parse: refuse }]),
);

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (!pair) break;
      if (isScalar(pair.key) && pair.key.range) offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) break;
      offset = (node as { range?: readonly number[] }).range?.[0] ?? offset;
    } else break;
  }
  return lines.linePos(offset).line;
}
