import type { RepoReader } from '../../forge/reader.ts';
import type { Answer } from '../../models/port.ts';
import type { Section } from '../item.ts';

/** Where a language model may propose bullets. Commands and what the catalog says are facts, or nothing. */
export const DRAFTED_SECTIONS = [
  'How to navigate this codebase',
  'Conventions',
  'Boundaries',
] as const satisfies readonly Section[];

/** A new bullet, as a model proposes it. */
export interface Proposed {
  readonly section: (typeof DRAFTED_SECTIONS)[number];
  readonly text: string;
  readonly evidence: readonly Quoted[];
}

export interface Quoted {
  readonly path: string;
  readonly line: number;
  /** What stands on that line, or a part of it. */
  readonly quote: string;
}

/** What a model says to a draft that was made from facts. All of it is in doubt. */
export interface DraftAnswer {
  /** Bullets of the draft in other words, by their names. */
  readonly phrased: readonly { readonly bullet: string; readonly text: string }[];
  /** Names of bullets of the draft, in the order in which they should stand. */
  readonly order: readonly string[];
  readonly proposed: readonly Proposed[];
}

/** Asks a language model for a draft; handed in from above, where models are configured. */
export interface Drafter {
  /** A hash of what an answer hangs on beside the repository: the prompt, and which model is asked. */
  readonly id: string;
  /**
   * @param material what is known, with everything that is foreign marked as data.
   * @param reader what the model may look at.
   * @param mend see {@link Mend}; whoever asks only once leaves it alone.
   */
  ask(material: string, reader: RepoReader, mend: Mend): Promise<Answer<DraftAnswer>>;
}

/** What a model is to be told besides, so that it mends its answer; `undefined` where there is nothing to mend. */
export type Mend = (answer: DraftAnswer) => Promise<string | undefined>;

/** What became of a draft: for `--explain`, and for whoever wants to know why nothing came of it. */
export interface DraftReport {
  /** `remembered`: nothing that it hangs on changed, so no model was asked. `kept`: none is to be asked. */
  readonly kind: 'asked' | 'remembered' | 'failed' | 'kept';
  /** `provider/id` of the model that answered. */
  readonly model?: string;
  /** Why the draft is that from facts. */
  readonly problem?: string;
  readonly tokens: number;
  /** `null`: the price is not known. */
  readonly cost: number | null;
  /** Bullets that a model wrote and that stand in the draft, with what they passed. */
  readonly written: readonly { readonly text: string; readonly why: string }[];
  /** Bullets of a model that are not written, in one line without what nobody sees. */
  readonly refused: readonly RefusedBullet[];
  /** Those that the model was told of, and could propose in another way: what came of it is written, or refused. */
  readonly sentBack: readonly RefusedBullet[];
}

export interface RefusedBullet {
  readonly text: string;
  readonly gate: string;
  readonly reason: string;
}
