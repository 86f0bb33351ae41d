import type { ChangeSet } from '../../forge/history.ts';

/** What follows the name proper: `.test.ts`, `_test.go`, `.ts`. */
const SUFFIX = /(?:[._-](?:test|tests|spec|stories|d|gen|pb|snap))?\.[^./]+$/;

/** The pattern that a file is one of: `jobs/*.ts`. */
export function patternOf(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}*${SUFFIX.exec(path.slice(slash))?.[0] ?? ''}`;
}

/** Tests come with what they test: it is the source that decides what else has to change. */
export function isTest(pattern: string): boolean {
  return /[._-](?:test|tests|spec|snap)\.[^./]+$/.test(pattern);
}

/** A file's or folder's name without what follows it: what another file calls it. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(SUFFIX, '');
  return stem === '' ? name : stem;
}

/** Which folders there are, going back in time. */
export interface Tree {
  /** Goes back before a change. */
  undo(change: ChangeSet): void;
  has(folder: string): boolean;
}

/** The folders of these paths. */
export function existing(paths: readonly string[]): Tree {
  const files = new Map<string, number>();
  const count = (path: string, by: number): void => {
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const folder = path.slice(0, at);
      files.set(folder, (files.get(folder) ?? 0) + by);
    }
  };
  for (const path of paths) count(path, 1);
  return {
    undo: ({ added, deleted }) => {
      for (const path of added) count(path, -1);
      for (const path of deleted) count(path, 1);
    },
    has: (folder) => (files.get(folder) ?? 0) > 0,
  };
}

/** `packages/*` and a slash where a file came with a folder that was not there before, in one that was. */
export function newFolder(path: string, before: Tree): string | undefined {
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
    if (before.has(path.slice(0, at))) continue;
    const parent = path.slice(0, path.lastIndexOf('/', at - 1) + 1);
    return `${parent}*/`;
  }
  return undefined;
}
