import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from '../../forge/git/run.ts';
import { type EvalCase, type Tree, treeAfter } from './case.ts';

/** A stored merge request as a repository of its own. */
export interface EvalRepository {
  /** A bare one, in a temporary folder. */
  readonly dir: string;
  /** The commit that the change goes into. */
  readonly base: string;
  /** The change's own. */
  readonly head: string;
  remove(): Promise<void>;
}

/** The same case has the same commits, wherever and whenever it is made. */
const WHO = 'Author <author@example.com>';
const BEGIN = 1_750_000_000;

/** Makes a repository of the commits of a case: those of its target branch, and one that is the change. */
export async function evalRepository(one: EvalCase): Promise<EvalRepository> {
  const dir = await mkdtemp(join(tmpdir(), 'agentsmd-eval-'));
  const remove = () => rm(dir, { recursive: true, force: true });
  try {
    await runGit(['init', '--quiet', '--bare', '--template=', '--object-format=sha1', dir]);
    await runGit(['fast-import', '--quiet', '--done'], { dir, input: commitsOf(one) });
    const asked = await runGit(['rev-parse', 'refs/heads/main', 'refs/heads/change'], { dir });
    const [base, head] = asked.toString('utf8').trim().split('\n') as [string, string];
    return { dir, base, head, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function commitsOf(one: EvalCase): Buffer {
  const { targetCommits, before, title, commit = title } = one;
  const pieces: (string | Buffer)[] = [];
  for (const [at, message] of targetCommits.entries()) {
    pieces.push(...headOf('main', message, at), ...(at === 0 ? [] : [`from :${at}\n`]));
    if (at === 0) pieces.push(...filesOf(before));
  }
  const last = targetCommits.length;
  pieces.push(...headOf('change', commit, last), `from :${last}\ndeleteall\n`, ...filesOf(treeAfter(one)), 'done\n');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}

function headOf(branch: string, message: string, at: number): readonly (string | Buffer)[] {
  const who = `${WHO} ${BEGIN + 3600 * at} +0000`;
  return [
    `commit refs/heads/${branch}\nmark :${at + 1}\nauthor ${who}\ncommitter ${who}\n`,
    ...dataOf(Buffer.from(message)),
  ];
}

function* filesOf(tree: Tree): Generator<string | Buffer> {
  for (const [path, { bytes, executable }] of tree) {
    yield `M ${executable ? '100755' : '100644'} inline ${quoted(path)}\n`;
    yield* dataOf(bytes);
  }
}

function dataOf(bytes: Buffer): readonly (string | Buffer)[] {
  return [`data ${bytes.length}\n`, bytes, '\n'];
}

/** git fast-import: a path that begins with a quote, or has a line end in it, is written as in C. */
function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
