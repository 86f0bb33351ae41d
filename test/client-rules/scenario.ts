import { expect } from 'vitest';
import { ForgeError, type ForgeReason } from '../../forge/errors.ts';
import type { Call, GitlabHttp } from '../../forge/gitlab/http/port.ts';
import type { CommitPlan, MergeRequest, MergeRequestPlan } from '../../forge/port.ts';
import type { SafeText } from '../../forge/render/safe-text.ts';
import type { RuleId } from '../gitlab/rules.ts';
import type { Place, Shop } from './place.ts';

/** What our client makes of a rule of GitLab: fails where the rule is not in force. */
export type Scenario = (place: Place) => Promise<void>;

export type Scenarios = Readonly<Partial<Record<RuleId, Scenario>>>;

export const BRANCH = 'agentsmd/refresh';
export const WHY = 'a rule is tried';

/** That the client ends in an error of that reason, on one line, and with these words in it. */
export async function refused(asked: Promise<unknown>, reason: ForgeReason, says: RegExp | string = ''): Promise<void> {
  const error = await asked.then(
    () => 'it was not refused',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ForgeError);
  const { message } = error as ForgeError;
  expect(error).toMatchObject({ reason });
  expect(message).toMatch(says);
  expect(message).not.toMatch(/\n|glpat-|glcbt-/);
}

/**
 * The transport under a client that is careless: `change` takes out of each call what keeps the client out of trouble. The
 * rule makes the trouble; without it nobody would see the client's care go.
 */
export function careless(http: GitlabHttp, change: (call: Call) => Partial<Call>): GitlabHttp {
  const changed = (call: Call): Call => ({ ...call, ...change(call) });
  return { ...http, send: (call) => http.send(changed(call)), pages: (call) => http.pages(changed(call)) };
}

/** {@link careless} with parameters; `undefined` takes one out. */
export function withQuery(http: GitlabHttp, query: NonNullable<Call['query']>): GitlabHttp {
  return careless(http, (call) => ({ query: { ...call.query, ...query } }));
}

/** {@link careless} with fields of the body of writes; `undefined` takes one out. */
export function withBody(http: GitlabHttp, fields: Readonly<Record<string, unknown>>): GitlabHttp {
  return careless(http, ({ body }) => (body === undefined ? {} : { body: { ...body, ...fields } }));
}

export function commitPlan({ base }: Pick<Shop, 'base'>, more: Partial<CommitPlan> = {}): CommitPlan {
  const files = [{ path: 'AGENTS.md', text: 'text\n', exists: false }];
  return { branch: BRANCH, base, expectedTip: null, message: raw('Add AGENTS.md'), files, ...more };
}

export function mergeRequestPlan(more: Partial<MergeRequestPlan> = {}): MergeRequestPlan {
  return {
    source: BRANCH,
    target: 'main',
    title: raw('Add AGENTS.md'),
    description: raw('What it is.'),
    labels: [],
    draft: false,
    assignees: [],
    reviewers: [],
    removeSourceBranch: true,
    squash: false,
    ...more,
  };
}

export interface OpenedMergeRequest {
  /** Of our branch. */
  readonly tip: string;
  readonly mergeRequest: MergeRequest;
}

/** A commit and its merge request, by our client. */
export async function openedIn(shop: Shop, more: Partial<MergeRequestPlan> = {}): Promise<OpenedMergeRequest> {
  const { value: commit } = await shop.publisher.ensureCommit(commitPlan(shop), WHY);
  const { value } = await shop.publisher.ensureMergeRequest(mergeRequestPlan(more), WHY);
  return { tip: commit.sha, mergeRequest: value.mergeRequest };
}

/** The newest merge request of our branch, as the client sees it before it writes. */
export async function standingOf({ forge, project }: Shop): Promise<MergeRequest | undefined> {
  return (await forge.standing(project, { branch: BRANCH, files: [] })).mergeRequests[0];
}

/** Text that did not go through the renderer. */
export function raw(text: string): SafeText {
  return text as SafeText;
}
