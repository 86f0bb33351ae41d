import type { Assignment } from './parse.ts';

/** What is true while something is expanded. */
export interface Scope {
  /** The folder make runs in, from the repository's root. */
  readonly dir: string;
  /** The Makefile that is being read, relative to `dir`. */
  readonly file: string;
  /** `$@`, `$<`, `$*`. */
  readonly automatic?: Readonly<Record<string, string>>;
  /** Wildcards are wanted as they are: in an include line. */
  readonly globs?: boolean;
}

export interface Variables {
  assign(assignment: Assignment): void;
  /** Whether the files give it a value; otherwise it comes from the command line or from outside. */
  has(name: string): boolean;
  /**
   * Replaces references to constants. What only a run would know (undefined names, most functions) is left as it is
   * written; `$(shell x)` becomes the `$(x)` that a shell understands.
   */
  expand(text: string, scope: Scope): string;
}

/** make's own defaults that recipes rely on. */
const BUILT_IN: ReadonlyMap<string, string> = new Map(
  Object.entries<string>({
    MAKE: 'make',
    CC: 'cc',
    CXX: 'g++',
    RM: 'rm -f',
    CURDIR: '.',
    PWD: '.',
    MAKEFLAGS: '',
  }),
);

const MAX_DEPTH = 12;
/** Variables that hold variables double at each level; this many characters are produced for one repository's Makefile, no more. */
const MAX_PRODUCED = 2_000_000;
const MAX_VALUE = 8_000;

/** The variables of a Makefile and its includes, in the order in which they are assigned. */
export function variables(): Variables {
  const values = new Map<string, string>();
  let produced = 0;

  function assign(assignment: Assignment): void {
    const { name, operator, conditional } = assignment;
    let { value } = assignment;
    const current = values.get(name);
    if (value.includes(`$(${name})`) || value.includes(`\${${name}}`)) {
      // `PKGS := $(PKGS) more` means the value so far; `PATH := x:$(PATH)` one that only the machine knows.
      if (current === undefined || current.length > MAX_VALUE) return;
      value = value.replaceAll(`$(${name})`, () => current).replaceAll(`\${${name}}`, () => current);
    }
    if (operator === '!=') values.set(name, `$(shell ${value})`);
    else if (operator === '+=') {
      if (current === undefined || current === '') values.set(name, value);
      else if (!conditional && current.length < MAX_VALUE) values.set(name, `${current} ${value}`);
    } else if (operator === '?=' || conditional) {
      // Of the branches of a conditional the first that says something counts.
      if (current === undefined || current === '') values.set(name, value);
    } else values.set(name, value);
  }

  function expand(text: string, scope: Scope): string {
    return text.includes('$') ? expandAt(text, scope, 0) : text;
  }

  function expandAt(text: string, scope: Scope, depth: number): string {
    if (depth > MAX_DEPTH || produced > MAX_PRODUCED || text.length > MAX_VALUE * 2) return text;
    produced += text.length;
    const closes = closingBrackets(text);
    let out = '';
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (char !== '$') {
        out += char;
        continue;
      }
      const next = text[++i];
      if (next === undefined) break;
      if (next === '$') out += '$';
      else if (next === '(' || next === '{') {
        const close = closes.get(i);
        if (close === undefined) return out + text.slice(i - 1);
        const value = reference(text.slice(i + 1, close), scope, depth);
        out += value ?? text.slice(i - 1, close + 1);
        i = close;
      } else {
        const value = scope.automatic?.[next] ?? values.get(next);
        out += value ?? `$${next}`;
      }
      if (out.length > MAX_VALUE * 2) return text;
    }
    return out;
  }

  /** The value of what stands between `$(` and `)`; `undefined` where it is not constant. */
  function reference(inner: string, scope: Scope, depth: number): string | undefined {
    const space = inner.search(/[ \t]/);
    if (space > 0 && /^[a-z-]+$/.test(inner.slice(0, space))) {
      return callFunction(inner.slice(0, space), inner.slice(space + 1), scope, depth);
    }
    const name = inner.includes('$') ? expandAt(inner, scope, depth + 1) : inner.trim();
    if (name === '@D' || name === '@F') return undefined;
    if (scope.automatic && Object.hasOwn(scope.automatic, name)) return scope.automatic[name];
    if (name === 'MAKEFILE_LIST') return scope.file;
    const value = values.get(name) ?? BUILT_IN.get(name);
    if (value === undefined) return undefined;
    const expanded = expandAt(value, scope, depth + 1).trim();
    // A list of files that make would compute: its name says more.
    if (/\$[({](?:wildcard|foreach|patsubst|subst|filter|sort|word|addprefix|eval|call|join)\b/.test(expanded))
      return undefined;
    return expanded.length > MAX_VALUE ? undefined : expanded;
  }

  function callFunction(name: string, args: string, scope: Scope, depth: number): string | undefined {
    const constant = (text: string): string | undefined => {
      const expanded = expandAt(text, scope, depth + 1).trim();
      return expanded.includes('$(') || expanded.includes('${') ? undefined : expanded;
    };
    switch (name) {
      case 'shell':
        return shellAnswer(expandAt(args, scope, depth + 1).trim(), scope);
      case 'info':
      case 'warning':
      case 'error':
      case 'eval':
        return '';
      case 'strip':
      case 'abspath':
      case 'realpath':
        return constant(args);
      case 'wildcard':
      case 'sort':
        return scope.globs ? constant(args) : undefined;
      case 'firstword':
        return constant(args)?.split(/\s+/)[0];
      case 'lastword':
        return constant(args)?.split(/\s+/).at(-1);
      case 'dir':
        return constant(args)?.replace(/[^/\s]*$/, '') || './';
      case 'patsubst': {
        // `$(patsubst %/,%,$(dir ...))`: the only use that matters to paths.
        const [from, to, text] = splitArguments(args);
        return from?.trim() === '%/' && to?.trim() === '%' && text !== undefined
          ? constant(text)?.replace(/\/$/, '')
          : undefined;
      }
      case 'if': {
        const [condition = '', then = '', otherwise = ''] = splitArguments(args);
        const value = conditionValue(condition.trim(), scope, depth);
        return value === undefined ? undefined : expandAt(value ? then : otherwise, scope, depth + 1).trim();
      }
      case 'or': {
        for (const argument of splitArguments(args)) {
          const value = constant(argument);
          if (value) return value;
        }
        return undefined;
      }
      case 'call': {
        const [target = '', ...rest] = splitArguments(args);
        const body = values.get(target.trim());
        if (body === undefined) return undefined;
        const automatic: Record<string, string> = { ...scope.automatic };
        for (const [i, argument] of rest.entries()) automatic[i + 1] = expandAt(argument, scope, depth + 1).trim();
        return expandAt(body, { ...scope, automatic }, depth + 1);
      }
      default:
        return undefined;
    }
  }

  /** A variable that nothing sets is empty unless somebody sets it for one run. */
  function conditionValue(condition: string, scope: Scope, depth: number): boolean | undefined {
    const name = /^\$[({]([\w.-]+)[)}]$/.exec(condition)?.[1];
    if (name !== undefined && !values.has(name) && !BUILT_IN.has(name)) return false;
    const expanded = expandAt(condition, scope, depth + 1).trim();
    return /\$[({]/.test(expanded) ? undefined : expanded !== '';
  }

  return { assign, expand, has: (name) => values.has(name) };
}

/** The few shell calls whose answer is known without a shell; the others as the shell itself would write them. */
function shellAnswer(command: string, scope: Scope): string {
  if (/^pwd(?:\s+-[PL])?$/.test(command)) return '.';
  if (/^git rev-parse --show-toplevel\b/.test(command)) {
    return scope.dir === '' ? '.' : scope.dir.replace(/[^/]+/g, '..');
  }
  if (/^dirname \S+$/.test(command) && command.includes(scope.file)) return scope.file.replace(/\/?[^/]*$/, '') || '.';
  // `$(shell command -v tool || echo ...)`: the tool is what matters.
  return /^(?:command -v|which|type -P)\s+([\w.+-]+)/.exec(command)?.[1] ?? `$(${command})`;
}

/** For every `(` or `{` after a `$` where it closes, in one pass. */
function closingBrackets(text: string): ReadonlyMap<number, number> {
  const closes = new Map<number, number>();
  const open: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(' || char === '{') open.push(i);
    else if (char === ')' || char === '}') {
      const wanted = char === ')' ? '(' : '{';
      if (open.length > 0 && text[open.at(-1)!] === wanted) closes.set(open.pop()!, i);
    }
  }
  return closes;
}

/** Splits at the commas outside brackets. */
function splitArguments(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '(' || char === '{') depth++;
    else if (char === ')' || char === '}') depth--;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
