import type { Attempt } from './attempt.ts';
import type { Row } from './state.ts';

/** Something that was worked on to an end. */
export interface Worked {
  /** As it was when that began. */
  readonly row: Row;
  readonly sweep: number | null;
  readonly attempt: Attempt;
  readonly ms: number;
  readonly requests: number;
  /** In ms since 1970. */
  readonly now: number;
}
