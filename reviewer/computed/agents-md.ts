import { type Changes, changesBetween, type FactChange } from '../../facts/changes/index.ts';
import { missingContent } from '../../facts/changes/missing.ts';
import { touches } from '../../forge/git/touched-lines.ts';
import type { FileChange } from '../../forge/history.ts';
import type { RepoReader } from '../../forge/reader.ts';
import { type Finding as CheckFinding, type CheckOptions, check } from '../../generator/check/index.ts';
import type { UnreadDocument } from '../../generator/documents/document.ts';
import { type FoundDocuments, findDocuments } from '../../generator/documents/find.ts';
import { generate } from '../../generator/index.ts';
import { type StaleLine, staleLines } from '../../generator/stale/index.ts';
import type { ChangedFile } from '../change/change-set.ts';
import type { Severity } from '../findings/finding.ts';
import type { Unnamed } from '../findings/fingerprint.ts';
import { joined } from './joined.ts';

export interface AgentsMdInput {
  readonly before: RepoReader;
  readonly after: RepoReader;
  /** All of the change, unfiltered: which package manager it is, a lock file tells. */
  readonly files: readonly FileChange[];
  readonly changed: readonly ChangedFile[];
  /** What `files` did to the facts; worked out when absent. */
  readonly changes?: Changes;
  /** All rules at their own levels, of all documents, unless told. */
  readonly check?: Pick<CheckOptions, 'levels' | 'only'> | undefined;
}

export interface AgentsMdResult {
  readonly findings: readonly Unnamed[];
  /** What the change did to what people rely on. */
  readonly changes: readonly FactChange[];
  /** Where there is no agent document, and something changed that one would have spoken of. */
  readonly offer: Offer | null;
  /** Documents that the change touched and that could not be read. */
  readonly unread: readonly UnreadDocument[];
}

/** An AGENTS.md that there is not yet. */
export interface Offer {
  /** What `agentsmd generate` would write after the change. */
  readonly text: string;
  /** Which lines of the one before the change it would have made false. */
  readonly stale: readonly StaleLine[];
}

const AGENT = 'agents-md';

/** Which lines of agent documents a change made false, and what is wrong with those that it wrote. Computed, without any model. */
export async function agentsMd({
  before,
  after,
  files,
  changed,
  changes: compared,
  check: asked = {},
}: AgentsMdInput): Promise<AgentsMdResult> {
  const changes = compared ?? (await changesBetween(before, after, files));
  const { manifest } = missingContent(files, changes);
  if (manifest !== undefined)
    throw new Error(
      `${manifest} changed, and its content is not in this clone (use a full clone, or git fetch --refetch)`,
    );
  const [found, stale] = await Promise.all([findDocuments(after), staleLines({ before, after, files, changes })]);
  const { documents, unread } = found;
  if (documents.length === 0 && unread.length === 0)
    return { findings: [], changes: changes.changes, offer: await offerOf(after, changes, stale), unread };
  const lines = new Map(documents.map(({ path, lines: of }) => [path, of]));
  const quoteOf = (path: string, line: number) => lines.get(path)?.line(line) ?? '';
  // Without a document stale lines are those of the one that is offered.
  const own = documents.length === 0 ? [] : stale;
  const told = [...Map.groupBy(own, ({ path, line }) => `${path}\0${line}`).values()].map((group) =>
    staleFinding(group, quoteOf(group[0]!.path, group[0]!.line), changes.changes),
  );
  const known = new Set(told.map(({ path, line }) => `${path}\0${line}`));
  const written = await writtenFindings(before, after, found, changed, asked);
  const more = written
    .filter(({ path, line }) => !known.has(`${path}\0${line}`))
    .map((each) => checkFinding(each, quoteOf(each.path, each.line)));
  const paths = new Set(changed.map(({ path }) => path));
  return {
    findings: [...told, ...more],
    changes: changes.changes,
    offer: null,
    // Where a link ends at nothing there is nothing to be read.
    unread: unread.filter(({ path, cause }) => paths.has(path) && cause !== 'dead-link'),
  };
}

async function offerOf(after: RepoReader, changes: Changes, stale: readonly StaleLine[]): Promise<Offer | null> {
  if (stale.length === 0 && !changes.changes.some(({ materiality }) => materiality === 'high')) return null;
  const { files } = await generate(after, { fresh: true, facts: changes.after.facts });
  const [root] = files;
  return root ? { text: root.text, stale } : null;
}

/** One for each line: whoever mends it mends all of it. */
function staleFinding(group: readonly StaleLine[], quote: string, changes: readonly FactChange[]): Unnamed {
  const { path, line } = group[0]!;
  const all = group.map(({ subject }) => subject);
  const subjects = all.filter((one) => !all.some((other) => other !== one && other.includes(one)));
  const causes = [...new Set(subjects.flatMap((subject) => causeOf(subject, changes) ?? []))];
  const because = causes.map((cause) => `${what(cause)}. `).join('');
  return {
    severity: 'warning',
    category: 'agents-md',
    ...{ path, side: 'new', line, endLine: line, quote },
    title: `${path} still says ${subjects.map(said).join(' and ')}, which this change makes false`,
    detail: `${because}Agents that read this line will do the old thing.`,
    evidence: causes.flatMap(({ evidence, to }) =>
      evidence.slice(0, 3).map((place) => ({
        path: place.path,
        line: place.line,
        // Of what was removed the evidence is what was there.
        side: to === null ? ('old' as const) : ('new' as const),
      })),
    ),
    rules: [],
    suggestion: joined(
      quote,
      group.map(({ suggestion }) => suggestion),
    ),
    ...{ agent: AGENT, computed: true, trivial: false },
  };
}

/** The change that the subject speaks of: the most material one whose old value it is, holds, or is part of. */
function causeOf(subject: string, changes: readonly FactChange[]): FactChange | undefined {
  const old = changes.filter(({ from }) => from !== null && from !== '');
  return (
    old.find(({ from }) => from === subject) ??
    old.find(({ from }) => subject.includes(from!)) ??
    old.find(({ from }) => from!.includes(subject))
  );
}

function what({ key, dir, from, to }: FactChange): string {
  const where = dir === '' ? '' : ` in ${dir}`;
  if (from === null) return `${key}${where} is ${said(to ?? '')} now`;
  return to === null
    ? `${key} ${said(from)}${where} is gone`
    : `${key}${where} was ${said(from)} and is ${said(to)} now`;
}

/** In quotation marks, without those of code: GitLab would set both apart. */
function said(text: string): string {
  const plain = text.replaceAll('`', '');
  return `"${plain.length > 80 ? `${plain.slice(0, 79)}…` : plain}"`;
}

/**
 * What is wrong with what the change itself wrote: the lines it added to documents that there were, and all of a document that was none
 * before, whether it is new, was moved or linked to such a place, or could not be read.
 */
async function writtenFindings(
  before: RepoReader,
  after: RepoReader,
  { documents, unread }: FoundDocuments,
  changed: readonly ChangedFile[],
  { only = () => true, levels = {} }: Pick<CheckOptions, 'levels' | 'only'>,
): Promise<readonly CheckFinding[]> {
  const byPath = new Map(changed.map((file) => [file.path, file]));
  const isChanged = (names: readonly string[]) => names.some((name) => byPath.has(name)) && only(names);
  if (![...documents, ...unread].some((one) => isChanged(namesOf(one)))) return [];
  const [{ findings }, { documents: olds }] = await Promise.all([
    check(after, { levels, only: isChanged }),
    findDocuments(before),
  ]);
  const were = new Set(olds.map(({ path }) => path));
  return findings.filter(({ path, line }) => {
    const file = byPath.get(path);
    if (!were.has(file?.from ?? path)) return true;
    return touches({ added: file?.hunks.flatMap(addedLines) ?? [], removed: [] }, line, line);
  });
}

function namesOf(document: FoundDocuments['documents'][number] | UnreadDocument): readonly string[] {
  return 'aliases' in document ? [document.path, ...document.aliases] : [document.path];
}

function addedLines({ newStart, lines }: ChangedFile['hunks'][number]): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let line = newStart;
  for (const text of lines) {
    if (text[0] === '+') found.push([line, line]);
    if (text[0] !== '-') line++;
  }
  return found;
}

/** Hidden characters, secrets and instructions to reviewers in what agents read are how a repository is turned against its owners. */
const CRITICAL: ReadonlySet<string> = new Set(['AMD401', 'AMD402', 'AMD403', 'AMD404', 'AMD405']);

const SEVERITIES: Readonly<Record<CheckFinding['severity'], Severity>> = {
  error: 'warning',
  warning: 'suggestion',
  info: 'suggestion',
};

function checkFinding({ rule, path, line, severity, message, suggestion }: CheckFinding, quote: string): Unnamed {
  // What is said of an empty line, or of what has no lines, is said of the file.
  const at = quote.trim() === '' ? 0 : line;
  return {
    severity: severity === 'error' && CRITICAL.has(rule) ? 'critical' : SEVERITIES[severity],
    category: CRITICAL.has(rule) ? 'security' : 'agents-md',
    ...{ path, side: 'new', line: at, endLine: at, quote: at === 0 ? '' : quote },
    title: message,
    detail: '',
    evidence: [],
    rules: [{ id: rule, rev: null }],
    suggestion: suggestion ?? null,
    ...{ agent: AGENT, computed: true, trivial: severity === 'info' },
  };
}
