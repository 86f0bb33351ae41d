import { together } from '../../models/meter.ts';
import type { Answer } from '../../models/port.ts';
import { asData } from '../../models/tools/index.ts';
import { oneLine } from '../markdown.ts';
import type { Refusal } from './judge.ts';
import type { DraftAnswer, Mend, Proposed } from './port.ts';

/** Refusals that other words or other lines can mend. What is said elsewhere, or must not be said, does not come back. */
const MENDABLE: ReadonlySet<string> = new Set(
  'form markup bare order evidence spoken-to code names versions numbers shown forbids'.split(' '),
);

export const isMendable = ({ gate }: Refusal): boolean => MENDABLE.has(gate);

/** A bullet that was refused, with what it was to rest on. */
export interface SentBack extends Refusal {
  readonly proposed: Proposed;
}

/** Of one line, in characters. */
const LONGEST = 400;

/** What a model is told of its bullets that can be mended, all of it as data: it may have them from anywhere. */
export function sentBackText(back: readonly SentBack[], passed: readonly string[]): string {
  const line = (text: string): string => oneLine(text).slice(0, LONGEST);
  const lines = back.flatMap(({ proposed, gate, reason }, at) => [
    line(`${at + 1}. ${gate}: ${reason}`),
    line(`- ${proposed.text}`),
    ...proposed.evidence.map((each) => line(`evidence ${each.path}:${each.line}: ${each.quote}`)),
  ]);
  return [
    'Bullets of yours that came back, each with the gate that refused it:',
    asData('refused', lines.join('\n')),
    ...(passed.length === 0
      ? []
      : ['Bullets of yours that passed; do not propose them again:', asData('passed', passed.map(line).join('\n'))]),
  ].join('\n\n');
}

/**
 * Asks, and once more where something of the answer can be mended. Where the second question fails, the first answer stands.
 *
 * @returns the last answer, with what both took.
 */
export async function askedTwice(
  ask: (material: string) => Promise<Answer<DraftAnswer>>,
  material: string,
  mend: Mend,
): Promise<Answer<DraftAnswer>> {
  const first = await ask(material);
  const more = first.kind === 'answer' ? await mend(first.value) : undefined;
  if (more === undefined) return first;
  const second = await ask(`${material}\n\n${more}`);
  return { ...(second.kind === 'answer' ? second : first), ...together(first, second) };
}
