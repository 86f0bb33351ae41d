import picomatch from 'picomatch';
import { globMatcher } from '../facts/ecosystems/generated/glob.ts';

/** Longer globs, and such with more alternatives, match nothing; `codex lint` says so. */
const LONGEST = 500;
const MOST_ALTERNATIVES = 200;

/**
 * Whether a glob, or one of several, matches a path from the root. `*`, `?`, `[a-z]`, `{a,b}` and `**` mean what they always do,
 * and every other character itself: a folder may be called `(shop)` or `!important`. Dot files count. A leading `/` or `./` is
 * the root. Takes no more than the product of the lengths, whoever wrote the glob.
 */
export function globs(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.filter(isUsableGlob).map((pattern) => matcher(pattern.replace(/^(?:\.?\/)+/, '')));
  const [only] = tests;
  // picomatch takes a second argument, which `some` and `map` would fill with an index.
  return tests.length === 1 ? (path) => only!(path) : (path) => tests.some((test) => test(path));
}

/** False for what {@link globs} passes over. */
export function isUsableGlob(pattern: string): boolean {
  return pattern !== '' && pattern.length <= LONGEST && alternativesOf(pattern) !== undefined;
}

function matcher(given: string): (path: string) => boolean {
  // Any depth below any depth is any depth.
  const pattern = given.replace(/(?<=^|\/)\*\*(?:\/\*\*)+(?=\/|$)/g, '**');
  if (!/[*?[\]{}\\]/.test(pattern)) return (path) => path === pattern;
  const alternatives = alternativesOf(pattern) ?? [];
  if (alternatives.every(isQuick)) {
    const literal = pattern.replace(/[()|+!@]/g, '\\$&');
    return picomatch(literal, { dot: true, nonegate: true, noextglob: true });
  }
  const slow = alternatives.map(globMatcher);
  return (path) => slow.some((test) => test(path));
}

/** A regular expression goes back for every `*`: with few of them that takes no time. */
function isQuick(glob: string): boolean {
  const parts = glob.split('/');
  return (
    parts.filter((part) => part.includes('**')).length <= 2 &&
    parts.every((part) => part === '**' || (part.match(/\*+/g)?.length ?? 0) <= 2)
  );
}

/** A glob without its braces, inner ones included; `undefined` where there are too many. A brace without its other one is itself. */
function alternativesOf(glob: string): readonly string[] | undefined {
  const done: string[] = [];
  const open = [glob];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const inner = /^([\s\S]*?)\{([^{}]*,[^{}]*)\}([\s\S]*)$/.exec(text);
    if (!inner) done.push(text);
    else for (const part of inner[2]!.split(',').reverse()) open.push(inner[1]! + part + inner[3]!);
    if (done.length + open.length > MOST_ALTERNATIVES) return undefined;
  }
  return done;
}
