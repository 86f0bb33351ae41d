import { REFUSED } from '../../generator/publish/failure.ts';
import type { NotifyOn } from '../config.ts';
import type { RepositoryResult, SweepEvent } from '../sweep/events.ts';

/** Something that owners may want to know. Texts of repositories are made harmless before they go out. */
export interface News {
  readonly kind: NotifyOn;
  /** The path of the project; '' where it is about all of them. */
  readonly project: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** Of the merge request. */
  readonly url?: string | undefined;
  readonly owner?: string | undefined;
  readonly sweep?: number | null | undefined;
}

/** What is worth telling of an event of a sweep. */
export function newsOf(event: SweepEvent): News | undefined {
  if (event.type === 'warning' && event.halted) return { kind: 'halted', project: '', message: event.message };
  if (event.type !== 'repository') return undefined;
  const { path, reason, message, mergeRequest, owner, sweep } = event;
  const kind = kindOf(event);
  return kind && { kind, project: path, reason, message, url: mergeRequest?.url, owner, sweep };
}

function kindOf({ outcome, opened, reason = '', mergeRequest }: RepositoryResult): NotifyOn | undefined {
  if (opened) return 'created';
  if (outcome === 'refreshed') return 'updated';
  // What is skipped has no merge request, unless that was closed.
  if (outcome === 'skipped' && mergeRequest) return 'closed';
  if (outcome === 'failed') return isRefusal(reason) ? 'refused' : 'failed';
  return undefined;
}

/** Nothing but a person's change will help. */
function isRefusal(reason: string): boolean {
  return reason === 'document' || [...REFUSED].some((each) => each === reason);
}
