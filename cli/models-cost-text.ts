import { type CostRow, sumOf } from './models-cost.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

export function modelsCostText(rows: readonly CostRow[], style: Output['style']): string {
  const head = ['agent', 'model', 'calls', 'retries', 'tokens in', 'cached', 'tokens out', 'cost'];
  return table([
    head.map((cell) => style('dim', cell)),
    ...rows.map((row) => [printableLine(row.agent), printableLine(row.model), ...numbers(row)]),
    ['all', '', ...numbers(sumOf(rows))].map((cell) => style('bold', cell)),
  ]);
}

function numbers(row: Omit<CostRow, 'agent' | 'model'>): readonly string[] {
  const about = row.estimated > 0 ? '~' : '';
  return [
    count(row.calls),
    count(row.retries),
    `${about}${count(row.inputTokens)}`,
    row.inputTokens === 0 ? '-' : `${((100 * row.cachedTokens) / row.inputTokens).toFixed(1)} %`,
    `${about}${count(row.outputTokens)}`,
    costText(row),
  ];
}

function costText({ cost, unknown }: Pick<CostRow, 'cost' | 'unknown'>): string {
  if (unknown === 0) return moneyText(cost);
  const calls = `unknown of ${count(unknown)} ${unknown === 1 ? 'call' : 'calls'}`;
  return cost === 0 ? calls : `${moneyText(cost)}, ${calls}`;
}

/** In the currency of the price tables, whichever that is. */
export function moneyText(money: number): string {
  return money === 0 ? '0' : money < 1 ? money.toFixed(6) : money.toFixed(2);
}

function count(number: number): string {
  return number.toLocaleString('en');
}
