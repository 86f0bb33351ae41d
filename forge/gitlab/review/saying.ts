import { ForgeError } from '../../errors.ts';
import type { SafeText } from '../../render/safe-text.ts';
import type { Batch, NewNote, NewReply } from '../../review-port.ts';
import type { Discussion } from './answers.ts';
import type { Position, Subject } from './requests.ts';
import { checkKey, nameOf } from './reviewing.ts';

/** One text of a batch. */
export type Saying = NewNote | NewReply;

export function isReply(saying: Saying): saying is NewReply {
  return 'thread' in saying;
}

/**
 * All of a batch, in its order.
 *
 * @throws {ForgeError} `invalid` for two of the same key, or two replies to one thread: GitLab takes one draft for each.
 */
export function sayingsOf(subject: Subject, { notes, replies }: Batch): readonly Saying[] {
  for (const { key, body, elsewhere = body } of notes) checkKey(subject, key, body, elsewhere);
  for (const { key, body } of replies) checkKey(subject, key, body);
  const all = [...notes, ...replies];
  const twice = firstTwice(all.map(({ key }) => key)) ?? firstTwice(replies.map(({ thread }) => thread));
  if (twice === undefined) return all;
  throw new ForgeError('invalid', `${nameOf(subject)}: ${JSON.stringify(twice)} is in one batch twice`);
}

function firstTwice(names: readonly string[]): string | undefined {
  return names.find((name, at) => names.indexOf(name) !== at);
}

/** The first of its positions; -1: it has none. */
export function firstPlace({ positions }: NewNote): number {
  return positions.length > 0 ? 0 : -1;
}

/** The position after that one; -1: there is none left, so on the merge request. */
export function nextPlace({ positions }: NewNote, at: number): number {
  return at >= 0 && at + 1 < positions.length ? at + 1 : -1;
}

/** At which of its positions a note of ours stands, as far as that can be told. */
export function placeOf({ positions }: NewNote, there: Discussion['notes'][number]): number {
  return positions.findIndex(({ position_type }) => position_type === there.position?.position_type);
}

/**
 * Tries a note at its positions, from that one on, and at last on the merge request.
 *
 * @returns where GitLab took it, or why it took it nowhere.
 * @throws whatever is not about the place.
 */
export async function descend<T>(
  note: NewNote,
  from: number,
  attempt: (body: SafeText, position: Position) => Promise<T>,
): Promise<{ readonly at: number; readonly value: T } | ForgeError> {
  const { positions, body, elsewhere = body } = note;
  for (let at = from; ; at = nextPlace(note, at)) {
    const position = positions[at];
    try {
      // Suggestions are for lines.
      const value = await attempt(position?.position_type === 'text' ? body : elsewhere, position);
      return { at, value };
    } catch (error) {
      if (!isRefusedThere(error)) throw error;
      if (at === -1) return error;
    }
  }
}

/** GitLab does not take it so, or fails over it each time: it may take it in another place. */
export function isRefusedThere(error: unknown): error is ForgeError {
  return error instanceof ForgeError && (error.reason === 'invalid' || error.status === 500);
}
