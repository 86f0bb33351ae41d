import type { Survey } from '../../facts/index.ts';
import type { RepoReader } from '../../forge/reader.ts';
import type { AgentDocument } from '../documents/document.ts';
import type { FoundDocuments } from '../documents/find.ts';
import { documentOf } from '../documents/parse.ts';
import { type Draft, worthReading } from '../drafts.ts';
import type { GeneratedFile } from '../result.ts';
import { entriesOf, stillProven, unreadEvidence } from './entries.ts';
import type { Ledger, LedgerFile, LedgerItem } from './ledger.ts';
import { entryOf } from './ours.ts';
import { type Reconciliation, reconcile } from './reconcile.ts';
import type { Report } from './report.ts';
import { type Said, saidIn } from './says.ts';
import { documentsAt, namedDocuments, type Target } from './target.ts';
import { tooLittle } from './too-little.ts';

/** What every file of one refresh is worked out from. */
export interface Run {
  readonly reader: RepoReader;
  /** The same without our own bullets. */
  readonly people: RepoReader;
  readonly found: FoundDocuments;
  readonly ledger: Ledger | null;
  readonly surveyed: Survey;
  readonly withHistory: boolean;
  readonly rules: {
    /** Whether nobody can say today if what is behind a bullet, a rule or the catalog, still says so. */
    isOpen(key: string): boolean;
    /** Whether somebody chose the codex. */
    readonly chosen: boolean;
  };
}

/** One file, refreshed. */
export interface RefreshedFile {
  readonly draft: Draft;
  /** The real file. */
  readonly path: string;
  /** Absent where nothing is written, not even what is there already. */
  readonly file?: GeneratedFile;
  /** The document as it will be, where there is one already. */
  readonly document?: AgentDocument;
  readonly outcome?: Reconciliation;
  /** What the ledger held, under which path. */
  readonly base: { readonly path: string; readonly entry: LedgerFile } | null;
  readonly reports: readonly Report[];
}

/** Brings a draft into the document that speaks for its folder. */
export async function refreshFile(draft: Draft, target: Target, run: Run): Promise<RefreshedFile> {
  const { people, found, ledger, surveyed, rules } = run;
  const base = baseOf(draft, target, ledger?.files ?? {});
  if (target.kind === 'left') {
    const { path, line, reason } = target;
    return { draft, path, base, reports: [{ path, line, message: `left alone: ${reason}` }] };
  }
  const documents = new Set(found.documents.map(({ path }) => path));
  const entries = await entriesOf(draft.items, people, documents);
  const entry = base?.entry ?? null;
  if (target.kind === 'absent') {
    const { path } = target;
    if (entry === null && draft.dir === '' && !worthReading(draft)) return { draft, path, base, reports: [] };
    const outcome = remembering(reconcile(null, entry, entries), draft, entry);
    if (outcome.text === null) return { draft, path, outcome, base, reports: gone(path, outcome) };
    return { draft, path, outcome, base, file: { path, text: outcome.text, existing: null }, reports: [] };
  }
  const { document, bom } = target;
  const said = await saidFor(document, entries, run);
  const adopted = entry === null || entry.origin === 'adopted';
  const known = new Set(entry?.items.map(({ key }) => key));
  const proven = run.withHistory ? undefined : await stillProven(fromHistory(entry), people);
  const unread = await unreadEvidence(entry?.items ?? [], people, surveyed.facts.problems);
  const merged = reconcile(
    document.text,
    entry,
    entries.map((item) => (known.has(item.key) ? item : said.rest(item))),
    {
      said: (item) => (adopted ? tooLittle(item, draft.dir, surveyed, rules.chosen) : undefined) ?? said.reason(item),
      unread: (item) => unread.get(item),
      holds: (item) => proven?.has(item) === true || rules.isOpen(item.key),
    },
  );
  const outcome = remembering(merged, draft, entry);
  const text = outcome.text ?? document.text;
  const mark = bom ? '\uFEFF' : '';
  return {
    draft,
    path: document.path,
    file: { path: document.path, text: mark + text, existing: mark + document.text },
    document: text === document.text ? document : documentOf(text, document),
    outcome,
    base,
    reports: [],
  };
}

/** With what a model was asked with, so that it is not asked again. */
function remembering(outcome: Reconciliation, { basis }: Draft, entry: LedgerFile | null): Reconciliation {
  const draft = basis ?? entry?.draft;
  return draft === undefined || outcome.next === null ? outcome : { ...outcome, next: { ...outcome.next, draft } };
}

/** What the ledger knows of a file. One that was renamed to its sibling takes its entry along. */
export function baseOf({ path: usual }: Draft, target: Target, files: Ledger['files']): RefreshedFile['base'] {
  const document = target.kind === 'document' ? target.document : { path: target.path, aliases: [] };
  const names = [document.path, ...document.aliases, usual];
  const path =
    names.find((name) => entryOf({ path: name, aliases: [] }, files)?.items.some(({ key }) => key !== 'companion')) ??
    names.find((name) => Object.hasOwn(files, name));
  return path === undefined ? null : { path, entry: files[path]! };
}

function gone(path: string, { mode }: Reconciliation): readonly Report[] {
  if (mode !== 'deleted') return [];
  return [{ path, line: 1, message: 'somebody deleted it, so it stays deleted; --fresh writes it anew' }];
}

/** What only the history shows. */
function fromHistory(entry: LedgerFile | null): readonly LedgerItem[] {
  return entry?.items.filter(({ key }) => key.startsWith('changes-with')) ?? [];
}

/** What people say in the document, in the others of its folder, and in those that it names. */
async function saidFor(
  document: AgentDocument,
  items: readonly LedgerItem[],
  { people, found, surveyed }: Run,
): Promise<Said> {
  const own = found.documents.filter(({ dir, kind }) => dir === document.dir && kind !== 'override');
  const named = (await Promise.all([document, ...own].map((each) => namedDocuments(each, people)))).flat();
  const paths = [...new Set([document.path, ...own.map(({ path }) => path), ...named.map(({ path }) => path)])];
  return saidIn(await documentsAt(paths, people), items, surveyed);
}
