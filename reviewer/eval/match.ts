import type { Finding } from '../findings/finding.ts';
import type { Defect, DefectPlace } from './case.ts';

/** What of a finding is looked at, and kept of a run. */
export type Told = Pick<
  Finding,
  'path' | 'side' | 'line' | 'endLine' | 'category' | 'severity' | 'title' | 'detail' | 'agent' | 'computed'
>;

/** Lines by which a finding may miss a defect. */
export const MOST_LINES_OFF = 3;
/** So many of its lines count at most: whoever marks half of a file has found nothing in it. */
export const MOST_LINES_LONG = 10;

/** Who found what: each defect once, each finding once. */
export interface Matching {
  /** By the index of the defect the index of the finding. */
  readonly found: ReadonlyMap<number, number>;
  /** Findings at a place and of a category of a defect that another one was taken for. */
  readonly again: readonly number[];
  /** Findings at the place of a defect, and of a category that it does not go by. */
  readonly beside: readonly number[];
  /** All others. */
  readonly unfounded: readonly number[];
}

/**
 * Which findings are which defects: those at one of its places and of one of its categories, paired so that as many defects as possible
 * are found. A place alone does not do: several reviewers look at the same line, and who says something else about it has not seen it.
 */
export function match(defects: readonly Defect[], findings: readonly Told[]): Matching {
  const candidates = defects.map((defect) =>
    [...findings.entries()]
      .filter(([, finding]) => isAt(defect, finding) && isOf(defect, finding))
      .sort(([a, one], [b, other]) => distance(defect, one) - distance(defect, other) || a - b)
      .map(([at]) => at),
  );
  const found = pairs(candidates);
  const taken = new Set(found.values());
  const left = [...findings.keys()].filter((at) => !taken.has(at));
  const again = left.filter((at) => candidates.some((those) => those.includes(at)));
  const beside = left.filter((at) => !again.includes(at) && defects.some((defect) => isAt(defect, findings[at]!)));
  const unfounded = left.filter((at) => !again.includes(at) && !beside.includes(at));
  return { found, again, beside, unfounded };
}

function isOf({ category, alsoAccept }: Defect, finding: Told): boolean {
  return finding.category === category || alsoAccept.includes(finding.category);
}

function isAt(defect: Defect, finding: Told): boolean {
  return distance(defect, finding) <= MOST_LINES_OFF;
}

/** In lines, to the nearest of its places. */
function distance(defect: Defect, finding: Told): number {
  return Math.min(...[defect, ...defect.alsoAt].map((place) => distanceTo(place, finding)));
}

/** One about a file as a whole is nowhere in it. */
function distanceTo({ path, lines, side }: DefectPlace, finding: Told): number {
  if (finding.path !== path || finding.side !== side || finding.line < 1) return Number.POSITIVE_INFINITY;
  const end = Math.max(finding.line, Math.min(finding.endLine, finding.line + MOST_LINES_LONG - 1));
  return Math.max(0, lines.from - end, finding.line - lines.to);
}

/** As many pairs as can be, by augmenting paths (Kuhn): what is taken is given up where its owner has another one. */
function pairs(candidates: readonly (readonly number[])[]): ReadonlyMap<number, number> {
  const owner = new Map<number, number>();
  const find = (defect: number, tried: Set<number>): boolean => {
    for (const finding of candidates[defect]!) {
      if (tried.has(finding)) continue;
      tried.add(finding);
      const other = owner.get(finding);
      if (other === undefined || find(other, tried)) {
        owner.set(finding, defect);
        return true;
      }
    }
    return false;
  };
  for (const defect of candidates.keys()) find(defect, new Set());
  return new Map([...owner].map(([finding, defect]) => [defect, finding] as const).sort(([a], [b]) => a - b));
}
