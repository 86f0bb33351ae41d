import type { ImportChange, ImportChangeKind } from '../codex/import/change.ts';
import type { ImportResult } from '../codex/import/index.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** What comes first is what people are obliged to. */
const ORDER: readonly ImportChangeKind[] = [
  'raised',
  'lowered',
  'removed',
  'merged',
  'returned',
  'added',
  'modified',
  'moved',
];
const LABELS: Readonly<Record<ImportChangeKind, string>> = {
  raised: 'OBLIGATION RAISED',
  lowered: 'OBLIGATION LOWERED',
  removed: 'REMOVED',
  merged: 'MERGED',
  returned: 'RETURNED',
  added: 'ADDED',
  modified: 'MODIFIED',
  moved: 'MOVED',
};

/** One line for each change; nothing where there is none. */
export function importText({ changes }: ImportResult, style: Output['style']): string {
  return ORDER.flatMap((kind) =>
    changes
      .filter((change) => change.kind === kind)
      .map((change) => `${style(kind === 'raised' ? 'red' : 'bold', LABELS[kind])} ${printableLine(line(change))}\n`),
  ).join('');
}

function line({ id, title, from, to, into, note }: ImportChange): string {
  const what = from === undefined ? (into === undefined ? '' : ` into ${into}`) : ` ${from} → ${to}`;
  return `${id}${what}: ${title}${note === undefined ? '' : ` (${note})`}`;
}

/** `144 rules: 3 added, 2 modified; wrote 7 files to codex`. */
export function importSummary({ imported, changes, files }: ImportResult, folder: string, dryRun: boolean): string {
  const counts = ORDER.flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${LABELS[kind].toLowerCase()}`];
  });
  const done = `${dryRun ? 'would write' : 'wrote'} ${files.length} files to ${folder}`;
  return printableLine(
    `${imported} rules: ${counts.join(', ') || 'nothing changed'}; ${files.length === 0 ? 'nothing to write' : done}`,
  );
}

const MOST_NAMED = 10;

/** `2 sections with text were left out: a.md:12 Names, a.md:20 Dates`. */
export function leftOutText(leftOut: ImportResult['leftOut']): string {
  const named = leftOut
    .slice(0, MOST_NAMED)
    .map(({ doc, line: at, heading }) => `${doc}:${at} ${heading.slice(0, 80)}`);
  const more = leftOut.length > MOST_NAMED ? ` and ${leftOut.length - MOST_NAMED} more (--json names all)` : '';
  const what = leftOut.length === 1 ? '1 section with text was' : `${leftOut.length} sections with text were`;
  return printableLine(`${what} left out: ${named.join(', ')}${more}`);
}
