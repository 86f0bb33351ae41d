import { REVIEW_PARAMETERS, reviewAnswers } from './overlay-reviews.ts';
import { all, BOOL, entity, INT, list, type Schema, TEXT } from './schema.ts';

/**
 * Where the API description (data/openapi.json, cut from GitLab's own of about 18.8) lacks something or is wrong, each with its
 * reason; for entities it goes on in `./overlay-entities.ts`, for notes and threads in `./overlay-reviews.ts`. Everything that is not listed is a deviation of the simulator.
 */

/** Rules over the whole description, applied by `./index.ts`. */
export const GENERAL = [
  {
    id: 'null',
    why: 'the exporter does not say what may be null; recorded answers have null in most optional properties',
  },
  {
    id: 'undocumented',
    why: 'the exporter writes "string" for whatever has no documentation, numbers and lists included: such a property takes anything here, unless typed below',
  },
  { id: 'ruby-types', why: 'a few properties have a type that JSON does not know ("text"): they take anything' },
  {
    id: 'closed',
    why: 'the exporter lists every property an entity can expose: any other name is a deviation, unless added below',
  },
  {
    id: 'errors',
    why: 'error answers have no schema in the description: `message` or `error`, as in doc/api/rest/troubleshooting.md',
  },
  {
    id: 'error-codes',
    why: 'of error codes the description lists some for each route; authentication, roles and limits apply everywhere',
  },
] as const;

/** Answers that are lists although the description types one object, or that have no schema at all; routes it lacks. */
export const ANSWERS: readonly {
  readonly route: string;
  readonly status: number;
  readonly schema?: Schema;
  readonly why: string;
}[] = [
  {
    route: 'get /projects',
    status: 200,
    schema: list(entity('ProjectWithAccess')),
    why: 'the description names the entity of simple=true only; doc/api/projects.md has permissions in lists, too',
  },
  {
    route: 'get /projects/:/repository/tree',
    status: 200,
    schema: list(entity('TreeObject')),
    why: 'a list; typed as one object',
  },
  {
    route: 'get /projects/:/merge_requests/:/commits',
    status: 200,
    schema: list(entity('Commit')),
    why: 'a list; typed as one object; recorded danger/getMergeRequestCommits.json',
  },
  {
    route: 'get /projects/:/merge_requests/:/diffs',
    status: 200,
    schema: list(entity('Diff')),
    why: 'a list; typed as one object; recorded danger/getMergeRequestDiffs.json',
  },
  {
    route: 'get /projects/:/merge_requests/:/reviewers',
    status: 200,
    schema: list(entity('MergeRequestReviewer')),
    why: 'a list; typed as one object',
  },
  {
    route: 'get /projects/:/merge_requests/:/participants',
    status: 200,
    schema: list(entity('UserBasic')),
    why: 'a list; typed as one object',
  },
  {
    route: 'get /projects/:/merge_requests/:/closes_issues',
    status: 200,
    schema: { type: 'array', maxItems: 0 },
    why: 'a list; typed as one object; the simulator has no issues',
  },
  {
    route: 'post /projects/:/repository/commits',
    status: 201,
    schema: entity('CommitDetail'),
    why: 'documented as 201; the description says 200',
  },
  {
    route: 'get /projects/:/languages',
    status: 200,
    schema: { type: 'object', additionalProperties: { type: 'number' } },
    why: 'no schema',
  },
  {
    route: 'get /projects/:/repository/files/:',
    status: 200,
    schema: {
      type: 'object',
      properties: {
        ...all(TEXT, 'file_name file_path encoding content content_sha256 ref blob_id commit_id last_commit_id'),
        size: INT,
        execute_filemode: BOOL,
      },
    },
    why: 'no schema; recorded danger/getFileContents.json',
  },
  {
    route: 'post /projects/:/repository/files/:',
    status: 201,
    schema: { type: 'object', properties: all(TEXT, 'file_path branch') },
    why: 'no schema; doc/api/repository_files.md',
  },
  {
    route: 'put /projects/:/repository/files/:',
    status: 200,
    schema: { type: 'object', properties: all(TEXT, 'file_path branch') },
    why: 'no schema; doc/api/repository_files.md',
  },
  { route: 'head /projects/:/repository/branches/:', status: 204, why: 'no body' },
  {
    route: 'get /projects/:/repository/blobs/:',
    status: 200,
    schema: { type: 'object', properties: { ...all(TEXT, 'encoding content sha'), size: INT } },
    why: 'no schema; doc/api/repositories.md',
  },
  {
    route: 'get /users',
    status: 200,
    schema: list(entity('UserBasic')),
    why: 'not in the description; doc/api/users.md, as a regular user',
  },
  {
    route: 'get /users/:',
    status: 200,
    schema: entity('CurrentUser'),
    why: 'not in the description; doc/api/users.md',
  },
  ...reviewAnswers(),
  ...labels(),
];

/** Parameters that GitLab takes and the description does not name. `*` takes any. */
export const PARAMETERS: readonly { readonly route: string; readonly names: string; readonly why: string }[] = [
  { route: 'get /projects', names: 'pagination cursor', why: 'keyset paging, doc/api/rest/_index.md' },
  {
    route: 'get /groups/:/projects',
    names: 'pagination cursor include_subgroups with_shared',
    why: 'doc/api/groups.md',
  },
  {
    route: 'get /projects/:/merge_requests',
    names: 'author_username pagination cursor',
    why: 'doc/api/merge_requests.md',
  },
  {
    route: 'get /projects/:/repository/branches',
    names: 'pagination cursor',
    why: 'keyset paging, doc/api/rest/_index.md',
  },
  {
    route: 'post /projects/:/repository/commits',
    names: '*',
    why: 'the body is wrong in the description (a `file` only)',
  },
  { route: 'post /projects/:/repository/files/:', names: '*', why: 'as above' },
  { route: 'put /projects/:/repository/files/:', names: '*', why: 'as above' },
  { route: 'delete /projects/:/repository/files/:', names: '*', why: 'as above' },
  {
    route: 'get /users',
    names:
      'username search active external blocked page per_page order_by sort humans exclude_internal without_project_bots pagination',
    why: 'not in the description; doc/api/users.md',
  },
  { route: 'get /users/:', names: '', why: 'not in the description' },
  ...REVIEW_PARAMETERS,
  {
    route: 'get /projects/:/labels',
    names: 'with_counts include_ancestor_groups search archived page per_page',
    why: 'not in the description; doc/api/labels.md',
  },
  { route: 'post /projects/:/labels', names: 'name color description priority', why: 'as above' },
  { route: 'delete /projects/:/labels/:', names: '', why: 'as above' },
];

function labels() {
  const label: Schema = {
    type: 'object',
    required: ['id', 'name', 'color'],
    properties: {
      ...all(INT, 'id open_issues_count closed_issues_count open_merge_requests_count priority'),
      ...all(TEXT, 'name description description_html color text_color'),
      ...all(BOOL, 'subscribed is_project_label archived'),
    },
  };
  const why = 'labels are not in the description; doc/api/labels.md';
  return [
    { route: 'get /projects/:/labels', status: 200, schema: list(label), why },
    { route: 'post /projects/:/labels', status: 201, schema: label, why },
    { route: 'delete /projects/:/labels/:', status: 204, why },
  ];
}
