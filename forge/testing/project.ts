import type { Project } from '../port.ts';

/** A project that nothing speaks against, and what is to be different. */
export function testProject(change: Partial<Project> = {}): Project {
  const { instance = 'https://gitlab.example.com', path = 'shop/cart' } = change;
  return {
    instance,
    id: '7',
    path,
    url: `${instance}/${path}`,
    cloneUrl: `${instance}/${path}.git`,
    defaultBranch: 'main',
    empty: false,
    archived: false,
    forkOf: null,
    mirror: false,
    pendingDelete: false,
    repositoryEnabled: true,
    mergeRequestsEnabled: true,
    access: 'maintainer',
    topics: [],
    visibility: 'private',
    lastActivityAt: null,
    ...change,
  };
}
