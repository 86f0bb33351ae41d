import type { RepoReader } from '../../forge/reader.ts';
import type { AgentDocument } from '../documents/document.ts';
import { outlineOf } from './bullets.ts';
import type { Ledger, LedgerFile } from './ledger.ts';
import { standings } from './match.ts';

/**
 * A reader for which the bullets that are ours are blank lines: a document that we wrote is no evidence for what it says.
 * Every other byte keeps its place.
 */
export function withoutOurs(
  reader: RepoReader,
  documents: readonly AgentDocument[],
  files: Ledger['files'],
): RepoReader {
  const blanked = new Map(
    documents.flatMap((document) => {
      const base = entryOf(document, files);
      return base === null || document.unparsed !== undefined ? [] : [[document.path, blank(document.text, base)]];
    }),
  );
  if (blanked.size === 0) return reader;
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: reader.worktree,
    paths: () => reader.paths(),
    links: (paths) => reader.links(paths),
    close: () => reader.close(),
    read: async (paths) => {
      const answers = await reader.read(paths);
      return new Map(
        [...answers].map(([path, read]) => {
          const text = blanked.get(path);
          return [path, read.ok && text !== undefined ? { ...read, text } : read];
        }),
      );
    },
  };
}

/** What was last merged into a document, under its own path or, where it was renamed or linked since, that of its link. */
export function entryOf(
  { path, aliases }: Pick<AgentDocument, 'path' | 'aliases'>,
  files: Ledger['files'],
): LedgerFile | null {
  for (const name of [path, ...aliases]) if (Object.hasOwn(files, name)) return files[name]!;
  return null;
}

function blank(text: string, { items }: LedgerFile): string {
  const outline = outlineOf(text);
  let result = text;
  for (const standing of standings(items, outline, new Map()).values()) {
    if (standing.kind !== 'ours') continue;
    const { start, end } = standing.bullet;
    result = result.slice(0, start) + result.slice(start, end).replaceAll(/[^\r\n]/g, ' ') + result.slice(end);
  }
  return result;
}
