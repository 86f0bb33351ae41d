import { ForgeError } from '../../errors.ts';
import type { NewNote, NewReply } from '../../review-port.ts';
import type { WriteRequest } from '../../write-request.ts';
import type { Discussion, Draft } from './answers.ts';
import { type Drafted, dropDraft } from './drafts.ts';
import { saidBy } from './looks.ts';
import { createReply, createThread, publishDraft } from './requests.ts';
import type { Reviewing } from './reviewing.ts';
import { descend, isReply, nextPlace } from './saying.ts';
import { setResolved } from './threads.ts';

/** What became of each text, by its key; as in `PublishedBatch`. */
interface Told {
  readonly placed: Map<string, number>;
  readonly lost: Map<string, string>;
}

/**
 * After a publishing that nobody knows the outcome of, or that lost something: what is still a draft is published by itself, and
 * what is neither draft nor note is posted without being one, a position lower. No draft is left.
 */
export async function rescue(
  reviewing: Reviewing,
  drafted: readonly Drafted[],
  told: Told,
  why: string,
): Promise<void> {
  let now = await standing(reviewing);
  const waiting = drafted.filter((one) => now.isDraft(one) && !now.isSaid(one));
  for (const one of waiting) await publishOne(reviewing, one, why);
  if (waiting.length > 0) now = await standing(reviewing);
  for (const one of drafted) {
    const isDraft = now.isDraft(one);
    if (isDraft && one.id !== null) await dropDraft(reviewing, one.id, why);
    const { saying, at } = one;
    if (isReply(saying)) {
      if (!now.isSaid(one)) await postReply(reviewing, saying, told, why);
    } else if (now.isSaid(one)) told.placed.set(saying.key, at);
    // GitLab lost it over its line; a draft that is left may be good.
    else await postNote(reviewing, saying, isDraft ? at : nextPlace(saying, at), told, why);
  }
}

interface Standing {
  isDraft(one: Drafted): boolean;
  isSaid(one: Drafted): boolean;
}

/** Drafts first: GitLab takes one away once it is a note, so what is none in the first answer is a note in the second. */
async function standing({ look, self }: Reviewing): Promise<Standing> {
  const us = await self();
  const drafts: readonly Draft[] = await look.drafts();
  const discussions: readonly Discussion[] = await look.discussions();
  return {
    isDraft: ({ id }) => drafts.some((draft) => draft.id === id),
    isSaid: ({ saying }) => saidBy(us, discussions, saying.key) !== undefined,
  };
}

/** Whatever comes of it is seen afterwards. @throws where GitLab is away. */
async function publishOne(reviewing: Reviewing, one: Drafted, why: string): Promise<void> {
  if (one.id === null) return;
  try {
    await reviewing.sender.send<'sent' | 'said' | 'gone'>({
      request: publishDraft(reviewing, one.id, why),
      parse: () => 'sent',
      find: async () => {
        const now = await standing(reviewing);
        if (now.isSaid(one)) return 'said';
        return now.isDraft(one) ? undefined : 'gone';
      },
      tries: fewOver500,
      placeholder: 'sent',
    });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

async function postNote(reviewing: Reviewing, note: NewNote, from: number, told: Told, why: string): Promise<void> {
  try {
    const made = await descend(note, from, (body, position) =>
      post(reviewing, createThread(reviewing, body, position, why), note.key, position && fewOver500),
    );
    if (made instanceof ForgeError) told.lost.set(note.key, made.message);
    else told.placed.set(note.key, made.at);
  } catch (error) {
    if (!isRefused(error)) throw error;
    told.lost.set(note.key, error.message);
  }
}

async function postReply(reviewing: Reviewing, reply: NewReply, told: Told, why: string): Promise<void> {
  const { key, thread, body, resolve } = reply;
  try {
    await post(reviewing, createReply(reviewing, thread, body, why), key);
    await setResolved(reviewing, thread, resolve, why);
  } catch (error) {
    if (!isRefused(error)) throw error;
    told.lost.set(key, error.message);
  }
}

function post(
  { sender, look, self }: Reviewing,
  request: WriteRequest,
  key: string,
  tries?: (error: ForgeError) => number,
): Promise<true> {
  return sender.send<true>({
    request,
    parse: () => true,
    find: async () => (saidBy(await self(), await look.discussions(), key) ? true : undefined),
    ...(tries && { tries }),
    placeholder: true,
  });
}

/** GitLab fails over a bad line each time (NoteDiffFileCreationError); over anything else it fails once. */
function fewOver500({ status }: ForgeError): number {
  return status === 500 ? 3 : Number.POSITIVE_INFINITY;
}

/** As far as GitLab is there to say so. */
function isRefused(error: unknown): error is ForgeError {
  if (!(error instanceof ForgeError) || error.reason === 'unauthorized' || error.reason === 'rate-limited')
    return false;
  return error.status === 500 || (error.status !== undefined && error.status >= 400 && error.status < 500);
}
