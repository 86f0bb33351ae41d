import { RE2JS } from 're2js';
import { CheckError } from './kind.ts';

/** A longer pattern is refused before it is compiled. */
const LONGEST_PATTERN = 10_000;
/** Instructions of the compiled pattern; every character of a text may cost as many steps. */
const LARGEST_PROGRAM = 2_000;
/** Characters times instructions: a second or two at worst. */
const MOST_WORK = 64 << 20;
/** Milliseconds. Every single search is linear, many of them in one text need not be. */
const LONGEST_SEARCH = 2_000;

/** A regular expression of a codex. It takes linear time: there is no looking around and no referring back. */
export interface Regex {
  /** The pattern speaks of carriage returns: text is searched as it is, CRLF included. */
  readonly seesReturns: boolean;
  test(text: string): boolean;
  /** The first `most` matches; fewer of them where that takes too long. */
  matches(text: string, most: number): Matches;
  /** False where a text is too long for a pattern of this size to be searched in reasonable time. */
  isBearable(text: string): boolean;
}

interface Matches {
  /** As offsets. */
  readonly found: readonly (readonly [start: number, end: number])[];
  /** Why there may be more of them. */
  readonly left?: 'too-many' | 'too-slow';
}

/**
 * Compiles a pattern of RE2's syntax. `^` and `$` are the ends of a line.
 *
 * @throws {CheckError} naming `what` (`forbid`), what is wrong and what to do.
 */
export function compileRegex(pattern: string, what: string, ignoreCase = false): Regex {
  const shown = pattern.length > 60 ? `${pattern.slice(0, 60)}...` : pattern;
  const refuse = (reason: string): CheckError => new CheckError(`${what}: ${JSON.stringify(shown)}: ${reason}`);
  if (pattern.length > LONGEST_PATTERN) throw refuse(`longer than ${LONGEST_PATTERN} characters; split the rule`);
  const regex = compiled(pattern, ignoreCase, refuse);
  const size = regex.programSize();
  if (size > LARGEST_PROGRAM)
    throw refuse('too large once its counted repetitions are written out; use smaller counts, or * and +');
  return {
    seesReturns: /\\r|\\x0?d|\\x\{0*d\}|\\015|\[:cntrl:\]|\r/i.test(pattern),
    test: (text) => regex.test(text),
    matches(text, most) {
      // Finding out that there is none takes a fraction of the time.
      if (!regex.test(text)) return { found: [] };
      const matcher = regex.matcher(text);
      const found: [number, number][] = [];
      const deadline = Date.now() + LONGEST_SEARCH;
      while (matcher.find()) {
        if (found.length === most) return { found, left: 'too-many' };
        found.push([matcher.start(), matcher.end()]);
        if (Date.now() > deadline) return { found, left: 'too-slow' };
      }
      return { found };
    },
    isBearable: (text) => text.length * size <= MOST_WORK,
  };
}

function compiled(pattern: string, ignoreCase: boolean, refuse: (reason: string) => CheckError): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.MULTILINE | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (error) {
    throw refuse(adviceOn(pattern, (error as Error).message));
  }
}

function adviceOn(pattern: string, reason: string): string {
  if (/\(\?<?[=!]/.test(pattern))
    return 'looks ahead or behind, which RE2 does not: match more and narrow the files, or use an ast-grep check';
  if (/invalid escape sequence: `\\[1-9k]/.test(reason))
    return 'refers back to a group, which RE2 does not: write the alternatives out';
  if (reason.includes('invalid repeat count'))
    return 'a repetition is counted too high (RE2 goes to 1000, nested ones multiplied): use smaller counts, or * and +';
  return `${reason.replace(/^error parsing regexp: /, '').split('\n')[0]} (RE2 syntax)`;
}
