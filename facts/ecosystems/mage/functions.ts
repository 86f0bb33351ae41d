import { closing, GO, isSign, isWord, sourceTokens, splitArguments, type Token } from '../native/source-tokens.ts';

/** A top-level function of a Go file. */
export interface GoFunction {
  readonly name: string;
  /** The type it is a method of, without `*`. */
  readonly receiver: string | undefined;
  readonly parameters: readonly { readonly name: string; readonly type: string }[];
  readonly returns: 'nothing' | 'error' | 'other';
  readonly generic: boolean;
  readonly doc: string;
  readonly path: string;
  readonly line: number;
  readonly body: readonly Token[];
}

/** What a Go file declares, as far as mage looks at it. */
export interface GoFile {
  readonly functions: readonly GoFunction[];
  /** `type Build mg.Namespace`. */
  readonly namespaces: ReadonlySet<string>;
  /** Everything outside of functions: constants, variables, imports. */
  readonly outside: readonly Token[];
  /** Imports marked `//mage:import`, with the name their targets stand under (`""` for none). */
  readonly imports: readonly { readonly path: string; readonly prefix: string }[];
}

/** Reads the declarations of a Go file. Half a file gives the half that stands there. */
export function readGoFile(path: string, text: string): GoFile {
  const tokens = sourceTokens(text, GO);
  const functions: GoFunction[] = [];
  const outside: Token[] = [];
  for (let i = 0; i < tokens.length; ) {
    const token = tokens[i]!;
    if (!isWord(token, 'func') || (outside.at(-1)?.kind === 'sign' && /[=,(:{]/.test(outside.at(-1)!.text))) {
      if (token.kind !== 'comment') outside.push(token);
      i++;
      continue;
    }
    const read = readFunction(path, tokens, i);
    if (read.function) functions.push(read.function);
    i = read.end;
  }
  return { functions, namespaces: namespacesIn(outside), outside, imports: importsOf(tokens) };
}

function readFunction(path: string, tokens: readonly Token[], start: number): { function?: GoFunction; end: number } {
  let i = start + 1;
  let receiver: string | undefined;
  if (isSign(tokens[i], '(')) {
    const end = closing(tokens, i);
    receiver = tokens.slice(i, end).findLast(({ kind }) => kind === 'word')?.text;
    i = end + 1;
  }
  const name = tokens[i];
  if (name?.kind !== 'word') return { end: start + 1 };
  i++;
  const generic = isSign(tokens[i], '[');
  if (generic) i = closing(tokens, i) + 1;
  if (!isSign(tokens[i], '(')) return { end: i };
  const close = closing(tokens, i);
  const parameters = readParameters(tokens.slice(i + 1, close));
  let open = close + 1;
  // A result may hold braces only as `struct{}` and the like, which no target returns.
  while (open < tokens.length && !isSign(tokens[open], '{') && !isWord(tokens[open], 'func')) open++;
  const results = tokens.slice(close + 1, open).filter(({ kind }) => kind !== 'comment');
  const end = isSign(tokens[open], '{') ? closing(tokens, open) : open - 1;
  const line = tokens[start]!.line;
  const body = tokens.slice(open + 1, end).filter(({ kind }) => kind !== 'comment');
  const doc = docAbove(tokens, start);
  const returns = returnsOf(results);
  return {
    function: { name: name.text, receiver, parameters, returns, generic, doc, path, line, body },
    end: end + 1,
  };
}

function readParameters(tokens: readonly Token[]): GoFunction['parameters'] {
  const groups = splitArguments(tokens);
  return groups.flatMap((group, i) => {
    const name = group[0]?.text;
    if (name === undefined) return [];
    // `a, b string`: the type stands behind the last of them.
    const typed = groups.slice(i).find((candidate) => candidate.length > 1) ?? group;
    const type = typed
      .slice(1)
      .map(({ text }) => text)
      .join('');
    return [{ name, type }];
  });
}

function returnsOf(results: readonly Token[]): GoFunction['returns'] {
  if (results.length === 0) return 'nothing';
  const words = results.filter(({ kind }) => kind === 'word');
  const plain = results.every(({ kind, text }) => kind === 'word' || text === '(' || text === ')');
  return plain && words.at(-1)?.text === 'error' && words.length <= 2 ? 'error' : 'other';
}

const MAX_DOC_LINES = 50;

/** The first paragraph of the comment that ends on the line above, without compiler directives. */
function docAbove(tokens: readonly Token[], start: number): string {
  const lines: string[] = [];
  let next = tokens[start]!.line;
  for (let i = start - 1; i >= 0 && lines.length < MAX_DOC_LINES; i--) {
    const token = tokens[i]!;
    if (token.kind !== 'comment' || token.line !== next - 1) break;
    if (tokens[i - 1]?.line === token.line && tokens[i - 1]?.kind !== 'comment') break;
    lines.push(token.text);
    next = token.line - (token.text.split('\n').length - 1);
  }
  const text = lines
    .toReversed()
    .filter((line) => !/^(?:go:|nolint|mage:|\s*\+build)/.test(line))
    .map((line) => line.trim());
  const paragraph =
    text
      .join('\n')
      .trim()
      .split(/\n\s*\n/)[0] ?? '';
  return paragraph.replace(/\s+/g, ' ');
}

function namespacesIn(outside: readonly Token[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let i = 1; i < outside.length; i++) {
    const is = isWord(outside[i], 'mg') && isSign(outside[i + 1], '.') && isWord(outside[i + 2], 'Namespace');
    if (is && outside[i - 1]?.kind === 'word') found.add(outside[i - 1]!.text);
  }
  return found;
}

/** The mark stands behind the import on its line, or on the line above. */
function importsOf(tokens: readonly Token[]): GoFile['imports'] {
  const marks = new Map<number, string>();
  for (const { kind, text, line } of tokens) {
    const mark = kind === 'comment' ? /^ ?mage:import(?:\s+(\S+))?$/.exec(text.trimEnd()) : null;
    if (mark) marks.set(line, mark[1] ?? '');
  }
  if (marks.size === 0) return [];
  return tokens.flatMap(({ kind, text, line }) => {
    const prefix = kind === 'text' ? (marks.get(line) ?? marks.get(line - 1)) : undefined;
    return prefix === undefined ? [] : [{ path: text, prefix }];
  });
}
