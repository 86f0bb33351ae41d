import type { MergeRequest, Project } from '../../forge/port.ts';
import { type Ledger, ledgerOf } from '../refresh/ledger.ts';

/** The ledger of a project that does not keep it itself. */
export interface KeptLedger {
  /** As last merged; `null`: nothing was, or nobody knows. */
  readonly merged: Ledger | null;
  /** As the last merge request proposes it: once that is merged, this is the merged one. */
  readonly proposed: ProposedLedger | null;
}

export interface ProposedLedger {
  /** Of that merge request. */
  readonly iid: number;
  readonly ledger: Ledger;
}

/** What is merged by now. What went into another branch than the default one is not. */
export function mergedLedger(
  { merged, proposed }: KeptLedger,
  mergeRequests: readonly MergeRequest[],
  { defaultBranch }: Pick<Project, 'defaultBranch'>,
): Ledger | null {
  const isMerged = mergeRequests.some(
    ({ iid, state, target }) => iid === proposed?.iid && state === 'merged' && target === defaultBranch,
  );
  return isMerged ? proposed!.ledger : merged;
}

/** What is merged, with what a language model was asked with when nothing came of it: it would say the same again. */
export function withDrafts(merged: Ledger | null, next: Ledger): Ledger | null {
  if (merged === null) return null;
  const files = Object.entries(merged.files).map(([path, entry]) => {
    const draft = next.files[path]?.draft ?? entry.draft;
    return [path, draft === entry.draft ? entry : { ...entry, draft }] as const;
  });
  return ledgerOf(merged.generator, Object.fromEntries(files));
}
