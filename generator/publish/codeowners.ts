import picomatch from 'picomatch';

/**
 * Where a file of code owners may lie, the first one that is there counts: the three places where GitLab looks
 * (doc/user/project/codeowners/_index.md), then those of projects that came from elsewhere.
 */
export const CODEOWNERS_FILES = [
  'CODEOWNERS',
  'docs/CODEOWNERS',
  '.gitlab/CODEOWNERS',
  '.github/CODEOWNERS',
  '.bitbucket/CODEOWNERS',
] as const;

/** Whom a file of code owners names for a path. */
export interface Owners {
  /** Users and groups as they are written, without `@`; which of both a name is it does not tell. */
  readonly names: readonly string[];
  /** `maintainer`: whoever has that role in the project. */
  readonly roles: readonly string[];
  readonly emails: readonly string[];
  /** The lines that say so, from 1. */
  readonly lines: readonly number[];
}

interface Entry {
  readonly pattern: string;
  readonly excluded: boolean;
  readonly owners: readonly string[];
  readonly line: number;
}

interface Section {
  readonly entries: Entry[];
  /** Of the heading that was read last: one name may head several parts. */
  defaults: readonly string[];
}

/**
 * The owners of a path: of each section the last entry that matches, unless the section excludes the path. Sections of
 * one name are one. Required sections before optional ones: whoever must approve anyway is asked first.
 *
 * Syntax: GitLab's doc/user/project/codeowners/reference.md and advanced.md.
 */
export function ownersOf(text: string, path: string): Owners {
  const { sections, optional } = parse(text.slice(0, LONGEST));
  const found: { readonly entry: Entry; readonly late: boolean }[] = [];
  for (const [name, { entries }] of sections) {
    const matching = entries.filter(({ pattern }) => matches(pattern, path));
    const last = matching.findLast(({ excluded }) => !excluded);
    if (last && !matching.some(({ excluded }) => excluded)) found.push({ entry: last, late: optional.has(name) });
  }
  const entries = found.toSorted((a, b) => Number(a.late) - Number(b.late)).map(({ entry }) => entry);
  const owners = [...new Set(entries.flatMap((entry) => entry.owners))];
  return {
    names: owners.filter((owner) => /^@[^@]/.test(owner)).map((owner) => owner.slice(1)),
    roles: owners.filter((owner) => owner.startsWith('@@')).map((owner) => owner.slice(2).replace(/s$/, '')),
    emails: owners.filter((owner) => /^[^@]+@/.test(owner)),
    lines: entries.map(({ line }) => line),
  };
}

/** Characters. GitLab itself takes no larger ones into account. */
const LONGEST = 1 << 20;
/** What is behind them is not read: no file that people keep has more, and each line costs time. */
const MOST_LINES = 10_000;
/** Characters; a longer line is none. */
const LONGEST_LINE = 16_000;
const LONGEST_OWNER = 255;
const LONGEST_PATTERN = 1_000;
const HEADING = /^(\^)?\[([^\]]+)\](?:\[(\d*)\])?(?:\s+(.*))?$/;
const ENTRY = /^(!)?((?:\\[\s\S]|[^\\\s])*\\?)([\s\S]*)$/;
const OWNER = /^(?:@@?[\w][\w./-]*|[^@\s]+@[^@\s]+\.[^@\s]+)$/;

function parse(text: string): { readonly sections: ReadonlyMap<string, Section>; readonly optional: Set<string> } {
  const sections = new Map<string, Section>([['', { entries: [], defaults: [] }]]);
  const optional = new Set<string>();
  let current = sections.get('')!;
  for (const [at, raw] of text.split(/\r\n|\n|\r/, MOST_LINES).entries()) {
    const line = raw.trim();
    if (line === '' || line.length > LONGEST_LINE || line.startsWith('#')) continue;
    const heading = HEADING.exec(line);
    if (heading) {
      const name = heading[2]!.trim().toLowerCase();
      const known = sections.get(name);
      // Required once is required always.
      if (heading[1] === undefined) optional.delete(name);
      else if (known === undefined) optional.add(name);
      current = known ?? { entries: [], defaults: [] };
      current.defaults = ownersIn(heading[4] ?? '');
      sections.set(name, current);
      continue;
    }
    const [, bang, escaped, rest] = ENTRY.exec(line)!;
    if (escaped === '') continue;
    const own = ownersIn(rest!);
    current.entries.push({
      pattern: escaped!.replace(/\\([\s#])/g, '$1'),
      excluded: bang !== undefined,
      owners: own.length > 0 ? own : current.defaults,
      line: at + 1,
    });
  }
  return { sections, optional };
}

/** Everything that looks like an owner, wherever it stands: comments at the end of a line are none. */
function ownersIn(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word.length <= LONGEST_OWNER && OWNER.test(word));
}

/** A pattern with more is no path that somebody owns, and matching it might not come back. */
const MOST_WILDCARDS = 12;

/** What stands between pieces of names in a pattern. Every piece stands in a path that it matches, and telling so is cheap. */
const NO_NAMES = /\[[^\]]*\]?|\\.|[*?/]/;

function matches(pattern: string, path: string): boolean {
  const rooted = pattern.startsWith('/') ? pattern.slice(1) : `**/${pattern}`;
  if (pattern === '*') return true;
  if (pattern.length > LONGEST_PATTERN || (pattern.match(/[*?[]/g)?.length ?? 0) > MOST_WILDCARDS) return false;
  if (!pattern.split(NO_NAMES).every((name) => path.includes(name))) return false;
  // Groups of regular expressions, which Ruby has not, come through picomatch.
  const glob = (rooted.endsWith('/') ? `${rooted}**` : rooted).replace(/\\?([()|])/g, '\\$1');
  // Ruby's File.fnmatch with FNM_DOTMATCH and FNM_PATHNAME: no braces, no extended globs.
  const options = { dot: true, nobrace: true, noext: true, nonegate: true };
  try {
    return picomatch.isMatch(path, glob, options);
  } catch {
    return false;
  }
}
