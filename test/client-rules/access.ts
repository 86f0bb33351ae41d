import { expect } from 'vitest';
import { asking } from '../gitlab/asking.ts';
import type { Place, Shop, ShopOptions } from './place.ts';
import { careless, commitPlan, mergeRequestPlan, openedIn, raw, refused, type Scenarios, WHY } from './scenario.ts';

/** Tokens, roles, and projects that are not, or no longer, where they were. */
export const ACCESS: Scenarios = {
  'token-unknown': async (place) => {
    const { path, connect } = await place.shop();
    const { forge } = connect('glpat-nobodys');
    await refused(forge.project(path), 'unauthorized', /the token from \$TOKEN is not accepted.* Make a new one/);
    // Too many refused tokens lock the machine out: it is not sent again.
    await refused(forge.project(path), 'unauthorized');
    expect(place.asked()).toHaveLength(1);
  },
  'token-revoked': async (place) => {
    const { forge, path } = await place.shop({ token: { revoked: true } });
    await refused(forge.project(path), 'unauthorized', /Token was revoked.* Make a new one/);
  },
  'token-expired': async (place) => {
    const { forge, path } = await place.shop({ token: { expiresAt: '2020-01-01' } });
    await refused(forge.project(path), 'unauthorized', /Token is expired.* Make a new one/);
  },
  'token-scope': async (place) => {
    const { forge, path } = await place.shop({ token: { scopes: ['read_user'] } });
    await refused(forge.project(path), 'scope', /the token from \$TOKEN needs the scope api or read_api/);
  },
  'job-token-routes': async (place) => {
    const { connect, project, base, path } = await place.shop();
    const token = place.gitlab.addToken({ user: 'bot', kind: 'job', project: path });
    const reader = await connect(token).forge.open(project, base);
    expect(await reader.paths()).toEqual([{ path: 'README.md', kind: 'file' }]);
    await reader.close();
    // The API does not tell the tree to a job, git does.
    expect(place.gitlab.requests.map(({ path: asked }) => asked.replace(/^.*\//, ''))).toContain('git-upload-pack');
  },
  'job-token-other-project': async (place) => {
    const shop = await place.shop();
    await openedIn(shop);
    const { path } = await place.shop();
    const token = place.gitlab.addToken({ user: 'bot', kind: 'job', project: path });
    await refused(shop.connect(token).forge.notes(shop.project, 1), 'forbidden', /job token not allowed from/);
  },
  'invisible-project': async (place) => {
    const { connect, path } = await place.shop();
    const token = place.gitlab.addToken({ user: 'stranger' });
    await refused(connect(token).forge.project(path), 'not-found');
  },
  'moved-get': async (place) => {
    const { forge, group, path, project } = await place.shop();
    place.gitlab.moveProject(path, `${group}/moved`);
    await expect(forge.project(path)).resolves.toMatchObject({ id: project.id, path: `${group}/moved` });
  },
  'moved-write': async (place) => {
    const shop = await place.shop();
    place.gitlab.moveProject(shop.path, `${shop.group}/moved`);
    const byPath = careless(shop.http, ({ path }) => ({
      path: path.replace(/^\/projects\/\d+/, `/projects/${encodeURIComponent(shop.path)}`),
    }));
    await refused(shop.publisherOver(byPath).ensureCommit(commitPlan(shop), WHY), 'invalid', /Non GET methods/);
    expect(await shop.publisher.ensureCommit(commitPlan(shop), WHY)).toMatchObject({ outcome: 'created' });
  },
  'repository-disabled': async (place) => {
    const shop = await place.shop();
    await openedIn(shop);
    place.gitlab.changeProject(shop.path, { repositoryEnabled: false });
    const opening = shop.publisher.ensureMergeRequest(mergeRequestPlan({ title: raw('Again') }), WHY);
    await refused(opening, 'repository-disabled', /its repository is switched off/);
    await refused(commit(shop), 'repository-disabled', /its repository is switched off/);
  },
  'code-needs-reporter': async (place) => {
    const { forge, project, base } = await place.shop({ role: 'guest' });
    const reader = await forge.open(project, base);
    await refused(reader.paths(), 'forbidden');
    await reader.close();
  },
  'push-needs-developer': (place) =>
    refusesCommit(place, { role: 'reporter' }, 'role', /give it the role Developer in the project or its group/),
  'archived-read-only': async (place) => {
    const shop = await place.shop();
    place.gitlab.changeProject(shop.path, { archived: true });
    await refused(commit(shop), 'archived', /unarchive it, or leave it out/);
  },
  'pending-delete-read-only': async (place) => {
    const shop = await place.shop();
    place.gitlab.changeProject(shop.path, { pendingDelete: true });
    await refused(commit(shop), 'pending-delete', /about to be deleted/);
  },
  'members-inherited': async (place) => {
    const shop = await place.shop();
    place.gitlab.addGroup({ path: shop.group, members: { greta: 'maintainer' } });
    const { mergeRequest } = await openedIn(shop);
    const greta = asking(place.gitlab, place.gitlab.addToken({ user: 'greta' }));
    await greta('POST', `/projects/${shop.project.id}/merge_requests/${mergeRequest.iid}/notes`, { body: 'Thanks' });
    expect(await shop.forge.notes(shop.project, mergeRequest.iid, { access: true })).toMatchObject([
      { author: 'greta', body: 'Thanks', authorAccess: 'maintainer' },
    ]);
  },
};

function commit(shop: Shop): Promise<unknown> {
  return shop.publisher.ensureCommit(commitPlan(shop), WHY);
}

async function refusesCommit(place: Place, options: ShopOptions, ...[reason, says]: Refusal): Promise<void> {
  await refused(commit(await place.shop(options)), reason, says);
}

type Refusal = readonly [reason: Parameters<typeof refused>[1], says: RegExp];
