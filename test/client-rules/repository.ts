import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Capabilities } from '../../forge/gitlab/capabilities.ts';
import { gitAccess } from '../../forge/gitlab/git-access.ts';
import { openPartialClone } from '../../forge/gitlab/partial-clone.ts';
import { listProjects } from '../../forge/gitlab/projects.ts';
import { restStanding } from '../../forge/gitlab/standing-rest.ts';
import { openKeyring } from '../../forge/gitlab/tokens/keyring.ts';
import { listTree } from '../../forge/gitlab/tree.ts';
import type { Project } from '../../forge/port.ts';
import { BRANCH, careless, openedIn, refused, type Scenarios, WHY, withQuery } from './scenario.ts';

/** Reading a repository, lists and their pages, and what HTTP itself insists on. */
export const REPOSITORY: Scenarios = {
  'tree-none-needs-recursive': async (place) => {
    const { http, project, base } = await place.shop();
    const capabilities = new Capabilities();
    const flat = withQuery(http, { recursive: undefined });
    expect((await listTree(flat, capabilities, project, base)).files).toMatchObject([{ path: 'README.md' }]);
    // Refused like a version that knows no `none`: pages, from now on.
    expect(capabilities.wholeTree).toBe(false);
    expect(place.asked()).toHaveLength(2);
  },
  'file-needs-ref': async (place) => {
    const { http, project } = await place.shop();
    const question = { branch: BRANCH, files: ['README.md'] };
    expect((await restStanding(http, project, question)).blobs.size).toBe(1);
    await refused(restStanding(withQuery(http, { ref: undefined }), project, question), 'invalid');
  },
  'per-page-at-most-100': async (place) => {
    const files = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`f${at}`, '']));
    const { http, project, base } = await place.shop({ files });
    const capabilities = new Capabilities();
    capabilities.wholeTree = false;
    const { files: told } = await listTree(withQuery(http, { per_page: 500 }), capabilities, project, base);
    // The client goes by the links, not by what it asked for.
    expect(told).toHaveLength(150);
    expect(place.asked()).toHaveLength(2);
  },
  'offset-at-most-50000': async (place) => {
    const { http, path } = await place.shop();
    expect(await pathsOf(listProjects(http))).toContain(path);
    const numbered = withQuery(http, { pagination: undefined, page: 501 });
    await refused(pathsOf(listProjects(numbered)), 'invalid', /Offset pagination has a maximum/);
  },
  'keyset-needs-id': async (place) => {
    const { http } = await place.shop();
    await refused(pathsOf(listProjects(withQuery(http, { order_by: 'name' }))), 'invalid', /Keyset pagination/);
  },
  'subgroups-on-request': async (place) => {
    const { http, group, path } = await place.shop();
    const below = `${group}/sub/more`;
    await place.gitlab.addProject({ path: below, members: { bot: 'developer' } });
    const scope = { groups: [group] };
    expect(await pathsOf(listProjects(http, scope))).toEqual([path, below]);
    expect(await pathsOf(listProjects(withQuery(http, { include_subgroups: undefined }), scope))).toEqual([path]);
  },
  'wrong-method': async (place) => {
    const shop = await place.shop();
    const { mergeRequest } = await openedIn(shop);
    const patching = careless(shop.http, ({ method }) => (method === 'PUT' ? { method: 'PATCH' } : {}));
    await refused(shop.publisherOver(patching).ensureClosed(mergeRequest, WHY), 'invalid', /405/);
    expect(await shop.publisher.ensureClosed(mergeRequest, WHY)).toMatchObject({ value: { state: 'closed' } });
  },
  'url-too-long': async (place) => {
    const { http, project } = await place.shop();
    const question = { branch: BRANCH, files: ['long/'.repeat(1500)] };
    await refused(restStanding(http, project, question), 'invalid', /414/);
  },
  'git-scope': async (place) => {
    const { project, token, base } = await place.shop({ token: { scopes: ['read_user'] } });
    const settings = { url: place.gitlab.url, token: { env: 'TOKEN' } };
    const scratch = await mkdtemp(join(tmpdir(), 'agentsmd-git-scope-'));
    const env = { ...process.env, TOKEN: token };
    const clone = openPartialClone(await gitAccess(settings, openKeyring(settings, env), scratch, project, env), base);
    try {
      await refused(clone.tree(base), 'scope', /git cannot fetch from it/);
    } finally {
      await clone.close();
      await rm(scratch, { recursive: true });
    }
  },
};

async function pathsOf(projects: AsyncIterable<Project>): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const { path } of projects) paths.push(path);
  return paths;
}
