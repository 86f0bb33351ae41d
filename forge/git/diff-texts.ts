import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
 * What git says was touched, whatever attributes the repository gives its files. The texts are compared as copies in a folder of our
 * own, where no repository's configuration holds: git runs none of its filters there. How a line ends makes no difference.
 *
 * @param context lines around what was touched.
 */
export async function diffTexts(files: readonly Versions[], context: number): Promise<readonly (readonly Hunk[])[]> {
  const differing = [...files.entries()].filter(([, { before, after }]) => before !== after);
  const found = files.map((): Hunk[] => []);
  if (differing.length === 0) return found;
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-diff-'));
  try {
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    for (const [at, { before, after }] of differing) {
      writeFileSync(join(folder, 'a', String(at)), oneLineEnd(before));
      writeFileSync(join(folder, 'b', String(at)), oneLineEnd(after));
    }
    const command = [...DIFF, `--unified=${context}`, '--', 'a', 'b'];
    const output = await runGit(command, { dir: folder, env: nowhere(folder), codes: [0, 1] });
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

const DIFF = [
  ...['diff', '--no-index', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--text'],
  ...['--src-prefix=', '--dst-prefix='],
];

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
    if (line === undefined) throw new Error('a diff that ends in the middle of a hunk');
    if (line[0] === '\\') continue;
    lines.push(line);
    if (line[0] !== '+') old--;
    if (line[0] !== '-') now--;
  }
  return { hunk: { oldStart, oldLines, newStart, newLines, lines }, end };
}
