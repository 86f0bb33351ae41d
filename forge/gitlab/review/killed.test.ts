import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import type { Batch, MergeRequestReview } from '../../review-port.ts';
import { type GitlabReviewPlace, keyOf, newNote, newReply, openReviewPlace, textOf } from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

const WHY = 'it was reviewed';

class Killed extends Error {}

/** The process ends at its nth write, which is carried out, and of which it hears no more: GitLab is in no other state later. */
function killedAt(place: GitlabReviewPlace, nth: number): MergeRequestReview {
  let written = 0;
  return place.begun({
    send: async (call) => {
      const answer = await place.http.send(call);
      if (call.method !== 'GET' && ++written === nth) throw new Killed();
      return answer;
    },
  });
}

/** What a run does: what is missing is said, there is one summary, and it is approved. */
async function run(review: MergeRequestReview, { notes, replies }: Batch, summary: string): Promise<void> {
  const { self, mergeRequest, threads, approvedByUs } = await review.look();
  const own = threads.flatMap((thread) => thread.notes).filter(({ author }) => author.id === self.id);
  const idOf = (key: string) => own.find(({ body }) => body.split('\n').includes(key))?.id;
  const missing = <T extends { readonly key: string }>(all: readonly T[]) => all.filter(({ key }) => !idOf(key));
  const due = { notes: missing(notes), replies: missing(replies) };
  const { lost } = await review.publish(due, mergeRequest.head, WHY);
  expect([...lost]).toEqual([]);
  await review.summary(idOf(keyOf(summary)) ?? null, keyOf(summary), textOf(summary), WHY);
  if (!approvedByUs) await review.approve(mergeRequest, WHY);
}

/** Without what we said, as before. */
async function swept({ bot, one }: GitlabReviewPlace): Promise<void> {
  const { body: discussions } = await bot('GET', `${one}/discussions?per_page=100`);
  const notes = (discussions as readonly { readonly notes: readonly { id: number; body: string }[] }[]).flatMap(
    (discussion) => discussion.notes,
  );
  for (const { id, body } of notes) if (body.includes('agentsmd:')) await bot('DELETE', `${one}/notes/${id}`);
}

const BULK = { method: 'POST', path: '/projects/*/merge_requests/1/draft_notes/bulk_publish' } as const;
const lossy = (how: 'published-then-500' | 'bad-draft-lost'): FaultRule => ({
  ...BULK,
  action: { kind: 'misbehave', how },
});

describe.each<readonly [string, readonly FaultRule[]]>([
  ['nothing fails', []],
  ['GitLab publishes and says it did not', [lossy('published-then-500')]],
  ['GitLab loses drafts', [lossy('bad-draft-lost')]],
  ['GitLab never publishes all at once', [{ ...BULK, action: { kind: 'reset' } }]],
])('a run that is killed, where %s', (_, faults) => {
  it('at any of its writes repeats and loses nothing', { timeout: 120_000 }, async () => {
    const place = await openReviewPlace();
    opened.push(place);
    const good = await place.position({ new_line: 3 });
    const bad = await place.position({ new_line: 400 });
    const { body: theirs } = await place.thread({ new_line: 6 });
    for (const fault of faults) place.gitlab.faults.add(fault);
    let kills = 0;
    for (let ended = false; !ended; kills++) {
      const name = (letter: string) => `${letter}${kills}`;
      const notes = [newNote(name('a'), good), newNote(name('b'), bad, good)];
      const batch: Batch = { notes, replies: [newReply(name('c'), theirs.id, true)] };
      const summary = name('s');
      ended = await run(killedAt(place, kills + 1), batch, summary).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Killed) return false;
          throw error;
        },
      );
      await run(place.begun(), batch, summary);
      const { threads, approvedByUs } = await place.review.look();
      const lines = threads.flatMap((thread) => thread.notes.flatMap(({ body }) => body.split('\n')));
      for (const key of ['a', 'b', 'c', 's'].map((letter) => keyOf(name(letter))))
        expect([kills, key, lines.filter((line) => line === key).length]).toEqual([kills, key, 1]);
      expect(approvedByUs).toBe(true);
      await place.review.revoke(WHY);
      await swept(place);
    }
    // Else it was killed nowhere.
    expect(kills).toBeGreaterThan(5);
    const head = await place.head();
    for (const { path, body } of place.requests) if (path.endsWith('/approve')) expect(body).toEqual({ sha: head });
  });
});
