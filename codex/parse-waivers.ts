import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { canonicalId } from './codex.ts';
import { RULE_ID } from './rule.ts';
import { NO_WAIVERS, type Waiver, type WaiverProblem, type Waivers } from './waiver.ts';

/** Reads a file of waivers: a list of `{rule, paths, reason, until, approved-by}`. Never throws. */
export function parseWaivers(text: string): Waivers {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true });
  const lineOf = (node: unknown): number => counter.linePos((node as Node | null)?.range?.[0] ?? 0).line;
  const error = document.errors[0];
  if (error)
    return broken({
      line: counter.linePos(error.pos[0]).line,
      message: `not valid YAML: ${error.message.split('\n')[0]}`,
    });
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return NO_WAIVERS;
  if (!isSeq(contents)) return broken({ line: lineOf(contents), message: 'must be a list of waivers' });
  const waivers: Waiver[] = [];
  const problems: WaiverProblem[] = [];
  for (const item of contents.items) {
    const line = lineOf(item);
    const read = isMap(item) ? readItem(item, document, line) : 'must be a map';
    if (typeof read === 'string') problems.push({ line, message: read });
    else waivers.push(read);
  }
  return { waivers, problems };
}

function readItem(item: YAMLMap, document: Document, line: number): Waiver | string {
  let entry: Readonly<Record<string, unknown>>;
  try {
    entry = item.toJS(document, { maxAliasCount: 10 });
  } catch {
    return 'not valid YAML: its aliases (*name) lead nowhere or have no end, or it is nested too deeply';
  }
  return readEntry(entry, line);
}

function broken(problem: WaiverProblem): Waivers {
  return { waivers: [], problems: [problem] };
}

const KEYS = new Set(['rule', 'paths', 'reason', 'until', 'approved-by']);

/** A waiver, or what is wrong with it: one that is half understood could let off more than was meant. */
function readEntry(entry: Readonly<Record<string, unknown>>, line: number): Waiver | string {
  const unknown = Object.keys(entry).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return `${JSON.stringify(unknown)} is no part of a waiver; known: ${[...KEYS].join(', ')}`;
  for (const key of ['rule', 'reason', 'until', 'approved-by']) {
    const value = entry[key];
    if (value === undefined || value === null || value === '') return `${key} is missing`;
    if (typeof value !== 'string' || value.trim() === '') return `${key} must be a text`;
  }
  const rule = canonicalId(entry.rule as string);
  if (!WHOLE_ID.test(rule)) return `${JSON.stringify(entry.rule)} is no rule ID`;
  const until = (entry.until as string).trim();
  if (!isDate(until)) return `until: ${JSON.stringify(until)} is no date such as 2027-01-31`;
  const paths = readPaths(entry.paths);
  if (typeof paths === 'string') return paths;
  const text = (key: string): string => (entry[key] as string).trim();
  return { rule, paths, reason: text('reason'), until, approvedBy: text('approved-by'), line };
}

const WHOLE_ID = new RegExp(`^(?:${RULE_ID.source})$`);

/** A day that the calendar has, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function readPaths(value: unknown): readonly string[] | string {
  if (value === undefined) return [];
  const paths: unknown[] = Array.isArray(value) ? value : [value];
  if (paths.length === 0) return 'paths is empty; leave it out where the waiver is meant for the whole repository';
  for (const path of paths) {
    const problem = typeof path === 'string' ? pathProblem(path) : 'must be globs';
    if (problem !== undefined) return `paths: ${problem}`;
  }
  return paths as string[];
}

/** Why a glob cannot be used in a waiver. */
export function pathProblem(path: string): string | undefined {
  const shown = JSON.stringify(path.slice(0, 80));
  if (path.trim() === '') return 'a glob is empty';
  if (path.startsWith('!')) return `${shown}: a waiver names what it is for, not what it is not for`;
  if (path.startsWith('/')) return `${shown}: paths begin at the root of the repository, without a slash`;
  // More of them could keep a regular expression busy for minutes.
  const parts = path.split('/');
  const heavy =
    parts.some((part) => (part.match(/\*+/g)?.length ?? 0) > 3) || parts.filter((part) => part === '**').length > 4;
  return path.length > 300 || heavy ? `${shown}: too many wildcards` : undefined;
}
