import { git } from '../git.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';

/** `API_Entities_Diff`. */
export interface DiffEntity {
  readonly diff: string;
  /** Of 18.4 and later. */
  readonly collapsed?: boolean;
  readonly too_large?: boolean;
  readonly new_path: string;
  readonly old_path: string;
  readonly a_mode: string;
  readonly b_mode: string;
  readonly new_file: boolean;
  readonly renamed_file: boolean;
  readonly deleted_file: boolean;
  readonly generated_file: boolean;
}

/**
 * What changed from one commit to the other, renames found.
 * @param before `null`: from nothing.
 * @param paths Nothing but these; without any, everything.
 */
export async function presentDiffs(
  world: World,
  project: Project,
  before: string | null,
  after: string,
  paths: readonly string[] = [],
): Promise<DiffEntity[]> {
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', '-M', '--full-index'];
  const range = [before ?? EMPTY_TREE, after, '--', ...paths.map((path) => `:(literal)${path}`)];
  const raw = await git(project.gitDir, ['diff', ...options, '--raw', '-z', ...range]);
  const patch = await git(project.gitDir, ['diff', ...options, '--patch', ...range]);
  const texts = patch.toString('utf8').split(/^(?=diff --git )/m);
  const flags = world.atLeast('18.4') ? { collapsed: false, too_large: false } : {};
  let at = 0;
  return rawRecords(raw.toString('utf8')).map(({ patches, ...record }) => {
    const own = texts.slice(at, at + patches);
    at += patches;
    return { diff: hunksOf(own[0] ?? ''), ...flags, ...record };
  });
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

type RawRecord = Omit<DiffEntity, 'diff' | 'collapsed' | 'too_large'> & {
  /** Of a file that became a link, or the other way round, there are two: what it was goes, what it is comes. */
  readonly patches: 1 | 2;
};

function rawRecords(raw: string): RawRecord[] {
  const parts = raw.split('\0').filter(Boolean);
  const records: RawRecord[] = [];
  while (parts.length > 0) {
    const [, aMode = '', bMode = '', status = ''] = /^:(\d+) (\d+) \w+ \w+ (\w)/.exec(parts.shift() ?? '') ?? [];
    const oldPath = parts.shift() ?? '';
    const newPath = status === 'R' || status === 'C' ? (parts.shift() ?? '') : oldPath;
    records.push({
      new_path: newPath,
      old_path: oldPath,
      a_mode: aMode.replace(/^000000$/, '0'),
      b_mode: bMode.replace(/^000000$/, '0'),
      new_file: status === 'A',
      renamed_file: status === 'R',
      deleted_file: status === 'D',
      generated_file: false,
      patches: status === 'T' ? 2 : 1,
    });
  }
  return records;
}

/** From the first hunk on: the API leaves out what git writes above it. */
function hunksOf(text: string): string {
  const start = text.search(/^(@@ |Binary files )/m);
  return start < 0 ? '' : text.slice(start);
}
