import { hasAccess } from '../../forge/access-level.ts';
import type { Forge } from '../../forge/port.ts';
import type { Person } from '../../forge/review-port.ts';
import { onceEach } from '../../reviewer/publish/once-each.ts';
import { isOursWith } from '../../reviewer/publish/ours.ts';
import { type Tally, tallyIn } from '../../reviewer/publish/tally.ts';
import { heardBefore } from '../../reviewer/talk/marks.ts';
import type { Over } from './cursor.ts';
import { type Ended, endedFindings, isStaleLine } from './judge.ts';
import type { HarvestedRepository } from './places.ts';
import { type MayQuote, type Quotes, quotesOf } from './quotes.ts';

/** What the review of a merge request came to. */
export interface Harvested {
  readonly repository: HarvestedRepository;
  readonly over: Over;
  readonly tally: Tally;
  readonly ended: readonly Ended[];
  /** What wrong findings were about. */
  readonly quotes: Quotes;
  /** Whether it left lines of an agent document of the default branch false. */
  readonly stale: boolean;
}

/**
 * One look at a merge request that is over; `undefined` where no review of ours is there. Anybody can write a mark: what counts is said
 * by us, or by people with rights.
 *
 * @param ownUsers user names that we had before. @throws {ForgeError}
 */
export async function lookAt(
  forge: Forge,
  repository: HarvestedRepository,
  over: Over,
  ownUsers: readonly string[],
  mayQuote: MayQuote,
): Promise<Harvested | undefined> {
  const { project: id, path } = repository;
  const api = forge.review({ id, path, instance: forge.instance }, over.iid);
  const state = await api.said();
  const isOurs = isOursWith(state.self, ownUsers);
  const tally = tallyIn(state.threads, isOurs);
  if (!tally) return undefined;
  const isBot = onceEach((by) => api.isBot(by));
  const access = onceEach((by) => api.accessOf(by));
  const isAuthor = ({ username }: Person) => username.toLowerCase() === over.author.toLowerCase();
  const isMerged = over.state === 'merged';
  const ended = await endedFindings({
    ...{ tally, threads: state.threads, heard: heardBefore(state, isOurs), isOurs, isMerged, head: over.head, isBot },
    may: async (by) => !(await isBot(by)) && (isAuthor(by) || hasAccess(await access(by), 'developer')),
    emoji: (note) => api.emoji(note),
  });
  const open = ended.filter(({ outcome }) => outcome === 'ignored' || outcome === 'argued');
  const stale = isMerged && over.target === repository.branch && open.some(({ finding }) => isStaleLine(finding));
  const quotes = await quotesOf(forge, repository, tally, ended, mayQuote);
  return { repository, over, tally, ended, quotes, stale };
}
