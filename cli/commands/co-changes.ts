import { coChanges, LAST_CHANGES } from '../../facts/history/co-change.ts';
import { coChangesText } from '../co-changes-text.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { openTarget, openTargetHistory } from '../open-target.ts';

/** Prints which files change together. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const last = lastOf(input.text('last'));
  const { values } = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const reader = await openTarget(input, values);
  try {
    const history = await openTargetHistory(input);
    const changes = await history.changes(last);
    const rules = await coChanges(changes, reader);
    if (!history.complete) out.note('a shallow clone: only part of the history is here (git fetch --unshallow)');
    if (out.json) {
      out.document({
        schema: 'agentsmd/co-changes/1',
        repository: reader.name,
        commit: reader.commit,
        changes: changes.length,
        complete: history.complete,
        rules,
      });
      return 0;
    }
    out.result(coChangesText(rules, out.style));
    if (rules.length === 0)
      out.note(
        `no files were found to change together (${changes.length} ${changes.length === 1 ? 'change' : 'changes'} looked at)`,
      );
    return 0;
  } finally {
    await reader.close();
  }
};

function lastOf(text: string | undefined): number {
  if (text === undefined) return LAST_CHANGES;
  const last = Number(text);
  if (!Number.isSafeInteger(last) || last < 1) throw new UsageError(`--last ${text}: give a whole number from 1`);
  return last;
}
