import { type Admit, boundedReader, type Listed, type Refusal } from './bounded-reader.ts';
import { isPlainPath } from './plain-path.ts';
import { DEFAULT_READ_LIMITS, type EntryKind, type ReadLimits, type RepoReader } from './reader.ts';

/**
 * What stands at a path: text, bytes, or something special. `missing` is a file whose content is not there, as in a
 * partial clone.
 */
export type MemoryFile =
  | string
  | Uint8Array
  | { readonly executable: string }
  | { readonly symlink: string }
  | { readonly submodule: true }
  | { readonly missing: true };

export interface MemoryOptions {
  /** `memory` unless told. */
  readonly name?: string;
  /** The commit it is read at; without one it is a working tree with no commit yet. */
  readonly commit?: string;
  readonly limits?: ReadLimits;
  /** See `RepoReader.read`. Default: on. */
  readonly keep?: boolean;
}

/**
 * A repository held in memory: the port's test implementation, under the same rules as the real ones.
 *
 * @throws Error for paths that no git repository can hold (`/a`, `a//b`, `..`, `.git/x`, `a` beside `a/b`).
 * @example const reader = memoryRepository({ 'package.json': '{}', bin: { symlink: 'dist/bin' } }, { commit: 'c1' });
 */
export function memoryRepository(files: Readonly<Record<string, MemoryFile>>, options: MemoryOptions = {}): RepoReader {
  const listed = Object.entries(files).map(([path, file]) => ({ path, kind: kindOf(file), blob: contentOf(file) }));
  assertPossible(listed.map((entry) => entry.path));
  return boundedReader<Buffer | null>(
    {
      name: options.name ?? 'memory',
      commit: options.commit ?? null,
      worktree: options.commit === undefined,
      list: async (): Promise<Listed<Buffer | null>[]> => listed,
      fetch: async (blobs, admit) => blobs.map((blob) => fetchOne(blob, admit)),
      readLinks: async (blobs) => blobs.map((blob) => blob?.toString('utf8')),
      close: async () => {},
    },
    options.limits ?? DEFAULT_READ_LIMITS,
    options.keep,
  );
}

function kindOf(file: MemoryFile): EntryKind {
  if (typeof file === 'string' || file instanceof Uint8Array || 'missing' in file) return 'file';
  if ('executable' in file) return 'executable';
  return 'symlink' in file ? 'symlink' : 'submodule';
}

function contentOf(file: MemoryFile): Buffer | null {
  if (typeof file === 'string') return Buffer.from(file);
  if (file instanceof Uint8Array) return Buffer.from(file);
  if ('symlink' in file) return Buffer.from(file.symlink);
  return 'executable' in file ? Buffer.from(file.executable) : null;
}

function fetchOne(blob: Buffer | null, admit: Admit): Buffer | Refusal {
  if (blob === null) return { ok: false, reason: 'missing-blob' };
  return admit(blob.length) ?? blob;
}

function assertPossible(paths: readonly string[]): void {
  const known = new Set(paths);
  for (const path of paths) {
    if (!isPlainPath(path)) throw new Error(`memoryRepository: no repository can hold the path "${path}"`);
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) {
      const parent = path.slice(0, at);
      if (known.has(parent)) throw new Error(`memoryRepository: "${parent}" is a file and the folder of "${path}"`);
    }
  }
}
