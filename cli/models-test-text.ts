import { durationText } from './duration.ts';
import { moneyText } from './models-cost-text.ts';
import type { Probe } from './models-probe.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';
import { table } from './table.ts';

export function modelsTestText(probes: readonly Probe[], style: Output['style']): string {
  const head = ['', '', 'first token', 'in all', 'tokens in + out', 'cost', 'answers by', 'tools'];
  return table([
    head.map((cell) => style('dim', cell)),
    ...probes.flatMap((probe) => [
      rowOf(probe, style),
      ...(probe.failure
        ? [['', style('dim', printableLine(`${probe.failure.reason}: ${probe.failure.message}`))]]
        : []),
    ]),
  ]);
}

function rowOf(probe: Probe, style: Output['style']): readonly string[] {
  const { model, answers, failure, firstToken, ms, structured, repaired, tools, inputTokens, outputTokens, cost } =
    probe;
  const mark = failure === null ? style('green', 'ok') : style('red', answers ? 'tools fail' : 'fails');
  return [
    printableLine(model),
    mark,
    firstToken === null ? '-' : durationText(firstToken),
    durationText(ms),
    `${inputTokens} + ${outputTokens}`,
    cost === null ? 'unknown' : moneyText(cost),
    structured === null ? '-' : `${structured}${repaired ? ', told twice' : ''}`,
    tools ?? '-',
  ];
}
