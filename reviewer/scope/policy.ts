import type { ReviewKeys } from '../config.ts';
import { type Decision, EFFECTS } from '../decide/decide.ts';

/** What is known of a merge request beside its change. Nothing of it is told by texts that its author wrote, but the branch. */
export interface MergeRequestFacts {
  readonly draft: boolean;
  readonly source: string;
  /** Who opened it, as the forge says; `undefined` where it was not asked. */
  readonly author: { readonly username: string; readonly ours: boolean } | undefined;
}

/** How a merge request is reviewed, whatever is in it; that a bot opened it the forge is asked once an approval hangs on it. Reasons are for people; `null` where there is none. */
export interface Policy {
  /** Why nobody looks at it. */
  readonly skipped: string | null;
  /** Why no model looks at it. What is computed is. */
  readonly computedOnly: string | null;
  /** Why we do not approve it, whatever is decided. */
  readonly unapprovable: string | null;
}

/** @param keys what holds for its project. */
export function policyFor({ draft, source, author }: MergeRequestFacts, keys: ReviewKeys): Policy {
  const { drafts, computedOnly } = keys;
  const name = author?.username;
  const byAuthor = name !== undefined && matches(name, computedOnly.authors);
  const byBranch = matches(source, computedOnly.branches);
  return {
    skipped: draft && drafts === 'skip' ? 'it is a draft' : null,
    computedOnly: byAuthor ? `opened by ${name}` : byBranch ? `from ${source}` : null,
    // A name, or a branch, that spares a change the models must not get it approved.
    unapprovable: draft
      ? 'it is a draft'
      : (unapprovable(author, keys) ?? (byAuthor || byBranch ? 'no model looked at it' : null)),
  };
}

function unapprovable(author: MergeRequestFacts['author'], { bots }: ReviewKeys): string | null {
  if (!author) return 'who opened it is not known';
  if (author.ours) return 'we opened it';
  return matches(author.username, bots) ? 'a bot opened it' : null;
}

/** `*` stands for any text. User names do not tell cases apart. */
function matches(text: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*+/g, '.*');
    return new RegExp(`^${escaped}$`, 'is').test(text);
  });
}

/** What becomes of a decision on the forge. */
export interface Effect {
  readonly kind: (typeof EFFECTS)[Decision] | 'none';
  readonly because: string;
}

/** What becomes of any decision where a person overruled the review. */
export const OVERRULED: Effect = { kind: 'none', because: 'somebody overruled it' };

/**
 * @param decision `null`: not everything was looked at. What we approved before then no longer holds.
 */
export function effectOf(
  decision: Decision | null,
  { unapprovable, skipped }: Policy,
  { mode }: Pick<ReviewKeys, 'mode'>,
): Effect {
  if (mode !== 'blocking') return { kind: 'none', because: `review.mode is ${mode}` };
  if (decision === null) return { kind: 'revoke', because: skipped ?? 'not everything was looked at' };
  const kind = EFFECTS[decision];
  if (kind === 'approve' && unapprovable !== null) return { kind: 'none', because: unapprovable };
  return { kind, because: decision.replaceAll('_', ' ') };
}
