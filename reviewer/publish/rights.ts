import { hasAccess } from '../../forge/access-level.ts';
import type { MergeRequestReview, Person } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import { onceEach } from './once-each.ts';

/** What people may do to a finding of ours, as the forge says of them. All throw `ForgeError`. */
export interface Rights {
  /** Whether they may dismiss what holds a merge request up: whoever may overrule the review. @param by `null`: nobody knows who. */
  overrule(by: Person | null): Promise<boolean>;
  /** Whether the forge would let them resolve a thread. */
  resolve(by: Person): Promise<boolean>;
}

/** Each person is asked for once. */
export function rightsOf(
  author: Person,
  forge: Pick<MergeRequestReview, 'accessOf' | 'isBot'>,
  { breakGlass }: Pick<ReviewKeys, 'breakGlass'>,
): Rights {
  const access = onceEach((by) => forge.accessOf(by));
  const bot = onceEach((by) => forge.isBot(by));
  return {
    async overrule(by) {
      if (by === null || (!breakGlass.author && by.id === author.id)) return false;
      return hasAccess(await access(by), breakGlass.role) && !(await bot(by));
    },
    resolve: async (by) => by.id === author.id || hasAccess(await access(by), 'developer'),
  };
}
