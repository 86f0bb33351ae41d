import { ForgeError } from '../../errors.ts';
import { hasLine } from '../../render/note-marker.ts';
import type { Draft } from './answers.ts';
import { type Drafted, type Drafting, draftAll, dropDraft } from './drafts.ts';
import { allSaidBy, saidBy } from './looks.ts';
import { deleteComment } from './requests.ts';
import { type Reviewing, refusal } from './reviewing.ts';
import { isReply, type Saying } from './saying.ts';

/**
 * Two runs may be at one merge request at once and know nothing of each other. What they share is their user: its drafts, which are
 * published all together by whoever publishes, and its comments. Both settle by the numbers of those, so both come to the same end.
 */

/**
 * Looks, right before the publishing, whether any draft of ours is there that this run did not make, or is gone that it made: of a run
 * at the same time, or of one that died. Then of two drafts of one text the older stays, and all goes that is said by now or that
 * nobody here wants said. What the other one took away is drafted again.
 *
 * @returns what is to be published.
 */
export async function settleDrafts(
  reviewing: Reviewing,
  drafted: readonly Drafted[],
  head: string,
  why: string,
): Promise<Drafting> {
  const { look, self } = reviewing;
  const drafts = await look.drafts();
  const isOwn = ({ id }: Draft) => drafted.some((one) => one.id === id);
  // A dry run has none.
  const own = drafted.filter(({ id }) => id !== null);
  if (drafts.every(isOwn) && drafts.length === own.length) return { drafted, refused: new Map() };
  const [us, discussions] = [await self(), await look.discussions()];
  const staying: Drafted[] = [];
  const missing: Saying[] = [];
  for (const one of drafted) {
    const { key } = one.saying;
    if (saidBy(us, discussions, key)) continue;
    const stays = drafts.filter(({ note }) => hasLine(note, key)).filter((draft) => isOwn(draft) || isOf(draft, head));
    const id = one.id === null ? null : Math.min(...stays.map((draft) => draft.id));
    if (id === Number.POSITIVE_INFINITY) missing.push(one.saying);
    else staying.push({ ...one, id });
  }
  for (const { id } of drafts) if (!staying.some((one) => one.id === id)) await dropDraft(reviewing, id, why);
  const again = await draftAll(reviewing, missing, why);
  return { drafted: [...staying, ...again.drafted], refused: again.refused };
}

/** Whether it stands on that version: one of an older run may stand where its line was. */
function isOf({ position }: Draft, head: string): boolean {
  return position?.head_sha == null || position.head_sha === head;
}

/**
 * Of what stands there twice, as the threads were last looked at, the later one goes; but a thread in which somebody said something stays.
 * An answer counts in its thread alone.
 */
export async function removeTwice(reviewing: Reviewing, sayings: readonly Saying[], why: string): Promise<void> {
  const { look, self } = reviewing;
  const us = await self();
  for (const saying of sayings) {
    const all = allSaidBy(us, look.lastDiscussions ?? [], saying.key);
    // What was found again is told in its thread with the same line.
    const own = isReply(saying) ? all : all.filter(({ note, thread }) => thread.notes[0] === note);
    const [, ...later] = own;
    for (const { note, thread } of later) {
      const isAnswered = !isReply(saying) && thread.notes.some((other) => other !== note && !other.system);
      if (!isAnswered) await removeComment(reviewing, String(note.id), why);
    }
  }
}

/** One that is gone already, as the other run may see to it, is well. */
export async function removeComment(reviewing: Reviewing, id: string, why: string): Promise<void> {
  const { look, sender } = reviewing;
  try {
    await sender.send<'gone'>({
      request: deleteComment(reviewing, id, why),
      parse: () => 'gone',
      find: async () => {
        const notes = (await look.discussions()).flatMap((discussion) => discussion.notes);
        return notes.some((note) => String(note.id) === id) ? undefined : 'gone';
      },
      placeholder: 'gone',
    });
  } catch (error) {
    if (!(error instanceof ForgeError) || error.reason !== 'not-found')
      throw await refusal(reviewing, error, 'comment');
  }
}
