import { realpath, stat } from 'node:fs/promises';
import type { AuditLog } from '../audit.ts';
import { ForgeError } from '../errors.ts';
import { openRepository } from '../git/open.ts';
import type { Commit, Forge, Project, Standing, StandingQuestion } from '../port.ts';
import type { RecordWrite } from '../write-request.ts';
import { headsOf } from './heads.ts';
import { labelledMergeRequestsOf } from './labelled-merge-requests.ts';
import { branchCalled, entriesAt, git, HEADS, readRepository } from './local-repository.ts';
import { asItStands, storedMergeRequests } from './merge-requests.ts';
import { defaultBranchOf, finderOf, projectsOf } from './projects.ts';
import { folderPublisher } from './publisher.ts';
import { understood } from './understood.ts';

export interface FolderForgeOptions {
  readonly audit: AuditLog;
  /** In ms since 1970. */
  readonly now?: () => number;
  /** Set for a dry run: takes each write instead of the repositories. */
  readonly record?: RecordWrite;
}

/**
 * A folder of git repositories as a forge: each is a project, and a merge request is a branch with a description file
 * beside the repository's objects. Working trees are never touched. Comments are written to a file for people and not read.
 *
 * Repositories are the folder itself, where it is one, else those that it holds (`shop`) or holds in one of its folders
 * (`team/shop`): deeper ones are not found, nor those in another repository, behind a symbolic link, or in a folder whose
 * name begins with a dot. Linked working trees are the repository that they are of, and listed once (`findRepositories`).
 *
 * @throws {ForgeError} `not-found` where there is no such folder.
 */
export async function folderForge(folder: string, options: FolderForgeOptions): Promise<Forge> {
  const top = await folderAt(folder);
  const { audit, record, now = Date.now } = options;
  const self = await whoami(top);
  const committer = { name: self.name, email: self.email };
  const find = finderOf(top);
  const called = async (pathOrId: string) => {
    const project = await understood(top, () => find(pathOrId));
    if (project) return project;
    const named = JSON.stringify(pathOrId);
    throw new ForgeError('not-found', `${top}: no repository ${named}; give the path of one below that folder`);
  };
  return {
    kind: 'folder',
    instance: top,
    projects: (scope = {}) => projectsOf(top, scope),
    project: called,
    standing: async ({ id, path }, question) => {
      const project = await called(id || path);
      return understood(project.path, () => standing(project, question));
    },
    heads: (projects, signal) => headsOf(top, projects, signal),
    open: (project, commit, open = {}) =>
      understood(project.path, () => openRepository(project.cloneUrl, { ...open, rev: commit })),
    commits: async ({ id }, branch, base) => {
      const { cloneUrl } = await called(id);
      return understood(id, () => commitsOf(cloneUrl, branch, base));
    },
    notes: async () => [],
    // Nobody reviews anything there.
    async *changedMergeRequests() {},
    labelledMergeRequests: (label, updatedAfter) => labelledMergeRequestsOf(top, label, updatedAfter),
    recentAuthors: async () => [],
    groupMembers: async () => [],
    projectMembers: async () => [],
    self: async () => self,
    publisher: (project) =>
      folderPublisher({ audit, actor: self.username, now, committer, ...(record && { record }) }, project),
    review: ({ path }) => {
      throw new ForgeError('unsupported', `${path}: nobody reviews merge requests in a folder; name one of a GitLab`);
    },
    close: async () => {},
  };
}

async function folderAt(folder: string): Promise<string> {
  try {
    const top = await realpath(folder);
    if ((await stat(top)).isDirectory()) return top;
  } catch (error) {
    throw new ForgeError('not-found', `${folder}: no such folder; give one that holds repositories`, { cause: error });
  }
  throw new ForgeError('not-found', `${folder}: a file, no folder; give one that holds repositories`);
}

async function standing(project: Project, { branch, files }: StandingQuestion): Promise<Standing> {
  const repository = await readRepository(project.cloneUrl);
  const name = defaultBranchOf(repository);
  const head = (name === null ? undefined : branchCalled(repository, name)?.tip) ?? null;
  const entries = head === null ? [] : [...(await entriesAt(repository.dir, head, files))];
  const ours = storedMergeRequests(repository).filter(({ file }) => file.source === branch);
  return {
    project,
    head,
    blobs: new Map(entries.filter(([, { mode }]) => mode.startsWith('100')).map(([path, { oid }]) => [path, oid])),
    branchTip: repository.branches.get(HEADS + branch)?.tip ?? null,
    mergeRequests: await Promise.all(ours.slice(0, 10).map((stored) => asItStands(repository, stored))),
  };
}

async function commitsOf(dir: string, branch: string, base: string): Promise<readonly Commit[]> {
  const range = ['--end-of-options', HEADS + branch, `^${base}`];
  const format = ['-z', '--encoding=UTF-8', '--format=%H%x00%an%x00%ae%x00%ce%x00%aI%x00%B'];
  const fields = (await git(dir, ['log', '--max-count=100', '--no-notes', ...format, ...range])).split('\0');
  return Array.from({ length: Math.floor(fields.length / 6) }, (_, at) => {
    const [sha = '', authorName = '', authorEmail = '', committerEmail = '', authoredAt = '', message = ''] =
      fields.slice(at * 6, at * 6 + 6);
    return { sha, authorName, authorEmail, committerEmail, authoredAt, message };
  });
}

/**
 * Whoever git is configured for, with a mark in the address: commits by the bot must be told from that person's own ones.
 */
async function whoami(
  dir: string,
): Promise<{ readonly username: string; readonly email: string; readonly name: string }> {
  const ask = (key: string) => git(dir, ['config', '--get', key], [0, 1, 128]).catch(() => '');
  const [name, email] = await Promise.all([ask('user.name'), ask('user.email')]);
  const at = email.lastIndexOf('@');
  if (name === '' || at <= 0) return { username: 'agentsmd', name: 'agentsmd', email: 'agentsmd@localhost' };
  return {
    username: 'agentsmd',
    name: `${name} (agentsmd)`,
    email: `${email.slice(0, at)}+agentsmd${email.slice(at)}`,
  };
}
