/** Shorter texts stand in every file. */
const SHORTEST = 3;

/**
 * Texts of which every match of a pattern holds at least one; `undefined` where that is not certain. Case-sensitive patterns
 * only. None of them holds a line end, so that it stands in a file whatever its line ends are.
 *
 * @example requiredLiterals('FROM\\s+\\S+:latest') // [':latest']
 */
export function requiredLiterals(pattern: string): readonly string[] | undefined {
  const found: string[] = [];
  for (const runs of branchesOf(pattern) ?? []) {
    const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
    if (longest.length < SHORTEST) return undefined;
    found.push(longest);
  }
  return found.length > 0 ? found : undefined;
}

/** The alternatives of a pattern outside of all groups, each as runs of plain characters; `undefined` for syntax not known here. */
function branchesOf(pattern: string): readonly (readonly string[])[] | undefined {
  const branches: string[][] = [[]];
  let run: string[] = [];
  const end = (): void => {
    if (run.length > 0) branches.at(-1)!.push(run.join(''));
    run = [];
  };
  for (let at = 0; at < pattern.length; ) {
    const token = tokenAt(pattern, at);
    if (token === undefined) return undefined;
    at += token.length;
    const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/.exec(pattern.slice(at, at + 12))?.[0] ?? '';
    at += repeat.length;
    // RE2 repeats what stands before the flags.
    if (token.isFlags && repeat !== '') return undefined;
    if (token.text === undefined || repeat !== '') end();
    // Once at least, but not next to what follows.
    if (token.text !== undefined && repeat.startsWith('+')) branches.at(-1)!.push(token.text);
    else if (token.text !== undefined && repeat === '') run.push(token.text);
    if (token.isBar) branches.push([]);
  }
  end();
  return branches;
}

interface Token {
  readonly length: number;
  /** The one character that it matches; absent for anything else. */
  readonly text?: string;
  readonly isBar?: true;
  readonly isFlags?: true;
}

function tokenAt(pattern: string, at: number): Token | undefined {
  const character = String.fromCodePoint(pattern.codePointAt(at)!);
  switch (character) {
    case '\\':
      return escapeAt(pattern, at);
    case '[':
      return classAt(pattern, at);
    case '(':
      return groupAt(pattern, at);
    case '|':
      return { length: 1, isBar: true };
    case '.':
    case '^':
    case '$':
    case '{':
    case '\n':
    case '\r':
      return { length: 1 };
    case ')':
    case '*':
    case '+':
    case '?':
      return undefined;
    default:
      return { length: character.length, text: character };
  }
}

function escapeAt(pattern: string, at: number): Token | undefined {
  const next = pattern[at + 1] ?? '';
  if (/[^\w\s]/.test(next) && next.charCodeAt(0) < 128) return { length: 2, text: next };
  if (/[dDwWsSbBAzaftnrv]/.test(next)) return { length: 2 };
  const property = /^\\[pP](?:[A-Z]|\{[^}]{1,40}\})/.exec(pattern.slice(at, at + 50));
  return property ? { length: property[0].length } : undefined;
}

function classAt(pattern: string, at: number): Token | undefined {
  // A bracket that comes first stands for itself.
  let end = at + (/^\[\^?\]/.exec(pattern.slice(at, at + 3))?.[0].length ?? 1);
  while (end < pattern.length && pattern[end] !== ']') {
    const named = /^\[:\^?\w{1,20}:\]/.exec(pattern.slice(end, end + 25));
    end += named ? named[0].length : pattern[end] === '\\' ? 2 : 1;
  }
  return end < pattern.length ? { length: end + 1 - at } : undefined;
}

/** What stands in a group is passed over. Flags that make letters match both cases end it all. */
function groupAt(pattern: string, at: number): Token | undefined {
  const opening = /^\((?:\?(?:P?<\w+>|[smU-]*:))?/.exec(pattern.slice(at, at + 100))![0];
  if (pattern[at + opening.length] === '?') {
    const flags = /^\(\?[smU-]+\)/.exec(pattern.slice(at, at + 8))?.[0];
    return flags === undefined ? undefined : { length: flags.length, isFlags: true };
  }
  let inner = at + opening.length;
  while (inner < pattern.length && pattern[inner] !== ')') {
    const repeat = /^[*+?]/.test(pattern[inner]!) ? { length: 1 } : tokenAt(pattern, inner);
    if (repeat === undefined) return undefined;
    inner += repeat.length;
  }
  return inner < pattern.length ? { length: inner + 1 - at } : undefined;
}
