import { describe, expect, it } from 'vitest';
import type { Answered } from './asking.ts';
import type { NewProject, SimulatorOptions } from './port.ts';
import { CHANGED, openReview, type ReviewPlace } from './review-place.ts';
import { REVIEW_RULES } from './rules-reviews.ts';

type ReviewRuleId = (typeof REVIEW_RULES)[number]['id'];

/** What each rule's own request shows while the rule is in force; with the rule switched off it shows something else. */
const SHOWS: Record<ReviewRuleId, readonly [unknown, (place: ReviewPlace) => Promise<unknown>]> = {
  'diff-limits': [
    '',
    async ({ bot, one, push }) => {
      await push({ 'a.txt': 'x\n'.repeat(20_000) });
      return (await bot('GET', `${one}/diffs`)).body[0].diff;
    },
  ],
  'position-needs': [
    'position[position_type] does not have a valid value',
    async ({ thread }) => (await thread({ position_type: 'line', new_line: 3 })).body.error,
  ],
  'position-schema': [400, async ({ thread }) => (await thread({ new_line: '3' })).status],
  'position-line': [400, async ({ thread }) => (await thread({ new_line: 99 })).status],
  'position-traced': [
    4,
    async ({ thread, push, bot, one }) => {
      const { id } = (await thread({ new_line: 3 })).body;
      await push({ 'app.ts': `zero\n${CHANGED.join('')}` });
      return (await bot('GET', `${one}/discussions/${id}`)).body.notes[0].position.new_line;
    },
  ],
  'resolve-needs-developer': [
    403,
    async ({ thread, as, one }) => {
      const { id } = (await thread({ new_line: 3 })).body;
      return (await as('reader')('PUT', `${one}/discussions/${id}`, { resolved: true })).status;
    },
  ],
  'only-threads-resolve': [403, async (place) => (await comment(place, 'PUT', { resolved: true })).status],
  'body-or-resolved': [
    400,
    async ({ thread, bot, one }) => {
      const { id, notes } = (await thread({ new_line: 3 })).body;
      const change = { body: 'x', resolved: true };
      return (await bot('PUT', `${one}/discussions/${id}/notes/${notes[0].id}`, change)).status;
    },
  ],
  'no-answer-to-system': [
    400,
    async ({ ann, one }) => {
      await ann('PUT', one, { add_labels: 'l' });
      const [{ id }] = (await ann('GET', `${one}/discussions`)).body;
      return (await ann('POST', `${one}/discussions/${id}/notes`, { body: 'x' })).status;
    },
  ],
  'drafts-own': [
    0,
    async (place) => {
      await draft(place, { note: 'x' });
      return (await place.ann('GET', `${place.one}/draft_notes`)).body.length;
    },
  ],
  'draft-unchecked': [201, async (place) => (await draftOnLine(place, 99)).status],
  'draft-once': [
    400,
    async (place) => {
      const answer = { note: 'x', in_reply_to_discussion_id: (await place.thread({ new_line: 3 })).body.id };
      await draft(place, answer);
      return (await draft(place, answer)).status;
    },
  ],
  'draft-resolves-own-thread': [
    400,
    async (place) => (await draft(place, { note: 'x', resolve_discussion: true })).status,
  ],
  'draft-position-wiped': [
    null,
    async (place) => {
      const { id } = (await draftOnLine(place, 3)).body;
      return (await place.bot('PUT', `${place.one}/draft_notes/${id}`, { note: 'y' })).body.position.head_sha;
    },
  ],
  'draft-bad-line': [
    500,
    async (place) => {
      await draftOnLine(place, 99);
      return publish(place);
    },
  ],
  'draft-of-commands': [
    500,
    async (place) => {
      await draft(place, { note: '/label ~x' });
      return publish(place);
    },
  ],
  'draft-reopens': [
    null,
    async (place) => {
      const { id } = (await place.thread({ new_line: 3 })).body;
      const own = `${place.one}/discussions/${id}`;
      await place.bot('PUT', own, { resolved: true });
      await draft(place, { note: 'x', in_reply_to_discussion_id: id });
      await publish(place);
      return (await place.bot('GET', own)).body.notes[0].resolved_by;
    },
  ],
  'review-state-19-2': [204, async (place) => publish(place, { reviewer_state: 'unknown' })],
  'approve-needs-developer': [403, async ({ as, one }) => (await as('reader')('POST', `${one}/approve`)).status],
  'approve-sha': [409, async ({ bot, one }) => (await bot('POST', `${one}/approve`, { sha: '1'.repeat(40) })).status],
  'approve-once': [
    401,
    async ({ bot, one }) => {
      await bot('POST', `${one}/approve`);
      return (await bot('POST', `${one}/approve`)).status;
    },
  ],
  'no-own-approval': [401, async ({ ann, one }) => (await ann('POST', `${one}/approve`)).status],
  'unapprove-approved': [404, async ({ bot, one }) => (await bot('POST', `${one}/unapprove`)).status],
  'approvals-reset-on-push': [
    [],
    async ({ bot, one, push }) => {
      await bot('POST', `${one}/approve`);
      await push({ 'README.md': 'two\n' });
      return (await bot('GET', `${one}/approvals`)).body.approved_by;
    },
  ],
  'reset-by-bots': [401, async ({ bot, one }) => (await bot('PUT', `${one}/reset_approvals`)).status],
  'state-of-reviewers': [
    ['Reviewer not found'],
    async ({ gitlab, graphql }) =>
      (await graphql(REQUEST, gitlab.addToken({ user: 'boss' }))).data.mergeRequestRequestChanges.errors,
  ],
  'changes-block': [
    405,
    async ({ bot, one }) => {
      await bot('POST', `${one}/notes`, { body: '/request_changes' });
      return (await bot('PUT', `${one}/merge`)).status;
    },
  ],
  'threads-block': [
    405,
    async ({ bot, one, thread }) => {
      await thread({ new_line: 3 });
      return (await bot('PUT', `${one}/merge`)).status;
    },
  ],
  'graphql-mutation-api': [
    true,
    async ({ gitlab, graphql }) =>
      'errors' in (await graphql(REQUEST, gitlab.addToken({ user: 'bot', scopes: ['read_api'] }))),
  ],
  'suggestion-line': [
    [],
    async ({ thread }) => (await thread({ old_line: 3 }, '```suggestion\nx\n```')).body.notes[0].suggestions,
  ],
  'suggestion-outdated': [
    400,
    async ({ ann, thread, push }) => {
      const [{ id }] = (await thread({ new_line: 3 }, '```suggestion\nx\n```')).body.notes[0].suggestions;
      await push({ 'app.ts': CHANGED.toSpliced(2, 1, 'again 3\n').join('') });
      return (await ann('PUT', `/suggestions/${id}/apply`)).status;
    },
  ],
  'award-once': [404, async (place) => (await award(place, ':x:')).status],
  'award-of-others': [
    401,
    async (place) => {
      const { body } = await award(place, 'tada');
      return (await place.ann('DELETE', `${place.one}/notes/${body.awardable_id}/award_emoji/${body.id}`)).status;
    },
  ],
};

const REQUEST = 'mutation { mergeRequestRequestChanges(input: { projectPath: "team/app", iid: "1" }) { errors } }';

const draft = ({ bot, one }: ReviewPlace, body: object): Promise<Answered> => bot('POST', `${one}/draft_notes`, body);
const draftOnLine = async (place: ReviewPlace, new_line: number) =>
  draft(place, { note: 'x', position: await place.position({ new_line }) });
const publish = async ({ bot, one }: ReviewPlace, body?: object) =>
  (await bot('POST', `${one}/draft_notes/bulk_publish`, body)).status;

/** Asks the thread of a comment that is none. */
async function comment({ bot, one }: ReviewPlace, method: string, body: object): Promise<Answered> {
  await bot('POST', `${one}/notes`, { body: 'Nice' });
  const [{ id }] = (await bot('GET', `${one}/discussions`)).body;
  return bot(method, `${one}/discussions/${id}`, body);
}

async function award({ bot, one }: ReviewPlace, name: string): Promise<Answered> {
  const note = (await bot('POST', `${one}/notes`, { body: 'Nice' })).body.id;
  return bot('POST', `${one}/notes/${note}/award_emoji`, { name });
}

/** Editions, versions and settings in which a rule counts. */
const WHERE: Partial<Record<ReviewRuleId, readonly [SimulatorOptions, Partial<NewProject>?]>> = {
  'no-own-approval': [{ edition: 'premium' }],
  'changes-block': [{ edition: 'premium' }],
  'approvals-reset-on-push': [{ edition: 'premium' }, { resetApprovalsOnPush: true }],
  'threads-block': [{}, { mergeWantsResolved: true }],
  'state-of-reviewers': [{ version: '18.10.0' }],
  'graphql-mutation-api': [{ version: '18.10.0' }],
};

describe('the rules of reviews', () => {
  it.each(REVIEW_RULES)('$id: $says', async ({ id }) => {
    const [shown, show] = SHOWS[id];
    const [options, settings] = WHERE[id] ?? [{}];
    expect(await inPlace(options, settings, show)).toEqual(shown);
    expect(await inPlace({ ...options, broken: [id], conformance: false }, settings, show)).not.toEqual(shown);
  });
});

async function inPlace(
  options: SimulatorOptions,
  settings: Partial<NewProject> | undefined,
  show: (place: ReviewPlace) => Promise<unknown>,
): Promise<unknown> {
  const place = await openReview(options, settings);
  try {
    return await show(place);
  } finally {
    await place.gitlab.close();
  }
}
