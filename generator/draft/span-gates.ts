import { lastName, type PathIndex } from '../../facts/path-index.ts';
import { isProgram, isStarted } from '../documents/programs.ts';
import { type Claim, DOCUMENT, holdsName, SPAN } from './claim.ts';
import type { Ground } from './ground.ts';

/** Whether a code span is a command that a fact holds, exactly as it is typed. */
export function isCommand(span: string, { facts, spans }: Ground): boolean {
  return (
    facts.some(({ key, value }) => key.startsWith('command.') && value === span) ||
    (spans.has(span) && looksLikeCommand(span))
  );
}

/** Which code span is nothing that is there: no path, no command of the facts, no name on a line of the evidence. */
export function missingSpan({ spans, prose, evidence }: Claim, ground: Ground): string | undefined {
  const before = prose.split(SPAN);
  for (const [at, span] of spans.entries()) {
    if (ground.spans.has(span) || isCommand(span, ground) || isCode(span, evidence, ground)) continue;
    const isPackage = ground.packages.has(span) && AS_A_THING.test(before[at] ?? '');
    if (looksLikeCommand(span) && !isPackage) return `it names a command that no fact holds: ${span}`;
    if (pathsOf(span, ground.paths).length > 0 || namesakes(span, ground.paths).length > 0) continue;
    if (PATH.test(span) && !SCOPED.test(span) && !isWordOfCode(span, evidence, ground))
      return `it names a path that there is not: ${span}`;
    if (!isShownName(span, evidence, ground)) return `it names something that no line of its evidence holds: ${span}`;
  }
  return undefined;
}

/** What a package is called that has a scope, and what has a namespace. */
const SCOPED = /^@[a-z0-9][\w.-]*\/[a-z0-9][\w.-]*$|^\\?\p{L}\w*(?:\\\p{L}\w*)+$/u;

/** An option, with what it is given: nothing is started by it. */
const GIVEN = /^--?[a-z][\w-]*[ =][\w.:-]+$/i;
/** What only code has: a sign that joins its names, and none by which a shell starts something. */
const SNIPPET = /^(?:[@"'[{(:]|[\w.]+ (?:[A-Z]\w*[.(]|[@:=({["']))/;
const STARTS = /&&|\|\||[|;`>]|\$[({\w]/;
/** Files whose lines are typed, or run. */
const TYPED =
  /\.(?:sh|bash|zsh|fish|ps1|bat|cmd|mk|ya?ml)$|(?:^|\/)(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|Dockerfile[^/]*|Containerfile|Procfile|package\.json|composer\.json|[^/]*\.?tox\.ini)$/;

/** Whether words with spaces between them are a piece of a cited line of code, as it stands there, and nothing that could be typed. */
function isCode(span: string, evidence: Claim['evidence'], { lines }: Ground): boolean {
  if (!/\s/.test(span) || STARTS.test(span)) return false;
  const said = evidence.filter(({ quote }) => holdsName(quote, span));
  if (GIVEN.test(span)) return said.length > 0;
  if (!SNIPPET.test(span) || span.split(/[\s"'`()[\]{},]+/).some(isProgram)) return false;
  return said.some(({ path, line }) => {
    const [before = ''] = (lines(path)?.[line - 1] ?? '').split(span, 1);
    const isInString = /["'`]/.test(before.replaceAll(/(["'`]).*?\1/g, ''));
    return !DOCUMENT.test(path) && !TYPED.test(path) && !COMMENT.test(before) && !isInString;
  });
}

/** What stands before a name that is no program there: `a change to`, not `run`, `with` or nothing at all. */
const AS_A_THING =
  /\b(?:of|in|inside|into|from|below|packages?|crates?|modules?|librar(?:y|ies)|changes? to|depends? on)\s+(?:the\s+)?$/i;

/** Whether everything that is named has to do with the evidence: a path that exists proves nothing by itself. */
export function unshownSpan({ spans, evidence }: Claim, ground: Ground): string | undefined {
  if (spans.length === 0) return 'it names nothing that could be looked up';
  for (const span of spans) {
    if (isCommand(span, ground)) continue;
    const found = pathsOf(span, ground.paths);
    const alike = found.length === 0 ? namesakes(span, ground.paths) : [];
    if (found.length + alike.length === 0) continue;
    const lies = evidence.some(
      ({ path }) => alike.includes(path) || found.some((each) => path === each || path.startsWith(`${each}/`)),
    );
    const name = alike.length > 0 ? span : soughtFor(span);
    if (!lies && !evidence.some(({ quote }) => holdsName(quote, name)))
      return `its evidence does not speak of a path that it names: ${span}`;
  }
  return undefined;
}

/** The part of a path that a line has to hold: its last name, or all of it where that is too short to tell anything. */
export function soughtFor(span: string): string {
  const path = plain(span);
  const stem = lastName(path).replace(/\.\w+$/, '');
  if (stem.length >= SHORTEST_NAME) return stem;
  return /[/.]/.test(path) ? path : `${path}/`;
}

const SHORTEST_NAME = 3;

/** A path as it is listed. */
export function plain(span: string): string {
  return span.replace(/^\.\//, '').replace(/\/$/, '');
}

/** More than these make a pattern that says nothing, and is slow to try. */
const MOST_WILD = 3;
const MOST_FOUND = 500;

/** The paths, files and folders, that a span stands for; `*` is any name, and so is `<name>`. */
export function pathsOf(span: string, paths: PathIndex): readonly string[] {
  const path = plain(span);
  if (path === '' || /(?:^|\/)\.\.?(?:\/|$)|^[~/]|\/\//.test(path)) return [];
  const wild = path.split(WILD).length - 1;
  if (wild === 0) return paths.has(path) || paths.hasDir(path) ? [path] : [];
  if (wild > MOST_WILD) return [];
  const pattern = new RegExp(`^${path.split(WILD).map(escaped).join('[^/]+')}$`);
  const fixed = path.slice(0, path.search(WILD));
  const all = [...paths.entries.map((entry) => entry.path), ...paths.dirs()];
  return all.filter((each) => each.startsWith(fixed) && pattern.test(each)).slice(0, MOST_FOUND);
}

/** Fewer are not meant by their name alone: of one file the whole path is said. */
const FEWEST_ALIKE = 2;

/** The files that a name without a folder stands for: `mod.rs` of many folders, `.slt` for all that end so. */
function namesakes(span: string, paths: PathIndex): readonly string[] {
  const [, end] = /^\*?(\.\w+)$/.exec(span) ?? [];
  const ending =
    end === undefined
      ? []
      : paths.entries.flatMap(({ path }) => (path.endsWith(end) && !lastName(path).startsWith(end) ? [path] : []));
  if (ending.length > 0) return ending;
  const named = PATH.test(span) ? paths.named(span) : [];
  return named.length < FEWEST_ALIKE ? [] : named;
}

const WILD = /\*{1,2}|<[a-z-]{1,20}>/;

function escaped(text: string): string {
  return text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function looksLikeCommand(span: string): boolean {
  return /\s/.test(span) || isProgram(span) || (isStarted(span) && /^\.{1,2}\//.test(span));
}

/** What is written like the name of a file; `app.mount` may be something else. */
const FILE =
  /\.(?:[cm]?[jt]sx?|json[c5]?|ya?ml|toml|mdx?|rst|txt|py|rb|go|rs|java|kts?|cs|php|sh|sql|html?|s?css|vue|svelte|xml|lock|env|ini|cfg|proto|graphql|tf|cc?|cpp|hh?|hpp|mm?|swift|scala|exs?|erl|prisma|gradle|dart|lua|zig|conf|properties)$/i;
/** What can only be meant as a path, or is a word of code. */
const PATH = new RegExp(`[/*<>\\\\]|^\\.\\w|${FILE.source}`, 'i');

/** What stands before a string in code: a call, a list, an assignment, a key, or the like of `require`. */
const BEFORE_STRING = /(?:[([{,=:]|\b(?:require|require_relative|import|from|include|use|load|autoload))\s*$/;
const COMMENT = /\/\/|\/\*|<!--|^\s*\*|#(?!\{)|--\s|;;|"{3}/;

/**
 * Whether what could be a path is a word of code: all of a string on a cited line of code, such as what a `require` names. What is
 * written like a file, leads out of the repository, or is the end of a path in it has to be a path from the top.
 */
function isWordOfCode(span: string, evidence: Claim['evidence'], { paths, lines }: Ground): boolean {
  if (FILE.test(span) || !/^[\w@.-]+(?:\/[\w@.-]+)*$/.test(span) || /(?:^|\/)\.\.?(?:\/|$)/.test(span)) return false;
  const end = `/${span}`;
  if (paths.entries.some(({ path }) => path.endsWith(end)) || [...paths.dirs()].some((dir) => dir.endsWith(end)))
    return false;
  const string = new RegExp(`(["'\`])${escaped(span)}\\1`);
  return evidence.some(({ path, line }) => {
    const [before = '', ...after] = (lines(path)?.[line - 1] ?? '').split(string);
    return !DOCUMENT.test(path) && after.length > 0 && BEFORE_STRING.test(before) && !COMMENT.test(before);
  });
}

function isShownName(span: string, evidence: Claim['evidence'], { facts }: Ground): boolean {
  return [...evidence.map(({ quote }) => quote), ...facts.map(({ value }) => value)].some((text) =>
    holdsName(text, span),
  );
}
