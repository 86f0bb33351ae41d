import { realpath } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { locateRepository } from '../forge/git/locate.ts';
import type { FileChange } from '../forge/history.ts';
import { memoryRepository } from '../forge/memory.ts';
import { isPlainPath } from '../forge/plain-path.ts';
import type { ReadLimits, RepoReader } from '../forge/reader.ts';
import { checkTarget, readerOfFile } from './check-target.ts';
import type { CommandInput } from './command.ts';
import type { Config } from './config/slices.ts';
import { UsageError } from './errors.ts';
import { ignoring, openTarget } from './open-target.ts';
import { printableLine } from './printable.ts';

/** What `codex check` was pointed at, opened. */
export interface CodexCheckTarget {
  readonly reader: RepoReader;
  /** The change that counts, with `--base` and `--staged`. */
  readonly change?: {
    readonly files: readonly FileChange[];
    readonly before: RepoReader;
    /** The branch it goes into. */
    readonly target: RepoReader;
  };
  /** A folder of the repository; absent where there is none around. */
  readonly repo?: string;
  /** The one file that counts, by its path from the root. */
  readonly file?: string;
  /** The folder below which findings count, by its path from the root; absent for the root. */
  readonly folder?: string;
  close(): Promise<void>;
}

/** @throws {UsageError} where options exclude each other or the file is not there. @throws {RepositoryError} */
export async function openCodexCheckTarget(input: CommandInput, config: Config): Promise<CodexCheckTarget> {
  const { argument, text, flag } = input;
  const given = argument('path') ?? '.';
  const [base, rev, stdinPath] = [text('base'), text('rev'), text('stdinPath')];
  if (base !== undefined && flag('staged')) throw new UsageError('--base and --staged exclude each other');
  if (rev !== undefined && flag('staged')) throw new UsageError('--rev and --staged exclude each other');
  if (given === '-') {
    if (base !== undefined || flag('staged'))
      throw new UsageError('text on stdin is no change: leave out --base and --staged');
    if (stdinPath === undefined) throw new UsageError('-: say with --stdin-path where the text would stand');
    return await openStdin(input, config, stdinPath);
  }
  if (stdinPath !== undefined) throw new UsageError('--stdin-path is for text on stdin: give - as the path');
  const target = await checkTarget(given, rev);
  if ('outside' in target) {
    if (base !== undefined || flag('staged'))
      throw new UsageError(`${printableLine(given)}: in no git repository, so it has no changes`);
    const { reader, document } = readerOfFile(target.outside);
    return { reader, file: document, close: () => reader.close() };
  }
  const opened = await openRepositoryOrChange(input, config, target.repo);
  if (target.document === undefined) {
    const folder = argument('path') === undefined ? '' : await folderOf(target.repo);
    return folder === '' ? opened : { ...opened, folder };
  }
  const file = target.document;
  if (!(await isFile(opened.reader, file))) {
    await opened.close();
    throw absent(file, opened.reader, rev);
  }
  return { ...opened, file };
}

/** Where a folder lies in the working tree around it; `''` for its root, and without one. */
async function folderOf(path: string): Promise<string> {
  const { worktree } = await locateRepository(path);
  return worktree === null
    ? ''
    : relative(await realpath(worktree), await realpath(path))
        .split(sep)
        .join('/');
}

async function openRepositoryOrChange(input: CommandInput, config: Config, repo: string): Promise<CodexCheckTarget> {
  const { text, flag } = input;
  const base = text('base');
  const { limits, ignore } = config.facts;
  if (base === undefined && !flag('staged')) {
    // Every file is read once: what was read is let go.
    const reader = await openTarget({ ...input, argument: () => repo }, config, { keep: false });
    return { reader, repo, close: () => reader.close() };
  }
  const { openChange, openStaged } = await import('../forge/git/change.ts');
  const change = flag('staged')
    ? await openStaged(repo, limits)
    : await openChange(repo, { base: base!, rev: text('rev'), limits });
  const without = async (reader: RepoReader): Promise<RepoReader> =>
    ignore.length === 0 ? reader : await ignoring(reader, ignore);
  const reader = await without(change.after);
  return {
    reader,
    repo,
    change: { files: change.files, before: await without(change.before), target: change.target },
    close: change.close,
  };
}

/** Text that is not in the repository yet, in the place where it would be. */
async function openStdin(input: CommandInput, config: Config, path: string): Promise<CodexCheckTarget> {
  // It need not be on the disk, just as with a revision.
  const target = await checkTarget(path, input.text('rev') ?? 'HEAD').catch((error: unknown) => {
    if (error instanceof UsageError) return { outside: path };
    throw error;
  });
  if ('repo' in target && target.document === undefined)
    throw new UsageError(`--stdin-path ${printableLine(path)}: a folder; name the file that the text would be`);
  const content = await buffer(process.stdin);
  const { limits } = config.facts;
  if ('outside' in target || target.document === undefined) {
    const file = basename(path);
    const reader = memoryRepository({ [file]: content }, { limits });
    return { reader, file, close: () => reader.close() };
  }
  const file = target.document;
  if (!isPlainPath(file)) throw new UsageError(`--stdin-path ${printableLine(path)}: no repository has such a path`);
  const around = await openTarget({ ...input, argument: () => target.repo }, config);
  return { reader: withFile(around, file, content, limits), file, close: () => around.close() };
}

/** A repository in which one file reads otherwise, within the same limits and rules. */
function withFile(reader: RepoReader, path: string, content: Buffer, limits: ReadLimits): RepoReader {
  const own = memoryRepository({ [path]: content }, { limits });
  const others = (paths: readonly string[]): readonly string[] => paths.filter((each) => each !== path);
  return {
    name: reader.name,
    commit: reader.commit,
    worktree: true,
    paths: async () => {
      const entries = (await reader.paths()).filter((entry) => entry.path !== path);
      return [...entries, ...(await own.paths())].sort((a, b) => (a.path < b.path ? -1 : 1));
    },
    read: async (paths) => {
      const answers = await reader.read(others(paths));
      return paths.includes(path) ? new Map([...answers, ...(await own.read([path]))]) : answers;
    },
    links: (paths) => reader.links(others(paths)),
    close: () => reader.close(),
  };
}

async function isFile(reader: RepoReader, file: string): Promise<boolean> {
  return (await reader.paths()).some(({ path, kind }) => path === file && (kind === 'file' || kind === 'executable'));
}

function absent(file: string, { worktree }: RepoReader, rev: string | undefined): UsageError {
  const path = printableLine(file);
  const why = worktree
    ? 'no file of the repository (a link, or git or facts.ignore leaves it out)'
    : `not in the repository at ${rev ?? 'HEAD'}`;
  return new UsageError(`${path}: ${why}`);
}
