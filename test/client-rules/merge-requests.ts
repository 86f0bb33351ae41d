import { expect } from 'vitest';
import { paragraph, note as rendered, text } from '../../forge/render/index.ts';
import type { SafeText } from '../../forge/render/safe-text.ts';
import { asking } from '../gitlab/asking.ts';
import type { Place, Shop } from './place.ts';
import {
  BRANCH,
  commitPlan,
  mergeRequestPlan,
  openedIn,
  raw,
  refused,
  type Scenarios,
  standingOf,
  WHY,
  withBody,
} from './scenario.ts';

/** Merge requests, who is asked to look at them, and what is said on them. */
export const MERGE_REQUESTS: Scenarios = {
  'merge-request-duplicate': async (place) => {
    const shop = await place.shop();
    await openedIn(shop);
    const plan = mergeRequestPlan({ description: raw('Newer') });
    // The client does not look first: GitLab's refusal tells it that there is one.
    expect(await shop.publisher.ensureMergeRequest(plan, WHY)).toMatchObject({
      outcome: 'updated',
      value: { mergeRequest: { iid: 1, description: 'Newer' } },
    });
  },
  'source-branch-missing': async (place) => {
    const { publisher } = await place.shop();
    await refused(publisher.ensureMergeRequest(mergeRequestPlan(), WHY), 'invalid', /source_branch: does not exist/);
    // It may be a branch that GitLab has not seen yet.
    expect(place.asked()).toHaveLength(5);
  },
  'merge-requests-disabled': async (place) => {
    const shop = await place.shop();
    await shop.publisher.ensureCommit(commitPlan(shop), WHY);
    place.gitlab.changeProject(shop.path, { mergeRequestsEnabled: false });
    const opening = shop.publisher.ensureMergeRequest(mergeRequestPlan(), WHY);
    await refused(opening, 'merge-requests-disabled', /switch them on/);
  },
  'fork-network': async (place) => {
    const shop = await place.shop();
    await shop.publisher.ensureCommit(commitPlan(shop), WHY);
    const other = await place.shop();
    const astray = withBody(shop.http, { target_project_id: Number(other.project.id) });
    await refused(
      shop.publisherOver(astray).ensureMergeRequest(mergeRequestPlan(), WHY),
      'invalid',
      /not a fork of the target project/,
    );
  },
  'text-lengths': async (place) => {
    const shop = await place.shop();
    await shop.publisher.ensureCommit(commitPlan(shop), WHY);
    const long = mergeRequestPlan({ title: raw('x'.repeat(256)) });
    await refused(shop.publisher.ensureMergeRequest(long, WHY), 'invalid', /title: is too long/);
  },
  'one-reviewer-ce': async (place) => {
    const shop = await place.shop({ role: 'maintainer' });
    await openedIn(shop, { reviewers: ['ada', 'bot'] });
    expect(await peopleOf(shop)).toEqual({ assignees: [], reviewers: ['ada'] });
  },
  'one-assignee-ce': async (place) => {
    const shop = await place.shop({ role: 'maintainer' });
    await openedIn(shop, { assignees: ['ada', 'bot'] });
    expect(await peopleOf(shop)).toEqual({ assignees: ['ada'], reviewers: [] });
  },
  'strangers-not-assigned': async (place) => {
    const shop = await place.shop();
    place.gitlab.addUser({ username: 'stranger' });
    await openedIn(shop, { reviewers: ['stranger', 'ada'] });
    expect(await peopleOf(shop)).toEqual({ assignees: [], reviewers: ['ada'] });
  },
  'labels-made-on-use': async (place) => {
    const shop = await place.shop();
    const { mergeRequest } = await openedIn(shop, { labels: ['agentsmd'] });
    expect(mergeRequest.labels).toEqual(['agentsmd']);
    // Else every run would try to add it again.
    place.gitlab.forget();
    expect(await shop.publisher.ensureLabels(mergeRequest, ['agentsmd'], WHY)).toMatchObject({ outcome: 'unchanged' });
    expect(place.asked()).toEqual([]);
  },
  'branch-gone-closes': async (place) => {
    const shop = await place.shop();
    const { tip } = await openedIn(shop);
    await shop.publisher.ensureBranchGone(BRANCH, tip, WHY);
    expect(await standingOf(shop)).toMatchObject({ iid: 1, state: 'closed' });
  },
  'pushed-is-merged': async (place) => {
    const shop = await place.shop();
    const { tip: from } = await openedIn(shop);
    await place.gitlab.push(shop.path, { branch: 'main', user: 'ada', message: 'x', files: { x: 'x' }, from });
    expect(await standingOf(shop)).toMatchObject({ iid: 1, state: 'merged' });
  },
  'system-notes': async (place) => {
    const shop = await place.shop();
    const { mergeRequest } = await openedIn(shop);
    await shop.publisher.ensureClosed(mergeRequest, WHY);
    // The forge's own word is told from people's.
    expect(await shop.forge.notes(shop.project, 1, { access: true })).toMatchObject([{ system: true, body: 'closed' }]);
  },
  'note-of-others': async (place) => {
    const shop = await place.shop();
    await openedIn(shop);
    const ada = asking(place.gitlab, place.gitlab.addToken({ user: 'ada' }));
    const { body } = await ada('POST', `/projects/${shop.project.id}/merge_requests/1/notes`, { body: 'Hm.' });
    const writing = shop.forge.review(shop.project, 1).summary(String(body.id), 'ours', raw('ours'), WHY);
    await refused(writing, 'forbidden', /comment refused: the token's user may not/);
  },
  'quick-actions': async (place) => {
    const shop = await place.shop();
    const { mergeRequest } = await openedIn(shop);
    await say(shop, 'rendered', rendered(policyOf(shop), [paragraph(text('/close'))]));
    expect(await standingOf(shop)).toMatchObject({ state: 'opened' });
    await say(shop, 'as-it-is', raw('/close'));
    expect(await standingOf(shop)).toMatchObject({ iid: mergeRequest.iid, state: 'closed' });
  },
  mentions: async (place) => {
    const shop = await place.shop();
    await openedIn(shop);
    await say(shop, 'rendered', rendered(policyOf(shop), [paragraph(text('Ask @ada about it'))]));
    expect(told(place, shop)).toEqual([]);
    await say(shop, 'as-it-is', raw('Ask @ada about it'));
    expect(told(place, shop)).toEqual(['ada']);
  },
};

async function peopleOf({ http, project }: Shop): Promise<{ assignees: string[]; reviewers: string[] }> {
  const answer = await http.send({ method: 'GET', path: `/projects/${project.id}/merge_requests/1` });
  const { assignees, reviewers } = answer.json() as Record<string, readonly { readonly username: string }[]>;
  const names = (people: typeof assignees) => (people ?? []).map(({ username }) => username);
  return { assignees: names(assignees), reviewers: names(reviewers) };
}

function say({ publisher }: Shop, marker: string, body: SafeText): Promise<unknown> {
  return publisher.ensureNote(1, marker, body, WHY);
}

function policyOf({ project }: Shop): { readonly instance: string; readonly hosts: readonly string[] } {
  return { instance: project.instance, hosts: [] };
}

/** Who got word because of what was said in the project. */
function told({ gitlab }: Place, { project }: Shop): readonly string[] {
  return gitlab.effects.filter(({ projectId }) => String(projectId) === project.id).map(({ what }) => what);
}
