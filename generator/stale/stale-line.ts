/** A line of an agent document that a change made false. */
export interface StaleLine {
  readonly path: string;
  readonly line: number;
  /** The exact text on the line that is false now. */
  readonly subject: string;
  /** The line as it should read; `''` where it should go, `null` where that is not known. */
  readonly suggestion: string | null;
}
