/**
 * Answers "may this run in such a pipeline?" for the conditions of GitLab (`rules:if`) and GitHub (`if:`), which differ
 * in vocabulary and hardly in grammar. Much of what a condition asks is only known while a pipeline runs, so an answer
 * may be `maybe`, and a condition that cannot be read always is.
 *
 * @example conditionHolds('$CI_COMMIT_TAG || $NIGHTLY', { name: () => null }) // 'no'
 */
export function conditionHolds(condition: string, vocabulary: Vocabulary): Verdict {
  if (condition.length > MAX_LENGTH) return 'maybe';
  const tokens = tokenize(condition.replaceAll('${{', '(').replaceAll('}}', ')'));
  if (tokens === undefined || tokens.length === 0) return 'maybe';
  const reading: Reading = { tokens, at: 0, depth: 0, vocabulary };
  const value = either(reading);
  return reading.at === tokens.length ? verdictOf(value) : 'maybe';
}

export type Verdict = 'yes' | 'no' | 'maybe';

/** What is known of a value: its text, a truth, that it is not set (`null`), or nothing at all (`undefined`). */
export type Known = string | boolean | null | undefined;

/** Ends a text that goes on in some unknown way: it may equal a literal. Two such texts are equal when all of it is. */
export const SOME = '\uE000';
/** Ends a text that is nobody's special case, a feature branch's name or a commit message: no literal equals it, no pattern fits it. */
export const ORDINARY = '\uE001';

export interface Vocabulary {
  /** `CI_COMMIT_TAG` for `$CI_COMMIT_TAG`, `github.event_name` for itself, `a.b` for `a['b']`. */
  name(name: string): Known;
  /** A function's value; without it no function is known. */
  call?(name: string, values: readonly Known[]): Known;
  /** What is not set equals the empty text: so on GitHub, not on GitLab. */
  readonly nullIsEmpty?: boolean;
}

const MAX_LENGTH = 8192;
const MAX_DEPTH = 50;

interface Token {
  readonly kind: 'operator' | 'text' | 'name' | 'pattern';
  readonly text: string;
}

interface Reading {
  readonly tokens: readonly Token[];
  readonly vocabulary: Vocabulary;
  at: number;
  depth: number;
}

const TOKEN =
  /\s*(?:(\|\||&&|==|!=|=~|!~|<=|>=|[!<>(),[\]])|'((?:[^']|'')*)'|"([^"]*)"|(\/(?:[^/\\]|\\.)+\/[a-z]*)|(\d+(?:\.\d+)*)|\$\{?(\w+)\}?|([A-Za-z_.][\w.*-]*))/y;

function tokenize(text: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    const [, operator, single, double, pattern, number, variable, name] = found;
    const literal = single?.replaceAll("''", "'") ?? double ?? number;
    if (operator !== undefined) tokens.push({ kind: 'operator', text: operator });
    else if (literal !== undefined) tokens.push({ kind: 'text', text: literal });
    else if (pattern !== undefined) tokens.push({ kind: 'pattern', text: pattern });
    else tokens.push({ kind: 'name', text: variable ?? name ?? '' });
  }
  return tokens;
}

function take(reading: Reading, operator: string): boolean {
  const token = reading.tokens[reading.at];
  if (token?.kind !== 'operator' || token.text !== operator) return false;
  reading.at++;
  return true;
}

function either(reading: Reading): Known {
  let left = both(reading);
  while (take(reading, '||')) {
    const right = both(reading);
    const truth = verdictOf(left);
    if (truth === 'no') left = right;
    else if (truth === 'maybe') left = verdictOf(right) === 'yes' ? true : undefined;
  }
  return left;
}

function both(reading: Reading): Known {
  let left = comparison(reading);
  while (take(reading, '&&')) {
    const right = comparison(reading);
    const truth = verdictOf(left);
    if (truth === 'yes') left = right;
    else if (truth === 'maybe') left = verdictOf(right) === 'no' ? false : undefined;
  }
  return left;
}

function comparison(reading: Reading): Known {
  let left = operand(reading);
  for (;;) {
    if (take(reading, '==')) left = equal(left, operand(reading), reading.vocabulary);
    else if (take(reading, '!=')) left = not(equal(left, operand(reading), reading.vocabulary));
    else if (take(reading, '=~')) left = fits(left, pattern(reading));
    else if (take(reading, '!~')) left = not(fits(left, pattern(reading)));
    else if (['<', '>', '<=', '>='].some((operator) => take(reading, operator))) {
      operand(reading);
      left = undefined;
    } else return left;
  }
}

/** `!` binds tighter than every comparison, in both languages. */
function operand(reading: Reading): Known {
  let negations = 0;
  while (take(reading, '!')) negations++;
  const value = primary(reading);
  if (negations === 0) return value;
  const truth = verdictOf(value);
  return truth === 'maybe' ? undefined : (truth === 'yes') === (negations % 2 === 0);
}

function primary(reading: Reading): Known {
  if (reading.depth > MAX_DEPTH) return undefined;
  if (take(reading, '(')) {
    const value = nested(reading);
    if (!take(reading, ')')) reading.at = Number.NaN;
    return value;
  }
  const token = reading.tokens[reading.at];
  if (token === undefined || token.kind === 'operator') {
    // Not a sentence of the language: the position can never be the end, and the answer stays open.
    reading.at = Number.NaN;
    return undefined;
  }
  reading.at++;
  if (token.kind !== 'name') return token.text;
  if (take(reading, '(')) return call(token.text, reading);
  return named(token.text, reading);
}

function nested(reading: Reading): Known {
  reading.depth++;
  const value = either(reading);
  reading.depth--;
  return value;
}

function call(name: string, reading: Reading): Known {
  const values: Known[] = [];
  while (!take(reading, ')')) {
    if (reading.tokens[reading.at] === undefined) return undefined;
    values.push(nested(reading));
    take(reading, ',');
  }
  return reading.vocabulary.call?.(name.toLowerCase(), values);
}

function named(first: string, reading: Reading): Known {
  let name = first;
  for (;;) {
    const token = reading.tokens[reading.at];
    if (take(reading, '[')) {
      const index = nested(reading);
      name += typeof index === 'string' ? `.${index}` : '.*';
      take(reading, ']');
    } else if (token?.kind === 'name' && token.text.startsWith('.')) {
      name += token.text;
      reading.at++;
    } else break;
  }
  if (name === 'true') return true;
  if (name === 'false') return false;
  if (name === 'null') return null;
  return reading.vocabulary.name(name);
}

function pattern(reading: Reading): string | undefined {
  const token = reading.tokens[reading.at];
  const value = operand(reading);
  return token?.kind === 'pattern' && typeof value === 'string' ? value : undefined;
}

function verdictOf(value: Known): Verdict {
  if (value === undefined) return 'maybe';
  return value === null || value === '' || value === false ? 'no' : 'yes';
}

function not(value: Known): Known {
  return typeof value === 'boolean' ? !value : undefined;
}

/** Whether two values are equal, for languages whose comparison is a function. */
export function equalTo(a: Known, b: Known): Known {
  return equal(a, b, { name: () => undefined, nullIsEmpty: true });
}

function equal(a: Known, b: Known, vocabulary: Vocabulary): Known {
  if (a === undefined || b === undefined) return undefined;
  const [left, right] = [comparable(a, vocabulary), comparable(b, vocabulary)];
  if (left === null || right === null) return left === right;
  if (left === right) return left.endsWith(ORDINARY) ? undefined : true;
  if (left.endsWith(ORDINARY) || right.endsWith(ORDINARY)) return false;
  if (isOpen(left) && isOpen(right)) return undefined;
  if (isOpen(left)) return mayBe(left, right);
  if (isOpen(right)) return mayBe(right, left);
  return left.toLowerCase() === right.toLowerCase();
}

function comparable(value: string | boolean | null, vocabulary: Vocabulary): string | null {
  if (value === null) return vocabulary.nullIsEmpty ? '' : null;
  return String(value);
}

function isOpen(text: string): boolean {
  return text.includes(SOME);
}

function mayBe(open: string, literal: string): Known {
  const start = open.slice(0, open.indexOf(SOME));
  return literal.length > start.length && literal.startsWith(start) ? undefined : false;
}

/** A pattern is never run: it is the repository's, and most texts are only known by their kind. */
function fits(value: Known, pattern: string | undefined): Known {
  if (value === null || value === false) return false;
  if (pattern === undefined || typeof value !== 'string') return undefined;
  if (/^\/\^?(?:\.[*+]?)?\$?\/[a-z]*$/.test(pattern)) return true;
  return value.endsWith(ORDINARY) ? false : undefined;
}
