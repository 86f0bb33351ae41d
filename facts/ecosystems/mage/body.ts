import { closing, isSign, isWord, splitArguments, type Token } from '../native/source-tokens.ts';
import type { GoFunction } from './functions.ts';

/** A value as words of a command line; what is not known at rest stands as a shell variable: `"$tags"`. */
type Words = readonly string[];

/** What a function of a magefile runs, as shell lines, and the targets it calls first or instead. */
export interface Actions {
  readonly lines: readonly string[];
  readonly needs: readonly string[];
}

/** What names mean: constants, variables, and functions made by `sh.RunCmd("docker")`. */
export interface Scope {
  readonly values: ReadonlyMap<string, Words>;
  readonly runners: ReadonlyMap<string, Words>;
  readonly outer?: Scope | undefined;
}

/** Which argument of a call the command begins at. */
const RUNNERS = new Map(
  Object.entries({
    'sh.Run': 0,
    'sh.RunV': 0,
    'sh.Output': 0,
    'sh.RunWith': 1,
    'sh.RunWithV': 1,
    'sh.OutputWith': 1,
    'sh.Exec': 3,
    'exec.Command': 0,
    'exec.CommandContext': 1,
  }),
);
const DEPENDENCIES = new Set(['mg.Deps', 'mg.SerialDeps', 'mg.CtxDeps', 'mg.SerialCtxDeps']);
const MAX_LINES = 40;
const MAX_EXPRESSION = 400;
const MAX_DEPTH = 5;
/** Tokens looked at for one target, calls of helpers included: enough for every real one, an end for the rest. */
const MAX_TOKENS = 50_000;

/** The names a file's declarations, or a function's first lines, give to commands and words. */
export function scopeOf(tokens: readonly Token[], outer?: Scope): Scope {
  const values = new Map<string, Words>();
  const runners = new Map<string, Words>();
  const scope: Scope = { values, runners, outer };
  for (let i = 1; i < tokens.length; i++) {
    if (!isSign(tokens[i], '=') || tokens[i + 1] === undefined) continue;
    const declared = isSign(tokens[i - 1], ':') ? tokens[i - 2] : tokens[i - 1];
    // `var goexe string = "go"` has its type between the name and the sign.
    const before = tokens[i - 2];
    const typed = !isSign(tokens[i - 1], ':') && isWord(tokens[i - 1], 'string') && before?.kind === 'word';
    const name = typed ? before : declared;
    const short = isSign(tokens[i - 1], ':');
    if (name?.kind !== 'word') continue;
    const end = expressionEnd(tokens, i + 1);
    const expression = tokens.slice(i + 1, end);
    // What stands inside an expression is no declaration, and was looked at.
    i = Math.max(i, end - 1);
    if (expression.length > MAX_EXPRESSION) continue;
    const call = callOf(expression);
    if (call && (call.name === 'sh.RunCmd' || call.name === 'sh.OutCmd'))
      runners.set(name.text, words(call.arguments, scope));
    else if (short || meaning(scope, 'values', name.text) === undefined) {
      const value = evaluate(expression, scope);
      if (value.some((word) => !word.startsWith('"$'))) values.set(name.text, value);
    }
  }
  return scope;
}

/**
 * Follows a function and the helpers of its file. `targets` says what a call of an exported name stands for. Nothing
 * runs: both sides of an `if` count, loops count once.
 */
export function actionsOf(
  target: GoFunction,
  functions: ReadonlyMap<string, GoFunction>,
  targets: ReadonlyMap<string, string>,
  top: Scope,
): Actions {
  const lines = new Set<string>();
  const needs = new Set<string>();
  let budget = MAX_TOKENS;

  const visit = (body: readonly Token[], outer: Scope, depth: number): void => {
    budget -= body.length;
    if (budget < 0 || depth > MAX_DEPTH) return;
    const scope = scopeOf(body, outer);
    for (let i = 0; i < body.length && lines.size < MAX_LINES; i++) {
      const named = nameAt(body, i);
      if (!named) continue;
      i = named.end - 1;
      if (!isSign(body[named.end], '(')) continue;
      const from = RUNNERS.get(named.name);
      const prefix = meaning(scope, 'runners', named.name);
      const called = functions.get(named.name);
      const isDependency = DEPENDENCIES.has(named.name);
      if (from === undefined && !prefix && !isDependency && !called && !targets.has(named.name)) continue;
      const close = closing(body, named.end, MAX_EXPRESSION);
      budget -= close - named.end;
      if (budget < 0) return;
      const parts = splitArguments(body.slice(named.end + 1, close));
      if (from !== undefined || prefix) say([...(prefix ?? []), ...words(parts.slice(from ?? 0), scope)]);
      else if (isDependency) parts.forEach(need);
      else if (targets.has(named.name)) needs.add(targets.get(named.name)!);
      else if (called && called.name !== target.name) visit(called.body, bind(called, parts, scope, top), depth + 1);
    }
  };
  const say = (line: Words): void => {
    if (line[0] !== undefined && !line[0].startsWith('"$')) lines.add(line.join(' '));
  };
  const need = (part: readonly Token[]): void => {
    const call = callOf(part);
    const inner = call?.name === 'mg.F' ? (call.arguments[0] ?? []) : part;
    const text = inner.map((token) => token.text).join('');
    const name = targets.get(text.replace('{}', ''));
    if (name !== undefined) needs.add(name);
  };

  visit(target.body, top, 0);
  return { lines: [...lines], needs: [...needs] };
}

/** What a name means here: the innermost scope that knows it. */
function meaning(scope: Scope, kind: 'values' | 'runners', name: string): Words | undefined {
  for (let here: Scope | undefined = scope; here; here = here.outer) {
    const found = here[kind].get(name);
    if (found) return found;
  }
  return undefined;
}

/** The helper's parameters, filled with what the call hands over. */
function bind(called: GoFunction, parts: readonly (readonly Token[])[], scope: Scope, top: Scope): Scope {
  const values = new Map<string, Words>();
  called.parameters.forEach(({ name, type }, i) => {
    const given = type.startsWith('...') ? words(parts.slice(i), scope) : words(parts.slice(i, i + 1), scope);
    values.set(name, given);
  });
  return { values, runners: new Map(), outer: top };
}

function words(parts: readonly (readonly Token[])[], scope: Scope): Words {
  return parts.flatMap((part) => evaluate(part, scope));
}

/** An expression as words: texts, names of them, lists, `"-o=" + name`; anything else is a variable by its last name. */
function evaluate(expression: readonly Token[], scope: Scope): Words {
  const spread = isSign(expression.at(-1), '.') && isSign(expression.at(-2), '.');
  const tokens = spread ? expression.slice(0, -3) : expression;
  const [first] = tokens;
  if (first === undefined) return [];
  if (tokens.length === 1) {
    if (first.kind === 'text') return [quoted(first.text)];
    return meaning(scope, 'values', first.text) ?? [`"$${first.text}"`];
  }
  if (isSign(first, '[') && isSign(tokens[1], ']') && isSign(tokens[3], '{')) {
    return words(splitArguments(tokens.slice(4, closing(tokens, 3))), scope);
  }
  const sum = splitSum(tokens);
  if (sum.length > 1) return [sum.map((part) => evaluate(part, scope).join(' ')).join('')];
  const call = callOf(tokens);
  if (call?.name === 'mg.GoCmd') return ['go'];
  // A helper that turns one list into another: `toStrings(args...)`.
  const [list, ...others] = call?.arguments ?? [];
  if (list && others.length === 0 && isSign(list.at(-1), '.')) return evaluate(list, scope);
  const name = (call?.name ?? tokens.findLast(({ kind }) => kind === 'word')?.text ?? 'x').replace(/^.*\./, '');
  return [`"$${name}"`];
}

function splitSum(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'sign' && '([{'.includes(token.text)) depth++;
    if (token.kind === 'sign' && ')]}'.includes(token.text)) depth--;
    if (depth === 0 && isSign(token, '+')) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

/** The whole expression as one call: `sh.RunCmd("docker")`. */
function callOf(tokens: readonly Token[]): { name: string; arguments: readonly (readonly Token[])[] } | undefined {
  const named = nameAt(tokens, 0);
  if (!named || !isSign(tokens[named.end], '(') || closing(tokens, named.end) !== tokens.length - 1) return undefined;
  return { name: named.name, arguments: splitArguments(tokens.slice(named.end + 1, -1)) };
}

/** A name with its dots, `sh.RunV` or `Build{}.Lint`, and where it ends. */
function nameAt(tokens: readonly Token[], start: number): { name: string; end: number } | undefined {
  if (tokens[start]?.kind !== 'word') return undefined;
  let name = tokens[start]!.text;
  let end = start + 1;
  for (;;) {
    const braces = isSign(tokens[end], '{') && isSign(tokens[end + 1], '}') && isSign(tokens[end + 2], '.') ? 2 : 0;
    if (!isSign(tokens[end + braces], '.') || tokens[end + braces + 1]?.kind !== 'word') return { name, end };
    name += `.${tokens[end + braces + 1]!.text}`;
    end += braces + 2;
  }
}

/** An expression ends with its line, brackets closed; a line that ends with `+`, `,` or `.` goes on. */
function expressionEnd(tokens: readonly Token[], start: number): number {
  let i = start;
  let line = tokens[start]?.line;
  while (i < tokens.length) {
    const token = tokens[i]!;
    if (token.line !== line) return i;
    if (token.kind === 'sign' && (token.text === ';' || token.text === ')' || token.text === '}')) return i;
    if (token.kind === 'sign' && (token.text === '(' || token.text === '[' || token.text === '{')) {
      i = closing(tokens, i);
      line = tokens[i]?.line;
    } else if (token.kind === 'sign' && (token.text === '+' || token.text === '.')) line = tokens[i + 1]?.line;
    i++;
  }
  return i;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
