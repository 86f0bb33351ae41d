import type { AccessLevel } from '../port.ts';

/** GitLab's numbers: doc/api/access_requests.md. A number between two counts as the lower one. */
const LEVELS: readonly (readonly [number, AccessLevel])[] = [
  [50, 'owner'],
  [40, 'maintainer'],
  [30, 'developer'],
  [20, 'reporter'],
  [15, 'planner'],
  [10, 'guest'],
  [5, 'minimal'],
];

export function accessLevel(number: number): AccessLevel {
  return LEVELS.find(([from]) => number >= from)?.[1] ?? 'none';
}
