import { diffCommits } from '../../forge/git/diff-commits.ts';
import type { DiffedFile } from '../../forge/git/diffed-file.ts';
import { RepositoryError } from '../../forge/git/errors.ts';
import { anchorsOf } from '../../forge/positions/anchors.ts';
import type { MergeRequestReview, ReviewState } from '../../forge/review-port.ts';
import type { Finding } from '../findings/finding.ts';
import type { AnchorOf } from './plan.ts';

/**
 * Where comments stand, by the newest version of the diff and by what the forge takes. It is asked only where that counts: for a file whose
 * diff may be too large for it, and for a finding that would stand on its file.
 *
 * @param repo a repository that has the commits. @throws {ForgeError}
 */
export async function anchorsFor(
  findings: readonly Finding[],
  { mergeRequest: { refs } }: ReviewState,
  repo: string,
  forge: Pick<MergeRequestReview, 'withoutLines' | 'takesFileNotes'>,
): Promise<AnchorOf> {
  const paths = new Set(findings.flatMap(({ path, evidence }) => [path, ...evidence.map((proof) => proof.path)]));
  const wanted = (file: Pick<DiffedFile, 'oldPath' | 'newPath'>) => paths.has(file.oldPath) || paths.has(file.newPath);
  let files: readonly DiffedFile[];
  try {
    files = await diffCommits(repo, refs.base, refs.head, wanted);
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    // Without the lines of that version nobody can say where a comment stands: the summary has it all.
    return () => ({ rung: 'general', why: 'not-in-diff' });
  }
  const large = files.filter((file) => wanted(file) && mayBeTooLarge(file)).map(({ newPath }) => newPath);
  const version = { files, refs, refused: large.length === 0 ? new Set<string>() : await forge.withoutLines(large) };
  const anchorOf = anchorsOf(version);
  const isOnFile = findings.some((finding) => anchorOf(finding).rung === 'file');
  return isOnFile && !(await forge.takesFileNotes()) ? anchorsOf({ ...version, fileNotes: false }) : anchorOf;
}

/** In bytes. GitLab lets nobody set less than 200 KiB (doc/administration/diff_limits.md); headers of hunks are not counted here. */
const ALWAYS_SHOWN = 180_000;

function mayBeTooLarge({ hunks }: DiffedFile): boolean {
  let bytes = 0;
  for (const { lines } of hunks) for (const line of lines) bytes += Buffer.byteLength(line) + 1;
  return bytes > ALWAYS_SHOWN;
}
