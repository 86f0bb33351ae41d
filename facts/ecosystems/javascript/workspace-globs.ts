const MAX_GLOB = 300;
const MAX_ALTERNATIVES = 64;
const MAX_PATTERNS = 500;
/** Per part of a path, and of `**` in a pattern: what people write has one or two, and each more multiplies the work. */
const MAX_STARS = 3;
const MAX_NAME = 128;

/**
 * Compiles the patterns of a workspace (`packages/*`, `apps/**`, `!packages/old`, `{a,b}/*`) into a test for folders
 * relative to its root. A negation excludes wherever it stands, as pnpm and yarn read it. Returns with it the patterns that were too odd to
 * compile.
 */
export function workspaceGlobs(patterns: readonly string[]): {
  readonly matches: (dir: string) => boolean;
  readonly odd: readonly string[];
} {
  const include = new Globs();
  const exclude = new Globs();
  const odd: string[] = [];
  for (const pattern of patterns.slice(0, MAX_PATTERNS)) {
    const negated = pattern.startsWith('!');
    const plain = pattern
      .slice(negated ? 1 : 0)
      .replace(/^\.?\/+/, '')
      .replace(/\/+$/, '')
      .replace(/\/package\.json$/, '');
    if (plain === '' || plain === '.') continue;
    const target = negated ? exclude : include;
    if (!target.add(plain)) odd.push(pattern);
  }
  return { matches: (dir) => include.match(dir) && !exclude.match(dir), odd };
}

class Globs {
  readonly #literal = new Set<string>();
  readonly #compiled: (readonly (RegExp | '**')[])[] = [];

  /** False for a pattern too long or too starry to be matched in sensible time. */
  add(pattern: string): boolean {
    if (pattern.length > MAX_GLOB) return false;
    const alternatives = braces(pattern);
    if (!alternatives) return false;
    for (const alternative of alternatives) {
      if (!/[*?[\]()]/.test(alternative)) {
        this.#literal.add(alternative);
        continue;
      }
      const parts = alternative.split('/').map((part) => (part === '**' ? '**' : segment(part)));
      if (parts.includes(undefined) || parts.filter((part) => part === '**').length > MAX_STARS) return false;
      this.#compiled.push(parts as (RegExp | '**')[]);
    }
    return true;
  }

  match(dir: string): boolean {
    if (this.#literal.has(dir)) return true;
    if (this.#compiled.length === 0) return false;
    const parts = dir.split('/');
    return this.#compiled.some((glob) => matchParts(glob, 0, parts, 0));
  }
}

function matchParts(glob: readonly (RegExp | '**')[], g: number, parts: readonly string[], p: number): boolean {
  for (; g < glob.length; g++, p++) {
    const want = glob[g]!;
    if (want === '**') {
      for (let skip = p; skip <= parts.length; skip++) if (matchParts(glob, g + 1, parts, skip)) return true;
      return false;
    }
    if (p >= parts.length || parts[p]!.length > MAX_NAME || !want.test(parts[p]!)) return false;
  }
  return p === parts.length;
}

/** One part of a path: `*`, `?`, `[ab]` and the extended `@(a|b)`, `+(a|b)`, `!(a)`. */
function segment(part: string): RegExp | undefined {
  if (part.split('*').length - 1 > MAX_STARS) return undefined;
  let source = '';
  for (let i = 0; i < part.length; i++) {
    const char = part[i]!;
    const close = '@+?!'.includes(char) && part[i + 1] === '(' ? part.indexOf(')', i) : -1;
    if (close > 0) {
      const choices = part
        .slice(i + 2, close)
        .split('|')
        .map(literally)
        .join('|');
      source += char === '!' ? `(?!(?:${choices})$)[^/]*` : `(?:${choices})${char === '?' ? '?' : ''}`;
      i = close;
    } else if (char === '*') source += source.endsWith('[^/]*') ? '' : '[^/]*';
    else if (char === '?') source += '[^/]';
    else if (char === '[' && part.indexOf(']', i) > i + 1) {
      const end = part.indexOf(']', i);
      source += `[${part
        .slice(i + 1, end)
        .replace(/[\\[\]]/g, '\\$&')
        .replace(/^!/, '^')}]`;
      i = end;
    } else source += literally(char);
  }
  try {
    // A leading star does not find hidden folders.
    return new RegExp(`^${part.startsWith('*') ? '(?!\\.)' : ''}${source}$`);
  } catch {
    return undefined;
  }
}

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** `{a,b}/c` as `a/c` and `b/c`; `undefined` beyond {@link MAX_ALTERNATIVES}. */
function braces(pattern: string): readonly string[] | undefined {
  let open = [pattern];
  const done: string[] = [];
  while (open.length > 0) {
    const next: string[] = [];
    for (const text of open) {
      const inner = /^([^{}]*)\{([^{}]*)\}(.*)$/s.exec(text);
      if (!inner) done.push(text);
      else for (const choice of inner[2]!.split(',')) next.push(`${inner[1]}${choice}${inner[3]}`);
    }
    if (next.length + done.length > MAX_ALTERNATIVES) return undefined;
    open = next;
  }
  return done;
}
