import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** A file as it is (`null`: not there) and as it would be. */
export interface Change {
  readonly path: string;
  readonly existing: string | null;
  readonly text: string;
}

/** Unified diffs of the files that change, as `git apply` takes them; `''` where nothing changes. */
export function diffText(changes: readonly Change[]): string {
  return changes
    .filter(({ existing, text }) => existing !== text)
    .map(({ path, existing, text }) => {
      const before = existing === null ? '/dev/null' : `a/${path}`;
      return createTwoFilesPatch(before, `b/${path}`, existing ?? '', text, undefined, undefined, {
        context: 3,
        headerOptions: FILE_HEADERS_ONLY,
      });
    })
    .join('');
}

/** The same for a terminal: coloured, and without characters that a terminal obeys. */
export function terminalDiff(diff: string, style: Output['style']): string {
  return diff
    .split('\n')
    .map((line) => {
      const shown = printableLine(line);
      if (shown.startsWith('+++') || shown.startsWith('---')) return style('bold', shown);
      if (shown.startsWith('@@')) return style('cyan', shown);
      if (shown.startsWith('+')) return style('green', shown);
      return shown.startsWith('-') ? style('red', shown) : shown;
    })
    .join('\n');
}
