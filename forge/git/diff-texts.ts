import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RepositoryError } from './errors.ts';
import { runGit } from './run.ts';

/** One file before and after a change. */
export interface Versions {
  readonly before: string;
  readonly after: string;
}

/** Lines that a change touched, with those around them. Lines count from 1; a side without lines begins behind the line it names. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each with its sign before it: ` `, `+` or `-`. */
  readonly lines: readonly string[];
}

/**
 * What git says was touched, whatever attributes the repository gives its files. The texts are compared as copies in a repository of our
 * own, where no other one's configuration holds: git runs none of its filters there. How a line ends makes no difference.
 * That repository gets them in one stream, as thousands of files would keep the disk busy.
 *
 * @param context lines around what was touched.
 */
export async function diffTexts(files: readonly Versions[], context: number): Promise<readonly (readonly Hunk[])[]> {
  const differing = [...files.entries()].filter(([, { before, after }]) => before !== after);
  const found = files.map((): Hunk[] => []);
  if (differing.length === 0) return found;
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-diff-'));
  try {
    const dir = join(folder, 'git');
    for (const name of ['objects', 'refs']) mkdirSync(join(dir, name), { recursive: true });
    writeFileSync(join(dir, 'HEAD'), 'ref: refs/heads/a\n');
    const env = { ...nowhere(folder), GIT_DIR: dir };
    await runGit(IMPORT, { dir: folder, env, input: imported(differing) });
    const output = await runGit([...DIFF, `--unified=${context}`, 'refs/heads/a', 'refs/heads/b'], {
      dir: folder,
      env,
    });
    readHunks(output.toString('utf8'), (at) => found[at]!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

/** No repository, even where temporary files lie in one, and nobody's configuration: hunks are the same on every machine. */
export function nowhere(folder: string): Readonly<Record<string, string>> {
  return {
    GIT_DIR: join(folder, 'none'),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '0',
    GIT_ATTR_NOSYSTEM: '1',
    XDG_CONFIG_HOME: join(folder, 'none'),
  };
}

/** Nothing is kept: neither does it have to be small, nor to outlast a power cut. */
const IMPORT = [
  ...['-c', 'core.compression=0', '-c', 'core.fsync=none', '-c', 'fastimport.unpackLimit=1'],
  ...['fast-import', '--quiet', '--done', '--depth=0'],
];

const DIFF = [
  ...['diff-tree', '--patch', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--text'],
  ...['--src-prefix=a/', '--dst-prefix=b/'],
];

/** One commit of each side, with files that are named by their numbers. */
function* imported(files: readonly (readonly [number, Versions])[]): Generator<string> {
  for (const side of ['before', 'after'] as const) {
    yield `commit refs/heads/${side === 'before' ? 'a' : 'b'}\ncommitter a <a> 0 +0000\ndata 0\n`;
    for (const [at, versions] of files) {
      const text = oneLineEnd(versions[side]);
      yield `M 100644 inline ${at}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
    }
  }
  yield 'done\n';
}

function oneLineEnd(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
}

/** Reads `diff --git a/N b/N` and, below it, `@@ -a,b +c,d @@` with as many lines as that says. */
function readHunks(diff: string, of: (at: number) => Hunk[]): void {
  const all = diff.split('\n');
  let file: Hunk[] | undefined;
  for (let at = 0; at < all.length; ) {
    const header = /^diff --git a\/(\d+) /.exec(all[at]!);
    if (header) file = of(Number(header[1]));
    const found = hunkAt(all, at);
    if (found) file?.push(found.hunk);
    at = found?.end ?? at + 1;
  }
}

/**
 * The hunk that begins at a line of a diff, and the line behind it. It is read by the counts in its header, so that no content can pass
 * for one; remarks (`\ No newline at end of file`) between its lines are left out.
 *
 * @throws {RepositoryError} for a diff that ends before they do.
 */
export function hunkAt(diff: readonly string[], at: number): { readonly hunk: Hunk; readonly end: number } | undefined {
  const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(diff[at]!);
  if (!header) return undefined;
  const [oldStart, oldLines, newStart, newLines] = [header[1], header[2] ?? 1, header[3], header[4] ?? 1].map(
    Number,
  ) as [...[number, number, number, number]];
  const lines: string[] = [];
  let end = at + 1;
  for (let [old, now] = [oldLines, newLines]; old > 0 || now > 0; end++) {
    const line = diff[end];
    if (line === undefined)
      throw new RepositoryError('git-failed', 'git told a diff that ends in the middle of a hunk');
    if (line[0] === '\\') continue;
    lines.push(line);
    if (line[0] !== '+') old--;
    if (line[0] !== '-') now--;
  }
  return { hunk: { oldStart, oldLines, newStart, newLines, lines }, end };
}
