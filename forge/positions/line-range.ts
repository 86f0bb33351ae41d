import type { DiffLine, FileTable, Side } from './file-table.ts';
import type { Place } from './place.ts';
import type { Shown } from './position.ts';
import { isOn, type QuotedLine } from './quoted-line.ts';

/** The lines of a place that can be shown together. */
export interface LineRange {
  readonly first: DiffLine & Shown;
  /** The note stands below it. */
  readonly last: DiffLine & Shown;
  /** Not all lines of the place. */
  readonly clamped: boolean;
  /** A suggestion block there that replaces all lines of the place: `suggestion:-above+below`. */
  readonly suggestion: { readonly above: number; readonly below: number } | null;
}

/** How far a suggestion reaches from its line (doc/user/project/merge_requests/reviews/suggestions.md). */
const FARTHEST = 100;

/** Clamps the lines of a place to one hunk; `null` where GitLab has none of them. */
export function lineRange(place: Place, { line, moved }: QuotedLine, table: FileTable): LineRange | null {
  const side = isOn(place.side, line) ? place.side : other(place.side);
  const more = moved === 'nearest' ? 0 : place.endLine - place.line;
  const from = numberOn(side, line);
  const lines = following(table, side, from, more);
  // What changed is shown; what was unfolded is not, where the one runs into the other.
  const kept = lines.find(({ outside }) => !outside) ?? line;
  const shown = lines.filter(isShown).filter((each) => each.hunk === kept.hunk && each.outside === kept.outside);
  const [first, last] = [shown[0], shown.at(-1)];
  if (!first || !last) return null;
  const whole = lines.length === more + 1;
  const above = last.git.now - from;
  const below = more - above;
  // The block counts from where GitLab thinks that its line is.
  const fits = whole && last.gitlab.now === last.git.now && above <= FARTHEST && below <= FARTHEST;
  const replaces = side === 'new' && place.side === 'new' && moved !== 'nearest' && fits;
  return {
    ...{ first, last },
    clamped: shown.length < place.endLine - place.line + 1,
    suggestion: replaces ? { above, below } : null,
  };
}

function isShown(line: DiffLine): line is DiffLine & Shown {
  return line.gitlab !== null;
}

function other(side: Side): Side {
  return side === 'new' ? 'old' : 'new';
}

function numberOn(side: Side, { git }: DiffLine): number {
  return side === 'new' ? git.now : git.old;
}

/** A line and as many below it as there are. */
function following(table: FileTable, side: Side, from: number, more: number): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  for (let number = from; number <= from + more; number++) {
    const line = table.at(side, number);
    if (!line) break;
    lines.push(line);
  }
  return lines;
}
