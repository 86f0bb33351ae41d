import type { Evidence } from './fact.ts';
import type { TargetSet } from './signal.ts';

/** Lists longer than this are made by a program; the rest of them is not known. */
const MAX_NAMES = 5000;

/** The names that one file gives a runner; all there are, unless told otherwise. */
export function targetSet(
  runner: string,
  dir: string,
  at: Evidence,
  names: Iterable<string>,
  { patterns = [], complete = true }: Partial<Pick<TargetSet, 'patterns' | 'complete'>> = {},
): TargetSet {
  const all = [...new Set(names)];
  return {
    kind: 'targets',
    runner,
    dir,
    names: all.slice(0, MAX_NAMES),
    patterns,
    complete: complete && all.length <= MAX_NAMES,
    at,
  };
}

/** Text as it stands in a {@link TargetSet.patterns} entry: `%`, `*` and the like become `.+`. */
export function namePattern(text: string, open: RegExp): string {
  return text
    .split(open)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
}
