import { type Clauses, either, SHORTEST, simplest } from './clauses.ts';

/** Nothing that people write goes deeper. */
const DEEPEST = 30;

/**
 * What every text that an expression of Rust's `regex` finds something in must hold. Nothing is known of an expression that
 * ignores case, or that uses what is not understood here.
 */
export function regexClauses(regex: string): Clauses {
  if (FOLDS_OR_SPACES.test(regex)) return [];
  try {
    const reader = { regex, at: 0 };
    const clauses = alternatives(reader, 0);
    return reader.at === regex.length ? clauses : [];
  } catch (error) {
    if (error instanceof NotUnderstood) return [];
    throw error;
  }
}

/** `(?i)` and `(?x)`, by themselves, among others and for a group. */
const FOLDS_OR_SPACES = /\(\?[a-zA-Z-]*[ix]/;

class NotUnderstood extends Error {}

interface Reader {
  readonly regex: string;
  at: number;
}

function alternatives(reader: Reader, depth: number): Clauses {
  if (depth > DEEPEST) throw new NotUnderstood();
  const branches = [sequence(reader, depth)];
  while (reader.regex[reader.at] === '|') {
    reader.at++;
    branches.push(sequence(reader, depth));
  }
  return either(branches);
}

/** Characters that stand side by side are one literal. */
function sequence(reader: Reader, depth: number): Clauses {
  const clauses: (readonly string[])[] = [];
  let run = '';
  const end = (): void => {
    if (run.length >= SHORTEST) clauses.push([run]);
    run = '';
  };
  while (reader.at < reader.regex.length && !'|)'.includes(reader.regex[reader.at]!)) {
    const atom = atomAt(reader, depth);
    const times = repetition(reader);
    if (typeof atom === 'string' && times === 'once') {
      run += atom;
      continue;
    }
    // What comes several times is there, but not beside what follows.
    if (typeof atom === 'string' && times === 'repeated') run += atom;
    end();
    if (typeof atom !== 'string' && times !== 'optional') clauses.push(...atom);
  }
  end();
  return simplest(clauses);
}

/** One character as it is, or what a group requires; what matches one of many requires nothing. */
function atomAt(reader: Reader, depth: number): string | Clauses {
  const rest = reader.regex.slice(reader.at);
  const take = (length: number): void => {
    reader.at += length;
  };
  const [character = ''] = rest;
  if (character === '(') {
    const opening = /^\((?:\?(?:P?<\w+>|[smuU-]*:))?(?!\?)/.exec(rest);
    const flags = /^\(\?[smuU-]+\)/.exec(rest);
    if (flags) {
      take(flags[0].length);
      return [];
    }
    if (!opening) throw new NotUnderstood();
    take(opening[0].length);
    const clauses = alternatives(reader, depth + 1);
    if (reader.regex[reader.at] !== ')') throw new NotUnderstood();
    take(1);
    return clauses;
  }
  if (character === '[') {
    // Classes within classes are Rust's own.
    const simple = /^\[\^?\]?(?:[^\\[\]&~-]|-(?!-)|&(?!&)|~(?!~)|\\[\s\S])*\]/.exec(rest);
    if (!simple) throw new NotUnderstood();
    take(simple[0].length);
    return [];
  }
  if (character === '\\') {
    const [escaped = ''] = /^\\(?:[dDwWsSbBAzntrfva](?!\{)|[^\w\s<>])/u.exec(rest) ?? [];
    if (escaped === '') throw new NotUnderstood();
    take(escaped.length);
    return /\w/.test(escaped) ? [] : escaped.slice(1);
  }
  if ('*+?{}'.includes(character)) throw new NotUnderstood();
  take(character.length);
  return '.^$'.includes(character) ? [] : character;
}

function repetition(reader: Reader): 'once' | 'repeated' | 'optional' {
  let times: 'once' | 'repeated' | 'optional' = 'once';
  for (;;) {
    const [found] = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(reader.regex.slice(reader.at)) ?? [];
    if (found === undefined) return times;
    reader.at += found.length;
    if (found === '+' || /^\{0*[1-9]/.test(found)) times = times === 'optional' ? times : 'repeated';
    else times = 'optional';
    // A lazy one finds in the same texts.
    if (reader.regex[reader.at] === '?') reader.at++;
  }
}
