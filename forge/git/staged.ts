import type { Listed } from '../bounded-reader.ts';
import type { FileChange } from '../history.ts';
import { isPlainPath } from '../plain-path.ts';
import type { ReadLimits, RepoReader } from '../reader.ts';
import { parseNameStatus } from './compare.ts';
import { kindOfMode } from './list-commit.ts';
import type { Repository } from './locate.ts';
import { objectReader } from './object-reader.ts';
import { forEachRecord, MAX_LISTING_BYTES } from './records.ts';
import { runGit } from './run.ts';

/** Reads what is staged for the next commit: the index and objects, never a file of the working tree. */
export function stagedReader(repository: Repository, head: string | null, limits: ReadLimits): RepoReader {
  return objectReader(repository, { commit: head, worktree: true, list: () => listIndex(repository), limits });
}

/** What is staged against a commit; against nothing, where there is none yet. @throws GitError */
export async function stagedChanges(repository: Repository, head: string | null): Promise<readonly FileChange[]> {
  if (head === null) return (await listIndex(repository)).map(({ path }) => ({ status: 'added', path }));
  const options = { dir: repository.dir, maxBytes: MAX_LISTING_BYTES };
  return parseNameStatus(await runGit([...DIFF, head, '--'], options));
}

/** `--cached`: objects are compared with the index, what is on disk is not looked at. */
const DIFF = [
  ...['diff-index', '--cached', '-r', '-z', '--name-status', '--no-ext-diff', '--no-textconv', '--no-relative'],
  ...['--no-color', '-M50%', '-l2000', '--end-of-options'],
];

/** Reads `MODE OID STAGE<TAB>PATH<NUL>` records; of a conflict the first stage counts. */
async function listIndex(repository: Repository): Promise<readonly Listed<string>[]> {
  const args = ['ls-files', '-z', '--stage', '--full-name'];
  const output = await runGit(args, { dir: repository.dir, maxBytes: MAX_LISTING_BYTES });
  const listed: Listed<string>[] = [];
  forEachRecord(output, (text) => {
    const tab = text.indexOf('\t');
    const [mode = '', oid = ''] = text.slice(0, tab).split(' ');
    const kind = kindOfMode(mode);
    const path = text.slice(tab + 1);
    if (kind !== null && isPlainPath(path)) listed.push({ path, kind, blob: oid });
  });
  return listed;
}
