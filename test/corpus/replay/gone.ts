import { parentDir } from '../../../facts/path-index.ts';
import type { FileChange } from '../../../forge/history.ts';
import type { RepoEntry } from '../../../forge/reader.ts';
import type { AgentDocument } from '../../../generator/documents/document.ts';

/** A line that names, letter by letter, a path that a merge took away. */
export interface GoneName {
  readonly path: string;
  readonly line: number;
  readonly quote: string;
  /** The path that is gone. */
  readonly gone: string;
}

/**
 * Lines of documents that still name a file or folder that a change took away or gave another name. A search for the text and nothing
 * more, so that what a review says can be held against something that knows none of its rules; names without a slash are words.
 */
export function goneNames(
  files: readonly FileChange[],
  now: readonly RepoEntry[],
  documents: readonly AgentDocument[],
): readonly GoneName[] {
  const present = new Set<string>();
  for (const { path } of now) for (let at = path; at !== '' && !present.has(at); at = parentDir(at)) present.add(at);
  const gone = new Set<string>();
  for (const { status, path, from } of files) {
    const old = status === 'renamed' ? from : status === 'deleted' ? path : undefined;
    for (let at = old ?? ''; at !== '' && !present.has(at); at = parentDir(at)) gone.add(at);
  }
  const named = [...gone].filter((path) => path.includes('/'));
  return documents.flatMap(({ path, dir, text }) => {
    const patterns = named.flatMap((each) => {
      const own = dir !== '' && each.startsWith(`${dir}/`) ? each.slice(dir.length + 1) : each;
      return text.includes(own) && own.includes('/') ? [{ gone: each, pattern: whole(own) }] : [];
    });
    if (patterns.length === 0) return [];
    return text.split('\n').flatMap((quote, at) => {
      const found = patterns.find(({ pattern }) => pattern.test(quote));
      return found ? [{ path, line: at + 1, quote, gone: found.gone }] : [];
    });
  });
}

function whole(path: string): RegExp {
  return new RegExp(`(?<![\\w/-]|\\w\\.)${RegExp.escape(path)}(?![\\w-]|/\\w|\\.\\w)`);
}
