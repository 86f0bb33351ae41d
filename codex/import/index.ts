import { memoryRepository } from '../../forge/memory.ts';
import type { CodexProblem } from '../codex.ts';
import { EMPTY_LEDGER, IDS_PATH, type IdEntry, type IdLedger, serializeIdLedger } from '../ids.ts';
import { updateLedger } from '../ids-update.ts';
import { type CodexFiles, MANIFEST_PATH, readCodex } from '../read-codex.ts';
import type { Level, Rule } from '../rule.ts';
import { slugOf } from '../slug.ts';
import { readAsciidoc } from './asciidoc/index.ts';
import type { ImportChange } from './change.ts';
import { readMarkdown } from './markdown/index.ts';
import { type Assignment, matchSections, type Refusal } from './match.ts';
import { overviewPages } from './overview.ts';
import { planImport } from './plan.ts';
import { ImportError, type StandardFormat } from './read-documents.ts';
import type { Documents, LeftOut, SourceSection } from './section.ts';

export interface ImportOptions {
  readonly format: StandardFormat;
  readonly prefix?: string;
  /** Of sections that name none. */
  readonly level: Level;
  /** The commit of the documents. */
  readonly rev?: string;
  /** Where the documents are on the web; `{doc}` is the path of each. */
  readonly url?: string;
  /** Where the folder of the documents lies in the codex; `undefined`: outside of it. */
  readonly folder?: string | undefined;
  /** What the standard is called where it does not say itself. */
  readonly name: string;
}

export interface Standard {
  readonly documents: Documents;
  /** Those to begin with. */
  readonly named: readonly string[];
  /** Whether it is a whole folder: then what is not in it any more is gone from the standard. */
  readonly whole: boolean;
}

/** A codex as it lies in its folder: every file's text by path. Empty: there is none yet. */
export type CodexTexts = ReadonlyMap<string, string>;

export interface ImportResult {
  /** What is to be written, the ledger last. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
  /** Every rule of the codex afterwards. */
  readonly rules: readonly Rule[];
  /** How many of them are sections of the document. */
  readonly imported: number;
  readonly changes: readonly ImportChange[];
  readonly refusals: readonly Refusal[];
  /** Sections with text that are in no rule. */
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

/**
 * Makes a codex of a standard, or brings one up to date with a later revision of it. IDs stay what they are; what people
 * wrote into rule files stays. Nothing is written here.
 *
 * @throws {ImportError} where there is nothing to import, or the codex has rule files that cannot be read.
 * @throws {MissingPrefixError}
 */
export async function importStandard(
  standard: Standard,
  codex: CodexTexts,
  options: ImportOptions,
): Promise<ImportResult> {
  const read =
    options.format === 'asciidoc'
      ? readAsciidoc(standard.documents, standard.named)
      : readMarkdown(standard.documents, standard.named, { everySection: options.prefix !== undefined });
  if (read.sections.length === 0) throw new ImportError([nothingFound(options), ...read.notes.slice(0, 1)].join('; '));
  const before = await filesOf(codex);
  const broken = before.codex.problems.find(({ file }) => file !== MANIFEST_PATH);
  // A rule that cannot be read may have any ID: it would be given away twice.
  if (broken) throw new ImportError(`the codex has a rule that cannot be read; mend it first: ${said(broken)}`);

  const docOf = (section: Pick<SourceSection, 'doc'>): string => sourceDoc(section.doc, options);
  const ledger = before.ledger ?? EMPTY_LEDGER;
  const prefix = options.prefix === undefined ? {} : { prefix: options.prefix };
  const { assignments, refusals } = matchSections(read.sections, before.codex.rules, ledger, { ...prefix, docOf });
  const docs = new Set([...standard.documents.keys()].map((doc) => docOf({ doc })));
  const plan = planImport({
    assignments,
    rules: before.codex.rules,
    textOf: ({ file }) => codex.get(file)!,
    isOurs: ({ id, source }) =>
      source?.quoteHash !== undefined &&
      (docs.has(source.doc) || (standard.whole && options.prefix !== undefined && id.startsWith(`${options.prefix}-`))),
    docOf,
    ...prefix,
    level: options.level,
    ...(options.rev === undefined ? {} : { rev: options.rev }),
  });

  const texts = new Map([...codex, ...plan.files]);
  const written = new Map(plan.files);
  const put = (path: string, text: string): void => {
    texts.set(path, text);
    written.set(path, text);
  };
  const title = read.title ?? options.name;
  if (!codex.has(MANIFEST_PATH)) put(MANIFEST_PATH, manifest(title));
  const rules = (await filesOf(texts)).codex.rules;
  const titles = new Map(read.sections.map(({ chapter }) => [chapter.slug, chapter.title]));
  for (const [path, text] of overviewPages({ title, rules, titles, pages: codex })) put(path, text);
  const after = await filesOf(texts);
  const wrong = after.codex.problems.find(({ file }) => written.has(file));
  if (wrong) throw new Error(`an imported rule cannot be read: ${said(wrong)}`);
  const update = updateLedger(after.codex.rules, settled(ledger, assignments, docOf));
  const ids = serializeIdLedger(update.ledger);
  if (ids !== codex.get(IDS_PATH)) written.set(IDS_PATH, ids);
  return {
    files: [...written].map(([path, text]) => ({ path, text })),
    rules: after.codex.rules,
    imported: assignments.length,
    changes: plan.changes,
    refusals,
    leftOut: read.leftOut ?? [],
    notes: [...read.notes, ...update.refused.map(({ id, file, kind }) => `${file}: ${id} is ${kind}; see codex ids`)],
  };
}

/**
 * The ledger with what matching found out, which it cannot know: that a section stands in another place now, and that one
 * that was gone is there again. Both are the rule they were.
 */
export function settled(
  ledger: IdLedger,
  assignments: readonly Assignment[],
  docOf: (section: SourceSection) => string,
): IdLedger {
  const ids: Record<string, IdEntry> = { ...ledger.ids };
  for (const { id, section } of assignments) {
    const entry = Object.hasOwn(ids, id) ? ids[id] : undefined;
    if (!entry) continue;
    const gone = entry.status === 'deprecated' || entry.status === 'superseded' || entry.status === 'removed';
    ids[id] = { ...entry, anchor: `${docOf(section)}#${section.anchor}`, ...(gone ? { status: 'trial' } : {}) };
  }
  return { ...ledger, ids };
}

function nothingFound({ format, prefix }: ImportOptions): string {
  if (format === 'asciidoc')
    return 'no rules found: no heading has a number or an ID as its anchor ([#148]) or a level ({MUST})';
  return prefix === undefined
    ? 'no rules found: no heading has an ID (RFC-021: ...) or a level (MUST); --prefix ABC takes every section'
    : 'no rules found: no section has text';
}

export async function filesOf(texts: CodexTexts): Promise<CodexFiles> {
  return await readCodex(memoryRepository(Object.fromEntries(texts), { limits: NO_LIMITS }), { origin: 'codex' });
}

/** What was read from the disk within limits is not measured again. */
const NO_LIMITS = { fileBytes: Number.MAX_SAFE_INTEGER, totalBytes: Number.MAX_SAFE_INTEGER };

/** What a document is called in the codex. */
export function sourceDoc(doc: string, { url, folder }: Pick<ImportOptions, 'url' | 'folder'>): string {
  if (url !== undefined) return url.replaceAll('{doc}', doc);
  return folder === undefined || folder === '' ? doc : `${folder}/${doc}`;
}

export function manifest(title: string): string {
  const name = slugOf(title) || 'engineering-codex';
  return `name: ${name}\ntitle: ${JSON.stringify(title)}\n`;
}

export function said({ file, line, message }: CodexProblem): string {
  return `${file}${line === undefined ? '' : `:${line}`}: ${message}`;
}
