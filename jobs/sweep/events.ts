import type { Cause } from '../store/tables.ts';
import type { SweepSummary } from './summary.ts';

/** What happens in a sweep, as it happens. */
export type SweepEvent =
  /** Once for each instance, and now and then while its list is read. */
  | { readonly type: 'listed'; readonly instance: string; readonly projects: number; readonly done: boolean }
  | { readonly type: 'preview'; readonly preview: Preview }
  | { readonly type: 'begun'; readonly path: string }
  | ({ readonly type: 'repository' } & RepositoryResult)
  /** One that is not worked on, for a reason that the summary counts: the list rules it out, it has to wait, it is set aside. */
  | { readonly type: 'skipped'; readonly path: string; readonly instance: string; readonly reason: string }
  | ({ readonly type: 'progress' } & Progress)
  /**
   * Something about the sweep as a whole that a person should know: a list that shrank or could not be read, a rollout that was
   * `halted`, `quiet` hours.
   */
  | {
      readonly type: 'warning';
      readonly message: string;
      readonly halted?: true;
      readonly quiet?: true;
      readonly unlisted?: Unlisted;
    };

/** An instance, or a group of all instances, whose list could not be had: what is known of it counts as failed. */
export interface Unlisted {
  /** '' for a group that no instance knows. */
  readonly instance: string;
  readonly group?: string;
  /** A `ForgeReason`. */
  readonly reason: string;
  readonly message: string;
  /** So many count as failed. */
  readonly repositories: number;
}

/** What is going to be done, before anything is. */
export interface Preview {
  /** In scope; without those that are gone. */
  readonly repositories: number;
  readonly due: Readonly<Partial<Record<Cause, number>>>;
  /** Where codex, generator or catalog are new: what that would change, in so many repositories that were looked at. */
  readonly policy?: {
    readonly changed: readonly ('generator' | 'codex' | 'catalog')[];
    readonly repositories: number;
    readonly sampled: number;
    readonly wouldChange: number;
    /** Added and removed, in those sampled. */
    readonly lines: number;
  };
}

/** What became of one repository. */
export interface RepositoryResult {
  readonly path: string;
  readonly instance: string;
  /** Which of the summary's numbers it counts in. */
  readonly outcome: 'generated' | 'refreshed' | 'unchanged' | 'skipped' | 'failed';
  /** What was written came in a new merge request. */
  readonly opened?: true;
  readonly reason?: string;
  readonly message?: string;
  readonly mergeRequest?: { readonly iid: number; readonly url: string };
  /** Of a dry run: how the documents would differ from those that are merged. */
  readonly lines?: { readonly added: number; readonly removed: number };
  readonly ms: number;
  /** As far as whoever worked on it knows: who owns it, and which sweep wanted it. */
  readonly owner?: string;
  readonly sweep?: number;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** They failed, and are tried again in a while: absent where there are none. */
  readonly waiting?: number;
  /** Of this process, being worked on. */
  readonly current: readonly string[];
}

export interface SweepResult {
  readonly sweep: number;
  readonly summary: SweepSummary;
  /** It was stopped; the next one goes on. */
  readonly interrupted: boolean;
}
