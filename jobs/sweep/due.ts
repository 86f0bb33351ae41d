import { CAUSES, type Cause } from '../store/tables.ts';
import { causeOf } from '../work/refill.ts';
import type { Policy } from '../world.ts';

/** What is kept of a repository, as far as it tells whether something is to be done. */
export interface Kept {
  readonly excluded: string | null;
  readonly seen_head: string | null;
  readonly head: string | null;
  readonly generator: string | null;
  readonly codex: string | null;
  readonly catalog: string | null;
  readonly processed_at: Date | null;
  readonly result: string | null;
  readonly reason: string | null;
  readonly due: string | null;
  readonly not_before: Date | null;
  readonly dead_since: Date | null;
}

/** What is true of it now. */
export interface Seen {
  /** The tip of its default branch; `undefined`: nobody said. */
  readonly head: string | null | undefined;
  readonly policy: Policy;
  /** Its team may opt in where a setting opts out. */
  readonly mayOptIn: boolean;
  /** In ms since 1970. */
  readonly now: number;
}

/**
 * - `due`: it is to be worked on; `revived`: it was set aside, and is something else now.
 * - `waiting`: it is due later. `set-aside`: it failed too often, and neither it nor generator and codex changed since.
 */
export type Verdict =
  | { readonly kind: 'due'; readonly cause: Cause; readonly revived?: true }
  | { readonly kind: 'waiting' | 'set-aside' | 'unchanged' }
  | { readonly kind: 'excluded'; readonly reason: string };

/** The only reason of a list that a repository may contradict. */
export const OPTED_OUT = 'opted-out';

/** Whether something is to be done with a repository, and why. What was due stays due, and never for a lesser cause. */
export function verdictOf(kept: Kept, seen: Seen): Verdict {
  const { excluded, due, not_before, dead_since } = kept;
  if (excluded !== null && !isAsked(kept, seen)) return { kind: 'excluded', reason: excluded };
  if (not_before !== null && not_before.getTime() > seen.now) return { kind: 'waiting' };
  if (dead_since !== null) {
    if (seen.head !== undefined && seen.head !== kept.seen_head) return { kind: 'due', cause: 'moved', revived: true };
    const isOther = policyChanges(kept, seen.policy).some((part) => part !== 'catalog');
    return isOther ? { kind: 'due', cause: 'policy', revived: true } : { kind: 'set-aside' };
  }
  const causes = new Set<Cause>(excluded === null || seen.mayOptIn ? causesOf(kept, seen) : []);
  if (due !== null) causes.add(causeOf(due));
  const cause = CAUSES.find((each) => causes.has(each));
  if (cause !== undefined) return { kind: 'due', cause };
  return excluded !== null && isOut(kept) ? { kind: 'excluded', reason: excluded } : { kind: 'unchanged' };
}

/** Whether what the list says is not the last word. */
export function isAsked(
  { excluded, due }: Pick<Kept, 'excluded' | 'due'>,
  { mayOptIn }: Pick<Seen, 'mayOptIn'>,
): boolean {
  return excluded === null || (excluded === OPTED_OUT && (mayOptIn || due !== null));
}

function causesOf(kept: Kept, { head, policy }: Seen): readonly Cause[] {
  if (kept.processed_at === null) return ['new'];
  // What was turned away at the door was not looked at.
  const last = kept.head ?? (kept.result === 'skipped' ? kept.seen_head : null);
  const moved = head !== undefined && head !== last;
  const outdated = !isOut(kept) && policyChanges(kept, policy).length > 0;
  return [...(moved ? ['moved' as const] : []), ...(outdated ? ['policy' as const] : [])];
}

/** Whoever opted out is proposed nothing, with whatever it would be worked out. */
function isOut({ result, reason }: Kept): boolean {
  return result === 'skipped' && reason === OPTED_OUT;
}

/** What of a policy is not what a repository was worked out with. What nobody can tell today counts as unchanged. */
export function policyChanges(kept: Pick<Kept, keyof Policy>, policy: Policy): readonly (keyof Policy)[] {
  return POLICY.filter((part) => policy[part] !== null && policy[part] !== kept[part]);
}

export const POLICY = ['generator', 'codex', 'catalog'] as const satisfies readonly (keyof Policy)[];

/** Whether the list says something of a repository for which it is to be looked at, though no commit may be new. */
export function isDifferent(
  { processed_at, branch, excluded }: Pick<Kept, 'processed_at' | 'excluded'> & { readonly branch: string | null },
  now: { readonly branch: string | null; readonly excluded: string | null },
): boolean {
  if (processed_at === null) return false;
  // A merge request has to go elsewhere.
  const isRenamed = branch !== null && now.branch !== null && branch !== now.branch;
  const isLetIn = now.excluded === null || now.excluded === OPTED_OUT;
  return isRenamed || (excluded !== now.excluded && isLetIn);
}
