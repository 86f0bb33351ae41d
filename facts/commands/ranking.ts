/**
 * The scorer: a weighted sum of small, nameable features. Data, not code, so that a reader can see why one command came
 * first; the numbers encode the order "run by the merge-request pipeline > seen in two sources > task runner > tool
 * configuration > convention; broad before narrow", and no repository's name or habit.
 */
export interface Features {
  /** 0..1: how squarely name and body answer the purpose. */
  readonly fit: number;
  /** The merge-request pipeline runs it (1), runs it inside another task (0.5), or only other pipelines do (0.3). */
  readonly ci?: number;
  /** Some pipeline or task runs the same tool in another form. */
  readonly support?: number;
  /** Two independent places show it. */
  readonly twice?: number;
  readonly task?: number;
  readonly config?: number;
  readonly human?: number;
  /** What the task runs really is of that purpose. */
  readonly bodyAgrees?: number;
  /** The task's name is the purpose and nothing else: what people document. */
  readonly plain?: number;
  /** Extra words in a task's name, see `names.ts`. */
  readonly special?: number;
  /** The tool serves another language than the repository is written in. */
  readonly foreign?: number;
  /** Distance from "everything": folders, packages, filters. */
  readonly narrow?: number;
  readonly flags?: number;
  /** It may not run, it runs in a container, or part of it is only known at run time. */
  readonly guarded?: number;
  readonly contained?: number;
  /** It only looks where the purpose is to change (a formatter in check mode), or changes where it is to look. */
  readonly wrongMode?: number;
  /** A convention where the repository itself types the tool in another form. */
  readonly untyped?: number;
  /** What the plugin itself thinks of it. */
  readonly weight?: number;
}

export const WEIGHTS: Readonly<Record<keyof Features, number>> = {
  fit: 10,
  ci: 4,
  support: 2,
  twice: 1,
  task: 3,
  config: 1,
  human: 8,
  bodyAgrees: 1,
  plain: 2,
  special: -4,
  foreign: -7,
  narrow: -4,
  flags: -0.4,
  guarded: -1,
  contained: -1,
  wrongMode: -5,
  untyped: -5,
  weight: 1,
};

export function score(features: Features): number {
  let total = 0;
  for (const [name, value] of Object.entries(features) as [keyof Features, number][]) total += WEIGHTS[name] * value;
  return total;
}

/** Below this a candidate is a guess, and guesses are not said. */
export const MINIMUM_SCORE = 4;
