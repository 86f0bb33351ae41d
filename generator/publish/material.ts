import { changesBetween, materialityOf } from '../../facts/changes/index.ts';
import { survey } from '../../facts/index.ts';
import { ForgeError } from '../../forge/errors.ts';
import type { FileChange } from '../../forge/history.ts';
import type { Forge, Project } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';

/**
 * Whether a fact that matters (high or medium) changed from a commit to that of a reader. Where the commit is gone nobody
 * can tell, and nothing counts as changed.
 *
 * @throws {ForgeError}
 */
export async function materialSince(
  forge: Pick<Forge, 'open'>,
  project: Project,
  base: string,
  now: RepoReader,
): Promise<boolean> {
  let then: RepoReader | undefined;
  try {
    then = await forge.open(project, base);
    const { changes } = await changesBetween(then, now, await filesBetween(then, now));
    return materialityOf(changes) !== 'low';
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return false;
    throw error;
  } finally {
    await then?.close();
  }
}

/** What changed between two trees of which no diff is at hand, as far as facts rest on it. A rename is two entries. */
async function filesBetween(then: RepoReader, now: RepoReader): Promise<readonly FileChange[]> {
  const [before, after] = await Promise.all([then.paths(), now.paths()]);
  const [old, today] = [new Set(before.map(({ path }) => path)), new Set(after.map(({ path }) => path))];
  const read = await Promise.all([then, now].map((reader) => survey(reader, { agentDocs: false, dependencies: true })));
  const both = [...new Set(read.flatMap(({ files }) => [...files.keys()]))].filter(
    (path) => old.has(path) && today.has(path),
  );
  const [texts, textsNow] = await Promise.all([then.read(both), now.read(both)]);
  const textOf = (answers: Awaited<ReturnType<RepoReader['read']>>, path: string): string | undefined => {
    const answer = answers.get(path);
    return answer?.ok ? answer.text : undefined;
  };
  return [
    ...[...old].filter((path) => !today.has(path)).map((path) => ({ status: 'deleted' as const, path })),
    ...[...today].filter((path) => !old.has(path)).map((path) => ({ status: 'added' as const, path })),
    ...both
      .filter((path) => textOf(texts, path) !== textOf(textsNow, path))
      .map((path) => ({ status: 'modified' as const, path })),
  ];
}
