import { ForgeError } from '../errors.ts';
import type { AccessLevel, MergeRequest, Project, Standing, StandingQuestion } from '../port.ts';
import { accessLevel } from './access.ts';
import { blobQuery } from './blob-query.ts';
import { branchMergeRequests } from './branch-merge-requests.ts';
import type { Capabilities } from './capabilities.ts';
import { GraphqlError } from './http/graphql.ts';
import type { GitlabHttp } from './http/port.ts';
import { visibilityOf } from './project.ts';
import { type GraphqlStanding, graphqlBlobs, graphqlStanding, understood } from './schema.ts';
import { branchTip, restStanding, TOLD } from './standing-rest.ts';

/** Merge requests that GraphQL is asked for. It cannot leave out those from forks: where they fill the page, REST is asked. */
const LOOKED_AT = 20;

/** A project as far as its caller knows it. */
export type Known = Pick<Project, 'id' | 'path'> & Partial<Project>;

/**
 * One GraphQL query where the instance takes it, else four or more REST requests. GraphQL knows neither pull mirrors nor,
 * in most versions, what a fork was forked from: they are taken from `known`, and a fork of which nothing is known is asked
 * for by REST.
 *
 * @throws {ForgeError}
 */
export async function askStanding(
  http: GitlabHttp,
  capabilities: Capabilities,
  known: Known,
  question: StandingQuestion,
): Promise<Standing> {
  if (!capabilities.graphql) return restStanding(http, known, question);
  const asked = await byGraphql(http, capabilities, known, question);
  if (asked !== 'unseen' && asked !== 'refused' && asked !== 'incomplete') return asked;
  const standing = await restStanding(http, known, question);
  // A project that moved is unseen under its old path. One that REST sees at that very path means that GraphQL takes the
  // token for nobody's, as it does with CI job tokens.
  if (asked === 'refused' || (asked === 'unseen' && standing.project.path === known.path)) capabilities.graphql = false;
  return standing;
}

/** `unseen`: there is no such project for GraphQL; `incomplete`: GraphQL cannot tell all of it. */
type NotAnswered = 'refused' | 'unseen' | 'incomplete';

async function byGraphql(
  http: GitlabHttp,
  capabilities: Capabilities,
  known: Known,
  question: StandingQuestion,
): Promise<Standing | NotAnswered> {
  try {
    return await askGraphql(http, capabilities.branchByGraphql, known, question);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (!(error instanceof GraphqlError)) return 'refused';
    if (!capabilities.branchByGraphql) return isOurs(error) ? 'refused' : 'incomplete';
  }
  // Some versions may fail on a branch that is not there, and we cannot tell from the error.
  try {
    const asked = await askGraphql(http, false, known, question);
    capabilities.branchByGraphql = false;
    return asked;
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error;
    return isOurs(error) ? 'refused' : 'incomplete';
  }
}

/** Something that REST may do all the same: not GitLab's being down, slow, or telling to wait. */
function isRefusal(error: unknown): boolean {
  return error instanceof ForgeError && !PASSING.has(error.reason);
}

const PASSING: ReadonlySet<string> = new Set(['rate-limited', 'unavailable', 'timeout', 'redirected']);

/** The query itself does not do on this instance, whatever the project. */
function isOurs({ messages }: GraphqlError): boolean {
  return messages.some((message) => /complexity|doesn't exist on type|doesn't accept argument/i.test(message));
}

async function askGraphql(
  http: GitlabHttp,
  branchByGraphql: boolean,
  known: Known,
  { branch, files }: StandingQuestion,
): Promise<Standing | NotAnswered> {
  const blobs = blobQuery(files, 'path oid');
  const declared = [
    ...['$path: ID!', '$sources: [String!]'],
    ...(branchByGraphql ? ['$branch: String!'] : []),
    ...(files.length > 0 ? [blobs.declared] : []),
  ].join(', ');
  const query = `query standing(${declared}) {
    queryComplexity { score limit }
    project(fullPath: $path) {
      ${PROJECT}
      repository {
        empty rootRef
        head: tree { lastCommit { sha } }
        ${branchByGraphql ? 'ours: tree(ref: $branch) { lastCommit { sha } }' : ''}
        ${blobs.selected}
      }
      mergeRequests(sourceBranches: $sources, first: ${LOOKED_AT}) { nodes { ${MERGE_REQUEST} } }
    }
  }`;
  const variables = {
    path: known.path,
    sources: [branch],
    ...(branchByGraphql ? { branch: `refs/heads/${branch}` } : {}),
    ...blobs.variables,
  };
  const where = `${http.instance}: GraphQL: ${known.path}`;
  const { project } = understood(graphqlStanding, await http.graphql(query, variables, known.path), where);
  // Another project can have taken the path of one that moved.
  if (!project || (isNumber(known.id) && numberOf(project.id) !== known.id)) return 'unseen';
  const { repository } = project;
  if ((project.isForked && !known.forkOf) || !repository) return 'incomplete';
  const found = blobs.names.flatMap((name) => understood(graphqlBlobs, repository[name], where).nodes);
  const told = projectOf(project, repository, known, http.instance);
  return {
    project: told,
    head: repository.head?.lastCommit?.sha ?? null,
    blobs: new Map(found.flatMap((blob) => (blob ? [[blob.path, blob.oid] as const] : []))),
    branchTip: branchByGraphql ? (repository.ours?.lastCommit?.sha ?? null) : await branchTip(http, told, branch),
    mergeRequests: (await ownOf(project.mergeRequests?.nodes ?? [], http, told, branch)).slice(0, TOLD),
  };
}

type GraphqlMergeRequest = NonNullable<GraphqlProject['mergeRequests']>['nodes'][number];

async function ownOf(
  nodes: readonly GraphqlMergeRequest[],
  http: GitlabHttp,
  project: Project,
  branch: string,
): Promise<readonly MergeRequest[]> {
  const own = nodes.filter((each) => each.sourceProjectId === each.targetProjectId);
  // The oldest of ours can hold what is remembered of a refusal: it must not be pushed out by forks.
  if (own.length < TOLD && nodes.length >= LOOKED_AT) return branchMergeRequests(http, project, branch);
  return own.map(mergeRequestOf);
}

const PROJECT =
  'id fullPath webUrl httpUrlToRepo archived isForked markedForDeletionOn mergeRequestsEnabled maxAccessLevel { integerValue } userPermissions { pushCode } topics visibility lastActivityAt';
const MERGE_REQUEST =
  'iid webUrl state title description labels { nodes { title } } draft sourceBranch targetBranch sourceProjectId targetProjectId diffHeadSha author { username } conflicts createdAt updatedAt mergedAt closedAt';

type GraphqlProject = NonNullable<GraphqlStanding['project']>;

function projectOf(
  told: GraphqlProject,
  { empty, rootRef }: NonNullable<GraphqlProject['repository']>,
  known: Known,
  instance: string,
): Project {
  return {
    instance,
    id: numberOf(told.id),
    path: told.fullPath,
    url: told.webUrl,
    cloneUrl: told.httpUrlToRepo ?? `${instance}/${told.fullPath}.git`,
    defaultBranch: empty ? null : (rootRef ?? null),
    empty,
    archived: told.archived ?? false,
    forkOf: told.isForked ? (known.forkOf ?? null) : null,
    mirror: known.mirror ?? null,
    pendingDelete: (told.markedForDeletionOn ?? null) !== null,
    repositoryEnabled: true,
    mergeRequestsEnabled: told.mergeRequestsEnabled ?? true,
    access: accessOf(told),
    topics: told.topics ?? [],
    visibility: visibilityOf(told.visibility),
    lastActivityAt: told.lastActivityAt ?? null,
  };
}

/** An administrator may do everything without being a member. */
function accessOf({ maxAccessLevel, userPermissions }: GraphqlProject): AccessLevel {
  const level = maxAccessLevel?.integerValue ?? 0;
  return level > 0 || userPermissions?.pushCode === false ? accessLevel(level) : 'unknown';
}

/** Of `gid://gitlab/Project/42`. */
function numberOf(gid: string): string {
  return gid.slice(gid.lastIndexOf('/') + 1);
}

function isNumber(id: string): boolean {
  return /^\d+$/.test(id);
}

function mergeRequestOf(told: GraphqlMergeRequest): MergeRequest {
  return {
    iid: Number(told.iid),
    url: told.webUrl,
    state: told.state,
    title: told.title,
    description: told.description ?? '',
    labels: told.labels?.nodes.map(({ title }) => title) ?? [],
    draft: told.draft,
    source: told.sourceBranch,
    target: told.targetBranch,
    head: told.diffHeadSha ?? null,
    author: told.author?.username ?? '',
    hasConflicts: told.conflicts ?? false,
    createdAt: told.createdAt ?? null,
    updatedAt: told.updatedAt ?? null,
    endedAt: told.mergedAt ?? told.closedAt ?? null,
  };
}
