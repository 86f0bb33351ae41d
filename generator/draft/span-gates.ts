import { lastName, type PathIndex } from '../../facts/path-index.ts';
import { isProgram, isStarted } from '../documents/programs.ts';
import { type Claim, holdsName } from './claim.ts';
import type { Ground } from './ground.ts';

/** Whether a code span is a command that a fact holds, exactly as it is typed. */
export function isCommand(span: string, { facts, spans }: Ground): boolean {
  return (
    facts.some(({ key, value }) => key.startsWith('command.') && value === span) ||
    (spans.has(span) && looksLikeCommand(span))
  );
}

/** Which code span is nothing that is there: no path, no command of the facts, no name on a line of the evidence. */
export function missingSpan({ spans, evidence }: Claim, ground: Ground): string | undefined {
  for (const span of spans) {
    if (ground.spans.has(span) || isCommand(span, ground)) continue;
    if (looksLikeCommand(span)) return 'it names a command that no fact holds';
    if (pathsOf(span, ground.paths).length > 0) continue;
    if (PATH.test(span)) return 'it names a path that there is not';
    if (!isShownName(span, evidence, ground)) return 'it names something that no line of its evidence holds';
  }
  return undefined;
}

/** Whether everything that is named has to do with the evidence: a path that exists proves nothing by itself. */
export function unshownSpan({ spans, evidence }: Claim, ground: Ground): string | undefined {
  if (spans.length === 0) return 'it names nothing that could be looked up';
  for (const span of spans) {
    const found = isCommand(span, ground) ? [] : pathsOf(span, ground.paths);
    if (found.length === 0) continue;
    const lies = evidence.some(({ path }) => found.some((each) => path === each || path.startsWith(`${each}/`)));
    const stem = lastName(span.replace(/\/$/, '')).replace(/\.\w+$/, '');
    const isNamed = stem.length >= 3 && evidence.some(({ quote }) => holdsName(quote, stem));
    if (!lies && !isNamed) return 'its evidence does not speak of a path that it names';
  }
  return undefined;
}

/** More than these make a pattern that says nothing, and is slow to try. */
const MOST_WILD = 3;
const MOST_FOUND = 500;

/** The paths, files and folders, that a span stands for; `*` is any name, and so is `<name>`. */
function pathsOf(span: string, paths: PathIndex): readonly string[] {
  const path = span.replace(/^\.\//, '').replace(/\/$/, '');
  if (path === '' || /(?:^|\/)\.\.?(?:\/|$)|^[~/]|\/\//.test(path)) return [];
  const wild = path.split(WILD).length - 1;
  if (wild === 0) return paths.has(path) || paths.hasDir(path) ? [path] : [];
  if (wild > MOST_WILD) return [];
  const pattern = new RegExp(`^${path.split(WILD).map(escaped).join('[^/]+')}$`);
  const fixed = path.slice(0, path.search(WILD));
  const all = [...paths.entries.map((entry) => entry.path), ...paths.dirs()];
  return all.filter((each) => each.startsWith(fixed) && pattern.test(each)).slice(0, MOST_FOUND);
}

const WILD = /\*{1,2}|<[a-z-]{1,20}>/;

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function looksLikeCommand(span: string): boolean {
  return /\s/.test(span) || isProgram(span) || (isStarted(span) && /^\.{1,2}\//.test(span));
}

/** What can only be meant as a path; `app.mount` may be a name. */
const PATH =
  /[/*<>\\]|^\.\w|\.(?:[cm]?[jt]sx?|json[c5]?|ya?ml|toml|mdx?|rst|txt|py|rb|go|rs|java|kts?|cs|php|sh|sql|html?|s?css|vue|svelte|xml|lock|env|ini|cfg|proto|graphql|tf|cc?|cpp|hh?|hpp|mm?|swift|scala|exs?|erl|prisma|gradle|dart|lua|zig|conf|properties)$/i;

function isShownName(span: string, evidence: Claim['evidence'], { facts }: Ground): boolean {
  return [...evidence.map(({ quote }) => quote), ...facts.map(({ value }) => value)].some((text) =>
    holdsName(text, span),
  );
}
