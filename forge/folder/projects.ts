import { accessSync, constants } from 'node:fs';
import { relative, sep } from 'node:path';
import { ForgeError } from '../errors.ts';
import { GitError } from '../git/errors.ts';
import { type FoundRepository, findRepositories } from '../git/find-repositories.ts';
import type { Project, ProjectScope } from '../port.ts';
import { branchCalled, defaultBranch, git, type LocalRepository, readRepository } from './local-repository.ts';
import { storedMergeRequests } from './merge-requests.ts';

/** Every repository of the folder, read one after the other. One that git cannot open has no repository to offer. */
export async function* projectsOf(top: string, scope: ProjectScope): AsyncIterable<Project> {
  if (scope.archived) return;
  for (const found of findRepositories(top)) {
    scope.signal?.throwIfAborted();
    if (scope.groups && !scope.groups.some((group) => isBelow(found.name, group))) continue;
    const project = await projectOf(top, found);
    const quiet = scope.activeAfter !== undefined && project.lastActivityAt !== null;
    if (!quiet || Date.parse(project.lastActivityAt) > Date.parse(scope.activeAfter)) yield project;
  }
}

function isBelow(name: string, group: string): boolean {
  return name === group || name.startsWith(`${group}/`);
}

/** Finds repositories by their path below the folder, or by their name. The folder is looked through again only for one not seen before. */
export function finderOf(top: string): (pathOrId: string) => Promise<Project | undefined> {
  let known: readonly FoundRepository[] = [];
  const find = (wanted: string) =>
    known.find((each) => idOf(top, each) === wanted) ?? known.find(({ name }) => name === wanted);
  return async (wanted) => {
    let found = find(wanted);
    if (found === undefined) {
      known = findRepositories(top);
      found = find(wanted);
    }
    return found && projectOf(top, found);
  };
}

async function projectOf(top: string, found: FoundRepository): Promise<Project> {
  const base: Project = {
    instance: top,
    id: idOf(top, found),
    path: found.name,
    url: found.path,
    cloneUrl: found.path,
    defaultBranch: null,
    empty: false,
    archived: false,
    forkOf: null,
    mirror: false,
    pendingDelete: false,
    repositoryEnabled: true,
    mergeRequestsEnabled: true,
    access: 'none',
    topics: [],
    visibility: 'unknown',
    lastActivityAt: null,
  };
  try {
    const repository = await readRepository(found.path);
    const name = listedBranchOf(repository);
    const head = name === null ? undefined : branchCalled(repository, name);
    return {
      ...base,
      defaultBranch: name,
      empty: repository.branches.size === 0,
      mirror: await isMirror(found.path),
      access: isWritable(repository.commonDir) ? 'owner' : 'reporter',
      lastActivityAt: head?.committedAt || null,
    };
  } catch (error) {
    if (error instanceof GitError) return { ...base, repositoryEnabled: false };
    throw error;
  }
}

/** A branch of ours that somebody looks at is not the default one. */
export function defaultBranchOf(repository: LocalRepository): string | null {
  const ours = storedMergeRequests(repository).map(({ file }) => file.source);
  return defaultBranch(repository, new Set(ours));
}

/** A file that a person broke is told of where the repository itself is asked for: it must not take the others with it. */
function listedBranchOf(repository: LocalRepository): string | null {
  try {
    return defaultBranchOf(repository);
  } catch (error) {
    if (error instanceof ForgeError) return defaultBranch(repository, new Set());
    throw error;
  }
}

/** What `git clone --mirror` sets: the next fetch overwrites every branch. */
async function isMirror(dir: string): Promise<boolean> {
  const set = await git(dir, ['config', '--type=bool', '--get-regexp', '^remote\\..*\\.mirror$'], [0, 1]);
  return set.split('\n').some((line) => line.endsWith(' true'));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Its path below the folder. */
export function idOf(top: string, { path }: FoundRepository): string {
  return relative(top, path).split(sep).join('/') || '.';
}
