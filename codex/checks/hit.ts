import type { LineIndex } from '../../facts/parse/lines.ts';
import type { Hit, ScannedFile } from './kind.ts';

/** More hits of one rule in one file tell nothing new, where no change is looked at. */
export const MOST_HITS = 100;

/** A subject is its first line, so far. */
const LONGEST_SUBJECT = 120;

/** A hit that means a file as a whole. */
export function fileHit(path: string, message: string): Hit {
  return { path, line: 1, column: 1, endLine: 1, endColumn: 1, subject: '', whole: true, message };
}

/** A hit on what stands on one line, without the white space around it. */
export function lineHit(path: string, lines: LineIndex, line: number, message: string): Hit {
  const text = lines.line(line);
  const indent = text.length - text.trimStart().length;
  return {
    path,
    line,
    column: indent + 1,
    endLine: line,
    endColumn: Math.max(indent, text.trimEnd().length) + 1,
    subject: subjectOf(text.trim()),
    message,
  };
}

export function subjectOf(text: string): string {
  return text.slice(0, LONGEST_SUBJECT).split(/[\r\n]/, 1)[0]!;
}

/** No hits, for a reason that is no praise. */
export function unjudged(file: ScannedFile, reason: string): readonly Hit[] {
  file.unjudged?.(reason);
  return [];
}
