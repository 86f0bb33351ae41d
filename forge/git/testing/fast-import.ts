import type { MemoryFile } from '../../memory.ts';

/** What a commit can hold at a path: see `MemoryFile`. A submodule points at a commit that is nowhere. */
export type TestFile = Exclude<MemoryFile, { readonly missing: true }>;

/** Files by name; as pairs where a name is not UTF-8. */
export type TestFiles = Readonly<Record<string, TestFile>> | Iterable<readonly [string | Uint8Array, TestFile]>;

export interface TestCommit {
  /** Added or changed on top of the first parent. */
  readonly files?: TestFiles;
  readonly deleted?: readonly string[];
  readonly message?: string;
  /** `Name <address>`. */
  readonly author?: string;
  /** Seconds since 1970; one minute after the commit before unless told. */
  readonly time?: number;
  /** Earlier commits by index from 0; the one before unless told. More than one makes a merge. */
  readonly parents?: readonly number[];
}

const TEST_AUTHOR = 'Test <test@example.com>';
const TEST_START = 1_700_000_000;

/** The input of `git fast-import` that makes the commits on refs/heads/main, in pieces of about 64 KB. */
export function* fastImport(commits: Iterable<TestCommit>): Generator<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  let at = 0;
  for (const commit of commits) {
    for (const piece of commitPieces(commit, at++)) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes < 64 << 10) continue;
      yield Buffer.concat(pieces, bytes);
      pieces = [];
      bytes = 0;
    }
  }
  pieces.push(Buffer.from('done\n'));
  yield Buffer.concat(pieces);
}

function* commitPieces(commit: TestCommit, index: number): Generator<Buffer> {
  const author = `${commit.author ?? TEST_AUTHOR} ${commit.time ?? TEST_START + index * 60} +0000`;
  const [first = index - 1, ...others] = commit.parents ?? [];
  yield Buffer.from(`commit refs/heads/main\nmark :${index + 1}\nauthor ${author}\ncommitter ${author}\n`);
  yield* data(Buffer.from(commit.message ?? `commit ${index}`));
  if (index > 0) yield Buffer.from(`from :${first + 1}\n`);
  for (const parent of others) yield Buffer.from(`merge :${parent + 1}\n`);
  for (const path of commit.deleted ?? []) yield Buffer.concat([Buffer.from('D '), quoted(path), LINE_END]);
  const files = commit.files ?? {};
  for (const [path, file] of isIterable(files) ? files : Object.entries(files)) yield* filePieces(path, file);
}

function* filePieces(path: string | Uint8Array, file: TestFile): Generator<Buffer> {
  const [mode, content] = modeAndContent(file);
  yield Buffer.concat([Buffer.from(`M ${mode} ${content === null ? NOWHERE : 'inline'} `), quoted(path), LINE_END]);
  if (content !== null) yield* data(content);
}

function modeAndContent(file: TestFile): [string, Buffer | null] {
  if (typeof file === 'string') return ['100644', Buffer.from(file)];
  if (file instanceof Uint8Array) return ['100644', Buffer.from(file)];
  if ('executable' in file) return ['100755', Buffer.from(file.executable)];
  if ('symlink' in file) return ['120000', Buffer.from(file.symlink)];
  return ['160000', null];
}

function* data(content: Buffer): Generator<Buffer> {
  yield Buffer.from(`data ${content.length}\n`);
  yield content;
  yield LINE_END;
}

/** C-style quotes, as git-fast-import(1) wants them for names with line ends or a leading quote. */
function quoted(path: string | Uint8Array): Buffer {
  const bytes = typeof path === 'string' ? Buffer.from(path) : Buffer.from(path);
  const text = bytes
    .toString('latin1')
    .replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`));
  return Buffer.from(`"${text}"`, 'latin1');
}

function isIterable(files: TestFiles): files is Exclude<TestFiles, Readonly<Record<string, TestFile>>> {
  return Symbol.iterator in files;
}

const LINE_END = Buffer.from('\n');
const NOWHERE = '1'.repeat(40);
