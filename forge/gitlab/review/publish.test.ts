import { afterEach, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../test/gitlab/port.ts';
import { ForgeError } from '../../errors.ts';
import type { TextPosition } from '../../positions/position.ts';
import type { Batch, NewNote } from '../../review-port.ts';
import type { WriteRequest } from '../../write-request.ts';
import type { Call } from '../http/port.ts';
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

/** Looked at, and with its requests forgotten. */
async function open(options: ReviewPlaceOptions = {}): Promise<GitlabReviewPlace & { readonly tip: string }> {
  const place = await openReviewPlace(options);
  opened.push(place);
  const { mergeRequest } = await place.review.look();
  place.gitlab.forget();
  return { ...place, tip: mergeRequest.head };
}

const WHY = 'it was reviewed';

function batch(...notes: readonly NewNote[]): Batch {
  return { notes, replies: [] };
}

/** No line of the diff, which GitLab sees only when it publishes. */
async function badLine(place: GitlabReviewPlace): Promise<TextPosition> {
  return place.position({ new_line: 400 });
}

async function fileOf(place: GitlabReviewPlace) {
  const { new_line: _, ...where } = await place.position({ new_line: 3 });
  return { ...where, position_type: 'file' } as const;
}

const countOf = (place: GitlabReviewPlace, request: string) => place.asked().filter((one) => one === request).length;
const PUBLISH = 'POST /draft_notes/bulk_publish';
const DRAFTS = 'GET /draft_notes?per_page=100';
const THREADS = 'GET /discussions?per_page=100';

describe('a batch', () => {
  it('of N is N + 4 requests, once it was looked at', async () => {
    const place = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    const notes = [newNote('one', await place.position({ new_line: 3 })), newNote('two')];
    const replies = [newReply('three', theirs.id, true)];
    place.gitlab.forget();
    const { placed, lost } = await place.review.publish({ notes, replies }, place.tip, WHY);
    const drafted = ['POST /draft_notes', 'POST /draft_notes', 'POST /draft_notes'];
    expect(place.asked()).toEqual([...drafted, DRAFTS, 'GET ', PUBLISH, THREADS]);
    expect([[...placed], [...lost]]).toEqual([
      [
        [keyOf('one'), 0],
        [keyOf('two'), -1],
      ],
      [],
    ]);
    expect(await place.said()).toEqual(['Hm.', 'one', 'two', 'three']);
    const told = place.audit.map(({ result, method, path, why, actor }) => [result, method, path, why, actor]);
    expect(told.filter(([result]) => result === 'applied')).toHaveLength(4);
    for (const entry of told)
      expect(entry).toEqual([expect.anything(), 'POST', expect.stringMatching(/draft/), WHY, 'bot']);
  });

  it('says nothing where the tip moved on, not even that a thread is at its end', async () => {
    const place = await open();
    const [one, two] = [await place.thread({ new_line: 6 }), await place.thread({ new_line: 3 })];
    await place.review.look();
    await place.push({ 'other.ts': 'x\n' });
    place.gitlab.forget();
    for (const more of [newReply('one', one.body.id, true), newReply('two', two.body.id, false), newNote('three')]) {
      const all = 'thread' in more ? { notes: [], replies: [more] } : batch(more);
      await expect(place.review.publish(all, place.tip, WHY)).rejects.toMatchObject({ reason: 'conflict' });
    }
  });

  it('goes out as JSON, with numbers that are numbers and nothing that is not there', async () => {
    const place = await open();
    const [added, kept, file] = [
      await place.position({ new_line: 3 }),
      await place.position({ old_line: 10, new_line: 11 }),
      await fileOf(place),
    ];
    place.gitlab.forget();
    await place.review.publish(batch(newNote('a', added), newNote('b', kept), newNote('c', file)), place.tip, WHY);
    const sent = place.requests.filter(({ path }) => path.endsWith('/draft_notes'));
    for (const { headers } of sent) expect(headers['content-type']).toBe('application/json');
    expect(sent.map(({ body }) => (body as { position: object }).position)).toEqual([added, kept, file]);
    expect(added).not.toHaveProperty('old_line');
    const { threads } = await place.review.look();
    expect(threads.map(({ resolvable }) => resolvable)).toEqual([true, true, true]);
  });

  it('of nothing sends nothing', async () => {
    const place = await open();
    expect(await place.begun().publish(batch(), place.tip, WHY)).toEqual({ placed: new Map(), lost: new Map() });
    expect(place.asked()).toEqual([]);
  });

  it('is not said again', async () => {
    const place = await open();
    const notes = [newNote('one', await place.position({ new_line: 3 })), newNote('two')];
    await place.review.publish(batch(...notes), place.tip, WHY);
    place.gitlab.forget();
    const again = await place.review.publish(batch(...notes), place.tip, WHY);
    expect(place.asked()).toEqual([]);
    expect([...again.placed.values()]).toEqual([0, -1]);
    // Nor by one that did not look before.
    await place.begun().publish(batch(...notes, newNote('three')), place.tip, WHY);
    expect(await place.said()).toEqual(['one', 'two', 'three']);
  });

  it.each<readonly [string, (place: GitlabReviewPlace) => Batch, RegExp]>([
    ['a key that is no line', () => batch({ ...newNote('a'), key: 'b' }), /"b" is no line of the text/],
    ['a key that is part of a line', () => batch({ key: 'k', body: safe('k '), positions: [] }), /"k" is no line/],
    ['a second text without its key', () => batch({ ...newNote('a'), elsewhere: safe('b') }), /is no line/],
    ['an empty key', () => batch({ key: '', body: safe('a\n\nb'), positions: [] }), /"" is no line/],
    ['one key twice', () => batch(newNote('a'), newNote('a')), /is in one batch twice/],
    [
      'two replies to one thread',
      () => ({ notes: [], replies: [newReply('a', 't', true), newReply('b', 't', true)] }),
      /"t" is in one batch twice/,
    ],
  ])('with %s is a bug', async (_, of, says) => {
    const place = await open();
    const publishing = place.review.publish(of(place), place.tip, WHY);
    await expect(publishing).rejects.toMatchObject({ reason: 'invalid', message: expect.stringMatching(says) });
    expect(place.asked()).toEqual([]);
  });

  it('is for a whole commit', async () => {
    const place = await open();
    await expect(place.review.publish(batch(newNote('a')), '', WHY)).rejects.toMatchObject({ reason: 'invalid' });
    expect(place.asked()).toEqual([]);
  });

  it('is not said where the project is archived, and that is told', async () => {
    const place = await open();
    place.gitlab.changeProject('team/app', { archived: true });
    await expect(place.review.publish(batch(newNote('a')), place.tip, WHY)).rejects.toMatchObject({
      reason: 'archived',
      message: expect.stringMatching(/unarchive it/),
    });
  });
});

describe('drafts', () => {
  it('that a run left behind are not published', async () => {
    const place = await open();
    for (const note of ['stale', 'older']) await place.bot('POST', `${place.one}/draft_notes`, { note });
    await place.ann('POST', `${place.one}/draft_notes`, { note: "ann's" });
    place.gitlab.forget();
    await place.review.publish(batch(newNote('one')), place.tip, WHY);
    expect(await place.said()).toEqual(['one']);
    const asked = place.asked().map((one) => one.replace(/\d+$/, 'N'));
    expect(asked.slice(0, 7)).toEqual([
      'POST /draft_notes',
      'GET /draft_notes?per_page=N',
      'GET /discussions?per_page=N',
      'DELETE /draft_notes/N',
      'DELETE /draft_notes/N',
      'GET ',
      PUBLISH,
    ]);
    expect((await place.ann('GET', `${place.one}/draft_notes`)).body).toHaveLength(1);
  });

  it('of others are left alone, even where GitLab shows them', async () => {
    const place = await open({ simulator: { broken: ['drafts-own'] } });
    await place.ann('POST', `${place.one}/draft_notes`, { note: "ann's" });
    await place.review.publish(batch(newNote('one')), place.tip, WHY);
    expect((await place.ann('GET', `${place.one}/draft_notes`)).body).toMatchObject([{ note: "ann's" }]);
  });

  it('that are refused go to the next position, and at last to none', async () => {
    const place = await open({ simulator: { broken: ['draft-unchecked'] } });
    const [bad, good, file] = [await badLine(place), await place.position({ new_line: 3 }), await fileOf(place)];
    place.gitlab.forget();
    const suggested = { ...newNote('d', bad, bad), elsewhere: safe(`elsewhere\n\n${keyOf('d')}`) };
    const onFile = { ...newNote('e', bad, file), elsewhere: safe(`of the file\n\n${keyOf('e')}`) };
    const notes = [newNote('a', good, file), newNote('b', bad, good), newNote('c', bad, bad, file), suggested, onFile];
    const { placed, lost } = await place.review.publish(batch(...notes), place.tip, WHY);
    expect([...placed.values()]).toEqual([0, 1, 2, -1, 1]);
    expect(lost.size).toBe(0);
    expect(countOf(place, 'POST /draft_notes')).toBe(1 + 2 + 3 + 3 + 2);
    expect(await place.said()).toEqual(['a', 'b', 'c', 'elsewhere', 'of the file']);
    expect(place.audit.filter(({ result }) => result === 'refused')).toHaveLength(6);
  });

  it('over which GitLab fails each time go to the next position as well', async () => {
    const place = await open();
    const [good, file] = [await place.position({ new_line: 3 }), await fileOf(place)];
    const failing = place.begun({
      send: async (call) => {
        const { position } = (call.body ?? {}) as { position?: { position_type: string } };
        if (position?.position_type === 'text') throw new ForgeError('unavailable', '500', { status: 500 });
        return place.http.send(call);
      },
    });
    const { placed } = await failing.publish(batch(newNote('a', good, file)), place.tip, WHY);
    expect([...placed.values()]).toEqual([1]);
    expect(await place.said()).toEqual(['a']);
  });

  it.each<readonly [string, FaultRule['action']]>([
    ['the connection was cut', { kind: 'applied-then-reset' }],
    ['a proxy gave up', { kind: 'applied-then-status', status: 504 }],
    ['the answer was cut', { kind: 'truncated' }],
  ])('are made once where %s', async (_, action) => {
    const place = await open();
    place.gitlab.faults.add({ method: 'POST', path: `${place.one}/draft_notes`, nth: 2, action });
    await place.review.publish(batch(newNote('a'), newNote('b'), newNote('c')), place.tip, WHY);
    expect(countOf(place, 'POST /draft_notes')).toBe(3);
    expect(await place.said()).toEqual(['a', 'b', 'c']);
  });

  it('that come after nobody looked for them any more are not published twice', async () => {
    const place = await open();
    const late: Call[] = [];
    let calls = 0;
    const slow = place.begun({
      send: async (call) => {
        if (call.method !== 'POST' || !call.path.endsWith('/draft_notes')) return place.http.send(call);
        if (++calls === 1) {
          late.push(call);
          throw new ForgeError('timeout', 'no answer');
        }
        const answer = await place.http.send(call);
        for (const before of late.splice(0)) await place.http.send(before);
        return answer;
      },
    });
    await slow.publish(batch(newNote('a'), newNote('b')), place.tip, WHY);
    expect(place.requests.filter(({ path, applied }) => path.endsWith('/draft_notes') && applied)).toHaveLength(3);
    expect(await place.said()).toEqual(['a', 'b']);
  });

  it('stay unpublished where the merge request moved on, and go', async () => {
    const place = await open();
    let pushes = 0;
    const pushing = place.begun({
      send: async (call) => {
        const answer = await place.http.send(call);
        if (call.method === 'POST') await place.push({ 'new.ts': `${++pushes}\n` });
        return answer;
      },
    });
    await expect(pushing.publish(batch(newNote('a'), newNote('b')), place.tip, WHY)).rejects.toMatchObject({
      reason: 'conflict',
      message: expect.stringMatching(/^team\/app!1: its tip is [0-9a-f]{40} by now, and not .*; nothing was said/),
    });
    expect(countOf(place, PUBLISH)).toBe(0);
    expect((await place.bot('GET', `${place.one}/draft_notes`)).body).toEqual([]);
    expect(await place.said()).toEqual([]);
  });
});

describe('replies', () => {
  it('resolve their thread, or open it again, as is said', async () => {
    const place = await open();
    const { body: undone } = await place.thread({ new_line: 3 }, 'open');
    const { body: done } = await place.thread({ new_line: 6 }, 'done');
    await place.ann('PUT', `${place.one}/discussions/${done.id}`, { resolved: true });
    place.gitlab.forget();
    const replies = [newReply('fixed', undone.id, true), newReply('not yet', done.id, false)];
    const { placed, lost } = await place.review.publish({ notes: [], replies }, place.tip, WHY);
    expect([placed.size, lost.size]).toEqual([0, 0]);
    const { threads } = await place.review.look();
    const told = threads.filter(({ resolvable }) => resolvable).map(({ notes, resolved }) => [notes.length, resolved]);
    expect(told).toEqual([
      [2, true],
      [2, false],
    ]);
    const sent = place.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/draft_notes'));
    expect(sent.map(({ body }) => body)).toEqual([
      { note: replies[0]!.body, in_reply_to_discussion_id: undone.id, resolve_discussion: true },
      { note: replies[1]!.body, in_reply_to_discussion_id: done.id, resolve_discussion: false },
    ]);
  });

  it('to a thread that is gone are lost, and all else is said', async () => {
    const place = await open();
    const replies = [newReply('to nobody', 'f'.repeat(40), false)];
    const { lost, placed } = await place.review.publish({ notes: [newNote('a')], replies }, place.tip, WHY);
    expect([...lost]).toEqual([[keyOf('to nobody'), expect.stringMatching(/Thread to reply to cannot be found/)]]);
    expect([...placed.keys()]).toEqual([keyOf('a')]);
    expect(await place.said()).toEqual(['a']);
  });

  it('alone, to a thread that is gone, publish nothing', async () => {
    const place = await open();
    const replies = [newReply('to nobody', 'f'.repeat(40), false)];
    const { lost } = await place.review.publish({ notes: [], replies }, place.tip, WHY);
    expect(lost.size).toBe(1);
    expect(countOf(place, PUBLISH)).toBe(0);
  });
});

describe('words of others', () => {
  it('are not ours, whatever line they have', async () => {
    const place = await open();
    await place.ann('POST', `${place.one}/notes`, { body: newNote('a').body });
    await place.thread({ new_line: 6 }, `> quoted: ${keyOf('b')}`);
    await place.review.look();
    // Also where it has to be found out what became of it.
    place.gitlab.faults.add({
      method: 'POST',
      path: `${place.one}/draft_notes/bulk_publish`,
      action: { kind: 'reset' },
    });
    await place.review.publish(batch(newNote('a'), newNote('b')), place.tip, WHY);
    expect((await place.said()).filter((line) => line === 'a' || line === 'b')).toEqual(['a', 'a', 'b']);
  });
});

describe('a dry run', () => {
  it('takes down what would be sent, in order, and sends nothing', async () => {
    const place = await open();
    const { body: theirs } = await place.thread({ new_line: 6 });
    const { body: stale } = await place.bot('POST', `${place.one}/draft_notes`, { note: 'stale' });
    const position = await place.position({ new_line: 3 });
    place.gitlab.forget();
    const recorded: WriteRequest[] = [];
    const review = place.begun({}, (request) => recorded.push(request));
    await review.look();
    const notes = [newNote('a', position, await fileOf(place)), newNote('b')];
    const replies = [newReply('c', theirs.id, true)];
    const { placed, lost } = await review.publish({ notes, replies }, place.tip, WHY);
    expect([[...placed.values()], [...lost]]).toEqual([[0, -1], []]);
    const at = `${place.one}/draft_notes`;
    expect(recorded.map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', at, { note: notes[0]!.body, position }],
      ['POST', at, { note: notes[1]!.body }],
      ['POST', at, { note: replies[0]!.body, in_reply_to_discussion_id: theirs.id, resolve_discussion: true }],
      ['DELETE', `${at}/${stale.id}`, undefined],
      ['POST', `${at}/bulk_publish`, undefined],
    ]);
    expect(recorded.every(({ why }) => why === WHY)).toBe(true);
    expect(place.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(place.audit).toEqual([]);
  });

  it('takes down all the rest as well', async () => {
    const place = await open();
    const recorded: string[] = [];
    const review = place.begun({}, ({ method, path }) => recorded.push(`${method} ${path.replace(place.one, '')}`));
    expect(await review.summary(null, keyOf('s'), newNote('s').body, WHY)).toBe('0');
    expect(await review.summary('7', keyOf('s'), newNote('s').body, WHY)).toBe('7');
    await review.setResolved('abc', true, WHY);
    await review.approve({ head: place.tip, target: 'main' }, WHY);
    expect(await review.requestChanges({ head: place.tip, target: 'main' }, WHY)).toBe(true);
    await review.revoke(WHY);
    await place.bot('POST', `${place.one}/approve`);
    await review.revoke(WHY);
    expect(recorded).toEqual([
      'POST /notes',
      'PUT /notes/7',
      'PUT /discussions/abc',
      'POST /approve',
      'POST /notes',
      'POST /unapprove',
    ]);
  });

  it('is refused as the real one is', async () => {
    const place = await open();
    const recorded: WriteRequest[] = [];
    const review = place.begun({}, (request) => recorded.push(request));
    await expect(review.publish(batch(newNote('a')), 'f'.repeat(40), WHY)).rejects.toMatchObject({
      reason: 'conflict',
    });
    expect(recorded.map(({ method }) => method)).toEqual(['POST']);
  });
});
