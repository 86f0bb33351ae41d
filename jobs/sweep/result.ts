import type { Seen } from '../../generator/publish/index.ts';
import type { RepositoryResult } from './events.ts';

/** What a repository counts as in a summary. */
export type Counted = Pick<RepositoryResult, 'outcome' | 'opened'> & { readonly reason?: string };

/** Kept as the reason of a merge request that was opened to refresh a document. */
const REFRESH = 'refresh';

interface Ended {
  readonly kind: string;
  readonly reason?: string;
  readonly seen?: Pick<Seen, 'hasDocument'>;
}

/** The reason that is kept of what was done. */
export function reasonOf({ kind, reason, seen }: Ended): string | null {
  return reason ?? (kind === 'created' && seen?.hasDocument ? REFRESH : null);
}

/** What an outcome, as it is kept, counts as. One that a newer version wrote counts as skipped. */
export function resultOf(kind: string, reason: string | null): Counted {
  switch (kind) {
    case 'created':
      return { outcome: reason === REFRESH ? 'refreshed' : 'generated', opened: true };
    case 'updated':
      return { outcome: 'refreshed' };
    case 'unchanged':
      return { outcome: 'unchanged' };
    case 'refused':
    case 'failed':
      return { outcome: 'failed', reason: reason ?? kind };
    case 'skipped':
      return reason === 'up-to-date' ? { outcome: 'unchanged' } : { outcome: 'skipped', reason: reason ?? kind };
    default:
      return { outcome: 'skipped', reason: reason ?? kind };
  }
}
