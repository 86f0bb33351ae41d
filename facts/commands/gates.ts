import { type Evidence, PURPOSES, type Purpose } from '../fact.ts';
import type { PlainFact } from '../signal.ts';
import type { Candidate } from './candidate.ts';
import { servesOther } from './origin.ts';
import type { Pipelines } from './pipelines.ts';
import { isSayable } from './sayable.ts';

/** Purposes that a merge request can be held to. */
const GATES = new Set<Purpose>(['build', 'lint', 'format', 'typecheck', 'test']);
/** A line that does a thing among others is no gate for it. */
const LEAST_FIT = 0.7;

/**
 * What the merge-request pipeline checks, whichever command answers the purpose best: a pipeline that runs `eslint`
 * lints, even where people type `make lint`.
 */
export function gateFacts(
  candidates: readonly Candidate[],
  pipelines: Pipelines,
  languages: readonly string[],
): readonly PlainFact[] {
  const found = new Map<Purpose, { run: string; at: Evidence }>();
  const add = (purpose: Purpose, run: string, at: Evidence): void => {
    if (GATES.has(purpose) && !found.has(purpose) && isSayable(run, false)) found.set(purpose, { run, at });
  };
  for (const { purpose, task, features, run } of candidates) {
    if (!task || features.fit < LEAST_FIT) continue;
    const gate = pipelines.tasks.get(task)?.find(({ trigger, guarded }) => trigger === 'merge-request' && !guarded);
    if (gate) add(purpose, run, gate.at);
  }
  // What is done to the whole comes first; a folder's own checks only count where the root has none.
  const calls = pipelines.calls.toSorted((a, b) => Number(a.dir !== '') - Number(b.dir !== ''));
  const atRoot =
    found.size > 0 || calls.some(({ dir, reading }) => dir === '' && (reading.purposes.test ?? 0) >= LEAST_FIT);
  for (const { reading, mention, dir } of calls) {
    if (mention.trigger !== 'merge-request' || mention.guarded || (dir !== '' && atRoot)) continue;
    if (servesOther(reading.words[0] ?? '', languages)) continue;
    for (const [purpose, weight] of Object.entries(reading.purposes) as [Purpose, number][]) {
      if (weight >= LEAST_FIT) add(purpose, reading.words.join(' '), mention.at);
    }
  }
  return PURPOSES.flatMap((purpose): PlainFact[] => {
    const gate = found.get(purpose);
    if (!gate) return [];
    return [{ kind: 'fact', key: `ci.gate.${purpose}`, value: gate.run, dir: '', source: 'ci', evidence: [gate.at] }];
  });
}
