import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import { ForgeError } from '../../errors.ts';
import type { Batch, NewNote } from '../../review-port.ts';
import {
  type GitlabReviewPlace,
  keyOf,
  newNote,
  newReply,
  openReviewPlace,
  type ReviewPlaceOptions,
  safe,
} from './testing/review-place.ts';

const opened: GitlabReviewPlace[] = [];
afterEach(async () => {
  for (const place of opened.splice(0)) await place.close();
});

interface Looked {
  readonly place: GitlabReviewPlace;
  readonly head: string;
  readonly good: NewNote['positions'][number];
  /** No line of the diff, which GitLab sees only when it publishes. */
  readonly bad: NewNote['positions'][number];
  readonly file: NewNote['positions'][number];
}

async function open(options: ReviewPlaceOptions = {}): Promise<Looked> {
  const place = await openReviewPlace(options);
  opened.push(place);
  const { mergeRequest } = await place.review.look();
  const good = await place.position({ new_line: 3 });
  const bad = await place.position({ new_line: 400 });
  const { new_line: _, ...where } = good;
  place.gitlab.forget();
  return { place, head: mergeRequest.head, good, bad, file: { ...where, position_type: 'file' } };
}

const WHY = 'it was reviewed';

function batch(...notes: readonly NewNote[]): Batch {
  return { notes, replies: [] };
}

const BULK = '/projects/*/merge_requests/1/draft_notes/bulk_publish';
const ONE = '/projects/*/merge_requests/1/draft_notes/*/publish';
const DRAFTS = 'GET /draft_notes?per_page=100';
const THREADS = 'GET /discussions?per_page=100';

/** After its drafts were made and the tip was looked at; numbers of drafts aside. */
function askedAfterBulk(place: GitlabReviewPlace): readonly string[] {
  const asked = place.asked();
  return asked.slice(asked.indexOf('POST /draft_notes/bulk_publish')).map((one) => one.replace(/\/\d+/g, '/N'));
}

async function noDrafts({ bot, one }: GitlabReviewPlace): Promise<void> {
  expect((await bot('GET', `${one}/draft_notes`)).body).toEqual([]);
}

const UNANSWERED: readonly FaultRule['action'][] = [
  { kind: 'applied-then-reset' },
  { kind: 'applied-then-status', status: 500 },
  { kind: 'applied-then-status', status: 502 },
  { kind: 'applied-then-status', status: 503 },
  { kind: 'applied-then-status', status: 504 },
];
const NOT_DONE: readonly FaultRule['action'][] = [
  { kind: 'reset' },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 504 },
  { kind: 'status', status: 403 },
];

describe('publishing', () => {
  it.each([...UNANSWERED, ...NOT_DONE])('is asked for once, and all is said once: %o', async (action) => {
    const { place, head, good } = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    // Whatever else is published later goes well.
    place.gitlab.faults.add({ method: 'POST', path: BULK, action });
    const notes = [newNote('a', good), newNote('b')];
    const replies = [newReply('c', theirs.id, true)];
    const { placed, lost } = await place.review.publish({ notes, replies }, head, WHY);
    expect([[...placed.values()], [...lost]]).toEqual([[0, -1], []]);
    expect(place.requests.filter(({ path }) => path.endsWith('/bulk_publish'))).toHaveLength(1);
    expect(await place.said()).toEqual(['Hm.', 'a', 'b', 'c']);
    const { threads } = await place.review.look();
    expect(threads.find(({ id }) => id === theirs.id)).toMatchObject({ resolved: true });
    await noDrafts(place);
  });

  it('is asked for again where GitLab asked to come later, for that it does before anything else', async () => {
    const { place, head } = await open();
    place.gitlab.faults.add({ method: 'POST', path: BULK, nth: 1, action: { kind: '429', retryAfter: 2 } });
    await place.review.publish(batch(newNote('a')), head, WHY);
    const bulk = place.requests.filter(({ path }) => path.endsWith('/bulk_publish'));
    expect(bulk.map(({ status, applied }) => [status, applied])).toEqual([
      [429, false],
      [204, true],
    ]);
    expect(place.waits).toEqual([2000]);
  });

  it('that was done and answered with an error is found out, and its drafts go', async () => {
    const { place, head, good } = await open();
    const how = 'published-then-500' as const;
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'misbehave', how } });
    const { placed } = await place.review.publish(batch(newNote('a', good), newNote('b')), head, WHY);
    expect([...placed.values()]).toEqual([0, -1]);
    expect(askedAfterBulk(place)).toEqual([
      'POST /draft_notes/bulk_publish',
      THREADS,
      DRAFTS,
      THREADS,
      'DELETE /draft_notes/N',
      'DELETE /draft_notes/N',
    ]);
    expect(await place.said()).toEqual(['a', 'b']);
    await noDrafts(place);
  });

  it('that is still at it when nobody waits any more is waited for', async () => {
    const { place, head } = await open({ timeout: 1 });
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'slow', ms: 1300, part: 'headers' } });
    // The real time that this clock passes over.
    place.onWait = () => new Promise((resolve) => setTimeout(resolve, 300));
    await place.review.publish(batch(newNote('a'), newNote('b')), head, WHY);
    expect(await place.said()).toEqual(['a', 'b']);
    expect(askedAfterBulk(place).some((one) => one.startsWith('PUT'))).toBe(false);
    await noDrafts(place);
  });

  it('goes on where a line is bad and GitLab stops there', async () => {
    const { place, head, good, bad, file } = await open();
    const notes = [newNote('a', good), newNote('b', bad, file), newNote('c', good)];
    const { placed, lost } = await place.review.publish(batch(...notes), head, WHY);
    expect([[...placed.values()], lost.size]).toEqual([[0, 1, 0], 0]);
    const asked = askedAfterBulk(place);
    expect(asked.filter((one) => !one.startsWith('GET'))).toEqual([
      'POST /draft_notes/bulk_publish',
      // `b` fails over its line each time.
      'PUT /draft_notes/N/publish',
      'PUT /draft_notes/N/publish',
      'PUT /draft_notes/N/publish',
      'PUT /draft_notes/N/publish',
      'DELETE /draft_notes/N',
      'DELETE /draft_notes/N',
      'POST /discussions',
      'POST /discussions',
    ]);
    expect(await place.said()).toEqual(['a', 'c', 'b']);
    await noDrafts(place);
  });

  it('that loses a draft without a word is noticed', async () => {
    const { place, head, good, bad, file } = await open();
    const lossy = { kind: 'misbehave', how: 'bad-draft-lost' } as const;
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: lossy });
    const lastly = { ...newNote('c', bad), elsewhere: safe(`elsewhere\n\n${keyOf('c')}`) };
    const notes = [newNote('a', good), newNote('b', bad, file), lastly, newNote('d', bad, bad, good)];
    const { placed, lost } = await place.review.publish(batch(...notes), head, WHY);
    expect([[...placed.values()], lost.size]).toEqual([[0, 1, -1, 2], 0]);
    expect(askedAfterBulk(place)).toEqual([
      'POST /draft_notes/bulk_publish',
      THREADS,
      // A run of a newer commit may have taken them away.
      'GET ',
      DRAFTS,
      THREADS,
      // A position lower, each.
      'POST /discussions',
      'POST /discussions',
      'POST /discussions',
      'POST /discussions',
    ]);
    expect(await place.said()).toEqual(['a', 'b', 'elsewhere', 'd']);
  });

  it('is done one by one, and whatever is lost on the way is noticed', async () => {
    const { place, head, bad, file } = await open();
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'reset' } });
    place.gitlab.faults.add({ method: 'PUT', path: ONE, action: { kind: 'misbehave', how: 'bad-draft-lost' } });
    const { placed } = await place.review.publish(batch(newNote('a'), newNote('b', bad, file)), head, WHY);
    expect([...placed.values()]).toEqual([-1, 1]);
    expect(await place.said()).toEqual(['a', 'b']);
  });

  it.each([
    ...UNANSWERED,
    ...NOT_DONE,
    { kind: 'misbehave', how: 'published-then-500' } as const,
  ])('one by one is done once as well: %o', async (action) => {
    const { place, head, good } = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'reset' } });
    place.gitlab.faults.add({ method: 'PUT', path: ONE, nth: 1, action });
    place.gitlab.faults.add({ method: 'PUT', path: ONE, nth: 3, action });
    const batch = { notes: [newNote('a', good), newNote('b')], replies: [newReply('c', theirs.id, false)] };
    const { placed, lost } = await place.review.publish(batch, head, WHY);
    expect([[...placed.values()], lost.size]).toEqual([[0, -1], 0]);
    expect((await place.said()).toSorted()).toEqual(['Hm.', 'a', 'b', 'c']);
    await noDrafts(place);
  });

  it.each([
    ...UNANSWERED,
    ...NOT_DONE.filter(({ kind }) => kind === 'reset'),
  ])('straight to a line is done once as well: %o', async (action) => {
    const { place, head, good, bad } = await open();
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'misbehave', how: 'bad-draft-lost' } });
    place.gitlab.faults.add({ method: 'POST', path: '/projects/*/merge_requests/1/discussions', nth: 1, action });
    const { placed } = await place.review.publish(batch(newNote('a', bad, good)), head, WHY);
    expect([...placed.values()]).toEqual([1]);
    expect(await place.said()).toEqual(['a']);
  });

  it('of a reply that got lost is made up for, and its thread is as was said', async () => {
    const { place, head } = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    let lost = 0;
    const losing = place.begun({
      send: async (call) => {
        if (call.path.endsWith('/bulk_publish')) {
          const { body: drafts } = await place.bot('GET', `${place.one}/draft_notes`);
          for (const { id } of drafts) {
            await place.bot('DELETE', `${place.one}/draft_notes/${id}`);
            lost++;
          }
        }
        return place.http.send(call);
      },
    });
    const replies = [newReply('fixed', theirs.id, true)];
    expect((await losing.publish({ notes: [], replies }, head, WHY)).lost.size).toBe(0);
    expect(lost).toBe(1);
    const { threads } = await place.review.look();
    expect(threads[0]).toMatchObject({ resolved: true, notes: [{ body: 'Hm.' }, { body: replies[0]!.body }] });
  });

  it('says what it could not bring there, and why', async () => {
    const { place, head } = await open();
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'reset' } });
    place.gitlab.faults.add({ method: 'PUT', path: ONE, action: { kind: 'status', status: 403 } });
    place.gitlab.faults.add({ method: 'POST', path: '*/*/*/*/discussions', action: { kind: 'status', status: 403 } });
    const { placed, lost } = await place.review.publish(batch(newNote('a'), newNote('b')), head, WHY);
    expect(placed.size).toBe(0);
    expect([...lost.keys()]).toEqual([keyOf('a'), keyOf('b')]);
    expect(lost.get(keyOf('a'))).toMatch(/POST \S*\/discussions: 403/);
    await noDrafts(place);
  });

  it('ends in an error where GitLab goes away, and the next run says the rest', async () => {
    const { place, head, good } = await open();
    place.gitlab.faults.add({ method: 'POST', path: BULK, action: { kind: 'applied-then-status', status: 503 } });
    place.gitlab.faults.add({ method: 'GET', path: '*/*/*/*/discussions', action: { kind: 'status', status: 503 } });
    const all = batch(newNote('a', good), newNote('b'));
    await expect(place.review.publish(all, head, WHY)).rejects.toMatchObject({ reason: 'unavailable' });
    place.gitlab.faults.clear();
    const next = place.begun();
    await next.look();
    await next.publish(all, head, WHY);
    expect(await place.said()).toEqual(['a', 'b']);
  });
});

describe('a run that begins while an earlier one is still being published', () => {
  it('looks again once it took the drafts away', async () => {
    const { place, head } = await open();
    const all = batch(newNote('a'), newNote('b'));
    // The earlier one, up to where it was killed; GitLab was at it when this one looked.
    for (const { body } of all.notes) await place.bot('POST', `${place.one}/draft_notes`, { note: body });
    const next = place.begun();
    await next.look();
    await place.bot('POST', `${place.one}/notes`, { body: all.notes[0]!.body });
    await next.publish(all, head, WHY);
    expect(await place.said()).toEqual(['a', 'b']);
    await noDrafts(place);
  });

  it('takes for no loss what became a note between two looks', async () => {
    const { place, head } = await open();
    let lists = Number.NaN;
    const late = place.begun({
      send: (call) => {
        if (!call.path.endsWith('/bulk_publish')) return place.http.send(call);
        lists = 0;
        throw new ForgeError('unavailable', 'no answer');
      },
      async *pages(call) {
        yield* place.http.pages(call);
        // Three looks for what came of it; then the first of the two that the rescue begins with.
        if (++lists === 4) await place.bot('POST', `${place.one}/draft_notes/bulk_publish`);
      },
    });
    await late.publish(batch(newNote('a'), newNote('b')), head, WHY);
    expect(lists).toBeGreaterThan(4);
    expect(await place.said()).toEqual(['a', 'b']);
    await noDrafts(place);
  });
});
