import { CatFile } from '../../../forge/git/cat-file.ts';
import { diffCommits } from '../../../forge/git/diff-commits.ts';
import type { DiffedFile } from '../../../forge/git/diffed-file.ts';
import { locateRepository, type Repository } from '../../../forge/git/locate.ts';
import { resolveCommit } from '../../../forge/git/revision.ts';
import { runGit } from '../../../forge/git/run.ts';
import { anchorsOf } from '../../../forge/positions/anchors.ts';
import { type FileTable, fileTable } from '../../../forge/positions/file-table.ts';
import { linelessOf } from '../../../forge/positions/lineless.ts';
import { checkPosition, type DiffFile } from './check.ts';

/** A line of one side, and what a mapping of it to a position is held against. */
export interface AskedLine {
  readonly file: DiffedFile;
  readonly side: 'new' | 'old';
  readonly line: number;
  readonly text: string;
  readonly kind: LineKind;
  /** Whether the server takes exactly these numbers. */
  accepts(lines: { readonly old_line?: number; readonly new_line?: number }): boolean;
}

export const LINE_KINDS = ['added', 'removed', 'unchanged', 'outside'] as const;
export type LineKind = (typeof LINE_KINDS)[number];

export interface Outcome {
  readonly counts: Readonly<Record<LineKind, number>>;
  /** What the server refused, or took for another line, or where both sides' texts differ. */
  readonly wrong: readonly string[];
  /** Lines that GitLab's parser numbers otherwise than git does. */
  readonly quirks: number;
  /** Lines that could not be placed though they are there, all of them lost by that parser. */
  readonly hidden: number;
}

const REFS = { base: 'b'.repeat(40), start: 'c'.repeat(40), head: 'd'.repeat(40) };
const SENT = { base_sha: REFS.base, start_sha: REFS.start, head_sha: REFS.head };

/**
 * Places every line of both sides of two commits' hunks, and the first, middle and last line of what lies between them, and asks the
 * server's own routine of each, which gets its diff as the server does: from git, for the two paths of the file. Texts are those of
 * the blobs: a quote that does not stand where it is said to stand is found out.
 *
 * @param ask is told each line, to try another mapping on it.
 * @throws RepositoryError where content is missing.
 */
export async function everyLine(
  dir: string,
  base: string,
  head: string,
  ask: (line: AskedLine) => void = () => {},
): Promise<Outcome> {
  const repository = await locateRepository(dir);
  const [from, to] = await Promise.all([resolveCommit(repository, base), resolveCommit(repository, head)]);
  const files = await diffCommits(dir, from, to, () => true);
  const objects = new CatFile(repository);
  try {
    return await asked(files, ask, (file) => truthOf(file, from, to, repository, objects));
  } finally {
    await objects.close();
  }
}

/** A file as git alone tells it. */
interface Truth {
  readonly texts: Texts;
  readonly served: DiffFile;
}

async function asked(
  files: readonly DiffedFile[],
  ask: (line: AskedLine) => void,
  truthOf: (file: DiffedFile) => Promise<Truth>,
): Promise<Outcome> {
  const resolveAnchor = anchorsOf({ files, refs: REFS });
  const counts = { added: 0, removed: 0, unchanged: 0, outside: 0 };
  const wrong: string[] = [];
  let [quirks, hidden] = [0, 0];
  for (const file of files) {
    if (linelessOf(file) !== null) continue;
    const { texts, served } = await truthOf(file);
    const table = fileTable(file);
    wrong.push(...unequal(table, texts).map((what) => `${file.newPath} ${what}`));
    for (const { side, line } of linesToAsk(table, texts)) {
      const known = table.at(side, line);
      const text = texts[side][line - 1]!;
      const path = side === 'new' ? file.newPath : file.oldPath;
      const anchor = resolveAnchor({ path, side, line, endLine: line, quote: text });
      const told = `${path}:${line} ${side}`;
      if (known && known.gitlab === null && anchor.rung === 'file' && anchor.why === 'hidden') {
        hidden++;
        continue;
      }
      if (anchor.rung !== 'line' || !known) {
        if (served.oldLines > 0 || known) wrong.push(`${told}: ${anchor.rung}`);
        continue;
      }
      const kind = anchor.outside ? 'outside' : anchor.kind;
      counts[kind]++;
      const theirs = known.gitlab!;
      if (theirs.old !== known.git.old || theirs.now !== known.git.now) quirks++;
      else if (side === 'new' ? anchor.position.new_line !== line : anchor.position.old_line !== line)
        wrong.push(`${told}: on another line`);
      const checked = checkPosition(anchor.position, [served], SENT);
      if (!('lineCode' in checked) || checked.lineCode !== anchor.lineCode || anchor.moved)
        wrong.push(`${told}: ${JSON.stringify(checked)}, not ${anchor.lineCode}, moved: ${anchor.moved}`);
      const where = { ...SENT, position_type: 'text', old_path: file.oldPath, new_path: file.newPath };
      const accepts: AskedLine['accepts'] = (lines) =>
        'lineCode' in checkPosition({ ...where, ...lines }, [served], SENT);
      ask({ file, side, line, text, kind, accepts });
    }
  }
  return { counts, wrong, quirks, hidden };
}

interface Texts {
  readonly old: readonly string[];
  readonly new: readonly string[];
}

/** Both blobs walked from end to end: each line is in the table once, and reads there as it does in them. */
function unequal(table: FileTable, texts: Texts): readonly string[] {
  const faults: string[] = [];
  const beyond = table.at('new', texts.new.length + 1) ?? table.at('old', texts.old.length + 1) ?? table.at('new', 0);
  if (beyond) faults.push('has lines that are not there');
  for (const side of ['new', 'old'] as const)
    for (const [at, text] of texts[side].entries()) {
      const line = table.at(side, at + 1);
      if (!line) continue;
      const { kind, git } = line;
      const own = side === 'new' ? git.now : git.old;
      const same = kind !== 'unchanged' || texts.old[git.old - 1] === texts.new[git.now - 1];
      if (own !== at + 1 || line.text !== text || !same) faults.push(`${side} ${at + 1} is another line`);
    }
  return faults;
}

/** All lines in hunks; of each stretch outside of them the first, the middle and the last. */
function linesToAsk(
  table: FileTable,
  texts: Texts,
): readonly { readonly side: 'new' | 'old'; readonly line: number }[] {
  const asked: { side: 'new' | 'old'; line: number }[] = [];
  for (const side of ['new', 'old'] as const) {
    let gap: number[] = [];
    const close = () => {
      const sampled = new Set([gap[0], gap[gap.length >> 1], gap.at(-1)]);
      asked.push(...[...sampled].flatMap((line) => (line === undefined ? [] : [{ side, line }])));
      gap = [];
    };
    for (let line = 1; line <= texts[side].length; line++) {
      const known = table.at(side, line);
      if (known === undefined || known.outside) gap.push(line);
      else {
        close();
        if (side === 'new' || known.kind === 'removed') asked.push({ side, line });
      }
    }
    close();
  }
  return asked;
}

/** The server, too, has its diff from git, for the two paths of the file. */
async function truthOf(
  { oldPath, newPath }: DiffedFile,
  base: string,
  head: string,
  { dir }: Repository,
  objects: CatFile,
): Promise<Truth> {
  const options = ['--no-ext-diff', '--no-textconv', '--no-color', '-M'];
  const command = ['diff', ...options, base, head, '--', ...new Set([oldPath, newPath])];
  const patch = (await runGit(command, { dir, env: { GIT_LITERAL_PATHSPECS: '1' } })).toString('utf8');
  const start = patch.search(/^@@ /m);
  const header = patch.slice(0, start);
  const [newFile, deletedFile] = [/^new file mode/m.test(header), /^deleted file mode/m.test(header)];
  const texts = {
    old: newFile ? [] : await linesAt(objects, base, oldPath),
    new: deletedFile ? [] : await linesAt(objects, head, newPath),
  };
  const oldLines = Buffer.byteLength(texts.old.join('\n')) > 1 << 20 ? 0 : texts.old.length;
  return { texts, served: { oldPath, newPath, newFile, deletedFile, diff: patch.slice(start), oldLines } };
}

/** As git counts them. */
async function linesAt(objects: CatFile, commit: string, path: string): Promise<readonly string[]> {
  const blob = path.includes('\n') ? undefined : await objects.contents(`${commit}:${path}`);
  if (!blob || 'missing' in blob || !blob.bytes) throw new Error(`cannot be asked for: ${JSON.stringify(path)}`);
  const text = blob.bytes.toString('utf8');
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}
