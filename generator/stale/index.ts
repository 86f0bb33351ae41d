import type { Changes } from '../../facts/changes/index.ts';
import type { FileChange } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { worldOf } from '../check/index.ts';
import { type Finding, judge } from '../check/judge.ts';
import type { Rule } from '../check/rule.ts';
import { missingEnvDoc } from '../check/rules/amd109-missing-env-doc.ts';
import { RULES } from '../check/rules/index.ts';
import type { AgentDocument } from '../documents/document.ts';
import { findDocuments } from '../documents/find.ts';
import { documentOf } from '../documents/parse.ts';
import { generate } from '../index.ts';
import { fatesBetween } from './fates.ts';
import { namedBefore } from './named-before.ts';
import { asWritten } from './own-lines.ts';
import type { StaleLine } from './stale-line.ts';

export type { StaleLine } from './stale-line.ts';

export interface StaleOptions {
  readonly before: RepoReader;
  readonly after: RepoReader;
  readonly files: readonly FileChange[];
  readonly changes: Changes;
  /** The rules about what is no longer true, unless told. */
  readonly rules?: readonly Rule[];
}

/**
 * The lines of the agent documents, as they are after a change, that the change made false: what a rule finds after it and
 * does not find, of the same words, before it. Where the repository has no agent document, the AGENTS.md that would have
 * been written before the change stands in for one.
 */
export async function staleLines(options: StaleOptions): Promise<readonly StaleLine[]> {
  const { before, after, files, changes } = options;
  if (files.length === 0) return [];
  const rules = options.rules ?? RULES.filter((rule) => rule.id.startsWith('AMD1') && !OMISSIONS.has(rule));
  const documents = await documentsOf(options);
  if (documents.length === 0) return [];
  if (isUnaffected(documents, rules, options)) return [];
  const [old, now] = await Promise.all([
    worldOf(before, documents, rules, changes.before),
    worldOf(after, documents, rules, changes.after),
  ]);
  const fates = fatesBetween(files, after.commit ?? '');
  // What was missing before, though no rule said so, is not made false by new neighbours that prove it to be missing.
  const unsaid = new Set<string>();
  const was = await judge(documents, old, rules, undefined, (finding, silent) => {
    if (silent) unsaid.add(keyOf(finding));
    return !silent;
  });
  const is = await judge(documents, now, rules, fates, (finding, silent) => !silent && !unsaid.has(keyOf(finding)));
  const known = new Set(was.map(keyOf));
  const fell = is.filter((finding) => !known.has(keyOf(finding)));
  const lines = new Map(documents.map(({ path, lines: of }) => [path, of]));
  const found = fell.map(
    ({ path, line, subject, suggestion }): StaleLine => ({ path, line, subject, suggestion: suggestion ?? null }),
  );
  const stale = merged([...found, ...namedBefore(documents, changes.changes, changes.after)], (path, line) =>
    lines.get(path)!.line(line),
  );
  const sides = [
    { reader: before, survey: changes.before },
    { reader: after, survey: changes.after },
  ] as const;
  return await asWritten(stale, documents, ...sides);
}

/** What no document says is false in none. */
const OMISSIONS: ReadonlySet<Rule> = new Set([missingEnvDoc]);

/** Where both worlds rest on the same facts and paths, only a file that a rule reads besides could tell them apart. */
function isUnaffected(documents: readonly AgentDocument[], rules: readonly Rule[], options: StaleOptions): boolean {
  const { before, after } = options.changes;
  if (before.signals !== after.signals || options.changes.changes.length > 0) return false;
  const wanted = new Set(rules.flatMap((rule) => [...(rule.reads?.({ survey: after, documents }) ?? [])]));
  return !options.files.some(({ path }) => wanted.has(path));
}

async function documentsOf({ before, after, changes }: StaleOptions): Promise<readonly AgentDocument[]> {
  const { documents } = await findDocuments(after);
  if (documents.length > 0) return documents;
  const { files } = await generate(before, { fresh: true, facts: changes.before.facts });
  const [root] = files;
  if (!root) return [];
  return [documentOf(root.text, { path: 'AGENTS.md', aliases: [], kind: 'agents', dir: '', faithful: true })];
}

function keyOf({ rule, path, line, subject }: Finding): string {
  return [rule, path, line, subject].join('\0');
}

/** One entry for each subject on a line; of several the one that knows better. Suggestions of a line are joined. */
function merged(lines: readonly StaleLine[], textOf: (path: string, line: number) => string): readonly StaleLine[] {
  const kept = new Map<string, StaleLine>();
  for (const each of lines) {
    const key = [each.path, each.line, each.subject].join('\0');
    const known = kept.get(key);
    if (!known || (known.suggestion === null && each.suggestion !== null)) kept.set(key, each);
  }
  return [...kept.values()]
    .filter(({ path, line, suggestion }) => suggestion !== textOf(path, line))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0) || a.line - b.line);
}
