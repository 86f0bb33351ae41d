import { ForgeError } from '../../errors.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { readNoteId } from '../write/answers.ts';
import { threadOf } from './answers.ts';
import { allSaidBy, saidBy } from './looks.ts';
import { removeComment } from './once.ts';
import { createComment, resolveThread, updateComment } from './requests.ts';
import { checkKey, type Reviewing, refusal } from './reviewing.ts';

/** Nothing is looked at before: it does no harm twice. */
export async function setResolved(reviewing: Reviewing, thread: string, resolved: boolean, why: string): Promise<void> {
  const { look, sender } = reviewing;
  try {
    await sender.send<true>({
      request: resolveThread(reviewing, thread, resolved, why),
      parse: () => true,
      find: async () => (threadOf(await look.discussion(thread)).resolved === resolved ? true : undefined),
      placeholder: true,
    });
  } catch (error) {
    throw await refusal(reviewing, error, 'comment');
  }
}

/** The one summary: written anew, or made where there is none, or none any more. */
export async function summary(
  reviewing: Reviewing,
  id: string | null,
  key: string,
  body: SafeText,
  why: string,
): Promise<string> {
  checkKey(reviewing, key, body);
  const { look, self } = reviewing;
  const known = id ?? (look.lastDiscussions && saidBy(await self(), look.lastDiscussions, key)?.id);
  try {
    if (known != null && (await updated(reviewing, String(known), body, why))) return String(known);
    const made = await created(reviewing, key, body, why);
    return await onlySummary(reviewing, made, key, body, why);
  } catch (error) {
    throw await refusal(reviewing, error, 'comment');
  }
}

/** @returns whether it is there. */
async function updated(reviewing: Reviewing, id: string, body: SafeText, why: string): Promise<boolean> {
  const { look, sender } = reviewing;
  try {
    await sender.send<true>({
      request: updateComment(reviewing, id, body, why),
      parse: () => true,
      find: async () => {
        const notes = (await look.discussions()).flatMap((discussion) => discussion.notes);
        return notes.some((note) => String(note.id) === id && plain(note.body) === plain(body)) ? true : undefined;
      },
      placeholder: true,
    });
    return true;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return false;
    throw error;
  }
}

function created(reviewing: Reviewing, key: string, body: SafeText, why: string): Promise<string> {
  const { look, self, sender } = reviewing;
  return sender.send<string>({
    request: createComment(reviewing, body, why),
    parse: (answer) => readNoteId(answer).id,
    find: async () => {
      const there = saidBy(await self(), await look.discussions(), key);
      return there && String(there.id);
    },
    placeholder: '0',
  });
}

/** Where another run made one at the same time, the older one is it. Both look once theirs is there, so one of them sees both. */
async function onlySummary(
  reviewing: Reviewing,
  made: string,
  key: string,
  body: SafeText,
  why: string,
): Promise<string> {
  const { look, self } = reviewing;
  const [first, ...later] = allSaidBy(await self(), await look.discussions(), key).map(({ note }) => String(note.id));
  if (first === undefined || later.length === 0) return made;
  if (first !== made && !(await updated(reviewing, first, body, why))) return made;
  for (const id of later) await removeComment(reviewing, id, why);
  return first;
}

/** GitLab takes blanks at the end away. */
function plain(body: string): string {
  return body.replace(/\r\n?/g, '\n').trim();
}
