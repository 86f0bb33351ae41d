import type { PathIndex } from '../../path-index.ts';

/**
 * A pattern of `.gitattributes` as a person writes it from the root, if anything in the repository matches it: the
 * contents of a folder are the folder (`gen/`), a name that may lie anywhere starts with two stars and a slash.
 */
export function readable(pattern: string, dir: string, paths: PathIndex): string | undefined {
  const prefix = dir === '' ? '' : `${dir}/`;
  const body = pattern.replace(/^\//, '').replace(/\/$/, '');
  if (body === '' || body.startsWith('!')) return undefined;
  if (/^\*{1,2}$/.test(body)) return dir === '' ? undefined : `${dir}/`;
  const wild = WILD.test(body);
  if (!pattern.startsWith('/') && !body.includes('/')) {
    const found = wild ? firstNamed(body, prefix, paths) : paths.named(body).filter((path) => path.startsWith(prefix));
    if (found.length === 1 && !wild) return found[0];
    if (found.length > 0) return `${prefix}**/${body}`;
    return pattern.endsWith('/') && paths.hasDir(prefix + body) ? `${prefix}${body}/` : undefined;
  }
  const folder = /^([^*?[]+)\/\*\*(?:\/\*)?$/.exec(body)?.[1];
  if (folder !== undefined) return paths.hasDir(prefix + folder) ? `${prefix}${folder}/` : undefined;
  const whole = prefix + body;
  if (!wild) return paths.has(whole) ? whole : paths.hasDir(whole) ? `${whole}/` : undefined;
  const last = whole.slice(whole.lastIndexOf('/') + 1);
  const fixed = whole.slice(0, whole.search(WILD));
  const candidates = WILD.test(last)
    ? paths.under(fixed.slice(0, Math.max(0, fixed.lastIndexOf('/')))).map(({ path }) => path)
    : paths.named(last);
  return candidates.some((path) => globMatches(whole, path)) ? whole : undefined;
}

const WILD = /[*?[]/;

function firstNamed(name: string, prefix: string, paths: PathIndex): readonly string[] {
  for (const candidate of paths.names()) {
    if (!segmentMatches(name, candidate)) continue;
    const found = paths.named(candidate).filter((path) => path.startsWith(prefix));
    if (found.length > 0) return found;
  }
  return [];
}

/** Matches by parts, going back to the newest `**` only: the time is bounded by the product of the lengths. */
export function globMatches(glob: string, path: string): boolean {
  return globMatcher(glob)(path);
}

/** The same for many paths. */
export function globMatcher(glob: string): (path: string) => boolean {
  const parts = glob.split('/').map((part) => (part === '**' ? undefined : tokens(part)));
  return (path) => wildcards(parts, path.split('/'), undefined, (part, text) => tokensMatch(part ?? [], text));
}

function segmentMatches(glob: string, text: string): boolean {
  return tokensMatch(tokens(glob), text);
}

function tokensMatch(glob: readonly string[], text: string): boolean {
  return wildcards(
    glob,
    [...text],
    '*',
    (token, char) => token === '?' || token === char || (token.length > 1 && inClass(token, char)),
  );
}

/** Single characters, `*`, `?` and whole classes such as `[a-z]`. */
function tokens(glob: string): readonly string[] {
  return glob.match(/\[[!^]?\]?[^[\]]*\]|\*+|[\s\S]/gu)?.map((token) => (token.startsWith('*') ? '*' : token)) ?? [];
}

function inClass(token: string, char: string): boolean {
  const negated = /^\[[!^]/.test(token);
  const inside = token.slice(negated ? 2 : 1, -1);
  let found = false;
  for (let i = 0; i < inside.length; i++) {
    const range = inside[i + 1] === '-' && i + 2 < inside.length;
    if (range ? inside[i]! <= char && char <= inside[i + 2]! : inside[i] === char) found = true;
    if (range) i += 2;
  }
  return found !== negated;
}

function wildcards<T, U>(
  pattern: readonly T[],
  text: readonly U[],
  any: T,
  same: (part: T, unit: U) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length; ) {
    if (at < pattern.length && pattern[at] === any) {
      star = at++;
      resume = i;
    } else if (at < pattern.length && same(pattern[at]!, text[i]!)) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++resume;
    } else return false;
  }
  while (at < pattern.length && pattern[at] === any) at++;
  return at === pattern.length;
}
