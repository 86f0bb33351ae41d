import { may } from '../access.ts';
import type { Actor, Ctx } from '../api.ts';
import { type MergeRequest, userNamed } from '../state.ts';
import type { World } from '../world.ts';
import { isDraft } from './mergeability.ts';

const STATES = ['opened', 'closed', 'locked', 'merged', 'all'] as const;
const SCOPES = ['created-by-me', 'assigned-to-me', 'created_by_me', 'assigned_to_me', 'reviews_for_me', 'all'] as const;
const ORDERS = [
  'created_at',
  'updated_at',
  'merged_at',
  'title',
  'label_priority',
  'priority',
  'milestone_due',
  'popularity',
] as const;

/** Those of `all` that the request asks for and its sender may see, in its order: app/finders/merge_requests_finder.rb. */
export function filterMergeRequests(
  c: Ctx,
  world: World,
  actor: Actor | null,
  all: readonly MergeRequest[],
  defaultScope: 'all' | 'created_by_me',
): MergeRequest[] {
  const params = c.get('params');
  const state = params.oneOf('state', STATES) ?? 'all';
  const scope = (params.oneOf('scope', SCOPES) ?? defaultScope).replaceAll('-', '_');
  const author = params.text('author_username');
  const labels = params.list('labels');
  const iids = params.list('iids');
  const draft = params.oneOf('wip', ['yes', 'no'] as const);
  const search = params.text('search')?.toLowerCase();
  const conditions: ((mergeRequest: MergeRequest) => boolean)[] = [
    ({ targetProjectId }) => {
      const project = world.state.projects.get(targetProjectId);
      return project !== undefined && may(world, actor, project, 'read_merge_request');
    },
    (mergeRequest) => state === 'all' || mergeRequest.state === state,
    (mergeRequest) => inScope(mergeRequest, scope, actor?.user.id),
    ({ authorId }) => author === undefined || userNamed(world.state, author)?.id === authorId,
    (mergeRequest) => labels === undefined || labels.length === 0 || hasLabels(mergeRequest, labels),
    ({ iid }) => iids === undefined || iids.includes(String(iid)),
    ({ title }) => draft === undefined || isDraft(title) === (draft === 'yes'),
    ({ title, description }) => search === undefined || `${title}\n${description}`.toLowerCase().includes(search),
  ];
  for (const [name, of] of EQUALS) {
    const wanted = params.text(name);
    if (wanted !== undefined && wanted !== '') conditions.push((mergeRequest) => of(mergeRequest).includes(wanted));
  }
  for (const [name, of, after] of TIMES) {
    const limit = params.time(name);
    if (limit === undefined) continue;
    conditions.push((mergeRequest) =>
      after ? Date.parse(of(mergeRequest)) >= limit : Date.parse(of(mergeRequest)) <= limit,
    );
  }
  const order = params.oneOf('order_by', ORDERS) ?? 'created_at';
  const direction = params.oneOf('sort', ['asc', 'desc'] as const) === 'asc' ? 1 : -1;
  return all
    .filter((mergeRequest) => conditions.every((holds) => holds(mergeRequest)))
    .sort((a, b) => direction * compare(order, a, b));
}

const EQUALS: readonly (readonly [string, (mergeRequest: MergeRequest) => readonly string[]])[] = [
  ['author_id', ({ authorId }) => [String(authorId)]],
  ['assignee_id', ({ assigneeIds }) => assigneeIds.map(String)],
  ['reviewer_id', ({ reviewerIds }) => reviewerIds.map(String)],
  ['source_branch', ({ sourceBranch }) => [sourceBranch]],
  ['target_branch', ({ targetBranch }) => [targetBranch]],
  ['source_project_id', ({ sourceProjectId }) => [String(sourceProjectId)]],
];

const TIMES: readonly (readonly [string, (mergeRequest: MergeRequest) => string, boolean])[] = [
  ['created_after', ({ createdAt }) => createdAt, true],
  ['created_before', ({ createdAt }) => createdAt, false],
  ['updated_after', ({ updatedAt }) => updatedAt, true],
  ['updated_before', ({ updatedAt }) => updatedAt, false],
];

function inScope(
  { authorId, assigneeIds, reviewerIds }: MergeRequest,
  scope: string,
  self: number | undefined,
): boolean {
  if (scope === 'all') return true;
  if (self === undefined) return false;
  if (scope === 'assigned_to_me') return assigneeIds.includes(self);
  return scope === 'reviews_for_me' ? reviewerIds.includes(self) : authorId === self;
}

/** All of them; `None` and `Any` have their meaning whatever their case. */
function hasLabels(mergeRequest: MergeRequest, wanted: readonly string[]): boolean {
  const own = mergeRequest.labels.map((label) => label.toLowerCase());
  return wanted.every((label) => {
    if (/^none$/i.test(label)) return own.length === 0;
    return /^any$/i.test(label) ? own.length > 0 : own.includes(label.trim().toLowerCase());
  });
}

function compare(order: (typeof ORDERS)[number], a: MergeRequest, b: MergeRequest): number {
  if (order === 'title') return a.title.localeCompare(b.title) || a.id - b.id;
  if (order === 'merged_at') return (a.mergedAt ?? '').localeCompare(b.mergedAt ?? '') || a.id - b.id;
  const key = order === 'updated_at' ? 'updatedAt' : 'createdAt';
  return a[key].localeCompare(b[key]) || a.id - b.id;
}
