import { type Changes, changesBetween, materialityOf } from '../../facts/changes/index.ts';
import { missingContent } from '../../facts/changes/missing.ts';
import { compareCommits } from '../../forge/git/compare.ts';
import type { FileChange } from '../../forge/history.ts';
import { staleLines } from '../../generator/stale/index.ts';
import { changesText } from '../changes-text.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { IncompleteError, UsageError } from '../errors.ts';
import { openRevision } from '../open-target.ts';
import type { Output } from '../output.ts';

/** Prints what changed between two commits that people rely on, and which lines of agent documents that made false. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const { values } = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const to = input.text('to') ?? 'HEAD';
  const from = input.text('from') ?? `${to}^`;
  const [before, after] = await bothOf(openRevision(input, values, from), openRevision(input, values, to)).catch(
    (error: Error) => {
      const byDefault = input.text('from') === undefined && error.message.includes(`"${from}"`);
      throw byDefault ? new UsageError(`${to} has no parent here${NO_PARENT}`) : error;
    },
  );
  try {
    const all = await compareCommits(input.argument('repo') ?? '.', before.commit ?? from, after.commit ?? to);
    const shown = new Set((await Promise.all([before.paths(), after.paths()])).flat().map(({ path }) => path));
    // What `facts.ignore` leaves out did not change either.
    const files = all.filter(({ path, from: old }) => shown.has(path) && (old === undefined || shown.has(old)));
    const changes = await changesBetween(before, after, files);
    assertRead(files, changes, out);
    const stale = await staleLines({ before, after, files, changes });
    const materiality = materialityOf(changes.changes);
    if (out.json) out.document({ schema: 'agentsmd/changes/1', materiality, changes: changes.changes, stale });
    else out.result(changesText({ materiality, changes: changes.changes, stale }, out.style));
    if (changes.changes.length + stale.length === 0) out.note(nothingOf(files.length));
    return 0;
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
};

const NO_PARENT = ' (a first commit, or a shallow clone); name the earlier commit with --from';

/** Why there is nothing to see, where there is nothing. */
function nothingOf(files: number): string {
  if (files === 0) return 'no file differs between the two commits';
  return `${files} ${files === 1 ? 'file differs' : 'files differ'}, but nothing that people rely on: no command, version, generated folder or CI job`;
}

function assertRead(files: readonly FileChange[], changes: Changes, out: Output): void {
  const { manifest, others } = missingContent(files, changes);
  if (manifest !== undefined)
    throw new IncompleteError(
      `${manifest} changed, and its content is not in this clone: what the change means cannot be said (use a full clone, or git fetch --refetch)`,
    );
  for (const path of others) out.warn(`${path} changed, and its content is not in this clone`);
}

/** Opens both at once; where one fails the other is closed. */
async function bothOf<T extends { close(): Promise<void> }>(...opened: [Promise<T>, Promise<T>]): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled(opened);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const each of [first, second]) if (each.status === 'fulfilled') await each.value.close();
  throw [first, second].find((each) => each.status === 'rejected')!.reason;
}
