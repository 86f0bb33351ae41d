import type { SourceFile } from '../../source-file.ts';

/** What a justfile says. Expressions are kept only as far as they are plain text. */
export interface Justfile {
  readonly recipes: readonly Recipe[];
  readonly aliases: readonly { readonly name: string; readonly target: string; readonly line: number }[];
  /** Variables whose value is plain text. */
  readonly constants: ReadonlyMap<string, string>;
  readonly imports: readonly string[];
  readonly modules: readonly { readonly name: string; readonly path: string | undefined }[];
}

export interface Recipe {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly dependencies: readonly Dependency[];
  readonly body: readonly string[];
  readonly private: boolean;
  /** Only for Windows: `[windows]` and none of the others. */
  readonly windowsOnly: boolean;
  readonly description: string | undefined;
  readonly line: number;
}

export interface Dependency {
  readonly name: string;
  /** What is handed to it, where that is plain text. */
  readonly values: readonly (string | undefined)[];
}

export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  /** Its default where that is plain text; nothing for `*args`. */
  readonly value: string | undefined;
}

interface Attributes {
  private: boolean;
  systems: string[];
  doc: string | undefined;
}

const MAX_BODY_LINES = 200;
const NAME = /^[A-Za-z_][\w-]*/;

/** Parses a justfile line by line: recipes, aliases, assignments, imports and modules (just manual, "Grammar"). */
export function parseJustfile(file: SourceFile): Justfile {
  const recipes: Recipe[] = [];
  const aliases: { name: string; target: string; line: number }[] = [];
  const constants = new Map<string, string>();
  const imports: string[] = [];
  const modules: { name: string; path: string | undefined }[] = [];
  let comments: string[] = [];
  let attributes: Attributes = { private: false, systems: [], doc: undefined };

  for (let number = 1; number <= file.lines.count; number++) {
    const line = number;
    let text = file.lines.line(number);
    if (text.trim() === '') {
      comments = [];
      continue;
    }
    // Indented lines that belong to no recipe: the inside of a list or of an expression.
    if (/^\s/.test(text)) continue;
    while (text.endsWith('\\') && number < file.lines.count)
      text = text.slice(0, -1) + file.lines.line(++number).trim();
    if (text.startsWith('#')) {
      comments.push(text.replace(/^#+!?\s*/, ''));
      continue;
    }
    if (text.startsWith('[')) {
      readAttributes(text, attributes);
      continue;
    }
    const declared = declaration(text);
    if (declared) {
      if (declared.kind === 'alias') aliases.push({ name: declared.name, target: declared.value, line });
      else if (declared.kind === 'import') imports.push(declared.value);
      else if (declared.kind === 'mod') modules.push({ name: declared.name, path: declared.value || undefined });
      else if (declared.kind === 'assignment') {
        number = endOfQuotes(file, number, declared.value);
        const value = constantOf(declared.value, constants);
        if (value !== undefined) constants.set(declared.name, value);
      }
    } else {
      const header = headerOf(text, constants);
      if (header) {
        const body = bodyFrom(file, number + 1);
        number = body.last;
        recipes.push({
          ...header,
          body: body.lines,
          private: attributes.private || header.name.startsWith('_'),
          windowsOnly: attributes.systems.length > 0 && attributes.systems.every((system) => system === 'windows'),
          description: attributes.doc ?? comments.filter((comment) => /[A-Za-z]/.test(comment)).at(-1),
          line,
        });
      }
    }
    comments = [];
    attributes = { private: false, systems: [], doc: undefined };
  }
  return { recipes, aliases, constants, imports, modules };
}

type Declaration =
  | { readonly kind: 'alias' | 'assignment' | 'mod'; readonly name: string; readonly value: string }
  | { readonly kind: 'import'; readonly value: string }
  | { readonly kind: 'set' };

function declaration(text: string): Declaration | undefined {
  const alias = /^alias\s+([\w-]+)\s*:=\s*([\w:-]+)/.exec(text);
  if (alias) return { kind: 'alias', name: alias[1]!, value: alias[2]! };
  const included = /^import\??\s+x?(?:"([^"]*)"|'([^']*)')/.exec(text);
  if (included) return { kind: 'import', value: included[1] ?? included[2] ?? '' };
  const module = /^mod\??\s+([A-Za-z_][\w-]*)(?:\s+x?(?:"([^"]*)"|'([^']*)'))?\s*(?:#|$)/.exec(text);
  if (module) return { kind: 'mod', name: module[1]!, value: module[2] ?? module[3] ?? '' };
  const assignment = /^(?:export\s+|unexport\s+|eager\s+)?([A-Za-z_][\w-]*)\s*:=\s*(.*)$/.exec(text);
  if (assignment) return { kind: 'assignment', name: assignment[1]!, value: assignment[2]! };
  return /^(?:set|unexport)\s+[\w-]+\s*(?::=|$|#)/.test(text) ? { kind: 'set' } : undefined;
}

/** A triple-quoted text may go on for lines, and what stands in it is no recipe. */
function endOfQuotes(file: SourceFile, line: number, value: string): number {
  const quote = /^[xf]?('''|""")/.exec(value)?.[1];
  if (!quote || value.indexOf(quote, value.indexOf(quote) + 3) >= 0) return line;
  return file.find(quote, line + 1) ?? line;
}

/** The text of an expression that is one string, a known name, or an environment variable with a default. */
function constantOf(expression: string, constants: ReadonlyMap<string, string>): string | undefined {
  const text = expression.replace(/\s#.*$/, '').trim();
  const string = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(text);
  if (string) return string[1] ?? string[2];
  const env = /^env(?:_var_or_default)?\(\s*["'][^"']*["']\s*,\s*["']([^"']*)["']\s*\)$/.exec(text);
  return env?.[1] ?? (NAME.exec(text)?.[0] === text ? constants.get(text) : undefined);
}

function readAttributes(text: string, attributes: Attributes): void {
  const close = text.lastIndexOf(']');
  const inner = text.slice(1, close < 0 ? undefined : close);
  attributes.doc =
    /\bdoc\s*(?:\(\s*|:\s*)(?:"([^"]*)"|'([^']*)')/
      .exec(inner)
      ?.slice(1)
      .find((found) => found) ?? attributes.doc;
  for (const word of inner.replace(/"[^"]*"|'[^']*'/g, '').split(/[^\w-]+/)) {
    if (word === 'private') attributes.private = true;
    if (SYSTEMS.has(word)) attributes.systems.push(word);
  }
}

const SYSTEMS = new Set(['windows', 'unix', 'linux', 'macos', 'openbsd', 'freebsd', 'netbsd', 'dragonfly', 'android']);

/** `@name param='x' *rest: dep (dep2 "arg") && after`. */
function headerOf(
  text: string,
  constants: ReadonlyMap<string, string>,
): Pick<Recipe, 'name' | 'parameters' | 'dependencies'> | undefined {
  const tokens = tokensOf(text.startsWith('@') ? text.slice(1) : text);
  const colon = tokens.indexOf(':');
  const name = tokens[0];
  if (colon < 1 || name === undefined || NAME.exec(name)?.[0] !== name) return undefined;
  const parameters: Parameter[] = [];
  for (let i = 1; i < colon; i++) {
    const [, sign, word] = /^([*+]?)\$?([A-Za-z_][\w-]*)$/.exec(tokens[i]!) ?? [];
    if (word === undefined) return undefined;
    const hasDefault = tokens[i + 1] === '=';
    const value = hasDefault ? constantOf(tokens[i + 2] ?? '', constants) : sign === '*' ? '' : undefined;
    parameters.push({ name: word, required: !hasDefault && sign !== '*', value });
    if (hasDefault) i += 2;
  }
  const dependencies: Dependency[] = [];
  for (const token of tokens.slice(colon + 1)) {
    if (token.startsWith('#')) break;
    const inner = token.startsWith('(') ? tokensOf(token.slice(1, token.endsWith(')') ? -1 : undefined)) : [token];
    const needed = /^[A-Za-z_][\w:-]*$/.exec(inner[0] ?? '')?.[0];
    if (needed)
      dependencies.push({ name: needed, values: inner.slice(1).map((value) => constantOf(value, constants)) });
  }
  return { name, parameters, dependencies };
}

/** Words, strings, bracketed expressions, `=` and `:`; what stands in brackets and quotes is one token. */
function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  for (let i = 0; i < text.length && tokens.length < 200; ) {
    const char = text[i]!;
    if (char === ' ' || char === '\t') i++;
    else if (char === '#') return [...tokens, '#'];
    else if (char === ':' || char === '=') {
      tokens.push(char);
      i++;
    } else {
      const end = endOfToken(text, i);
      tokens.push(text.slice(i, end));
      i = end;
    }
  }
  return tokens;
}

function endOfToken(text: string, from: number): number {
  let depth = 0;
  let i = from;
  for (; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' || char === "'" || char === '`') {
      const close = text.indexOf(char, i + 1);
      if (close < 0) return text.length;
      i = close;
    } else if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth--;
    else if (
      depth <= 0 &&
      (char === ' ' || char === '\t' || char === '=' || (char === ':' && text[i + 1] !== ':' && text[i - 1] !== ':'))
    )
      break;
  }
  return i === from ? from + 1 : i;
}

/** The indented lines below a header; a blank line does not end them, an unindented one does. */
function bodyFrom(file: SourceFile, from: number): { readonly lines: readonly string[]; readonly last: number } {
  const lines: string[] = [];
  let last = from - 1;
  for (let number = from; number <= file.lines.count; number++) {
    const text = file.lines.line(number);
    if (text.trim() === '') continue;
    if (!/^[ \t]/.test(text)) break;
    last = number;
    if (lines.length < MAX_BODY_LINES) lines.push(text.trim());
  }
  return { lines, last };
}
