import { type Inline, md, mention, note, paragraph, type SafeText } from '../../forge/render/index.ts';
import type { NewNote, NewReply } from '../../forge/review-port.ts';
import type { OwnThread } from '../publish/marks.ts';
import type { TextPlace } from '../publish/note-text.ts';
import type { IsOurs } from '../publish/ours.ts';
import { orElse } from '../publish/tellable.ts';
import type { Heard, Word } from './ask.ts';
import { asideMark, isAnswered, talkMark } from './marks.ts';
import type { Talk } from './open.ts';

/** What is said to what people said. */
export interface Followed {
  readonly notes: readonly NewNote[];
  readonly replies: readonly NewReply[];
  /** By the note of its talk, the key of what answers it. */
  readonly keys: ReadonlyMap<string, string>;
  /** Notes of talks that wait for the next review: there was no room for an answer. */
  readonly waiting: ReadonlySet<string>;
  /** For the log: what the gate refused. */
  readonly withheld: readonly string[];
}

/** Answers of one run. Each thread has one at most for each state of its finding, and all the rest of the merge request one. */
const MOST_ANSWERS = 10;
/** In characters, of a model's text. */
const LONGEST = { thread: 600, aside: 400 } as const;

/** @param kept threads that stay open. @param talks as they stand now. */
export function followed(
  kept: readonly OwnThread[],
  talks: readonly Talk[],
  heard: Heard,
  { isOurs, place }: { readonly isOurs: IsOurs; readonly place: TextPlace },
): Followed {
  const open = new Map(kept.map((own) => [own.thread.id, own]));
  const made = {
    ...{ notes: [] as NewNote[], replies: [] as NewReply[], withheld: [] as string[] },
    ...{ keys: new Map<string, string>(), waiting: new Set<string>() },
  };
  for (const talk of talks) {
    const word = heard.get(talk.note);
    const own = open.get(talk.thread);
    const said =
      word && (talk.finding === null ? asideText(talk, word) : own && !isAnswered(own, isOurs) && textTo(talk, word));
    if (!word || !said) continue;
    if (made.keys.size >= MOST_ANSWERS) {
      made.waiting.add(talk.note);
      continue;
    }
    const mark =
      talk.finding === null ? asideMark(talk.thread, talk.note) : talkMark(talk.thread, talk.note, word.means);
    const body = orElse<SafeText | null>(
      () => note(place, [paragraph(said), mark]),
      (found) => {
        made.withheld.push(`an answer to comment ${talk.note} is not given: ${found}`);
        return null;
      },
    );
    if (body === null) continue;
    const key = mark.markdown;
    made.keys.set(talk.note, key);
    if (talk.isThread) made.replies.push({ key, body, thread: talk.thread, resolve: false });
    else made.notes.push({ key, body, positions: [] });
  }
  return made;
}

/** `null`: nothing is said. What ends a thread is not here any more. */
function textTo({ finding }: Talk, { means, answer }: Word): Inline | null {
  const text = shortened(answer, LONGEST.thread);
  if (means === 'question' || means === 'disagrees-wrongly') return text === '' ? null : md`${text}`;
  if (means !== 'disagrees-rightly') return null;
  if (finding?.computed)
    return md`A program computes this from what stands in the repository, and it stays for as long as that says so. ${text}`;
  return md`Understood. It stays until somebody says so who may dismiss it.`;
}

/** The one answer to what is asked elsewhere. */
function asideText({ by, isThread }: Talk, { means, answer }: Word): Inline | null {
  const text = shortened(answer, LONGEST.aside);
  if (means !== 'question' || text === '') return null;
  return isThread ? md`${text}` : md`${mention(by.username)} ${text}`;
}

/** By whole characters. */
function shortened(text: string, most: number): string {
  const whole = [...text];
  return whole.length <= most ? text : `${whole.slice(0, most - 1).join('')}…`;
}
