import type { RepositoryResult } from './events.ts';

/** What a repository counts as in a summary. */
export type Counted = Pick<RepositoryResult, 'outcome'> & { readonly reason?: string };

/** What an outcome, as it is kept, counts as. One that a newer version wrote counts as skipped. */
export function resultOf(kind: string, reason: string | null): Counted {
  switch (kind) {
    case 'created':
      return { outcome: 'generated' };
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
