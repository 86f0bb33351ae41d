import { realpathSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { cacheFolder } from '../codex/cache.ts';
import {
  FEEDBACK_BRANCH,
  FEEDBACK_PATH,
  type Feedback,
  FeedbackError,
  MOST_FEEDBACK_BYTES,
  parseFeedback,
} from '../codex/feedback.ts';
import { RepositoryError } from '../forge/git/errors.ts';
import { locateRepository } from '../forge/git/locate.ts';
import { isRemoteAddress } from '../forge/git/remote-address.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { besideConfig } from './open-codex.ts';
import { printableLine } from './printable.ts';

/** `codex.feedback` for the branch of the codex' own repository. */
export const ON_BRANCH = 'branch';

/**
 * How the rules of the configured codex fare, as `codex.feedback` says. What is not there, or cannot be used, is told, and then
 * nothing is known of any rule. A codex that the command line names has none.
 *
 * @param reviewed the repository that is judged: nothing in it counts, or a change would choose what it is judged by.
 */
export async function feedbackFor(
  { text, out }: Pick<CommandInput, 'text' | 'out'>,
  { file, values: { codex } }: Pick<LoadedConfig, 'file' | 'values'>,
  reviewed: string | null = null,
): Promise<Feedback | undefined> {
  const { feedback } = codex;
  if (feedback === '' || codex.from === 'none' || text('codex') !== undefined) return undefined;
  try {
    const written =
      feedback === ON_BRANCH ? await textOnBranch(codex.from) : await textOf(besideConfig(feedback, file), reviewed);
    return await parseFeedback(written, Date.now());
  } catch (error) {
    if (!(error instanceof FeedbackError || error instanceof RepositoryError || isOfDisk(error))) throw error;
    out.warn(`codex.feedback: ${printableLine(error.message)}; every rule counts in full`);
    return undefined;
  }
}

async function textOnBranch(from: string): Promise<string> {
  if (!isRemoteAddress(from)) throw new FeedbackError(`${ON_BRANCH}: codex.from is no address of a git repository`);
  const cache = cacheFolder(process.env);
  if (cache === undefined) throw new FeedbackError('no place for a copy; set AGENTSMD_CACHE_DIR to a folder');
  const [{ fetchRevision }, { openRepository }] = await Promise.all([
    import('../forge/git/fetch-revision.ts'),
    import('../forge/git/open.ts'),
  ]);
  const place = { address: from, rev: FEEDBACK_BRANCH, mirrors: join(cache, 'git') };
  const { gitDir, commit } = await fetchRevision(place);
  const limits = { fileBytes: MOST_FEEDBACK_BYTES, totalBytes: 2 * MOST_FEEDBACK_BYTES };
  const reader = await openRepository(gitDir, { rev: commit, limits });
  try {
    const read = (await reader.read([FEEDBACK_PATH])).get(FEEDBACK_PATH)!;
    if (read.ok) return read.text;
    throw new FeedbackError(`${FEEDBACK_PATH} on ${FEEDBACK_BRANCH}: ${read.detail ?? read.reason}`);
  } finally {
    await reader.close();
  }
}

async function textOf(path: string, reviewed: string | null): Promise<string> {
  const real = realpathSync(path);
  const worktree = reviewed === null ? null : (await locateRepository(reviewed)).worktree;
  if (worktree !== null && isWithin(realpathSync(worktree), real))
    throw new FeedbackError(`${path}: lies in the repository that is reviewed, and is not read`);
  const handle = await open(real);
  try {
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(MOST_FEEDBACK_BYTES + 1) });
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && way !== path;
}

function isOfDisk(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}
