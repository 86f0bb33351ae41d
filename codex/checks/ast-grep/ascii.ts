import type { NapiConfig } from '@ast-grep/napi';
import type { Grammar } from './grammars.ts';

/** Escapes that may mean characters beyond ASCII, with which `(?i)` can reach back into it. */
const BEYOND = /[^ -~]|\\[uUxpPN]/;

/**
 * The same rule for files of nothing but ASCII. ast-grep compiles a rule anew for every file, and most of that is the Unicode
 * tables of `\w` and `(?i)`: on ASCII text an expression finds the same without them. One that is refused in that form stays.
 */
export function forAscii(config: NapiConfig, { parse }: Grammar): NapiConfig {
  const root = parse('').root();
  const known = new Map<string, string>();
  const plain = (regex: string): string => {
    let found = known.get(regex);
    if (found === undefined) {
      found = BEYOND.test(regex) || !compiles(`(?-u)${regex}`) ? regex : `(?-u)${regex}`;
      known.set(regex, found);
    }
    return found;
  };
  const compiles = (regex: string): boolean => {
    try {
      root.findAll({ rule: { regex } });
      return true;
    } catch {
      return false;
    }
  };
  return withRegexes(config, plain) as NapiConfig;
}

function withRegexes(value: unknown, change: (regex: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => withRegexes(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) =>
      key === 'regex' && typeof each === 'string' ? [key, change(each)] : [key, withRegexes(each, change)],
    ),
  );
}

export function isAscii(text: string): boolean {
  return !/[\u0080-\uffff]/.test(text);
}
