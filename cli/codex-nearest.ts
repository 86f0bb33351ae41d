import leven from 'leven';

/** More letters that differ are no slip of the fingers. */
const FAR = 4;

/** At most three IDs that are written much like one that is none. */
export function nearestIds(wrong: string, ids: readonly string[]): readonly string[] {
  return ids
    .map((id) => ({ id, far: leven(wrong, id) }))
    .filter(({ far }) => far < Math.min(FAR, wrong.length))
    .sort((a, b) => a.far - b.far || (a.id < b.id ? -1 : 1))
    .slice(0, 3)
    .map(({ id }) => id);
}
