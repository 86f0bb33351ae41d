import { all, BOOL, entity, INT, list, type Schema, TEXT } from './schema.ts';

/** The part of `./overlay.ts` that is about notes, threads and drafts. */

const POSITION: Schema = {
  type: 'object',
  required: ['base_sha', 'start_sha', 'head_sha', 'position_type', 'old_path', 'new_path'],
  properties: {
    ...all(TEXT, 'base_sha start_sha head_sha position_type old_path new_path'),
    ...all(INT, 'old_line new_line'),
    line_range: { type: 'object', additionalProperties: true },
  },
};

/** doc/api/notes.md; recorded danger/getMergeRequestNotes.json; of notes on lines doc/api/discussions.md. */
const NOTE: Schema = {
  type: 'object',
  required: ['id', 'body', 'author', 'created_at', 'system', 'noteable_id', 'noteable_iid', 'resolvable'],
  properties: {
    ...all(INT, 'id noteable_id noteable_iid project_id'),
    ...all(TEXT, 'type body attachment noteable_type resolved_at imported_from commit_id'),
    ...all({ type: 'string', format: 'date-time' }, 'created_at updated_at'),
    ...all(BOOL, 'system resolvable resolved confidential internal imported'),
    ...all(entity('UserBasic'), 'author resolved_by'),
    position: POSITION,
    suggestions: list(entity('Suggestion')),
    commands_changes: { type: 'object', additionalProperties: true },
  },
};

/** A note of quick actions alone is not kept: 202 with what was done. */
const DONE: Schema = {
  type: 'object',
  properties: { commands_changes: { type: 'object', additionalProperties: true }, summary: list(TEXT) },
};

const DISCUSSION: Schema = {
  type: 'object',
  required: ['id', 'individual_note', 'notes'],
  properties: { id: TEXT, individual_note: BOOL, notes: list(NOTE) },
};

const ONE = '/projects/:/merge_requests/:';

/** Answers of routes that the description lacks, or describes wrongly. */
export function reviewAnswers() {
  const why = 'notes and discussions are not in the description; doc/api/notes.md, doc/api/discussions.md';
  const notesAt = (path: string) => [
    { route: `get ${path}`, status: 200, schema: list(NOTE), why },
    { route: `post ${path}`, status: 201, schema: NOTE, why },
    { route: `post ${path}`, status: 202, schema: DONE, why },
    { route: `get ${path}/:`, status: 200, schema: NOTE, why },
    { route: `put ${path}/:`, status: 200, schema: NOTE, why },
    { route: `delete ${path}/:`, status: 204, why },
  ];
  return [
    ...notesAt(`${ONE}/notes`),
    ...notesAt(`${ONE}/discussions/:/notes`),
    { route: `get ${ONE}/discussions`, status: 200, schema: list(DISCUSSION), why },
    { route: `post ${ONE}/discussions`, status: 201, schema: DISCUSSION, why },
    { route: `post ${ONE}/discussions`, status: 202, schema: DONE, why },
    { route: `get ${ONE}/discussions/:`, status: 200, schema: DISCUSSION, why },
    { route: `put ${ONE}/discussions/:`, status: 200, schema: DISCUSSION, why },
    {
      route: `put ${ONE}/reset_approvals`,
      status: 202,
      why: 'lib/api/merge_request_approvals.rb: status :accepted; the description says 200',
    },
  ];
}

const WHY = 'not in the description; doc/api/notes.md, doc/api/discussions.md';

export const REVIEW_PARAMETERS = [
  { route: `get ${ONE}/notes`, names: 'sort order_by activity_filter page per_page', why: WHY },
  { route: `get ${ONE}/notes/:`, names: '', why: WHY },
  { route: `post ${ONE}/notes`, names: 'body internal created_at merge_request_diff_head_sha', why: WHY },
  { route: `put ${ONE}/notes/:`, names: 'body', why: WHY },
  { route: `delete ${ONE}/notes/:`, names: '', why: WHY },
  { route: `get ${ONE}/discussions`, names: 'page per_page', why: WHY },
  { route: `post ${ONE}/discussions`, names: 'body position commit_id created_at', why: WHY },
  { route: `get ${ONE}/discussions/:`, names: '', why: WHY },
  { route: `put ${ONE}/discussions/:`, names: 'resolved', why: WHY },
  { route: `get ${ONE}/discussions/:/notes`, names: '', why: WHY },
  { route: `post ${ONE}/discussions/:/notes`, names: 'body created_at', why: WHY },
  { route: `get ${ONE}/discussions/:/notes/:`, names: '', why: WHY },
  { route: `put ${ONE}/discussions/:/notes/:`, names: 'body resolved', why: WHY },
  { route: `delete ${ONE}/discussions/:/notes/:`, names: '', why: WHY },
  {
    route: `post ${ONE}/draft_notes/bulk_publish`,
    names: 'reviewer_state note internal',
    why: 'of 19.2, newer than the description',
  },
];

/** Properties of entities that are missing or typed wrongly. */
export const REVIEW_PROPERTIES = [
  {
    entity: 'DraftNote',
    properties: { ...all(TEXT, 'discussion_id commit_id'), position: POSITION },
    why: 'typed as numbers, and an object without names; doc/api/draft_notes.md',
  },
  {
    entity: 'Suggestion',
    properties: {
      ...all(INT, 'id from_line to_line'),
      ...all(BOOL, 'appliable applied'),
      ...all(TEXT, 'from_content to_content'),
    },
    why: 'undocumented there; doc/api/suggestions.md',
  },
  {
    entity: 'MergeRequestApprovals',
    properties: all(INT, 'approvals_required approvals_left'),
    why: 'of paid editions; recorded danger/getMergeRequestApprovals.json',
  },
];
