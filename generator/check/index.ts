import { type Survey, survey } from '../../facts/index.ts';
import { SourceFile } from '../../facts/source-file.ts';
import type { History } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { AgentDocument, UnreadDocument } from '../documents/document.ts';
import { findDocuments } from '../documents/find.ts';
import type { CodexContext } from '../sections/rules.ts';
import { codexWorld } from './codex/world.ts';
import { type Finding, inOrder, judge } from './judge.ts';
import { type Levels, leveled } from './levels.ts';
import type { Rule, World } from './rule.ts';
import { RULES } from './rules/index.ts';
import { suppress } from './suppress.ts';
import { findingsOfUnread } from './unread.ts';

export type { Finding } from './judge.ts';

export interface CheckOptions {
  /** All of them unless told. */
  readonly rules?: readonly Rule[];
  /** Asked what became of paths that are not there; without it nothing that is gone is more than a warning. */
  readonly history?: History;
  /** Other severities than the rules have. */
  readonly levels?: Levels;
  /** Only these documents are judged, by their path and the links to it; the others still count for what is said of these. */
  readonly only?: (names: readonly string[]) => boolean;
  /** A file to be judged that its name does not make an agent document, as if it were the AGENTS.md of its folder. */
  readonly also?: string;
  /** What citations are looked up in. */
  readonly codex?: CodexContext;
}

export interface CheckResult {
  /** What was judged. */
  readonly documents: readonly AgentDocument[];
  readonly unread: readonly UnreadDocument[];
  readonly findings: readonly Finding[];
  /** What comments in the documents hide. */
  readonly suppressed: readonly Finding[];
}

/** Checks the agent documents of a repository against what is true of it. Nothing of the repository is run. */
export async function check(reader: RepoReader, options: CheckOptions = {}): Promise<CheckResult> {
  const { history, levels = {}, only = () => true, also } = options;
  const rules = (options.rules ?? RULES).filter(({ id }) => levels[id] !== 'off');
  const found = await findDocuments(reader, also);
  const documents = found.documents.filter(({ path, aliases }) => only([path, ...aliases]));
  const unread = found.unread.filter(({ path }) => only([path]));
  const asked = new Set(rules.map(({ id }) => id));
  const about = findingsOfUnread(unread).filter(({ rule }) => asked.has(rule));
  const standing: Finding[] = [];
  const suppressed: Finding[] = [];
  if (documents.length > 0) {
    const known = await worldOf(reader, found.documents, rules);
    const codex = options.codex && (await codexWorld(options.codex, reader, known.survey));
    const world = codex === undefined ? known : { ...known, codex };
    const judged = leveled(await judge(documents, world, rules, history), rules, levels);
    const ids = new Set([...RULES.map(({ id }) => id), ...asked]);
    const byPath = Map.groupBy(judged, ({ path }) => path);
    for (const document of documents) {
      const outcome = suppress(document, byPath.get(document.path) ?? [], ids, asked);
      standing.push(...outcome.standing);
      suppressed.push(...outcome.suppressed);
      about.push(...outcome.about);
    }
  }
  return {
    documents,
    unread,
    findings: inOrder([...standing, ...leveled(about, rules, levels)]),
    suppressed: inOrder(suppressed),
  };
}

/** What rules may look at, at the reader's commit. */
export async function worldOf(
  reader: RepoReader,
  documents: readonly AgentDocument[],
  rules: readonly Rule[],
  known?: Survey,
): Promise<World> {
  // What a document says is what is judged: it proves nothing.
  const surveyed = known ?? (await survey(reader, { agentDocs: false, dependencies: true }));
  const wanted = new Set(rules.flatMap((rule) => [...(rule.reads?.({ survey: surveyed, documents }) ?? [])]));
  const files = new Map(surveyed.files);
  const missing = [...wanted].filter((path) => !files.has(path) && surveyed.paths.isFile(path));
  for (const [path, read] of await reader.read(missing)) if (read.ok) files.set(path, new SourceFile(path, read.text));
  return { survey: surveyed, documents, file: (path) => files.get(path) };
}
