import { type Block, marker, markersIn } from '../../forge/render/index.ts';
import type { ReviewState, Thread } from '../../forge/review-port.ts';
import { MEANINGS, type Meaning } from '../agents/answers.ts';
import { ANSWER, markOf, type OwnThread, ownSummary } from '../publish/marks.ts';
import type { IsOurs } from '../publish/ours.ts';

/** What people mean, by the last note of theirs that was read. */
export type Meanings = ReadonlyMap<string, Meaning>;

const TALK = 'talk';
const ASIDE = 'aside';
const HEARD = 'heard';

/** What an answer of ours in the thread of a finding is to. */
export function talkMark(thread: string, note: string, means: Meaning): Block {
  return marker(TALK, { thread, note, means });
}

/** The line of the one answer to what people ask us elsewhere. */
export function asideMark(thread: string, note: string): Block {
  return marker(ASIDE, { thread, note });
}

/** Notes that were read, for the summary: of most of them nothing else tells. The newest where there are too many. */
const MOST_HEARD = 300;

export function heardMarks(heard: Meanings): readonly Block[] {
  return heard.size === 0 ? [] : [marker(HEARD, { notes: [...heard].slice(-MOST_HEARD) })];
}

/** What was made of the notes that are there, by what our answers and our summary say. */
export function heardBefore({ threads, self }: Pick<ReviewState, 'threads' | 'self'>, isOurs: IsOurs): Meanings {
  const there = new Set(threads.flatMap(({ notes }) => notes.map(({ id }) => id)));
  const summary = markersIn(ownSummary(threads, self)?.note.body ?? '').find(({ name }) => name === HEARD)?.data;
  const { notes } = (summary ?? {}) as { readonly notes?: unknown };
  const said = threads.flatMap((thread) => thread.notes.map((note) => markOf(note, isOurs, TALK)));
  const all = [
    ...(Array.isArray(notes) ? notes.map((pair) => (Array.isArray(pair) ? pair : [])) : []),
    ...said.map((data) => {
      const { note, means } = (data ?? {}) as Record<string, unknown>;
      return [note, means];
    }),
  ];
  return new Map(all.flatMap(([note, means]) => (there.has(note) && isMeaning(means) ? [[note, means]] : [])));
}

/** Whether we argued, or answered a question, since we last told the finding. */
export function isAnswered({ answers }: Pick<OwnThread, 'answers'>, isOurs: IsOurs): boolean {
  return answers.some((note) => markOf(note, isOurs, TALK) !== undefined && markOf(note, isOurs, ANSWER) === undefined);
}

/** Whether the one question elsewhere was answered. */
export function isAsideSaid(threads: readonly Thread[], isOurs: IsOurs): boolean {
  return threads.some(({ notes }) => notes.some((note) => markOf(note, isOurs, ASIDE) !== undefined));
}

function isMeaning(data: unknown): data is Meaning {
  return MEANINGS.includes(data as Meaning);
}
