import type { Person, ReviewState, ThreadNote } from '../../forge/review-port.ts';
import type { Finding } from '../findings/finding.ts';
import { isEnding } from '../publish/answers.ts';
import { type OwnThread, ownThreads } from '../publish/marks.ts';
import type { IsOurs } from '../publish/ours.ts';
import { heardBefore, isAsideSaid, type Meanings } from './marks.ts';

/** What people said that no fixed phrase decides, and that nobody has read yet. */
export interface Talk {
  readonly thread: string;
  /** The last note of it. */
  readonly note: string;
  readonly by: Person;
  /** Oldest first. */
  readonly said: readonly ThreadNote[];
  /** What the thread is about; `null`: it is none of ours, and somebody asks us something there. */
  readonly finding: Finding | null;
  /** Whether the thread can be answered in place. */
  readonly isThread: boolean;
}

/** How many are read at a time; the others wait for the next review. */
const MOST_TALKS = 20;

/**
 * What a model has to read: open threads about what is still found, the most severe first, and at most one question elsewhere that
 * calls us by name, until one was answered.
 */
export function openTalks(
  findings: readonly Finding[],
  state: Pick<ReviewState, 'threads' | 'self'>,
  isOurs: IsOurs,
): readonly Talk[] {
  const { threads } = state;
  const heard = heardBefore(state, isOurs);
  const own = ownThreads(threads, isOurs);
  const byName = Map.groupBy(own, ({ mark }) => mark.fingerprint);
  const about = findings.flatMap((finding): readonly Talk[] => {
    const first = byName.get(finding.fingerprint)?.[0];
    const talk = first && talkIn(first, finding, isOurs, heard);
    return talk ? [talk] : [];
  });
  const ours = new Set(own.map(({ thread }) => thread.id));
  const aside = isAsideSaid(threads, isOurs) ? undefined : asideIn(state, ours, isOurs, heard);
  return [...about.slice(0, MOST_TALKS - 1), ...(aside ? [aside] : [])];
}

/** Since our last word, and since what was read before. */
function talkIn({ thread, answers }: OwnThread, finding: Finding, isOurs: IsOurs, heard: Meanings): Talk | undefined {
  if (thread.resolved || !thread.resolvable || finding.trivial) return undefined;
  const people = answers.filter(({ system }) => !system);
  const since = people.slice(people.findLastIndex(({ id, author }) => isOurs(author) || heard.has(id)) + 1);
  const last = since.at(-1);
  // A phrase that came last is how they want it to be understood.
  if (!last || isEnding(last.body)) return undefined;
  const said = since.filter(({ body }) => !isEnding(body));
  return { thread: thread.id, note: last.id, by: last.author, said, finding, isThread: true };
}

/** The first question to us by name that nobody has read. */
function asideIn(
  { threads, self }: Pick<ReviewState, 'threads' | 'self'>,
  ours: ReadonlySet<string>,
  isOurs: IsOurs,
  heard: Meanings,
): Talk | undefined {
  for (const { id: thread, notes, resolvable, resolved } of threads) {
    if (ours.has(thread) || resolved) continue;
    const note = notes.find(
      ({ id, system, author, body }) => !system && !isOurs(author) && !heard.has(id) && asks(body, self),
    );
    if (note) return { thread, note: note.id, by: note.author, said: [note], finding: null, isThread: resolvable };
  }
  return undefined;
}

function asks(body: string, { username }: Person): boolean {
  const called = new RegExp(String.raw`(?<![\w@/.-])@${RegExp.escape(username)}(?![\w-]|\.\w)`, 'iu');
  return called.test(body) && /[?？]/.test(body);
}
