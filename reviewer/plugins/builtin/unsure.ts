import { joinPath, parentDir } from '../../../facts/path-index.ts';
import type { RepoEntry } from '../../../forge/reader.ts';
import type { AgentDocument } from '../../../generator/documents/document.ts';
import type { AgentsMdResult } from '../../computed/agents-md.ts';
import type { PluginSubject } from '../plugin.ts';

export interface Doubt {
  readonly documents: readonly Pick<AgentDocument, 'path' | 'dir' | 'text'>[];
  readonly files: PluginSubject['files'];
  /** `undefined`: it failed. */
  readonly computed: Pick<AgentsMdResult, 'changes' | 'findings'> | undefined;
  readonly was: readonly RepoEntry[];
  readonly is: readonly RepoEntry[];
}

/**
 * What may have become false in documents although nothing computed says so, in words; `null`: nothing.
 *
 * - A document that the change itself edits: whether its new words are true cannot be computed.
 * - A fact of high materiality that changed, and that no finding accounts for: a document may speak of it in other words. One of medium or low
 *   materiality where a document holds its old value, or names its folder.
 * - A file that a document names, and that was touched: what is said of it need no longer hold.
 * - A folder that a document names, and in which something came, went or moved that was, or is now, directly in it: what is described as its
 *   content need no longer be. What happens further down does not count, or every new file below `src/` would.
 */
export function unsure({ documents, files, computed, was, is }: Doubt): string | null {
  if (computed === undefined) return 'nothing could be computed';
  const touched = new Set(files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])));
  const edited = documents.find(({ path }) => touched.has(path));
  if (edited) return `the change edits ${edited.path}`;
  const fact = untoldFact(computed, documents);
  if (fact !== null) return fact;
  const moved = movedWithin(files, was, is);
  for (const document of documents)
    for (const name of namedPaths(document)) {
      if (touched.has(name)) return `${document.path} names ${name}, which changed`;
      if (moved.has(name)) return `${document.path} names ${name}/, whose content changed`;
    }
  return null;
}

function untoldFact(
  { changes, findings }: Pick<AgentsMdResult, 'changes' | 'findings'>,
  documents: Doubt['documents'],
): string | null {
  const places = new Set(findings.flatMap(({ evidence }) => evidence.map(({ path, line }) => `${path}:${line}`)));
  const texts = documents.map(({ text }) => text.toLowerCase());
  const holds = (words: string) => words.length > 1 && texts.some((text) => text.includes(words.toLowerCase()));
  for (const { key, dir, from, materiality, evidence } of changes) {
    if (evidence.some(({ path, line }) => places.has(`${path}:${line}`))) continue;
    if (materiality === 'high') return `${key} changed, and nothing computed accounts for it`;
    if (holds(from ?? '') || holds(dir)) return `${key} changed, which a document speaks of`;
  }
  return null;
}

/** Folders that gained or lost something directly in them; the root is everybody's and none. */
function movedWithin(
  files: PluginSubject['files'],
  was: readonly RepoEntry[],
  is: readonly RepoEntry[],
): ReadonlySet<string> {
  const [before, after] = [foldersOf(was), foldersOf(is)];
  const moved = new Set<string>();
  for (const { path, from, status } of files) {
    if (status === 'modified') continue;
    for (const each of from === undefined ? [path] : [path, from])
      for (let child = each, dir = parentDir(each); dir !== ''; child = dir, dir = parentDir(dir))
        if (child === each || before.has(child) !== after.has(child)) moved.add(dir);
  }
  return moved;
}

function foldersOf(entries: readonly RepoEntry[]): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const { path } of entries)
    for (let dir = parentDir(path); dir !== '' && !folders.has(dir); dir = parentDir(dir)) folders.add(dir);
  return folders;
}

/** What may be a path: in code, or with a slash in it. From the root, also where the document speaks for a folder. */
function namedPaths({ text, dir }: Pick<AgentDocument, 'text' | 'dir'>): ReadonlySet<string> {
  const named = new Set<string>();
  for (const [, code, plain] of text.matchAll(NAMED)) {
    const path = (code ?? plain ?? '').replace(/^\.\//, '').replace(/(?:\/\*{1,2}|\/)+$|[.,:;]+$/g, '');
    if (path === '' || path.startsWith('/')) continue;
    named.add(path);
    const below = dir === '' ? undefined : joinPath(dir, path);
    if (below !== undefined) named.add(below);
  }
  return named;
}

const NAMED = /`([^`\s]{1,200})`|((?:[\w@.-]{1,100}\/){1,20}[\w@.*-]{0,100})/g;
