import type { Score } from './score.ts';

/** Least recall and precision, and the most findings for each clean case; what is not named is not asked. */
export type Gate = Readonly<Partial<Record<GateName, number>>>;
export const GATES = ['recall', 'precision', 'clean'] as const;
export type GateName = (typeof GATES)[number];

/**
 * Which parts of a gate are missed, each with why. What could not be measured is missed: a run in which nobody said anything has no
 * precision, and must not pass for it.
 */
export function missedOf(gate: Gate, { recall, precision, perClean }: Score): readonly string[] {
  const asked = [
    atLeast('recall', gate.recall, recall.value),
    atLeast('precision', gate.precision, precision.value),
    gate.clean === undefined || (perClean !== null && perClean <= gate.clean)
      ? undefined
      : `clean: ${perClean === null ? 'no clean case was decided' : `${perClean.toFixed(2)} findings for each clean case`}, at most ${gate.clean} wanted`,
  ];
  return asked.filter((one) => one !== undefined);
}

function atLeast(name: string, least: number | undefined, value: number | null): string | undefined {
  if (least === undefined || (value !== null && value >= least)) return undefined;
  return `${name}: ${value === null ? 'nothing to measure it by' : value.toFixed(3)}, at least ${least} wanted`;
}
