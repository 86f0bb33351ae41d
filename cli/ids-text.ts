import type { CodexProblem } from '../codex/codex.ts';
import { IDS_PATH, type IdLedger } from '../codex/ids.ts';
import type { IdTag, IdUpdate } from '../codex/ids-update.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** A changed ID on a line: `RS-ERR-001@2  OBLIGATION RAISED  Return errors  (SHOULD -> MUST)`; refused ones below. */
export function idsText({ changes, refused }: Pick<IdUpdate, 'changes' | 'refused'>, style: Output['style']): string {
  const rows = changes.map(({ id, rev, tags, title, detail }) => [
    `${id}@${rev}`,
    tags.map((tag) => style(OF_PEOPLE.has(tag) ? 'yellow' : 'dim', tag)).join(', '),
    `${printableLine(title)}${detail === undefined ? '' : style('dim', ` (${printableLine(detail)})`)}`,
  ]);
  const refusals = refused.map(
    ({ id, kind, file, was, is }) =>
      `${style('red', 'refused')}  ${id} would be ${kind}: it was ${quoted(was)}, and ${printableLine(file)} says ${quoted(is)}; give that rule a new ID\n`,
  );
  return table(rows) + refusals.join('');
}

/** What asks something else of people than before. */
const OF_PEOPLE: ReadonlySet<IdTag> = new Set(['OBLIGATION RAISED', 'SCOPE WIDENED', 'MODIFIED']);

/** Rules without which the ledger cannot be written. */
export function problemsText(problems: readonly CodexProblem[]): string {
  return problems.map(({ file, line, message }) => `${printableLine(`${file}:${line ?? 1}: ${message}`)}\n`).join('');
}

/** One line for stderr: what was done, or what is to be done. */
export function idsSummary({
  update,
  unread,
  ledger,
  written,
}: {
  readonly update: IdUpdate;
  readonly unread: number;
  readonly ledger: IdLedger | undefined;
  readonly written: boolean;
}): string {
  const { changes, refused } = update;
  const count = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  if (unread > 0) return `${IDS_PATH} is not written while rules cannot be read`;
  if (refused.length > 0) return `${IDS_PATH} is not written: ${refused.map(({ id }) => id).join(', ')}`;
  if (written) return `${IDS_PATH} written, ${count}`;
  if (ledger === undefined) return `there is no ${IDS_PATH}; codex ids --write makes it`;
  return changes.length === 0 ? `${IDS_PATH} is up to date` : `${count}; codex ids --write enters them`;
}

function quoted(title: string): string {
  return JSON.stringify(printableLine(title));
}
