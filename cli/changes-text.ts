import type { FactChange } from '../facts/changes/index.ts';
import type { StaleLine } from '../generator/stale/index.ts';
import { evidenceText } from './facts-text.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/**
 * Changes for a person: a block for each materiality, the highest first, a line for each change with what was, what is and
 * where that stands; then the lines of agent documents that are false now, with how they should read.
 */
export function changesText(
  {
    materiality,
    changes,
    stale,
  }: {
    readonly materiality: FactChange['materiality'];
    readonly changes: readonly FactChange[];
    readonly stale: readonly StaleLine[];
  },
  style: Output['style'],
): string {
  const lines =
    changes.length === 0
      ? []
      : table(
          changes.map((change) => cells(change, style)),
          '  ',
        ).split('\n');
  const lineOf = new Map(changes.map((change, at) => [change, lines[at]]));
  const blocks = [...Map.groupBy(changes, (change) => change.materiality)].map(
    ([level, group]) => `${style('bold', level)}\n${group.map((change) => `${lineOf.get(change)}\n`).join('')}`,
  );
  // A line that is false for two reasons is said once, where it is known how it should read.
  const said = new Map(stale.map((each) => [JSON.stringify([each.path, each.line, each.suggestion ?? each]), each]));
  const false_ = [...said.values()].map((line) => staleText(line, style)).join('');
  return [
    `materiality: ${style('bold', materiality)}\n`,
    ...blocks,
    ...(false_ === '' ? [] : [`${style('bold', 'no longer true')}\n${false_}`]),
  ].join('\n');
}

function cells({ key, dir, from, to, evidence }: FactChange, style: Output['style']): string[] {
  const folder = dir === '' ? '' : `in ${printableLine(dir)}`;
  return [printableLine(key), step(from, to), style('cyan', folder), style('dim', evidenceText(evidence))];
}

function step(from: string | null, to: string | null): string {
  if (from === null) return `new: ${printableLine(to ?? '')}`;
  if (to === null) return `gone: ${printableLine(from)}`;
  return `${printableLine(from)} -> ${printableLine(to)}`;
}

function staleText({ path, line, subject, suggestion }: StaleLine, style: Output['style']): string {
  const place = `  ${printableLine(path)}:${line}: ${printableLine(subject)}\n`;
  if (suggestion === null) return place;
  return `${place}    ${suggestion === '' ? style('dim', 'take the line out') : style('green', printableLine(suggestion))}\n`;
}
