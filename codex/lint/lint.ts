import type { Severity } from '../finding.ts';
import type { World } from './world.ts';

/** One thing that is looked for in a codex. Pure: everything it may look at is in the {@link World}. */
export interface Lint {
  /**
   * `CDX` and three digits; permanent. 1xx files and identity, 2xx scope, 3xx sources, 4xx life cycle, 5xx checks and
   * their examples, 6xx rules beside each other, 7xx wording and pages, 8xx safety.
   */
  readonly id: `CDX${number}`;
  /** `duplicate-id`: for people. */
  readonly name: string;
  /** The highest severity it reports. */
  readonly severity: Severity;
  /** One sentence, what it finds. */
  readonly title: string;
  /** One or two sentences, why that harms. */
  readonly why: string;
  readonly find: (world: World) => Iterable<Found>;
}

/** What a lint found. */
export interface Found {
  /** From the root of the codex. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** One line: what is wrong, and what to do. */
  readonly message: string;
  /** The lint's own unless told. */
  readonly severity?: Severity;
}

export interface LintFinding extends Required<Found> {
  /** The lint's ID. */
  readonly lint: string;
}
