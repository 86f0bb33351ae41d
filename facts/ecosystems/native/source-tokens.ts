/** A piece of source text: a name or number, a text literal without its quotes, a comment without its marks, a sign. */
export interface Token {
  readonly kind: 'word' | 'text' | 'comment' | 'sign';
  readonly text: string;
  readonly line: number;
}

export interface Lexis {
  /** `//` or `#`. */
  readonly comment: string;
  readonly blockComments: boolean;
  /** The quotes that open a text, longer ones first; in raw ones a backslash is a backslash. */
  readonly quotes: readonly { readonly quote: string; readonly raw: boolean; readonly manyLines: boolean }[];
}

export const GO: Lexis = {
  comment: '//',
  blockComments: true,
  quotes: [
    { quote: '`', raw: true, manyLines: true },
    { quote: '"', raw: false, manyLines: false },
    { quote: "'", raw: false, manyLines: false },
  ],
};

export const MESON: Lexis = {
  comment: '#',
  blockComments: false,
  quotes: [
    { quote: "'''", raw: true, manyLines: true },
    { quote: "'", raw: false, manyLines: false },
  ],
};

/** Cuts source text into tokens, in one pass. A text that is never closed ends with its line, or the file. */
export function sourceTokens(source: string, lexis: Lexis): readonly Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let i = 0;
  const push = (kind: Token['kind'], text: string): void => void tokens.push({ kind, text, line });
  while (i < source.length) {
    const char = source[i]!;
    if (char === '\n') {
      line++;
      i++;
    } else if (char === ' ' || char === '\t' || char === '\r') i++;
    else if (source.startsWith(lexis.comment, i)) {
      const end = lineEnd(source, i);
      push('comment', source.slice(i + lexis.comment.length, end).trimEnd());
      i = end;
    } else if (lexis.blockComments && source.startsWith('/*', i)) {
      const found = source.indexOf('*/', i + 2);
      const end = found < 0 ? source.length : found;
      const text = source.slice(i + 2, end);
      line += count(text);
      push('comment', text.trim());
      i = end + 2;
    } else if (isWordChar(source.charCodeAt(i))) {
      const start = i;
      while (i < source.length && isWordChar(source.charCodeAt(i))) i++;
      push('word', source.slice(start, i));
    } else {
      const opened = lexis.quotes.find(({ quote }) => source.startsWith(quote, i));
      if (!opened) {
        push('sign', char);
        i++;
        continue;
      }
      const { text, end } = readText(source, i + opened.quote.length, opened);
      push('text', text);
      line += count(source.slice(i, end));
      i = end;
    }
  }
  return tokens;
}

function readText(source: string, start: number, { quote, raw, manyLines }: Lexis['quotes'][number]) {
  const parts: string[] = [];
  let from = start;
  let i = start;
  while (i < source.length) {
    if (source.startsWith(quote, i)) return { text: parts.join('') + source.slice(from, i), end: i + quote.length };
    if (!manyLines && source[i] === '\n') break;
    if (!raw && source[i] === '\\') {
      parts.push(source.slice(from, i), ESCAPES[source[i + 1] ?? ''] ?? source[i + 1] ?? '');
      i += 2;
      from = i;
    } else i++;
  }
  return { text: parts.join('') + source.slice(from, i), end: Math.min(i, source.length) };
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function lineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

function count(text: string): number {
  let lines = 0;
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) lines++;
  return lines;
}

/** Letters, digits, `_`, and everything beyond ASCII. */
function isWordChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}

export function isWord(token: Token | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** The index of the bracket that closes the one at `open`; the end, or `limit` tokens on, where none does. */
export function closing(tokens: readonly Token[], open: number, limit = tokens.length): number {
  let depth = 0;
  const end = Math.min(tokens.length, open + limit);
  for (let i = open; i < end; i++) {
    const { kind, text } = tokens[i]!;
    if (kind !== 'sign') continue;
    if (text === '(' || text === '[' || text === '{') depth++;
    else if ((text === ')' || text === ']' || text === '}') && --depth === 0) return i;
  }
  return end;
}

/** What stands between the commas of a list. */
export function splitArguments(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const groups: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'comment') continue;
    if (token.kind === 'sign') {
      if (token.text === '(' || token.text === '[' || token.text === '{') depth++;
      else if (token.text === ')' || token.text === ']' || token.text === '}') depth--;
      else if (token.text === ',' && depth === 0) {
        groups.push([]);
        continue;
      }
    }
    groups.at(-1)!.push(token);
  }
  return groups.filter((group) => group.length > 0);
}
