import type { RepoEntry, RepoReader } from './reader.ts';

/** A reader for which the paths that are hidden are not there. */
export function hiding(reader: RepoReader, hides: (path: string) => boolean): RepoReader {
  let paths: Promise<readonly RepoEntry[]> | undefined;
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    paths: () => {
      paths ??= reader.paths().then((entries) => entries.filter(({ path }) => !hides(path)));
      return paths;
    },
    read: async (wanted) => {
      const answers = await reader.read(wanted.filter((path) => !hides(path)));
      return new Map(wanted.map((path) => [path, answers.get(path) ?? { ok: false, reason: 'absent' }]));
    },
    links: (wanted) => reader.links(wanted.filter((path) => !hides(path))),
    close: () => reader.close(),
  };
}
