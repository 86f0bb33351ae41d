import type { ForgeReason } from '../../forge/errors.ts';
import type { MergeRequest } from '../../forge/port.ts';
import type { SkipReason } from '../../generator/publish/index.ts';
import type { DeferralReason } from '../rollout/port.ts';
import type { Edited } from './texts.ts';

interface Common {
  /** The project's path as it is now. */
  readonly project: string;
}

/** What became of a project that shall include the review component. */
export type AdoptResult =
  | (Common & {
      readonly kind: 'created' | 'updated';
      readonly mergeRequest: MergeRequest;
      readonly how: Edited['how'];
    })
  /** It is included already, in that version, or the open merge request says so. */
  | (Common & { readonly kind: 'unchanged'; readonly version?: string; readonly mergeRequest?: MergeRequest })
  | (Common & {
      readonly kind: 'closed';
      readonly reason: 'pointless' | 'opted-out';
      readonly mergeRequest: MergeRequest;
    })
  /** Nothing is to be done. `taken-out`: people merged it, and took it out again. */
  | (Common & { readonly kind: 'skipped'; readonly reason: SkipReason | 'taken-out'; readonly message: string })
  /** It is not allowed yet; `limit`: by `--limit`. */
  | (Common & { readonly kind: 'deferred'; readonly reason: DeferralReason | 'limit'; readonly message: string })
  /** A person must change something, and `message` says what. `ci-file`: the file cannot be changed safely. */
  | (Common & {
      readonly kind: 'refused';
      readonly reason: ForgeReason | 'document' | 'ci-file';
      readonly message: string;
    })
  /** It did not work this time. */
  | (Common & { readonly kind: 'failed'; readonly reason: ForgeReason | 'document'; readonly message: string });
