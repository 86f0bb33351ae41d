/**
 * A piece of Elixir source. `key` is `name:` or `"name":` in front of a value, `atom` is `:name`, `text` a string without
 * its quotes (interpolations are left in as written), `other` anything opaque: patterns, characters, unknown sigils.
 */
export interface ElixirToken {
  readonly kind: 'word' | 'key' | 'atom' | 'text' | 'sign' | 'other';
  readonly text: string;
  readonly line: number;
}

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/**
 * Cuts Elixir source into tokens, in one pass; comments are dropped. What is never closed goes on to the end of the file.
 * https://hexdocs.pm/elixir/syntax-reference.html
 */
export function elixirTokens(source: string): readonly ElixirToken[] {
  const tokens: ElixirToken[] = [];
  let line = 1;
  let i = 0;
  /** Adds a token that ends at `end`, and goes there. */
  const push = (kind: ElixirToken['kind'], text: string, end: number): void => {
    tokens.push({ kind, text, line });
    for (; i < end; i++) if (source[i] === '\n') line++;
  };
  while (i < source.length) {
    const char = source[i]!;
    if (char === '\n') {
      line++;
      i++;
    } else if (char === ' ' || char === '\t' || char === '\r') i++;
    else if (char === '#') i = endOfLine(source, i);
    else if (char === '"' || char === "'") {
      const { text, end } = quoted(source, i);
      const isKey = source[end] === ':' && isSpace(source[end + 1]);
      push(isKey ? 'key' : 'text', text, isKey ? end + 1 : end);
    } else if (char === ':' && (source[i + 1] === '"' || isWordChar(source.charCodeAt(i + 1)))) {
      const found = source[i + 1] === '"' ? quoted(source, i + 1) : word(source, i + 1);
      push('atom', found.text, found.end);
    } else if (char === '~' && /[A-Za-z]/.test(source[i + 1] ?? '')) sigil();
    else if (char === '?' && source[i + 1] !== undefined) push('other', '', i + (source[i + 1] === '\\' ? 3 : 2));
    else if (isWordChar(source.charCodeAt(i))) {
      const { text, end } = word(source, i);
      const isKey = source[end] === ':' && isSpace(source[end + 1]);
      push(isKey ? 'key' : 'word', text, isKey ? end + 1 : end);
    } else push('sign', char, i + 1);
  }
  return tokens;

  /** `~w(a b)` is a list of texts, `~s(a)` a text; the rest is opaque. */
  function sigil(): void {
    const name = word(source, i + 1);
    const open = source[name.end] ?? '';
    if (open === '"' || open === "'") {
      const { text, end } = quoted(source, name.end);
      push(/^s$/i.test(name.text) ? 'text' : 'other', text, end);
      return;
    }
    const close = CLOSERS[open] ?? (open === '/' || open === '|' ? open : undefined);
    if (close === undefined) {
      push('other', '', name.end);
      return;
    }
    let end = name.end + 1;
    while (end < source.length && source[end] !== close) end += source[end] === '\\' ? 2 : 1;
    const text = source.slice(name.end + 1, end);
    const after = Math.min(end + 1, source.length);
    if (!/^w$/i.test(name.text)) {
      push(/^s$/i.test(name.text) ? 'text' : 'other', text, after);
      return;
    }
    push('sign', '[', name.end + 1);
    for (const [n, each] of text.split(/\s+/).filter(Boolean).entries()) {
      if (n > 0) push('sign', ',', i);
      push('text', each, i);
    }
    push('sign', ']', after);
  }
}

/** The text that starts with the quote at `start`, and where it ends: heredocs too. */
function quoted(source: string, start: number): { readonly text: string; readonly end: number } {
  const one = source[start]!;
  const quote = source.startsWith(one.repeat(3), start) ? one.repeat(3) : one;
  let i = start + quote.length;
  const parts: string[] = [];
  let from = i;
  while (i < source.length && !source.startsWith(quote, i)) {
    if (source[i] === '\\') {
      parts.push(source.slice(from, i));
      from = i + 1;
      i += 2;
    } else if (source[i] === '#' && source[i + 1] === '{') i = afterInterpolation(source, i + 2);
    else i++;
  }
  const text = parts.join('') + source.slice(from, i);
  return { text, end: Math.min(i + quote.length, source.length) };
}

/** `#{f("}")}`: braces and plain strings inside are followed. */
function afterInterpolation(source: string, from: number): number {
  let depth = 1;
  let i = from;
  for (; i < source.length && depth > 0; i++) {
    const char = source[i];
    if (char === '{') depth++;
    else if (char === '}') depth--;
    else if (char === '"') {
      for (i++; i < source.length && source[i] !== '"' && source[i] !== '\n'; i++) if (source[i] === '\\') i++;
    }
  }
  return i;
}

/** Letters, digits, `_`, and a final `?` or `!`. */
function word(source: string, start: number): { readonly text: string; readonly end: number } {
  let end = start;
  while (end < source.length && isWordChar(source.charCodeAt(end))) end++;
  if (source[end] === '?' || source[end] === '!') end++;
  return { text: source.slice(start, end), end };
}

function isWordChar(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code > 127
  );
}

function isSpace(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\n' || char === '\t' || char === '\r';
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

export function isSign(token: ElixirToken | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}

/** The index after the list, tuple, call or block that opens at `open`; the end where nothing closes it. */
export function afterClosing(tokens: readonly ElixirToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    depth += depthChange(tokens[i]!);
    if (depth <= 0) return i + 1;
  }
  return tokens.length;
}

/** What stands between the commas of the list whose bracket is at `open`. */
export function elements(tokens: readonly ElixirToken[], open: number): readonly (readonly ElixirToken[])[] {
  const groups: ElixirToken[][] = [[]];
  let depth = 0;
  const end = afterClosing(tokens, open);
  const last = depthChange(tokens[end - 1]!) < 0 && end - 1 > open ? end - 1 : end;
  for (const token of tokens.slice(open + 1, last)) {
    depth += depthChange(token);
    if (depth === 0 && isSign(token, ',')) groups.push([]);
    else groups.at(-1)!.push(token);
  }
  return groups.filter((group) => group.length > 0);
}

/** Brackets, and the blocks of `fn ... end` and `do ... end`. */
function depthChange({ kind, text }: ElixirToken): number {
  if (kind === 'word') return text === 'fn' || text === 'do' ? 1 : text === 'end' ? -1 : 0;
  if (kind !== 'sign') return 0;
  return text === '(' || text === '[' || text === '{' ? 1 : text === ')' || text === ']' || text === '}' ? -1 : 0;
}
