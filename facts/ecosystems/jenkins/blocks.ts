import type { Text, Token } from './groovy.ts';

/** A call with its first string and its named arguments: `sh(script: 'make', label: 'x')`, `sh 'make'`. */
export interface Call {
  readonly name: string;
  readonly line: number;
  /** Strings by the name of their argument; the first one without a name is `''`. */
  readonly texts: ReadonlyMap<string, Text>;
  /** Arguments that are words: `returnStdout: true`. */
  readonly words: ReadonlyMap<string, string>;
  /** The whole statement, its tokens apart: what a condition is read from. */
  readonly said: string;
  /** What it is assigned to. */
  readonly assigned: string | undefined;
}

/** A block in braces: `stage('Test') { ... }`. */
export interface Block {
  readonly call: Call;
  readonly body: readonly (Call | Block)[];
}

/** How deep blocks nest; what lies deeper is read as if it lay there. */
const MAX_DEPTH = 60;

/** The calls and blocks of a file, as they nest. Half a file yields what it has. */
export function blocksOf(tokens: readonly Token[]): readonly (Call | Block)[] {
  const root: (Call | Block)[] = [];
  const open: (Call | Block)[][] = [root];
  let statement: Token[] = [];
  let parens = 0;
  const flush = (): void => {
    const call = callOf(statement);
    if (call !== undefined) open.at(-1)!.push(call);
    statement = [];
    parens = 0;
  };
  for (const token of tokens) {
    const mark = token.kind === 'mark' ? token.text : '';
    if (mark === '{') {
      const body: (Call | Block)[] = [];
      const call = callOf(statement) ?? nothing(token.line);
      open.at(-1)!.push({ call, body });
      if (open.length < MAX_DEPTH) open.push(body);
      else open.push(open.at(-1)!);
      statement = [];
      parens = 0;
    } else if (mark === '}') {
      flush();
      if (open.length > 1) open.pop();
    } else if ((mark === '\n' && parens <= 0 && !continues(statement)) || mark === ';') {
      flush();
    } else {
      if (mark === '(' || mark === '[') parens++;
      if (mark === ')' || mark === ']') parens--;
      if (mark !== '\n' && statement.length < MAX_STATEMENT) statement.push(token);
    }
  }
  flush();
  return root;
}

const MAX_STATEMENT = 2000;

/** A line that ends in a comma or an operator goes on. */
function continues(statement: readonly Token[]): boolean {
  const last = statement.at(-1);
  return last?.kind === 'mark' && [',', '+', ':', '='].includes(last.text);
}

/** The words and strings of a statement, for conditions. */
function textOf(statement: readonly Token[]): string {
  return statement
    .slice(0, 100)
    .map((token) => (token.kind === 'text' ? `"${token.value.lines.map(({ text }) => text).join(' ')}"` : token.text))
    .join(' ')
    .replace(/([=!<>&|]) (?=[=&|~])/g, '$1');
}

function nothing(line: number): Call {
  return { name: '', line, texts: new Map(), words: new Map(), said: '', assigned: undefined };
}

/** A lone `=`: neither `==` nor `!=`. */
function assignmentIn(statement: readonly Token[]): number {
  const isOperator = (token: Token | undefined): boolean => token?.kind === 'mark' && '=!<>~'.includes(token.text);
  return statement.findIndex(
    (token, i) =>
      token.kind === 'mark' && token.text === '=' && !isOperator(statement[i - 1]) && !isOperator(statement[i + 1]),
  );
}

/** `x = sh(...)`, `return sh ...`, `def v = sh ...` are calls of `sh`; `def build(a) {` is called by its name. */
function callOf(statement: readonly Token[]): Call | undefined {
  const equals = assignmentIn(statement);
  const target = statement[equals - 1];
  const assigned = target?.kind === 'word' ? target.text : undefined;
  const said = textOf(statement);
  const from = statement.slice(equals + 1);
  const start = from.findIndex((token) => token.kind === 'word' && !LEADING.has(token.text));
  const name = from[start];
  if (name?.kind !== 'word') {
    // `'Unit tests': { ... }` in a map of parallel branches.
    const label = from.find((token) => token.kind === 'text');
    if (label?.kind !== 'text') return undefined;
    return { ...nothing(label.line), texts: new Map([['', label.value]]), said, assigned };
  }
  const texts = new Map<string, Text>();
  const words = new Map<string, string>();
  const rest = from.slice(start + 1);
  let key = '';
  for (let i = 0; i < rest.length; i++) {
    const token = rest[i]!;
    const next = rest[i + 1];
    const named = next?.kind === 'mark' && next.text === ':';
    if (token.kind === 'word' && named) {
      key = token.text;
      i++;
    } else if (token.kind === 'text') {
      const before = rest[i - 1];
      const joins = before?.kind === 'mark' && before.text === '+';
      const known = texts.get(key);
      if (joins && known) texts.set(key, concatenated(known, token.value));
      else if (!texts.has(key)) texts.set(key, token.value);
      // What is added but is no string is only known in a run.
      if (next?.kind === 'mark' && next.text === '+' && rest[i + 2]?.kind === 'word')
        texts.set(key, concatenated(texts.get(key)!, UNKNOWN));
    } else if (token.kind === 'word' && !words.has(key)) words.set(key, token.text);
    else if (token.kind === 'mark' && token.text === ',') key = '';
  }
  return { name: name.text, line: name.line, texts, words, said, assigned };
}

const LEADING = new Set([
  'def',
  'return',
  'final',
  'String',
  'boolean',
  'int',
  'void',
  'static',
  'private',
  'public',
  'else',
  'new',
]);
const UNKNOWN: Text = { lines: [{ text: '${{ x }}', line: 0 }], interpolated: true };

function concatenated(first: Text, second: Text): Text {
  const [last, head, ...rest] = [first.lines.at(-1)!, ...second.lines];
  const joint = { text: `${last.text}${head?.text ?? ''}`, line: last.line };
  return {
    lines: [...first.lines.slice(0, -1), joint, ...rest],
    interpolated: first.interpolated || second.interpolated,
  };
}

export function isBlock(part: Call | Block): part is Block {
  return 'body' in part;
}
