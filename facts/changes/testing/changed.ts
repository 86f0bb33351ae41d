import { compareCommits } from '../../../forge/git/compare.ts';
import { openRepository } from '../../../forge/git/open.ts';
import { makeRepository } from '../../../forge/git/testing/make-repo.ts';
import { type Changes, changesBetween, materialityOf } from '../index.ts';

/** Files of a commit: text by path; `null` takes a file of the commit before away. */
export type Files = Readonly<Record<string, string | null>>;

/** What the second commit of a real repository changed of the facts of the first, and the level of the whole. */
export async function changesOf(before: Files, edits: Files): Promise<Changes & { readonly level: string }> {
  const files = (from: Files) =>
    Object.fromEntries(Object.entries(from).flatMap(([path, text]) => (text === null ? [] : [[path, text]])));
  const deleted = Object.keys(edits).filter((path) => edits[path] === null);
  const repo = await makeRepository(
    { commits: [{ files: files(before) }, { files: files(edits), deleted }] },
    { bare: true },
  );
  const [a, b] = [await openRepository(repo.dir, { rev: 'main~1' }), await openRepository(repo.dir, { rev: 'main' })];
  try {
    const changes = await changesBetween(a, b, await compareCommits(repo.dir, 'main~1', 'main'));
    for (const { key, evidence } of changes.changes) {
      if (evidence.length === 0) throw new Error(`${key} changed without evidence`);
    }
    return { ...changes, level: materialityOf(changes.changes) };
  } finally {
    await Promise.all([a.close(), b.close()]);
    await repo.cleanup();
  }
}

/** The same in short, what is low left out: `high task: make lint -> make check`, a folder as `in web` before the colon. */
export async function told(before: Files, edits: Files): Promise<readonly string[]> {
  const { changes } = await changesOf(before, edits);
  return changes.flatMap(({ key, dir, from, to, materiality }) =>
    materiality === 'low' ? [] : [`${materiality} ${key}${dir === '' ? '' : ` in ${dir}`}: ${from} -> ${to}`],
  );
}

/** Takes every file below a folder to another one. */
export function moving(files: Files, from: string, to: string): Files {
  return Object.fromEntries(
    Object.entries(files).flatMap(([path, text]) =>
      path.startsWith(`${from}/`)
        ? [
            [path, null],
            [`${to}${path.slice(from.length)}`, text],
          ]
        : [],
    ),
  );
}

/** So many files of code, each of its own text. */
export function sources(dir: string, count: number, extension = 'ts'): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${dir}/part${i}.${extension}`,
      `// ${dir} ${i}\n${`export const value${i} = ${i * 7919};\n`.repeat(4)}`,
    ]),
  );
}
