/** A function of a Python file, as far as it can be read without running it. */
export interface PythonFunction {
  readonly name: string;
  /** The line (from 1) of its `def`. */
  readonly line: number;
  readonly decorators: readonly Call[];
  /** The first line of its docstring. */
  readonly doc: string | undefined;
  /** Every call `x.name(...)` in it, in order. */
  readonly calls: readonly Call[];
}

/** A call such as `session.run("pytest", *args, env=env)`, or a decorator with or without brackets. */
export interface Call {
  /** As written before the bracket: `session.run`, `nox.session`. */
  readonly callee: string;
  readonly line: number;
  readonly args: readonly Argument[];
}

export interface Argument {
  /** The name of a keyword argument. */
  readonly keyword: string | undefined;
  /** The value of a string literal; what is interpolated into it is left out. */
  readonly text: string | undefined;
  /** The literal holds something that is only known when it runs. */
  readonly interpolated: boolean;
  /** The string literals in a list, a tuple or any other expression. */
  readonly texts: readonly string[];
  /** The argument as written, literals blanked out. */
  readonly source: string;
}

/** Nobody writes more into one call, or more calls into one function; what goes beyond is not read. */
const MAX_CALL_LENGTH = 4000;
const MAX_CALLS = 200;

/** The functions of a file that carry a decorator; those within such a function are part of it. Linear in the file's length. */
export function decoratedFunctions(text: string): readonly PythonFunction[] {
  const source = readTokens(text);
  const found: PythonFunction[] = [];
  let decorators: Call[] = [];
  for (let index = 0; index < source.starts.length; index++) {
    const at = source.starts[index]!;
    if (source.inside.has(index)) continue;
    const line = source.code.slice(at, source.starts[index + 1]);
    const decorator = /^([ \t]*@[ \t]*)([\w.]+)/.exec(line);
    const def = /^([ \t]*)(?:async[ \t]+)?def[ \t]+(\w+)/.exec(line);
    if (decorator) {
      decorators.push(callAt(source, at + decorator[1]!.length, decorator[2]!));
    } else if (def && decorators.length > 0) {
      const end = endOfBlock(source, index, def[1]!.length);
      found.push(functionAt(source, index, end, def[2]!, decorators));
      decorators = [];
      index = end - 1;
    } else if (line.trim() !== '') decorators = [];
  }
  return found;
}

/** The literals assigned to a name such as `nox.options.sessions`, with the line; `undefined` where it is not assigned. */
export function assigned(
  text: string,
  name: string,
): { readonly texts: readonly string[]; readonly line: number } | undefined {
  const source = readTokens(text);
  for (let index = 0; index < source.starts.length; index++) {
    const at = source.starts[index]!;
    const line = source.code.slice(at, source.starts[index + 1]);
    if (!line.startsWith(name) || !/^\s*(?::[^=]*)?=(?!=)/.test(line.slice(name.length))) continue;
    let end = index + 1;
    while (source.inside.has(end)) end++;
    const until = source.starts[end] ?? text.length;
    return { texts: literalsIn(source, at, until).map((literal) => literal.text), line: index + 1 };
  }
  return undefined;
}

interface Literal {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly interpolated: boolean;
}

interface Tokens {
  /** The text with comments and the contents of strings blanked out: brackets and commas left in it are code. */
  readonly code: string;
  readonly literals: readonly Literal[];
  readonly starts: readonly number[];
  /** Lines (from 0) that begin within a string or a bracket. */
  readonly inside: ReadonlySet<number>;
}

/** Stands for every character of a string literal, quotes included. */
const BLANK = '\u0001';

function readTokens(text: string): Tokens {
  const pieces: string[] = [];
  const found: Literal[] = [];
  const starts = [0];
  const inside = new Set<number>();
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n') {
      starts.push(i + 1);
      if (depth > 0) inside.add(starts.length - 1);
    } else if (char === '#') {
      const end = lineEnd(text, i);
      pieces.push(text.slice(from, i), ' '.repeat(end - i));
      from = end;
      i = end - 1;
    } else if (char === '"' || char === "'") {
      const end = literalEnd(text, i);
      found.push(literalOf(text, i, end));
      for (let at = i; at < end; at++) if (text[at] === '\n') inside.add(starts.push(at + 1) - 1);
      pieces.push(text.slice(from, i), BLANK.repeat(end - i));
      from = end;
      i = end - 1;
    } else if (char === '(' || char === '[' || char === '{') depth++;
    else if ((char === ')' || char === ']' || char === '}') && depth > 0) depth--;
  }
  pieces.push(text.slice(from));
  return { code: pieces.join(''), literals: found, starts, inside };
}

/** Where a literal that starts with a quote ends: behind the quotes that close it, or with the line or file that cuts it off. */
function literalEnd(text: string, start: number): number {
  const quote = text[start]!;
  const long = text.startsWith(quote.repeat(3), start);
  for (let i = start + (long ? 3 : 1); i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (long ? text.startsWith(quote.repeat(3), i) : text[i] === quote) return i + (long ? 3 : 1);
    else if (!long && text[i] === '\n') return i;
  }
  return text.length;
}

function literalOf(text: string, start: number, end: number): Literal {
  const long = text.startsWith(text[start]!.repeat(3), start) && end - start >= 6;
  const width = long ? 3 : 1;
  const raw = text.slice(start + width, Math.max(start + width, end - width));
  const formatted = /f/i.test(text.slice(Math.max(0, start - 2), start).replace(/.*[^A-Za-z]/s, ''));
  const plain = formatted ? raw.replace(/\{[^{}]*\}/g, '') : raw;
  return { start, end, text: plain.replace(/\\\r?\n/g, ' ').replace(/\\(["'\\])/g, '$1'), interpolated: plain !== raw };
}

function functionAt(
  source: Tokens,
  index: number,
  end: number,
  name: string,
  decorators: readonly Call[],
): PythonFunction {
  const start = source.starts[index]!;
  const until = source.starts[end] ?? source.code.length;
  const calls: Call[] = [];
  const body = source.code.slice(start, until);
  for (const match of body.matchAll(/\.(\w{1,40})[ \t]{0,8}\(/g)) {
    const dot = start + match.index;
    const object = /\w{1,64}$/.exec(source.code.slice(Math.max(start, dot - 64), dot))?.[0];
    if (calls.length === MAX_CALLS) break;
    if (object) calls.push(callAt(source, dot - object.length, `${object}.${match[1]}`));
  }
  return { name, line: index + 1, decorators, doc: docOf(source, index, end), calls };
}

/** The first line (from 0) behind a block that is indented deeper than its head. */
function endOfBlock(source: Tokens, head: number, indent: number): number {
  for (let index = head + 1; index < source.starts.length; index++) {
    if (source.inside.has(index)) continue;
    const line = source.code.slice(source.starts[index]!, source.starts[index + 1]);
    const found = line.search(/\S/);
    if (found >= 0 && found <= indent) return index;
  }
  return source.starts.length;
}

/** A docstring is the first thing below the head, which may run over several lines. */
function docOf(source: Tokens, head: number, end: number): string | undefined {
  let index = head + 1;
  while (index < end && source.inside.has(index)) index++;
  while (index < end && source.code.slice(source.starts[index]!, source.starts[index + 1]).trim() === '') index++;
  const start = source.starts[index];
  if (start === undefined || index >= end) return undefined;
  const indent = source.code.slice(start, source.starts[index + 1]).search(/\S/);
  const literal = literalAt(source, start + indent) ?? literalAt(source, start + indent + 1);
  return literal?.text.trim().split('\n')[0]?.trim() || undefined;
}

function literalAt({ literals }: Tokens, offset: number): Literal | undefined {
  const found = literals[firstAtOrAfter(literals, offset, ({ start }) => start)];
  return found?.start === offset ? found : undefined;
}

function callAt(source: Tokens, start: number, callee: string): Call {
  const line = firstAtOrAfter(source.starts, start + 1, (offset) => offset);
  const args: Argument[] = [];
  let at = start + callee.length;
  while (source.code[at] === ' ') at++;
  if (source.code[at] !== '(') return { callee, line, args };
  const limit = Math.min(source.code.length, at + MAX_CALL_LENGTH);
  let depth = 0;
  let from = at + 1;
  for (; at < limit; at++) {
    const char = source.code[at]!;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) depth--;
    if (depth > 1 || (depth === 1 && char !== ',')) continue;
    if (source.code.slice(from, at).trim() !== '') args.push(argumentAt(source, from, at));
    from = at + 1;
    if (depth <= 0) break;
  }
  return { callee, line, args };
}

function argumentAt(source: Tokens, start: number, end: number): Argument {
  const code = source.code.slice(start, end);
  const keyword = /^\s*(\w+)\s*=(?!=)/.exec(code);
  const value = code.slice(keyword?.[0].length ?? 0);
  const found = literalsIn(source, start, end);
  // One literal, or several that Python joins, with their prefixes and brackets; anything else is an expression.
  const literal = found.length > 0 && /^[\s\u0001rbufRBUF()]*$/.test(value);
  return {
    keyword: keyword?.[1],
    text: literal ? found.map(({ text }) => text).join('') : undefined,
    interpolated: found.some(({ interpolated }) => interpolated),
    texts: found.map(({ text }) => text),
    source: value.trim(),
  };
}

function literalsIn(source: Tokens, start: number, end: number): readonly Literal[] {
  const first = firstAtOrAfter(source.literals, start, (literal) => literal.start);
  let last = first;
  while ((source.literals[last]?.start ?? end) < end) last++;
  return source.literals.slice(first, last);
}

/** The index of the first element that does not start before an offset. */
function firstAtOrAfter<T>(sorted: readonly T[], offset: number, startOf: (element: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (startOf(sorted[middle]!) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
