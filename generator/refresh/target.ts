import { joinPath } from '../../facts/path-index.ts';
import type { FileRead, RepoReader, Unreadable } from '../../forge/reader.ts';
import type { AgentDocument, UnreadDocument } from '../documents/document.ts';
import { type FoundDocuments, kindOf } from '../documents/find.ts';
import { documentOf } from '../documents/parse.ts';
import { spansOf } from '../documents/spans.ts';
import { conflictLine, generatedBy } from './foreign.ts';

/** The document that speaks for a folder, and whether it may be written. */
export type Target =
  /** There is none yet. */
  | { readonly kind: 'absent'; readonly path: string }
  | { readonly kind: 'document'; readonly document: AgentDocument; readonly bom: boolean }
  /** Somebody else's to write: nothing is done, and that is fine. */
  | { readonly kind: 'left'; readonly path: string; readonly line: number; readonly reason: string };

/** A document that must not be rewritten as it is. Exit code 2 where its owner can mend that, 3 where it could not be read. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly exitCode: 2 | 3;

  constructor(message: string, exitCode: 2 | 3 = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Finds the document of a folder: its AGENTS.md (`AGENT.md`, `agents.md`), behind whichever link; where there is none, or it only points there, the
 * document that people wrote instead.
 *
 * @throws {DocumentError} for a file that cannot be rewritten without harm.
 */
export async function targetOf(dir: string, found: FoundDocuments, reader: RepoReader): Promise<Target> {
  const path = dir === '' ? 'AGENTS.md' : `${dir}/AGENTS.md`;
  const own = found.documents.filter((document) => document.dir === dir);
  const named = own.find((document) => isNamed(document, path));
  const other = own.find(({ kind }) => kind === 'agents');
  const unread = found.unread.find((each) => each.path === path);
  if (!named && unread) {
    const read = (await reader.read([path])).get(path);
    throw unreadable(path, unread, read?.ok === false ? read.reason : undefined);
  }
  const document = named ?? other ?? own.find(({ kind, path }) => kind === 'claude' && !/\.local\.md$/.test(path));
  if (!document) return { kind: 'absent', path };
  return await settled(document, found, reader, 0);
}

function isNamed({ path, aliases }: AgentDocument, name: string): boolean {
  return path === name || aliases.includes(name);
}

/** Pointers that point at pointers are followed this often. */
const MOST_POINTERS = 3;

async function settled(
  document: AgentDocument,
  found: FoundDocuments,
  reader: RepoReader,
  depth: number,
): Promise<Target> {
  const { path } = document;
  const read = (await reader.read([path])).get(path);
  assertRewritable(document, read);
  const generated = generatedBy(document.tree, document.text);
  if (generated)
    return { kind: 'left', path, line: generated.line, reason: `another tool writes it ("${generated.said}")` };
  const pointer = await pointerOf(document, found, reader);
  if (pointer) {
    const other = found.documents.find((each) => isNamed(each, pointer.to));
    if (other && other.path !== path && depth < MOST_POINTERS) return await settled(other, found, reader, depth + 1);
    return { kind: 'left', path, line: pointer.line, reason: `it only points at ${pointer.to}` };
  }
  return { kind: 'document', document, bom: read?.ok === true && read.bom === 'utf-8' };
}

function assertRewritable({ path, text, faithful, unparsed }: AgentDocument, read: FileRead | undefined): void {
  if (read?.ok === true && read.bom !== undefined && read.bom !== 'utf-8')
    throw new DocumentError(`${path}: in ${read.bom.toUpperCase()}, which is not rewritten; save it as UTF-8`);
  if (!faithful) throw new DocumentError(`${path}: not valid UTF-8, so it would not survive; save it as UTF-8`);
  if (unparsed !== undefined) throw new DocumentError(`${path}: ${unparsed}, so it is not refreshed; make it shorter`);
  const conflict = conflictLine(text);
  if (conflict !== undefined)
    throw new DocumentError(`${path}:${conflict}: an unresolved merge conflict; resolve it first`);
}

function unreadable(
  path: string,
  { cause, reason: detail }: UnreadDocument,
  reason: Unreadable | undefined,
): DocumentError {
  if (cause === 'dead-link' || cause === 'far-link')
    return new DocumentError(`${path}: ${detail}, so it is not refreshed; remove the link, or make it a regular file`);
  const failed = reason === 'missing-blob' || reason === 'over-budget' || reason === 'lfs-pointer';
  return failed
    ? new DocumentError(`${path}: could not be read (${detail}), so it is not refreshed`, 3)
    : new DocumentError(`${path}: ${detail}, so it is not refreshed; move it away, or make it a text file`);
}

/** More words than this say something themselves, and so does a document with sections. */
const MOST_WORDS = 30;
const SENDS =
  /(?:^|[\s(])@[\w./-]+\.\w|\b(?:read|see|refer|follow|consult|use|check|instructions|guid\w+|source of truth|symlink|moved|lives?|kept|maintained|found|documented|defined)\b/i;

/** A bullet that names no document says something itself. */
const BULLET = /^\s*(?:[-*+]|\d+[.)])\s/;
const NAMES = /@[\w./-]+\.\w|\]\(|\.(?:md|mdx|mdc|rst|adoc|txt)\b/i;

/** The document that a short one sends its readers to: `@CLAUDE.md`, a link, "Read `docs/agents.md` first". */
async function pointerOf(
  document: AgentDocument,
  found: FoundDocuments,
  reader: Pick<RepoReader, 'paths'>,
): Promise<{ readonly to: string; readonly line: number } | undefined> {
  const { text, tree } = document;
  const headings = tree.children.filter(({ type }) => type === 'heading').length;
  const said = text.replaceAll(/<!--[\s\S]*?-->|^#.*$/gm, ' ');
  const words = said.match(/\S+/g)?.length ?? 0;
  if (headings > 1 || words === 0 || words > MOST_WORDS || !SENDS.test(said)) return undefined;
  if (said.split('\n').some((line) => BULLET.test(line) && !NAMES.test(line))) return undefined;
  const named = await namedDocuments(document, reader);
  const others = named.filter(({ path }) => path !== document.path && !document.aliases.includes(path));
  const to = others.find(({ path }) => found.documents.some((each) => isNamed(each, path))) ?? others[0];
  return to && { to: to.path, line: to.line };
}

const IMPORT = /(?<![\w`])@((?:[\w.-]+\/)*[\w.-]+\.(?:md|mdx|mdc|txt))\b/g;
const PLAIN = /(?<![\w@/])((?:[\w.-]+\/)*[\w-][\w.-]*\.(?:md|mdx|mdc|rst|adoc|txt))\b/g;

/** The documents of the repository that one names: as an import, a link, or by their path. */
export async function namedDocuments(
  document: AgentDocument,
  reader: Pick<RepoReader, 'paths'>,
): Promise<readonly { readonly path: string; readonly line: number }[]> {
  const files = new Set((await reader.paths()).map(({ path }) => path));
  const named = new Map<string, number>();
  for (const { kind, text, line } of spansOf(document)) {
    if (kind === 'block' || kind === 'html') continue;
    const names =
      kind === 'link'
        ? [text.replace(/[?#].*$/, '')]
        : [...text.matchAll(IMPORT), ...text.matchAll(PLAIN)].map((match) => match[1]!);
    for (const name of names) {
      const path = [joinPath(document.dir, name), joinPath('', name)].find(
        (each) => each !== undefined && files.has(each) && (DOCUMENT.test(each) || kindOf(each) !== undefined),
      );
      if (path !== undefined && path !== document.path && !named.has(path)) named.set(path, line);
    }
  }
  return [...named].map(([path, line]) => ({ path, line }));
}

const DOCUMENT = /\.(?:md|mdx|mdc|rst|adoc|txt)$/;

/** Texts that are no agent documents, parsed as if they were: what one points at speaks for it. */
export async function documentsAt(paths: readonly string[], reader: RepoReader): Promise<readonly AgentDocument[]> {
  return [...(await reader.read(paths))].flatMap(([path, read]) => (read.ok ? [documentOf(read.text, { path })] : []));
}
