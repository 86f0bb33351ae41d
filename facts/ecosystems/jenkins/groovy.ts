/** A string of Groovy, as a shell is handed it. */
export interface Text {
  /** Its lines with escapes undone; interpolated expressions that are no plain name are `${{ ... }}`. */
  readonly lines: readonly { readonly text: string; readonly line: number }[];
  /** Double-quoted: `$name` stands for a variable of the script. */
  readonly interpolated: boolean;
}

/** One token of a Jenkinsfile. Only what tells blocks, calls and their arguments apart is kept. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly line: number }
  | { readonly kind: 'text'; readonly value: Text; readonly line: number }
  /** Brackets, separators and operators, one character each, and the end of a line as `\n`. */
  | { readonly kind: 'mark'; readonly text: string; readonly line: number };

/** Longer files are not written by hand. */
const MAX_TOKENS = 100_000;

/** The tokens of a Groovy file. Comments are left out; a string that never ends goes to the end of the file. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length && tokens.length < MAX_TOKENS) {
    const character = source[at]!;
    if (character === '\n') {
      tokens.push({ kind: 'mark', text: '\n', line });
      line++;
      at++;
    } else if (source.startsWith('//', at) || (character === '#' && at === 0)) {
      at = endOf(source, '\n', at);
    } else if (source.startsWith('/*', at)) {
      const end = Math.min(source.length, endOf(source, '*/', at + 2) + 2);
      line += breaksIn(source, at, end);
      at = end;
    } else if (character === "'" || character === '"') {
      const { value, end } = readText(source, at, line);
      tokens.push({ kind: 'text', value, line });
      line += breaksIn(source, at, end);
      at = end;
    } else {
      const word = WORD.exec(source.slice(at, at + MAX_WORD))?.[0];
      if (word !== undefined) tokens.push({ kind: 'word', text: word, line });
      else if (MARKS.includes(character)) tokens.push({ kind: 'mark', text: character, line });
      at += word?.length ?? 1;
    }
  }
  return tokens;
}

const WORD = /^[\w.$!?]*\w/;
const MAX_WORD = 200;
const MARKS = '{}()[],:+;=&|!<>~';

function endOf(source: string, what: string, from: number): number {
  const end = source.indexOf(what, from);
  return end < 0 ? source.length : end;
}

function breaksIn(source: string, from: number, to: number): number {
  let count = 0;
  // Not by searching for the next one: that may be a megabyte away, each time.
  for (let at = from; at < to; at++) if (source[at] === '\n') count++;
  return count;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '', '\\': '\\', "'": "'", '"': '"', $: '$' };

/** A string with one or three quotes of either kind. */
function readText(source: string, start: number, startLine: number): { readonly value: Text; readonly end: number } {
  const quote = source[start]!;
  const fence = source.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  const interpolated = quote === '"';
  const lines: { text: string; line: number }[] = [];
  let text = '';
  let line = startLine;
  let at = start + fence.length;
  const flush = (): void => {
    lines.push({ text, line });
    text = '';
  };
  while (at < source.length && !source.startsWith(fence, at)) {
    const character = source[at]!;
    if (character === '\n') {
      // A string of one quote does not go on: it was never closed.
      if (fence.length === 1) break;
      flush();
      line++;
      at++;
    } else if (character === '\\') {
      const next = source[at + 1] ?? '';
      if (next === '\n') {
        // Groovy joins the lines; to a shell that is what a backslash at the end does.
        text += '\\';
        at++;
      } else {
        const escaped = ESCAPES[next];
        if (escaped === '\n') {
          flush();
        } else text += escaped ?? `\\${next}`;
        at += 2;
      }
    } else if (interpolated && source.startsWith('${', at)) {
      const end = endOfExpression(source, at + 2);
      const inner = source.slice(at + 2, end - 1).trim();
      text += /^\w+$/.test(inner) ? `\${${inner}}` : `\${{ ${inner.replace(/[{}\n]/g, ' ').slice(0, 80)} }}`;
      line += breaksIn(source, at, end);
      at = end;
    } else {
      text += character;
      at++;
    }
  }
  flush();
  return { value: { lines, interpolated }, end: Math.min(source.length, at + fence.length) };
}

/** Just behind the brace that closes `${`, braces within counted; not past a few lines. */
function endOfExpression(source: string, from: number): number {
  let depth = 1;
  const limit = Math.min(source.length, from + 2000);
  for (let at = from; at < limit; at++) {
    if (source[at] === '{') depth++;
    else if (source[at] === '}' && --depth === 0) return at + 1;
  }
  return limit;
}
