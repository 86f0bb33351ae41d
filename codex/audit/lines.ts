import type { RepoReader } from '../../forge/reader.ts';
import { oneLine } from '../../forge/render/visible.ts';
import { redacted } from '../../models/tools/redact.ts';

/** The lines of a repository as they may be shown: with secrets masked, the same as models see them. */
export interface ShownLines {
  /** `undefined`: there is no such file, or no text in it. */
  of(path: string): Promise<readonly string[] | undefined>;
}

/** Files whose lines are held at a time. */
const HELD = 50;

/** Reads a file when it is first asked for, and lets the oldest go. */
export function shownLines(reader: Pick<RepoReader, 'read'>): ShownLines {
  const kept = new Map<string, Promise<readonly string[] | undefined>>();
  const read = async (path: string): Promise<readonly string[] | undefined> => {
    const answer = (await reader.read([path])).get(path);
    // Line ends as everywhere a line has a number here.
    return answer?.ok ? redacted(answer.text).split(/\r\n|\r|\n/) : undefined;
  };
  return {
    of(path) {
      const known = kept.get(path) ?? read(path);
      kept.delete(path);
      kept.set(path, known);
      if (kept.size > HELD) kept.delete(kept.keys().next().value!);
      return known;
    },
  };
}

/** Characters of a quoted line. */
const LONGEST = 200;

/** A line as evidence shows it. */
export function quoted(line: string): string {
  const text = oneLine(line);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}
