import * as z from 'zod';
import { ForgeError } from '../errors.ts';
import { FULL_ID } from '../object-id.ts';

/** What we use of GitLab's answers: strict on that, blind to everything else, which differs by version, edition and role. */

const text = z.string();
const optionalText = text.nullish();
/** Seconds or milliseconds, with any offset: kept as GitLab writes it. */
const time = text;

/** An object of git: it becomes part of paths and command lines. */
const objectId = text.regex(FULL_ID);

const level = z.looseObject({ access_level: z.int() }).nullish();

/** `GET /projects`, `GET /projects/:id`. Whoever may not read the code gets fewer fields. */
export const restProject = z.looseObject({
  id: z.int(),
  path_with_namespace: text,
  web_url: text,
  http_url_to_repo: optionalText,
  default_branch: optionalText,
  empty_repo: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  forked_from_project: z.looseObject({ path_with_namespace: text }).nullish(),
  mirror: z.boolean().nullish(),
  marked_for_deletion_on: optionalText,
  marked_for_deletion_at: optionalText,
  repository_access_level: optionalText,
  merge_requests_access_level: optionalText,
  merge_requests_enabled: z.boolean().nullish(),
  permissions: z.looseObject({ project_access: level, group_access: level }).nullish(),
  topics: z.array(text).nullish(),
  tag_list: z.array(text).nullish(),
  visibility: optionalText,
  last_activity_at: time.nullish(),
});

/** `GET /projects/:id/repository/tree`. */
export const restTree = z.array(z.looseObject({ id: objectId, type: text, path: text, mode: text }));

export const restMergeRequest = z.looseObject({
  iid: z.int(),
  web_url: text,
  state: z.enum(['opened', 'closed', 'merged', 'locked']),
  title: text,
  description: optionalText,
  labels: z.array(text),
  draft: z.boolean().nullish(),
  work_in_progress: z.boolean().nullish(),
  source_branch: text,
  target_branch: text,
  source_project_id: z.int().nullish(),
  target_project_id: z.int().nullish(),
  project_id: z.int(),
  sha: optionalText,
  author: z.looseObject({ username: text }).nullish(),
  has_conflicts: z.boolean().nullish(),
  created_at: time.nullish(),
  updated_at: time.nullish(),
  merged_at: time.nullish(),
  closed_at: time.nullish(),
});

/** In a list of commits, of a comparison and of a merge request. */
export const restCommit = z.looseObject({
  id: objectId,
  message: text,
  author_name: text,
  author_email: text,
  committer_email: text,
  authored_date: time,
});

export const restNote = z.looseObject({
  id: z.int(),
  body: text,
  system: z.boolean(),
  author: z.looseObject({ id: z.int(), username: text }).nullish(),
  created_at: time,
});

/** `GET /user`. A token without `read_user` or `api` is told no address. */
export const restSelf = z.looseObject({
  id: z.int(),
  username: text,
  name: text,
  email: optionalText,
  commit_email: optionalText,
  public_email: optionalText,
});

/** `GET /groups/:id/members`, `GET /projects/:id/members/all`. */
export const restMember = z.looseObject({
  id: z.int(),
  username: text,
  name: optionalText,
  state: optionalText,
  access_level: z.int(),
});

/** GraphQL's `queryComplexity`: asked with every query, so that the next one fits. */
const graphqlComplexity = z.looseObject({ score: z.number(), limit: z.number() }).nullish();

/** GraphQL writes big numbers as text. */
const bigNumber = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** `repository.blobs`: GitLab leaves out paths that it cannot find, as those that are not UTF-8. */
export const graphqlBlobs = z.looseObject({
  nodes: z.array(
    z.looseObject({ path: text, oid: objectId, size: bigNumber.nullish(), rawTextBlob: optionalText }).nullable(),
  ),
});

/** A query of blobs: each part of the repository is to be read with {@link graphqlBlobs}. */
export const graphqlBlobPage = z.looseObject({
  queryComplexity: graphqlComplexity,
  project: z.looseObject({ repository: z.record(text, z.unknown()).nullish() }).nullish(),
});

const tip = z.looseObject({ lastCommit: z.looseObject({ sha: objectId }).nullish() }).nullish();

const graphqlMergeRequest = z.looseObject({
  iid: text,
  webUrl: text,
  state: z.enum(['opened', 'closed', 'merged', 'locked']),
  title: text,
  description: optionalText,
  labels: z.looseObject({ nodes: z.array(z.looseObject({ title: text })) }).nullish(),
  draft: z.boolean(),
  sourceBranch: text,
  targetBranch: text,
  sourceProjectId: z.int().nullish(),
  targetProjectId: z.int(),
  diffHeadSha: optionalText,
  author: z.looseObject({ username: text }).nullish(),
  conflicts: z.boolean().nullish(),
  createdAt: time.nullish(),
  updatedAt: time.nullish(),
  mergedAt: time.nullish(),
  closedAt: time.nullish(),
});

export const graphqlStanding = z.looseObject({
  queryComplexity: graphqlComplexity,
  project: z
    .looseObject({
      id: text.regex(/^gid:\/\/gitlab\/Project\/\d+$/),
      fullPath: text,
      webUrl: text,
      httpUrlToRepo: optionalText,
      archived: z.boolean().nullish(),
      isForked: z.boolean().nullish(),
      markedForDeletionOn: optionalText,
      mergeRequestsEnabled: z.boolean().nullish(),
      maxAccessLevel: z.looseObject({ integerValue: z.int().nullish() }).nullish(),
      userPermissions: z.looseObject({ pushCode: z.boolean().nullish() }).nullish(),
      topics: z.array(text).nullish(),
      visibility: optionalText,
      lastActivityAt: time.nullish(),
      repository: z
        .looseObject({ empty: z.boolean(), rootRef: optionalText, head: tip, ours: tip })
        .catchall(z.unknown())
        .nullish(),
      mergeRequests: z.looseObject({ nodes: z.array(graphqlMergeRequest) }).nullish(),
    })
    .nullable(),
});

/** `projects(ids:)`: those that the token does not see are left out, and the order is GitLab's. */
export const graphqlHeads = z.looseObject({
  projects: z
    .looseObject({
      nodes: z.array(z.looseObject({ id: text, repository: z.looseObject({ tree: tip }).nullish() }).nullable()),
    })
    .nullable(),
});

export type GraphqlBlob = NonNullable<z.infer<typeof graphqlBlobs>['nodes'][number]>;
export type RestProject = z.infer<typeof restProject>;
export type RestMergeRequest = z.infer<typeof restMergeRequest>;
export type RestTree = z.infer<typeof restTree>;
export type GraphqlStanding = z.infer<typeof graphqlStanding>;
export type GraphqlHeads = z.infer<typeof graphqlHeads>;

/**
 * The answer as the schema reads it. `where` is what was asked, with the instance.
 *
 * @throws {ForgeError} `not-understood`, with the field that is not as promised.
 */
export function understood<T>(schema: z.ZodType<T>, answer: unknown, where: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.length ? `the field "${issue.path.join('.')}"` : 'the answer';
  const message = `${where}: ${field} is not what GitLab's API promises (${issue?.message}); does something else answer there?`;
  throw new ForgeError('not-understood', message);
}
