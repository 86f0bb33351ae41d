import type { Survey } from '../../facts/index.ts';
import type { AgentDocument } from '../documents/document.ts';
import { RULE_KEY } from '../item.ts';
import type { LedgerItem } from './ledger.ts';
import { isCovered, singleForm, telling, type Voice, voicesOf } from './says-commands.ts';

/** What people's own documents say already, in whatever words. */
export interface Said {
  /** Why an item would only repeat them: `CLAUDE.md:12 gives a command to test`. */
  reason(item: LedgerItem): string | undefined;
  /** The item without the half of it that they say: of the two test commands only the one for a single test. */
  rest(item: LedgerItem): LedgerItem;
}

/**
 * Reads people's documents for what they say.
 *
 * @param documents without our own bullets: what we wrote ourselves is no reason to take it out again.
 * @param items everything that might be added.
 */
export function saidIn(documents: readonly AgentDocument[], items: readonly LedgerItem[], survey: Survey): Said {
  const voices = documents.flatMap((document) => voicesOf(document, survey));
  const pages = documents.map(({ path, text }) => ({ path, text: text.toLowerCase() }));
  const commands = items.filter(({ key }) => key.startsWith('command.'));
  const isNew = commands.some((item) => commandReason(item, voices, pages, survey) === undefined);
  return {
    reason: (item) => {
      // Where our own commands run must be said beside them.
      if (item.key === 'layout.sources' && isNew) return undefined;
      // Who is told how to run the tests sees what they are written with.
      const tests = item.key === 'test-framework' ? voices.find(({ purposes }) => purposes.has('test')) : undefined;
      if (tests) return `${tests.path}:${tests.line} runs the tests`;
      if (item.key.startsWith(RULE_KEY)) return nameAny([item.key.slice(RULE_KEY.length).toLowerCase()], pages);
      return commandReason(item, voices, pages, survey) ?? proseReason(item, pages);
    },
    rest: (item) => (item.key === 'command.test' ? (singleForm(item, voices) ?? item) : item),
  };
}

interface Page {
  readonly path: string;
  /** Lower-case. */
  readonly text: string;
}

function commandReason(
  item: LedgerItem,
  voices: readonly Voice[],
  pages: readonly Page[],
  survey: Survey,
): string | undefined {
  if (!item.key.startsWith('command.')) return undefined;
  const voice = isCovered(item, voices, survey);
  if (voice) return `${voice.path}:${voice.line} gives a command for it`;
  const word = telling(item.text);
  return word === undefined ? everyCodeNamed(item.text, pages) : nameAny([word], pages);
}

/** What makes prose superfluous, by the key of its fact. */
function proseReason({ key, text }: LedgerItem, pages: readonly Page[]): string | undefined {
  if (key.startsWith('command.')) return undefined;
  const codes = codesIn(text);
  if (key === 'env.required') return nameAny(codes.slice(-1), pages) ?? nameAll(codes.slice(0, -1), pages);
  if (key === 'runtime') return nameAny(runtimesIn(text), pages);
  if (key === 'test-framework') return nameAny(frameworksIn(text), pages);
  if (key === 'workspace') return namePaths(codes, pages, 0.01);
  if (key === 'ci.gate') return matches(GATE, pages);
  if (key === 'layout.test-mirror') return matches(TESTS_PLACED, pages) ?? nameAny(codes.map(fixedFolder), pages);
  if (key === 'generated' || key === 'vendored')
    return namePaths(codes, pages, 0.5) ?? (key === 'generated' ? matches(GENERATED, pages) : undefined);
  if (key.startsWith('changes-with')) return namePaths(codes.slice(-1), pages, 1);
  return namePaths(codes, pages, 0.5) ?? everyCodeNamed(text, pages);
}

/** "Run the tests before you push", "CI checks lint": whoever says that needs no second sentence. */
const GATE =
  /\b(?:before|prior to)\b.{0,60}\b(?:commit|push|submit|merg|pull request|merge request|\bprs?\b|\bmrs?\b|finish|complet|done|hand)|\bci\b.{0,60}\b(?:run|check|enforce|fail|gate|block|require|must|pass|reject|verif)|\b(?:must|should|need to|have to) pass\b|\bpre-?(?:commit|push)\b|\b(?:after|when)\b.{0,40}\b(?:chang|edit|modif|finish|complet).{0,60}\brun\b/;
const TESTS_PLACED =
  /\btests?\b.{0,80}\b(?:beside|next to|alongside|co-?locat|adjacent|mirror|same (?:folder|directory|dir|package)|live in|lives in|located|reside|go in|go under|are in|sit|placed|under|stand)|\b(?:co-?locat|mirror).{0,60}\btests?\b/;
const GENERATED =
  /\b(?:do not|don['’]t|never|not)\b.{0,60}\b(?:edit|modify|touch|change)\b.{0,80}\bgenerated\b|\bgenerated\b.{0,80}\b(?:do not|don['’]t|never|not)\b.{0,30}\b(?:edit|modify|touch|change|by hand|manual)/;

function matches(pattern: RegExp, pages: readonly Page[]): string | undefined {
  for (const page of pages) {
    for (const [index, line] of page.text.split('\n').entries()) {
      if (line.length > LONGEST_LINE) continue;
      if (line.split(/[.!?](?:\s|$)/).some((sentence) => pattern.test(sentence)))
        return `${page.path}:${index + 1} says it`;
    }
  }
  return undefined;
}

const LONGEST_LINE = 4000;

function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/(`+)\s?(.+?)\s?\1/g)].map((match) => match[2]!.toLowerCase());
}

function everyCodeNamed(text: string, pages: readonly Page[]): string | undefined {
  return nameAll(codesIn(text), pages);
}

function nameAll(names: readonly string[], pages: readonly Page[]): string | undefined {
  if (names.length === 0) return undefined;
  const found = names.map((name) => where(name, pages));
  return found.every((each) => each !== undefined) ? found[0] : undefined;
}

function nameAny(names: readonly string[], pages: readonly Page[]): string | undefined {
  for (const name of names) {
    const found = name === '' ? undefined : where(name, pages);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where this part of the paths, or more, is named: in full, by the folder that holds it, or by its own name. */
function namePaths(paths: readonly string[], pages: readonly Page[], part: number): string | undefined {
  if (paths.length === 0) return undefined;
  const found = paths.flatMap((path) => nameAny(namesOf(path), pages) ?? []);
  return found.length > 0 && found.length >= paths.length * part ? found[0] : undefined;
}

function namesOf(path: string): readonly string[] {
  const plain = path.replace(/^\.?\//, '').replace(/[/*]+$/, '');
  const parts = plain.split('/').filter((each) => each !== '' && !each.includes('*'));
  const last = parts.at(-1) ?? '';
  // `src` or `a.ts` may be named for any reason.
  const telling = last.length >= 5 || /[._-]/.test(last);
  return [plain, ...(telling ? [last] : []), ...(parts.length > 2 ? [parts.slice(0, -1).join('/')] : [])];
}

/** `src/<path>/<name>.ts`: the folder that is the same for all. */
function fixedFolder(pattern: string): string {
  return pattern.slice(0, Math.max(0, pattern.indexOf('<'))).replace(/\/[^/]*$/, '/');
}

function runtimesIn(text: string): readonly string[] {
  return text
    .replace(/^[^:]*:\s*/, '')
    .split(/,\s+|\s+and\s+/)
    .map((each) =>
      each
        .replace(/\s+[~<>=^v]*\s*\d.*$/, '')
        .toLowerCase()
        .replace(/\.js$/, ''),
    )
    .filter((each) => each !== '');
}

function frameworksIn(text: string): readonly string[] {
  return text
    .replace(/^.*\bwith\s+/, '')
    .split(/,\s+|\s+and\s+/)
    .map((each) => each.toLowerCase());
}

function where(name: string, pages: readonly Page[]): string | undefined {
  for (const { path, text } of pages) {
    const at = indexOfName(text, name);
    if (at !== -1) return `${path}:${text.slice(0, at).split('\n').length} says it`;
  }
  return undefined;
}

/** The name as a whole: `test` is not named by `latest`. */
function indexOfName(text: string, name: string): number {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const before = text[at - 1] ?? ' ';
    const after = text[at + name.length] ?? ' ';
    if ((!/\w/.test(name[0]!) || !/[\w-]/.test(before)) && (!/\w/.test(name.at(-1)!) || !/[\w-]/.test(after)))
      return at;
  }
  return -1;
}
