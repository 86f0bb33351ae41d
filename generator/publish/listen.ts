import type { Forge, Note, Standing } from '../../forge/port.ts';
import type { Known } from './decide.ts';
import { type Edit, editsIn } from './marker.ts';
import { type Conversation, conversationOf, hasOpenReplies } from './notes.ts';
import { forgetful, type OwnMergeRequest } from './own-merge-request.ts';

/** Whose comments are read. */
interface Listening {
  readonly forge: Forge;
  readonly standing: Standing;
  readonly own: Known['own'];
  readonly last: OwnMergeRequest | null;
}

/** What was said on our last merge request. */
interface Listened {
  readonly conversation: Conversation;
  /** What our answers say that was done, where a description forgot it. */
  readonly recalled: readonly Edit[];
}

/** Who people are is asked only where somebody says something that was not answered. @throws {ForgeError} */
export async function listen({ forge, standing, own, last }: Listening): Promise<Listened> {
  const { users } = own;
  const { project, mergeRequests } = standing;
  const { iid } = last!.mergeRequest;
  const notes = await forge.notes(project, iid);
  const of = async (other: number): Promise<readonly Note[]> =>
    other === iid ? notes : await forge.notes(project, other);
  const recalled: Edit[] = [];
  for (const forgot of await forgetful(mergeRequests, users))
    recalled.push(...(await editsIn(await of(forgot.iid), users)));
  const told = hasOpenReplies(notes, users) ? await forge.notes(project, iid, { access: true }) : notes;
  return { conversation: conversationOf(told, users), recalled };
}
