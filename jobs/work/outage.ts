/** In ms: what is away for a moment is back by then. */
export const SOON = 15 * 60_000;

/** Why nothing could be asked or done, whichever repository it was about. */
const OUTAGES: ReadonlySet<string> = new Set([
  'unavailable',
  'unreachable',
  'network',
  'rate-limited',
  'timeout',
  'unauthorized',
  'configuration',
]);

/** Whether something failed for a reason that is not the repository's own. */
export function isOutage(reason: string): boolean {
  return OUTAGES.has(reason);
}
