import type { FileRead, RepoEntry, RepoReader } from '../../../forge/reader.ts';
import { kindOf } from '../../../generator/documents/find.ts';

/** Texts of agent documents by their path. */
export type Documents = ReadonlyMap<string, string>;

/** A repository in which these are the only agent documents. */
export function onlyDocuments(reader: RepoReader, documents: Documents): RepoReader {
  return overlaid(reader, documents, (path) => kindOf(path) !== undefined);
}

/** A repository in which these documents, of those that are there, read otherwise. */
export function otherDocuments(reader: RepoReader, documents: Documents): RepoReader {
  return overlaid(reader, documents, () => false);
}

function overlaid(reader: RepoReader, documents: Documents, hides: (path: string) => boolean): RepoReader {
  let entries: Promise<readonly RepoEntry[]> | undefined;
  const isHidden = (path: string): boolean => hides(path) || documents.has(path);
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    paths: () => {
      entries ??= reader.paths().then((all) => {
        const own = [...documents.keys()].map((path): RepoEntry => ({ path, kind: 'file' }));
        return [...all.filter(({ path }) => !isHidden(path)), ...own].sort((a, b) => (a.path < b.path ? -1 : 1));
      });
      return entries;
    },
    read: async (paths) => {
      const answers = await reader.read(paths.filter((path) => !isHidden(path)));
      return new Map(
        paths.map((path): [string, FileRead] => {
          const text = documents.get(path);
          if (text !== undefined) return [path, { ok: true, text, invalidUtf8: false }];
          return [path, answers.get(path) ?? { ok: false, reason: 'absent' }];
        }),
      );
    },
    links: (paths) => reader.links(paths.filter((path) => !isHidden(path))),
    // Its owner closes the repository below.
    close: async () => {},
  };
}
