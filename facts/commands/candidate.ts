import type { Evidence, FactSource, Purpose } from '../fact.ts';
import type { Task } from '../signal.ts';
import type { Features } from './ranking.ts';

/** A command that may answer "what do I type to ...", with all that speaks for and against it. */
export interface Candidate {
  readonly purpose: Purpose;
  readonly run: string;
  readonly dir: string;
  readonly source: FactSource;
  readonly evidence: readonly Evidence[];
  readonly features: Features;
  /** The task it calls, if it is one. */
  readonly task?: Task;
  /** The tool it calls, as {@link Reading.tool} names it, if it is a bare one. */
  readonly tool?: string;
}
