import type { Ensured } from '../../port.ts';
import type { SafeText } from '../../render/safe-text.ts';
import { createNote } from './requests.ts';
import { refusal, type Writing } from './writing.ts';

/** Told by its marker and author: where the bot's user is another one by now, it is said once more. */
export async function ensureNote(
  writing: Writing,
  iid: number,
  marker: string,
  body: SafeText,
  why: string,
): Promise<Ensured<{ readonly id: string }>> {
  const { project, look, sender } = writing;
  const request = createNote(project.id, iid, marker, body, why);
  // A dry run did not open the one that has no number.
  const there = iid === 0 ? undefined : await look.note(iid, marker);
  if (there) return { outcome: 'unchanged', value: there };
  try {
    const value = await sender.send<{ readonly id: string }>({
      request,
      parse: async (answer) => (await import('./answers.ts')).readNoteId(answer),
      find: () => look.note(iid, marker),
      placeholder: { id: '0' },
    });
    return { outcome: 'created', value };
  } catch (error) {
    throw await refusal(writing, error, { what: 'comment' });
  }
}
