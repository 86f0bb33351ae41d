import { ForgeError } from '../../errors.ts';
import type { Batch, PublishedBatch } from '../../review-port.ts';
import { type Drafted, draftAll, dropDraft } from './drafts.ts';
import { saidBy } from './looks.ts';
import { removeTwice, settleDrafts } from './once.ts';
import { publishDrafts } from './requests.ts';
import { rescue } from './rescue.ts';
import { checkTip, movedOn, type Reviewing } from './reviewing.ts';
import { isReply, placeOf, type Saying, sayingsOf } from './saying.ts';

/**
 * Says all of a batch at once: as drafts, which GitLab publishes together, so that one mail tells of them. N texts are N + 4
 * requests, where nothing fails and the threads were looked at before. What stands in those already is not said again.
 *
 * @throws {ForgeError} `conflict` where the merge request moved on: nothing was said then.
 */
export async function publish(reviewing: Reviewing, batch: Batch, head: string, why: string): Promise<PublishedBatch> {
  checkTip(reviewing, head);
  const placed = new Map<string, number>();
  const sayings = await begin(reviewing, sayingsOf(reviewing, batch), placed);
  if (sayings.length === 0) return { placed, lost: new Map() };
  const made = await draftAll(reviewing, sayings, why);
  if (made.drafted.length === 0) return { placed, lost: made.refused };
  const { drafted, refused } = await settleDrafts(reviewing, made.drafted, head, why);
  await checkHead(reviewing, head, drafted, why);
  const lost = new Map([...made.refused, ...refused]);
  if (drafted.length === 0) {
    await unsaid(reviewing, sayings, placed);
    return { placed, lost };
  }
  const sent = await publishAll(reviewing, drafted, why);
  const isLost = sent === 'published' && !(await areSaid(reviewing, drafted));
  // A run of a newer commit may have taken them away.
  if (isLost) await checkHead(reviewing, head, drafted, why);
  if (isLost || sent === 'doubtful') await rescue(reviewing, drafted, { placed, lost }, why);
  else for (const { saying, at } of drafted) if (!isReply(saying)) placed.set(saying.key, at);
  await removeTwice(reviewing, sayings, why);
  return { placed, lost };
}

/** What is still to be said. Nothing is asked where that is known. */
async function begin(
  reviewing: Reviewing,
  sayings: readonly Saying[],
  placed: Map<string, number>,
): Promise<readonly Saying[]> {
  const { look } = reviewing;
  if (sayings.length > 0 && look.lastDiscussions === undefined) await look.discussions();
  return unsaid(reviewing, sayings, placed);
}

/** @param placed takes where those notes stand that are said. */
async function unsaid(
  { look, self }: Reviewing,
  sayings: readonly Saying[],
  placed: Map<string, number>,
): Promise<readonly Saying[]> {
  const seen = look.lastDiscussions;
  if (seen === undefined || sayings.length === 0) return sayings;
  const us = await self();
  return sayings.filter((saying) => {
    const there = saidBy(us, seen, saying.key);
    if (there && !isReply(saying)) placed.set(saying.key, placeOf(saying, there));
    return !there;
  });
}

/** @throws {ForgeError} `conflict`: then its drafts are gone as well. */
async function checkHead(reviewing: Reviewing, head: string, drafted: readonly Drafted[], why: string): Promise<void> {
  const { head: tip } = await reviewing.look.mergeRequest();
  reviewing.look.checkedAt = reviewing.clock.now();
  if (tip === head) return;
  for (const { id } of drafted) if (id !== null) await dropDraft(reviewing, id, why);
  throw movedOn(reviewing, head, tip, 'nothing was said');
}

/**
 * Sent once, whatever comes of it: GitLab may publish every draft, answer with an error, and keep the drafts, to publish
 * them once more the next time. Only a 429 is sent again, for that GitLab answers before it does anything.
 */
async function publishAll(
  reviewing: Reviewing,
  drafted: readonly Drafted[],
  why: string,
): Promise<'published' | 'doubtful' | 'recorded'> {
  try {
    return await reviewing.sender.send<'published' | 'doubtful' | 'recorded'>({
      request: publishDrafts(reviewing, why),
      parse: () => 'published',
      find: async () => ((await areSaid(reviewing, drafted)) ? 'doubtful' : undefined),
      tries: () => 1,
      placeholder: 'recorded',
    });
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    return 'doubtful';
  }
}

async function areSaid({ look, self }: Reviewing, drafted: readonly Drafted[]): Promise<boolean> {
  const [us, discussions] = [await self(), await look.discussions()];
  return drafted.every(({ saying }) => saidBy(us, discussions, saying.key));
}
