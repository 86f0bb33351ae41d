import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from './run.ts';

/** One file before and after a change. */
export interface Versions {
  readonly before: string;
  readonly after: string;
}

/** Which lines of a file a change touched. Lines count from 1, in the file as it is after the change. */
export interface TouchedLines {
  /** Lines that were added or altered, from and to, in order. */
  readonly added: readonly (readonly [from: number, to: number])[];
  /** Places where lines were taken out and none put in: behind this line; 0 is the beginning of the file. */
  readonly removed: readonly number[];
}

/**
 * What git says was touched (`diff -U0`), whatever attributes the repository gives its files. The texts are compared as
 * copies in a folder of our own, where no repository's configuration holds: git runs none of its filters there. How a line
 * ends makes no difference.
 */
export async function touchedLines(files: readonly Versions[]): Promise<readonly TouchedLines[]> {
  const differing = [...files.entries()].filter(([, { before, after }]) => before !== after);
  const found = files.map((): MutableLines => ({ added: [], removed: [] }));
  if (differing.length === 0) return found;
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-diff-'));
  try {
    mkdirSync(join(folder, 'a'));
    mkdirSync(join(folder, 'b'));
    for (const [at, { before, after }] of differing) {
      writeFileSync(join(folder, 'a', String(at)), oneLineEnd(before));
      writeFileSync(join(folder, 'b', String(at)), oneLineEnd(after));
    }
    const output = await runGit(DIFF, { dir: folder, env: nowhere(folder), codes: [0, 1] });
    readHunks(output.toString('utf8'), (at) => found[at]!);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

/** Whether a change touched something that stands on these lines: altered one of them, or took one out from between them. */
export function touches({ added, removed }: TouchedLines, line: number, endLine: number): boolean {
  return added.some(([from, to]) => from <= endLine && to >= line) || removed.some((at) => line <= at && at < endLine);
}

interface MutableLines {
  readonly added: [number, number][];
  readonly removed: number[];
}

/** No repository, even where temporary files lie in one, and nobody's configuration: hunks are the same on every machine. */
function nowhere(folder: string): Readonly<Record<string, string>> {
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
  ...['--unified=0', '--src-prefix=', '--dst-prefix=', '--', 'a', 'b'],
];

function oneLineEnd(text: string): string {
  const lines = text.replaceAll(/\r\n?/g, '\n');
  return lines === '' || lines.endsWith('\n') ? lines : `${lines}\n`;
}

/** Reads `diff --git a/N b/N` and, below it, `@@ -a,b +c,d @@`. Every line of content has a `+` or `-` before it. */
function readHunks(diff: string, of: (at: number) => MutableLines): void {
  let file: MutableLines | undefined;
  for (const line of diff.split('\n')) {
    const header = /^diff --git a\/(\d+) /.exec(line);
    if (header) file = of(Number(header[1]));
    const hunk = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk || !file) continue;
    const from = Number(hunk[1]);
    const added = Number(hunk[2] ?? 1);
    if (added > 0) file.added.push([from, from + added - 1]);
    else file.removed.push(from);
  }
}
