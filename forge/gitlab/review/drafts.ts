import { ForgeError } from '../../errors.ts';
import { hasLine } from '../../render/note-marker.ts';
import type { NewReply } from '../../review-port.ts';
import type { WriteRequest } from '../../write-request.ts';
import { type Draft, readDraft } from './answers.ts';
import { createDraft, createDraftReply, deleteDraft } from './requests.ts';
import { type Reviewing, refusal } from './reviewing.ts';
import { descend, firstPlace, isRefusedThere, isReply, type Saying } from './saying.ts';

/** A text that waits to be published. */
export interface Drafted {
  readonly saying: Saying;
  /** `null` in a dry run. */
  readonly id: number | null;
  /** The index of its position; -1: it has none. */
  readonly at: number;
}

export interface Drafting {
  readonly drafted: readonly Drafted[];
  /** What GitLab took nowhere, by key, with its reason. */
  readonly refused: ReadonlyMap<string, string>;
}

/**
 * Drafts all of it, in order.
 *
 * @throws {ForgeError} where GitLab takes none.
 */
export async function draftAll(reviewing: Reviewing, sayings: readonly Saying[], why: string): Promise<Drafting> {
  const drafted: Drafted[] = [];
  const refused = new Map<string, string>();
  for (const saying of sayings) {
    const made = await draft(reviewing, saying, why);
    if (made instanceof ForgeError) refused.set(saying.key, made.message);
    else drafted.push(made);
  }
  return { drafted, refused };
}

/** @returns the reason, where GitLab took it nowhere. */
async function draft(reviewing: Reviewing, saying: Saying, why: string): Promise<Drafted | ForgeError> {
  const send = (request: WriteRequest) => sendDraft(reviewing, request, saying.key);
  try {
    if (isReply(saying)) {
      const { body, thread, resolve } = saying;
      const request = createDraftReply(reviewing, body, thread, resolve, why);
      const id = await send(request).catch(async (error: unknown) => {
        if (!(await makeWay(reviewing, saying, error, why))) throw error;
        return await send(request);
      });
      return { saying, id, at: -1 };
    }
    const made = await descend(saying, firstPlace(saying), (body, position) =>
      send(createDraft(reviewing, body, position, why)),
    );
    return made instanceof ForgeError ? made : { saying, id: made.value, at: made.at };
  } catch (error) {
    if (isReply(saying) && (isRefusedThere(error) || isGone(error))) return error;
    throw await refusal(reviewing, error, 'comment');
  }
}

/** A thread takes one draft of ours, so one that another run left or made there goes. @returns whether there was one. */
async function makeWay(reviewing: Reviewing, { thread }: NewReply, error: unknown, why: string): Promise<boolean> {
  if (!isRefusedThere(error)) return false;
  return (await dropDrafts(reviewing, why, ({ discussion_id }) => discussion_id === thread)) > 0;
}

function sendDraft({ sender, look }: Reviewing, request: WriteRequest, key: string): Promise<number | null> {
  return sender.send<number | null>({
    request,
    parse: (answer) => readDraft(answer).id,
    find: async () => (await look.drafts()).find(({ note }) => hasLine(note, key))?.id,
    // Commits that GitLab does not know end so each time (gitlab-org/gitlab#296829).
    tries: ({ status }) => (status === 500 ? 3 : Number.POSITIVE_INFINITY),
    placeholder: null,
  });
}

/** @returns how many there were. */
async function dropDrafts(reviewing: Reviewing, why: string, which: (draft: Draft) => boolean): Promise<number> {
  const unwanted = (await reviewing.look.drafts()).filter(which);
  for (const { id } of unwanted) await dropDraft(reviewing, id, why);
  return unwanted.length;
}

export async function dropDraft(reviewing: Reviewing, id: number, why: string): Promise<void> {
  const { look, sender } = reviewing;
  try {
    await sender.send<'gone'>({
      request: deleteDraft(reviewing, id, why),
      parse: () => 'gone',
      find: async () => ((await look.drafts()).some((draft) => draft.id === id) ? undefined : 'gone'),
      placeholder: 'gone',
    });
  } catch (error) {
    if (!isGone(error)) throw await refusal(reviewing, error, 'comment');
  }
}

function isGone(error: unknown): error is ForgeError {
  return error instanceof ForgeError && error.reason === 'not-found';
}
