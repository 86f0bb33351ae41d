import type { FileRead, RepoEntry, RepoReader } from '../../forge/reader.ts';
import type { Tool } from '../port.ts';
import { DEFAULT_TOOL_LIMITS, type ToolLimits } from './limits.ts';
import { listTool } from './list.ts';
import { isGitFolder, partsOf } from './path.ts';
import { readTool } from './read.ts';
import { Refused } from './refusals.ts';
import type { Names, Place, Sight } from './sight.ts';

/**
 * `list` and `read` for whatever a reader reads: a commit, a folder, or a project of a forge, of which there need be nothing on this
 * machine. There is no search: a forge would be asked for every file. Links are listed and not followed.
 */
export async function openReaderTools(
  reader: Pick<RepoReader, 'paths' | 'read'>,
  given: Partial<ToolLimits> = {},
): Promise<readonly Tool[]> {
  const limits = { ...DEFAULT_TOOL_LIMITS, ...given };
  const [z, entries] = await Promise.all([import('zod'), reader.paths()]);
  const files = entries.flatMap(({ path, kind }) => (kind === 'file' || kind === 'executable' ? [path] : []));
  const sight = new ReaderSight(reader, entries);
  return [listTool(z, sight, async () => files, limits), readTool(z, sight, limits)];
}

/** What a reader sees, for the tools. */
class ReaderSight implements Sight {
  readonly #reader: Pick<RepoReader, 'read'>;
  /** Names of what a folder holds, as the tools show them, by its path. */
  readonly #folders = new Map<string, Set<string>>([['', new Set()]]);
  readonly #kinds = new Map<string, RepoEntry['kind']>();

  constructor(reader: Pick<RepoReader, 'read'>, entries: readonly RepoEntry[]) {
    this.#reader = reader;
    for (const { path, kind } of entries) {
      const parts = path.split('/');
      if (parts.some(isGitFolder)) continue;
      this.#kinds.set(path, kind);
      for (let depth = parts.length; depth > 0; depth--) {
        const mark = depth < parts.length || kind === 'submodule' ? '/' : kind === 'symlink' ? '@' : '';
        this.#namesIn(parts.slice(0, depth - 1).join('/')).add(`${parts[depth - 1]}${mark}`);
      }
    }
  }

  /** @throws Refused */
  resolve(asked: string): Place {
    const path = partsOf(asked).join('/');
    const isFolder = this.#folders.has(path) || this.#kinds.get(path) === 'submodule';
    if (!isFolder && !this.#kinds.has(path)) throw new Refused('not-found', asked);
    return { path, isFolder };
  }

  /** @throws Refused */
  async read({ path, isFolder }: Place, mostBytes: number): Promise<Buffer> {
    if (isFolder) throw new Refused('not-a-file', path);
    const read = (await this.#reader.read([path])).get(path);
    if (!read?.ok) throw refusalOf(path, read);
    const bytes = Buffer.from(read.text);
    if (bytes.length > mostBytes) throw new Refused('too-large', `${path}: ${bytes.length} bytes`);
    return bytes;
  }

  /** @throws Refused */
  names({ path, isFolder }: Place, most: number): Names {
    if (!isFolder) throw new Refused('not-a-folder', path);
    const names = [...this.#namesIn(path)].sort();
    return { names: names.slice(0, most), more: names.length > most };
  }

  #namesIn(folder: string): Set<string> {
    const known = this.#folders.get(folder) ?? new Set();
    this.#folders.set(folder, known);
    return known;
  }
}

function refusalOf(path: string, read: FileRead | undefined): Refused {
  if (read === undefined || read.ok || read.reason === 'absent') return new Refused('not-found', path);
  switch (read.reason) {
    case 'too-large':
    case 'over-budget':
      return new Refused('too-large', path);
    case 'binary':
    case 'lfs-pointer':
      return new Refused(read.reason, path);
    case 'not-a-file':
      return new Refused('not-a-file', path);
    default:
      return new Refused('failed', path);
  }
}
