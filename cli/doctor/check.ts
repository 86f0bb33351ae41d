/** How well something works. `fails`: a run that needs it will not work. */
export type Mark = 'ok' | 'note' | 'warns' | 'fails';

export const MARKS: Readonly<Record<Mark, string>> = { ok: 'ok', note: '-', warns: 'warns', fails: 'FAILS' };

/** One thing that was looked at. */
export interface Check {
  readonly about: string;
  readonly mark: Mark;
  readonly says: string;
  /** What to do about it. */
  readonly mend?: string;
}
