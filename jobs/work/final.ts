import { ForgeError } from '../../forge/errors.ts';
import { failureOf } from '../../generator/publish/failure.ts';
import type { Attempt } from './attempt.ts';

/** Of what failed: it would fail in a minute, too. */
const FINAL: ReadonlySet<string> = new Set(['conflict', 'invalid', 'redirected', 'not-understood']);

/** What an error comes to that another try would not mend; `undefined` where it might. */
export function finalOf(error: unknown, path: string): Attempt | undefined {
  if (!(error instanceof ForgeError)) return undefined;
  const result = refusedFor(failureOf(error, { project: path, problems: [], answered: 0 }));
  return result.kind === 'failed' ? undefined : { result, reviewed: null, moved: false };
}

/** A failure that another try would not mend, as one that waits for a person. */
export function refusedFor<T extends Attempt['result']>(result: T): Attempt['result'] {
  return result.kind === 'failed' && FINAL.has(result.reason) ? { ...result, kind: 'refused' } : result;
}
