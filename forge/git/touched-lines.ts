import { diffTexts, type Versions } from './diff-texts.ts';

/** Which lines of a file a change touched. Lines count from 1, in the file as it is after the change. */
export interface TouchedLines {
  /** Lines that were added or altered, from and to, in order. */
  readonly added: readonly (readonly [from: number, to: number])[];
  /** Places where lines were taken out and none put in: behind this line; 0 is the beginning of the file. */
  readonly removed: readonly number[];
}

/** What a change touched, see {@link diffTexts}. */
export async function touchedLines(files: readonly Versions[]): Promise<readonly TouchedLines[]> {
  const found = await diffTexts(files, 0);
  return found.map((hunks) => ({
    added: hunks.flatMap(({ newStart, newLines }) =>
      newLines > 0 ? [[newStart, newStart + newLines - 1] as const] : [],
    ),
    removed: hunks.flatMap(({ newStart, newLines }) => (newLines > 0 ? [] : [newStart])),
  }));
}

/** Whether a change touched something that stands on these lines: altered one of them, or took one out from between them. */
export function touches({ added, removed }: TouchedLines, line: number, endLine: number): boolean {
  return added.some(([from, to]) => from <= endLine && to >= line) || removed.some((at) => line <= at && at < endLine);
}
