import { CatFile } from './cat-file.ts';
import { nowhere } from './diff-texts.ts';
import type { DiffedFile } from './diffed-file.ts';
import { GitError, RepositoryError } from './errors.ts';
import { locateRepository, type Repository } from './locate.ts';
import { type ParsedFile, parseDiff } from './parse-diff.ts';
import { resolveCommit } from './revision.ts';
import { runGit } from './run.ts';
import { makeStandIn } from './stand-in.ts';

/**
 * The diff of two commits as a forge makes it, for line numbers that have to be exactly those of the forge: git's defaults (Myers,
 * three lines around, renames from half of the content on), byte for byte. No configuration and no attributes shape it, neither the
 * machine's nor the repository's: git runs in an empty folder that has nothing of it but the objects.
 *
 * Unlike `diffTexts`, which compares what people see: there a change of line ends is none.
 *
 * @param base the merge base: nothing is looked for.
 * @param wanted of which files the old side's lines are wanted, too.
 * @throws RepositoryError where there is no such repository or revision, or content is missing (a partial clone).
 */
export async function diffCommits(
  path: string,
  base: string,
  head: string,
  wanted: (file: Pick<DiffedFile, 'oldPath' | 'newPath'>) => boolean = () => false,
): Promise<readonly DiffedFile[]> {
  const repository = await locateRepository(path);
  const [from, to] = await Promise.all([resolveCommit(repository, base), resolveCommit(repository, head)]);
  const files = await told(patches(repository, from, to), path, `${base} with ${head}`);
  const objects = new CatFile(repository);
  try {
    return await Promise.all(files.map((file) => (wanted(file) ? withOld(file, objects) : withoutId(file))));
  } finally {
    await objects.close();
  }
}

async function patches(repository: Repository, from: string, to: string): Promise<readonly ParsedFile[]> {
  const standIn = makeStandIn(repository);
  try {
    const env = { ...nowhere(standIn.env.GIT_DIR!), ...standIn.env };
    return parseDiff(await runGit([...DIFF, from, to, '--'], { dir: standIn.env.GIT_DIR!, env }));
  } finally {
    standIn.remove();
  }
}

const DIFF = [
  ...['diff-tree', '-r', '-z', '--raw', '--patch', '-M', '--unified=3', '--diff-algorithm=myers'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--no-relative', '--src-prefix=a/', '--dst-prefix=b/'],
];

async function told<T>(work: Promise<T>, path: string, what: string): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new RepositoryError('git-failed', `${path}: cannot compare ${what}: ${error.message}`, { cause: error });
  }
}

/** GitLab takes a larger blob for one without lines (lib/gitlab/blob_helper.rb). In bytes. */
const LARGEST_OLD = 1 << 20;

async function withOld(file: ParsedFile, objects: CatFile): Promise<DiffedFile> {
  const { status, content, oldId } = file;
  if (status === 'added' || content !== 'text') return withoutId(file);
  const about = await objects.info(oldId);
  if ('missing' in about || about.size > LARGEST_OLD) return withoutId(file);
  const blob = await objects.contents(oldId);
  if ('missing' in blob || blob.bytes === null) return withoutId(file);
  return { ...withoutId(file), old: linesOf(blob.bytes.toString('utf8')) };
}

function withoutId({ oldId: _, ...file }: ParsedFile): DiffedFile {
  return file;
}

/** As git counts: only `\n` ends a line. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
