import { expect } from 'vitest';
import { Capabilities } from '../../forge/gitlab/capabilities.ts';
import type { GitlabHttp } from '../../forge/gitlab/http/port.ts';
import { gitlabReview } from '../../forge/gitlab/review/review.ts';
import type { TextPosition } from '../../forge/positions/position.ts';
import type { Batch, MergeRequestReview, NewNote, NewReply, Person, Thread } from '../../forge/review-port.ts';
import { type Ask, asking } from '../gitlab/asking.ts';
import { CHANGED, LINES } from '../gitlab/review-place.ts';
import type { Place, Shop, ShopOptions } from './place.ts';
import { raw, refused, type Scenarios, WHY } from './scenario.ts';

/** Reviews: where comments stand, drafts, threads, approvals and requests for changes. */
export const REVIEWS: Scenarios = {
  'position-needs': async (place) => {
    const { review, head, at } = await reviewIn(place);
    const wrong = { ...(await at(3)), position_type: 'line' } as unknown as TextPosition;
    expect(await placesOf(review, head, note('a', wrong))).toEqual([-1]);
  },
  'position-schema': async (place) => {
    const { review, head, at } = await reviewIn(place);
    const wrong = { ...(await at(3)), new_line: '3' } as unknown as TextPosition;
    expect(await placesOf(review, head, note('a', wrong))).toEqual([-1]);
  },
  'position-line': async (place) => {
    const { review, head, at } = await reviewIn(place);
    expect(await placesOf(review, head, note('a', await at(99)), note('b', await at(3)))).toEqual([-1, 0]);
  },
  'position-traced': async (place) => {
    const { review, head, at, push } = await reviewIn(place);
    await review.publish(notes(note('a', await at(3))), head, WHY);
    await push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    // By GitLab's word the client tells what a push resolved from what a person did.
    const said = saidOf((await review.look()).threads, ({ system, body }) => system && /changed this line/.test(body));
    expect(said).toHaveLength(1);
  },
  'resolve-needs-developer': async (place) => {
    const { review, thread } = await reviewIn(place, { role: 'reporter' });
    await refused(review.setResolved(await thread(), true, WHY), 'role');
  },
  'only-threads-resolve': async (place) => {
    const { review, comment } = await reviewIn(place);
    await refused(review.setResolved(await comment(), true, WHY), 'forbidden');
  },
  'no-answer-to-system': async (place) => {
    const { review, head, ada, one } = await reviewIn(place);
    await ada('PUT', one, { add_labels: 'l' });
    const [{ id }] = (await ada('GET', `${one}/discussions`)).body;
    expect((await review.publish(replies(reply('a', id, false)), head, WHY)).lost.size).toBe(1);
  },
  'drafts-own': async (place) => {
    const { over, shop, head, ada, one } = await reviewIn(place);
    await ada('POST', `${one}/draft_notes`, { note: "ada's" });
    const { id } = (await ada('GET', '/user')).body;
    // A client that takes itself for somebody else does no harm to them.
    const astray = over(shop.http, { id: String(id), username: 'ada' });
    await astray.publish(notes(note('a')), head, WHY);
    expect((await ada('GET', `${one}/draft_notes`)).body).toHaveLength(1);
  },
  'draft-unchecked': async (place) => {
    const { review, head, at } = await reviewIn(place);
    await review.publish(notes(note('a', await at(99))), head, WHY);
    expect(answersTo(place, 'POST', '/draft_notes')).toEqual([201]);
  },
  'draft-once': async (place) => {
    const { review, head, bot, one, thread } = await reviewIn(place);
    const id = await thread();
    await bot('POST', `${one}/draft_notes`, { note: 'left', in_reply_to_discussion_id: id });
    place.gitlab.forget();
    const { lost } = await review.publish(replies(reply('a', id, true)), head, WHY);
    expect([lost.size, answersTo(place, 'POST', '/draft_notes')]).toEqual([0, [400, 201]]);
    expect(saidOf((await review.look()).threads, ({ body }) => body === 'left')).toEqual([]);
  },
  'draft-resolves-own-thread': async (place) => {
    const { review, head, comment } = await reviewIn(place);
    expect((await review.publish(replies(reply('a', await comment(), true)), head, WHY)).lost.size).toBe(1);
  },
  'draft-bad-line': async (place) => {
    const { review, head, at } = await reviewIn(place);
    expect(await placesOf(review, head, note('a', await at(99)), note('b', await at(3)))).toEqual([-1, 0]);
    expect(answersTo(place, 'POST', '/bulk_publish')).toEqual([500]);
  },
  'draft-of-commands': async (place) => {
    const { review, head } = await reviewIn(place);
    const command = { key: '/label ~x', body: raw('/label ~x'), positions: [] };
    await review.publish(notes(command), head, WHY);
    expect(answersTo(place, 'POST', '/bulk_publish')).toEqual([500]);
  },
  'draft-reopens': async (place) => {
    const { review, head, ada, one, thread } = await reviewIn(place);
    const id = await thread();
    await review.setResolved(id, true, WHY);
    await review.publish(replies(reply('a', id, false)), head, WHY);
    expect((await ada('GET', `${one}/discussions/${id}`)).body.notes[0].resolved).toBe(false);
  },
  'approve-needs-developer': async (place) => {
    const { review, of } = await reviewIn(place, { role: 'reporter' });
    await refused(review.approve(of, WHY), 'role');
    expect(answersTo(place, 'POST', '/approve')).toEqual([403]);
  },
  'approve-sha': async (place) => {
    const { shop, over, of, push } = await reviewIn(place);
    const late = over(before(shop.http, /\/approve$/, () => push({ 'README.md': 'two\n' })));
    await refused(late.approve(of, WHY), 'conflict', /review what is there now/);
  },
  'approve-once': async (place) => {
    const { review, of } = await reviewIn(place);
    await review.approve(of, WHY);
    await review.approve(of, WHY);
    expect(answersTo(place, 'POST', '/approve')).toEqual([201, 401]);
  },
  'no-own-approval': async (place) => {
    const { review, of } = await reviewIn(place, {}, 'bot');
    await refused(review.approve(of, WHY), 'forbidden');
  },
  'unapprove-approved': async (place) => {
    const { review, shop, over, of } = await reviewIn(place);
    await review.approve(of, WHY);
    // Somebody else of ours takes it back in between.
    const late = over(before(shop.http, /\/unapprove$/, () => review.revoke(WHY)));
    await late.revoke(WHY);
    expect(answersTo(place, 'POST', '/unapprove')).toEqual([201, 404]);
  },
  'approvals-reset-on-push': async (place) => {
    const { review, push, of } = await reviewIn(place, { project: { resetApprovalsOnPush: true } });
    await review.approve(of, WHY);
    await push({ 'README.md': 'two\n' });
    expect(await review.look()).toMatchObject({ approvedByUs: false });
  },
  'state-of-reviewers': async (place) => {
    const { shop, over, ada, one, of } = await reviewIn(place);
    const left = before(shop.http, /graphql$/, () => ada('PUT', one, { reviewer_ids: [] }));
    expect(await over(left).requestChanges(of, WHY)).toBe(false);
  },
  'changes-block': async (place) => {
    const { review, ada, one, of } = await reviewIn(place);
    expect(await review.requestChanges(of, WHY)).toBe(true);
    expect((await ada('PUT', `${one}/merge`)).status).toBe(405);
  },
  'threads-block': async (place) => {
    const { review, head, ada, one } = await reviewIn(place, { project: { mergeWantsResolved: true } });
    await review.publish(notes(note('a')), head, WHY);
    expect((await ada('PUT', `${one}/merge`)).status).toBe(405);
  },
  'graphql-mutation-api': async (place) => {
    const { review, of } = await reviewIn(place, { token: { scopes: ['read_api'] } });
    await refused(review.requestChanges(of, WHY), 'not-found');
  },
  'suggestion-line': async (place) => {
    const { review, head, at, ada, one } = await reviewIn(place);
    const { new_line: _, ...removed } = { ...(await at(3)), old_line: 3 };
    await review.publish(notes(suggested(removed as TextPosition)), head, WHY);
    expect((await ada('GET', `${one}/discussions`)).body[0].notes[0].suggestions).toEqual([]);
  },
  'suggestion-outdated': async (place) => {
    const { review, head, at, ada, one, push } = await reviewIn(place);
    await review.publish(notes(suggested(await at(3))), head, WHY);
    const [{ id }] = (await ada('GET', `${one}/discussions`)).body[0].notes[0].suggestions;
    await push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
    expect((await ada('PUT', `/suggestions/${id}/apply`)).status).toBe(400);
  },
};

interface Reviewed {
  readonly shop: Shop;
  readonly review: MergeRequestReview;
  /** The same over another transport, or as somebody who takes themselves for another. */
  over(http: GitlabHttp, self?: Person): MergeRequestReview;
  readonly head: string;
  readonly of: { readonly head: string; readonly target: string };
  readonly one: string;
  readonly ada: Ask;
  readonly bot: Ask;
  /** A line of `app.ts` as it is in the merge request. */
  at(line: number): Promise<TextPosition>;
  push(files: Readonly<Record<string, string>>): Promise<string>;
  /** Of `ada`'s; their ids. */
  thread(): Promise<string>;
  comment(): Promise<string>;
}

/** A merge request of `ada`'s, unless told otherwise, which `bot` is to review. */
async function reviewIn(place: Place, options: ShopOptions = {}, by: 'ada' | 'bot' = 'ada'): Promise<Reviewed> {
  const { gitlab } = place;
  const shop = await place.shop({ ...options, files: { 'app.ts': LINES.join(''), 'README.md': 'one\n' } });
  const [ada, bot] = ['ada', 'bot'].map((user) => asking(gitlab, gitlab.addToken({ user })));
  const push: Reviewed['push'] = async (files) => {
    const sha = await gitlab.push(shop.path, { branch: 'topic', user: 'ada', message: 'Change', files });
    await ada!('GET', one);
    return sha;
  };
  const one = `/projects/${shop.project.id}/merge_requests/1`;
  const head = await gitlab.push(shop.path, {
    ...{ branch: 'topic', user: 'ada', message: 'Change', files: { 'app.ts': CHANGED.join('') }, from: 'main' },
  });
  const reviewer_ids = [(await bot!('GET', '/user')).body.id];
  const wish = { title: 'Change', source_branch: 'topic', target_branch: 'main', reviewer_ids };
  await (by === 'ada' ? ada! : bot!)('POST', `/projects/${shop.project.id}/merge_requests`, wish);
  const us = { id: String(reviewer_ids[0]), username: 'bot' };
  const over: Reviewed['over'] = (http, self = us) =>
    gitlabReview(
      {
        ...{ http, audit: { append: () => {} }, capabilities: new Capabilities(), self: async () => self },
        clock: { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 },
      },
      shop.project,
      1,
    );
  gitlab.forget();
  return {
    ...{ shop, over, review: over(shop.http), head, of: { head, target: 'main' }, one, ada: ada!, bot: bot!, push },
    at: async (line) => ({
      ...(await ada!('GET', one)).body.diff_refs,
      ...{ position_type: 'text', old_path: 'app.ts', new_path: 'app.ts', new_line: line },
    }),
    thread: async () => (await ada!('POST', `${one}/discussions`, { body: 'Hm.' })).body.id,
    comment: async () => {
      await ada!('POST', `${one}/notes`, { body: 'Nice' });
      return (await ada!('GET', `${one}/discussions`)).body.at(-1).id;
    },
  };
}

const keyOf = (name: string) => `<!-- agentsmd:finding {"id":"${name}"} -->`;

function note(name: string, ...positions: NewNote['positions']): NewNote {
  return { key: keyOf(name), body: raw(`${name}\n\n${keyOf(name)}`), positions };
}

function suggested(position: TextPosition): NewNote {
  return { key: keyOf('s'), body: raw(`\`\`\`suggestion\nx\n\`\`\`\n\n${keyOf('s')}`), positions: [position] };
}

function reply(name: string, thread: string, resolve: boolean): NewReply {
  return { key: keyOf(name), body: raw(`${name}\n\n${keyOf(name)}`), thread, resolve };
}

const notes = (...all: readonly NewNote[]): Batch => ({ notes: all, replies: [] });
const replies = (...all: readonly NewReply[]): Batch => ({ notes: [], replies: all });

/** Where they came to stand: which of their positions each. */
async function placesOf(review: MergeRequestReview, head: string, ...all: readonly NewNote[]): Promise<number[]> {
  return [...(await review.publish(notes(...all), head, WHY)).placed.values()].toSorted();
}

function saidOf(threads: readonly Thread[], which: (note: Thread['notes'][number]) => boolean): readonly string[] {
  return threads.flatMap((thread) => thread.notes.filter(which).map(({ body }) => body));
}

/** What GitLab answered to each request of that kind. */
function answersTo({ gitlab }: Place, method: string, end: string): readonly number[] {
  const asked = gitlab.requests.filter((request) => request.method === method && request.path.endsWith(end));
  return asked.map(({ status }) => status);
}

/** Something happens right before each request of that path. */
function before(http: GitlabHttp, path: RegExp, happens: () => Promise<unknown>): GitlabHttp {
  return {
    ...http,
    send: async (call) => {
      if (call.method === 'POST' && path.test(call.path)) await happens();
      return http.send(call);
    },
  };
}
