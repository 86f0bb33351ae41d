import type { Side } from './file-table.ts';

/** What a note is about. Lines count from 1 on their side, as git counts them; line 0: the file as a whole. */
export interface Place {
  readonly path: string;
  readonly side: Side;
  readonly line: number;
  readonly endLine: number;
  /** The first line as it stands there; '': nothing to hold the number against. */
  readonly quote: string;
}
