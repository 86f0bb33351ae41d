import type { CoChange } from '../facts/history/co-change.ts';
import { evidenceText } from './facts-text.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

/** For each file that changes with others a block, and in it a line for each occasion, with what speaks for it. */
export function coChangesText(rules: readonly CoChange[], style: Output['style']): string {
  const lines = table(
    rules.map((rule) => cells(rule, style)),
    '  ',
  ).split('\n');
  const lineOf = new Map(rules.map((rule, at) => [rule, lines[at]]));
  return [...Map.groupBy(rules, ({ also }) => also)]
    .map(
      ([also, group]) =>
        `${style('bold', printableLine(also))}\n${group.map((rule) => `${lineOf.get(rule)}\n`).join('')}`,
    )
    .join('');
}

function cells({ on, when, support, confidence, evidence }: CoChange, style: Output['style']): string[] {
  return [
    `${on === 'new' ? 'new ' : ''}${printableLine(when)}`,
    `${support} times`,
    `${Math.round(confidence * 100)} %`,
    style('dim', evidenceText(evidence)),
  ];
}
