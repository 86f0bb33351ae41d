import { changesBetween, materialityOf } from '../../facts/changes/index.ts';
import { compareCommits } from '../../forge/git/compare.ts';
import { staleLines } from '../../generator/stale/index.ts';
import { changesText } from '../changes-text.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { openRevision } from '../open-target.ts';

/** Prints what changed between two commits that people rely on, and which lines of agent documents that made false. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const { values } = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const to = input.text('to') ?? 'HEAD';
  const from = input.text('from') ?? `${to}^`;
  const [before, after] = await bothOf(openRevision(input, values, from), openRevision(input, values, to));
  try {
    const all = await compareCommits(input.argument('repo') ?? '.', before.commit ?? from, after.commit ?? to);
    const shown = new Set((await Promise.all([before.paths(), after.paths()])).flat().map(({ path }) => path));
    // What `facts.ignore` leaves out did not change either.
    const files = all.filter(({ path, from: old }) => shown.has(path) && (old === undefined || shown.has(old)));
    const changes = await changesBetween(before, after, files);
    const stale = await staleLines({ before, after, files, changes });
    const materiality = materialityOf(changes.changes);
    if (out.json) out.document({ schema: 'agentsmd/changes/1', materiality, changes: changes.changes, stale });
    else out.result(changesText({ materiality, changes: changes.changes, stale }, out.style));
    return 0;
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
};

/** Opens both at once; where one fails the other is closed. */
async function bothOf<T extends { close(): Promise<void> }>(...opened: [Promise<T>, Promise<T>]): Promise<[T, T]> {
  const [first, second] = await Promise.allSettled(opened);
  if (first.status === 'fulfilled' && second.status === 'fulfilled') return [first.value, second.value];
  for (const each of [first, second]) if (each.status === 'fulfilled') await each.value.close();
  throw [first, second].find((each) => each.status === 'rejected')!.reason;
}
