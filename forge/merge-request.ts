export interface MergeRequest {
  /** The number people know it by. */
  readonly iid: number;
  readonly url: string;
  readonly state: 'opened' | 'closed' | 'merged' | 'locked';
  readonly title: string;
  readonly description: string;
  readonly labels: readonly string[];
  readonly draft: boolean;
  readonly source: string;
  readonly target: string;
  /** The tip of the source branch as the merge request knows it. */
  readonly head: string | null;
  /** User name of whoever opened it; '' where unknown. */
  readonly author: string;
  readonly hasConflicts: boolean;
  /** ISO 8601. */
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** When it was merged or closed; `null` also where that was not told. */
  readonly endedAt: string | null;
}
