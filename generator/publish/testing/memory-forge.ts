import { ForgeError } from '../../../forge/errors.ts';
import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import type { Forge, Project } from '../../../forge/port.ts';
import { testProject } from '../../../forge/testing/project.ts';
import { publisherOf } from './memory-publisher.ts';
import { BOT, chain, type Files, push, REVIEWS, URL_OF_IT, type World } from './memory-world.ts';

/** A forge with one project, held in memory, as strict as a real one about tips, bases, files and states. */
export function memoryForge(files: Files, change: Partial<Project> = {}): { forge: Forge; world: World } {
  const world: World = {
    project: testProject({ path: 'shop/backend/cart', visibility: 'internal', ...change }),
    commits: new Map(),
    branches: new Map(),
    mergeRequests: [],
    notes: new Map(),
    members: new Map([
      ['agentsmd-bot', 'developer'],
      ['ada', 'developer'],
      ['bob', 'maintainer'],
      ['eve', 'guest'],
    ]),
    groups: new Map(),
    authors: [],
    self: BOT,
    refuse: new Map(),
    calls: [],
    writes: [],
  };
  if (!world.project.empty) push(world, { branch: 'main', files });
  return { forge: forgeOf(world), world };
}

function forgeOf(world: World): Forge {
  const called = (verb: string): void => void world.calls.push(verb);
  return {
    kind: 'gitlab',
    instance: URL_OF_IT,
    async *projects() {
      yield world.project;
    },
    project: async () => {
      called('project');
      return world.project;
    },
    standing: async (_project, { branch, files }) => {
      called('standing');
      const head = world.project.defaultBranch && (world.branches.get(world.project.defaultBranch) ?? null);
      const there = head ? world.commits.get(head)!.files : {};
      return {
        project: world.project,
        head,
        blobs: new Map(files.filter((path) => path in there).map((path) => [path, 'oid'])),
        branchTip: world.branches.get(branch) ?? null,
        mergeRequests: world.mergeRequests
          .filter(({ source }) => source === branch)
          .toReversed()
          .slice(0, 10),
      };
    },
    async *heads(projects) {
      called('heads');
      const branch = world.project.defaultBranch;
      const head = branch === null ? null : (world.branches.get(branch) ?? null);
      for (const { id } of projects) yield { id, head: id === world.project.id ? head : undefined };
    },
    open: async (_project, commit) => {
      called('open');
      const found = world.commits.get(commit);
      if (!found) throw new ForgeError('not-found', `${commit}: no such commit`);
      return memoryRepository(found.files as Readonly<Record<string, MemoryFile>>, { commit });
    },
    commits: async (_project, branch, base) => {
      called('commits');
      const reachable = new Set(chain(world, base).map(({ sha }) => sha));
      return chain(world, world.branches.get(branch) ?? null)
        .filter(({ sha }) => !reachable.has(sha))
        .slice(0, 100);
    },
    notes: async (_project, iid, options) => {
      called(options?.access ? 'notes with access' : 'notes');
      return (world.notes.get(iid) ?? []).map(({ access, ...note }) =>
        options?.access ? { ...note, authorAccess: access } : note,
      );
    },
    async *changedMergeRequests() {},
    async *labelledMergeRequests() {
      for (const mergeRequest of world.mergeRequests) yield { projectId: world.project.id, mergeRequest };
    },
    recentAuthors: async () => {
      called('recentAuthors');
      return world.authors;
    },
    projectMembers: async () => {
      called('projectMembers');
      return [...world.members].flatMap(([name, access]) => (REVIEWS.has(access) ? [name] : []));
    },
    groupMembers: async (group) => {
      called('groupMembers');
      return world.groups.get(group) ?? [];
    },
    self: async () => world.self,
    publisher: () => publisherOf(world),
    review: ({ path }) => {
      throw new ForgeError('unsupported', `${path}: nobody reviews here`);
    },
    close: async () => {},
  };
}
