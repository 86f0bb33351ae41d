import { createHmac, randomUUID } from 'node:crypto';
import { git, NOWHERE } from './git.ts';
import { commitHook, mergeRequestHook, projectHook, userHook } from './hooks/entities.ts';
import { noteHook } from './hooks/note.ts';
import { refresh } from './merge-requests/refresh.ts';
import type { Webhook, WebhookEvent, WebhookSecrets } from './port.ts';
import { logCommits } from './present/commit.ts';
import { type MergeRequest, type Project, projectAt, type User, userNamed } from './state.ts';
import type { World } from './world.ts';

/**
 * The webhook of an event, made from the state as it is: doc/user/project/integrations/webhook_events.md.
 * @throws Error for a project, merge request, note or user that is not there.
 */
export async function webhookOf(world: World, event: WebhookEvent, secrets: WebhookSecrets = {}): Promise<Webhook> {
  const project = known(projectAt(world.state, event.project), `project ${event.project}`);
  const body =
    event.kind === 'push' ? await pushBody(world, project, event) : await mergeRequestBody(world, project, event);
  const text = JSON.stringify(body);
  return { headers: headersOf(world, event.kind, secrets, text), text };
}

const NAMES = { note: 'Note Hook', merge_request: 'Merge Request Hook', push: 'Push Hook' };

function headersOf(world: World, kind: WebhookEvent['kind'], { token, signing }: WebhookSecrets, text: string) {
  const id = randomUUID();
  const at = String(Math.floor(Date.now() / 1000));
  return {
    'Content-Type': 'application/json',
    'User-Agent': `GitLab/${world.version}`,
    'Idempotency-Key': id,
    'X-Gitlab-Event': NAMES[kind],
    'X-Gitlab-Instance': new URL(world.url).origin,
    'X-Gitlab-Webhook-UUID': randomUUID(),
    'X-Gitlab-Event-UUID': randomUUID(),
    ...(token === undefined ? {} : { 'X-Gitlab-Token': token }),
    // gitlab-api.md 4.2: https://www.standardwebhooks.com
    ...(signing === undefined
      ? {}
      : { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signed(signing, id, at, text)}` }),
  };
}

function signed(secret: string, id: string, at: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(`${id}.${at}.${text}`).digest('base64');
}

type Of<K> = Extract<WebhookEvent, { readonly kind: K }>;

async function mergeRequestBody(world: World, project: Project, event: Of<'note'> | Of<'merge_request'>) {
  const found = project.mergeRequests.find(({ iid }) => iid === event.iid);
  const mergeRequest = known(found, `merge request ${event.project}!${event.iid}`);
  await refresh(world, [mergeRequest]);
  const hook = await mergeRequestHook(world, project, mergeRequest);
  if (event.kind === 'note') {
    const note = known(
      mergeRequest.notes.find(({ id }) => id === event.note),
      `note ${event.note}`,
    );
    const author = known(world.state.users.get(note.authorId), `user ${note.authorId}`);
    return {
      ...common(world, project, 'note', author),
      project_id: project.id,
      object_attributes: noteHook(world, project, mergeRequest, note, event.action ?? 'create'),
      merge_request: hook,
    };
  }
  const user = known(userNamed(world.state, event.user), `user ${event.user}`);
  return {
    ...common(world, project, 'merge_request', user),
    object_attributes: {
      ...hook,
      action: event.action,
      ...(event.oldrev === undefined ? {} : { oldrev: event.oldrev }),
    },
    labels: hook.labels,
    changes: event.changes ?? {},
    ...people(world, mergeRequest),
  };
}

function common(world: World, project: Project, kind: string, user: User) {
  const hook = projectHook(world, project);
  const { name, url, description, homepage } = hook;
  return {
    object_kind: kind,
    event_type: kind,
    user: userHook(user),
    project: hook,
    repository: { name, url, description, homepage },
  };
}

/** Left out where there are none. */
function people(world: World, { assigneeIds, reviewerIds, reviewerStates }: MergeRequest) {
  const hooks = (ids: readonly number[]) => ids.flatMap((id) => world.state.users.get(id) ?? []).map(userHook);
  const reviewers = hooks(reviewerIds).map((hook) => ({
    ...hook,
    state: reviewerStates.get(hook.id) ?? 'unreviewed',
    re_requested: false,
  }));
  return {
    ...(assigneeIds.length > 0 ? { assignees: hooks(assigneeIds) } : {}),
    ...(reviewers.length > 0 ? { reviewers } : {}),
  };
}

/** At most the newest 20 commits, oldest first: lib/gitlab/data_builder/push.rb. */
async function pushBody(world: World, project: Project, event: Of<'push'>) {
  const user = known(userNamed(world.state, event.user), `user ${event.user}`);
  const { after } = event;
  const range = after === null || event.before === null ? undefined : `${event.before}..${after}`;
  const commits = range ? await logCommits(world, project, [range]) : [];
  const newest = commits.slice(0, MOST_COMMITS).reverse();
  const hook = projectHook(world, project);
  const { name, url, description, homepage, git_http_url, git_ssh_url, visibility_level } = hook;
  return {
    object_kind: 'push',
    event_name: 'push',
    before: event.before ?? NOWHERE,
    after: after ?? NOWHERE,
    ref: `refs/heads/${event.branch}`,
    ref_protected: project.protectedBranches.includes(event.branch),
    checkout_sha: after,
    message: null,
    user_id: user.id,
    user_name: user.name,
    user_username: user.username,
    user_email: '',
    user_avatar: null,
    project_id: project.id,
    project: hook,
    commits: await Promise.all(
      newest.map(async (commit) => ({ ...commitHook(commit), ...(await filesOf(project, commit.id)) })),
    ),
    total_commits_count: commits.length,
    push_options: {},
    repository: { name, url, description, homepage, git_http_url, git_ssh_url, visibility_level },
  };
}

const MOST_COMMITS = 20;

async function filesOf(project: Project, commit: string) {
  const said = await git(project.gitDir, [
    'diff-tree',
    '-r',
    '-z',
    '--root',
    '--no-commit-id',
    '--name-status',
    commit,
  ]);
  const parts = said.toString('utf8').split('\0');
  const named = (status: string) => parts.filter((_, at) => at % 2 === 1 && parts[at - 1] === status);
  return { added: named('A'), modified: named('M'), removed: named('D') };
}

function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`no ${what}`);
  return value;
}
