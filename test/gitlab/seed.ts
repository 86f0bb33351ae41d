import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canary } from '../canary/canary.ts';
import { afterPush } from './after-push.ts';
import { gitEnvironment, makeBare } from './git.ts';
import { type Change, makeCommit, moveBranch } from './make-commit.ts';
import type { GitlabSimulator, NewProject, NewToken, Role } from './port.ts';
import { branchTip } from './revision.ts';
import { type Group, groupAt, type Project, projectAt, type User, userNamed } from './state.ts';
import type { World } from './world.ts';

type Seeding = Pick<
  GitlabSimulator,
  'addUser' | 'addGroup' | 'addProject' | 'addToken' | 'moveProject' | 'deleteProject' | 'changeProject' | 'push'
>;

/** What a test sets up without asking the API. Names that are not there yet are made. */
export function seeding(world: World): Seeding {
  const { state } = world;

  return {
    addUser(user) {
      const { id, ...known } = makeUser(world, user);
      state.users.set(id, { id, ...known, ...user });
    },
    addGroup({ path, members }) {
      const group = makeGroup(world, path);
      addMembers(world, group.members, members);
    },
    async addProject(wanted) {
      const project = await makeProject(world, wanted);
      return { id: project.id, gitDir: project.gitDir };
    },
    addToken(token) {
      return makeToken(world, token);
    },
    moveProject(from, to) {
      const project = existing(world, from);
      if (projectAt(state, to)) throw new Error(`there is a project ${to} already`);
      state.redirects.set(project.path.toLowerCase(), project.id);
      state.redirects.delete(to.toLowerCase());
      state.projectIds.delete(project.path.toLowerCase());
      state.projectIds.set(to.toLowerCase(), project.id);
      project.path = to;
      project.groupId = makeGroup(world, parentOf(to)).id;
    },
    deleteProject(path) {
      const project = existing(world, path);
      state.projects.delete(project.id);
      state.projectIds.delete(project.path.toLowerCase());
      rmSync(project.gitDir, { recursive: true, force: true });
    },
    changeProject(path, change) {
      const project = existing(world, path);
      const { forkOf, members, defaultBranch, ...plain } = change;
      checkEdition(world, change);
      Object.assign(project, plain);
      if (defaultBranch !== undefined) renameDefaultBranch(project, defaultBranch);
      if (forkOf !== undefined) project.forkOf = existing(world, forkOf).id;
      addMembers(world, project.members, members);
    },
    async push(path, { branch, user, message, files, from }) {
      const project = existing(world, path);
      const tip = await branchTip(project, branch);
      const start = from ?? tip ?? (await branchTip(project, project.defaultBranch));
      const person = makeUser(world, { username: user });
      const id = await makeCommit(project.gitDir, {
        parent: start ?? null,
        message,
        author: person,
        committer: person,
        time: seconds(),
        changes: Object.entries(files).map(([file, text]) => change(file, text)),
      });
      await moveBranch(project.gitDir, branch, id);
      await afterPush(project, branch);
      return id;
    },
  };
}

/** The user of that name; made where there is none. */
export function makeUser(world: World, user: Parameters<Seeding['addUser']>[0] & { readonly admin?: boolean }): User {
  const known = userNamed(world.state, user.username);
  if (known) return known;
  const made: User = {
    id: world.nextId(),
    username: user.username,
    name: user.name ?? user.username,
    email: user.email ?? `${user.username}@example.com`,
    bot: user.bot ?? false,
    admin: user.admin ?? false,
    createdAt: new Date().toISOString(),
  };
  world.state.users.set(made.id, made);
  return made;
}

export function makeToken(world: World, wanted: NewToken): string {
  const kind = wanted.kind ?? 'personal';
  const text = canary(kind === 'job' ? 'glcbt-' : 'glpat-');
  world.state.tokens.set(text, {
    id: world.nextId(),
    text,
    userId: makeUser(world, { username: wanted.user }).id,
    kind,
    scopes: wanted.scopes ?? ['api'],
    expiresAt: wanted.expiresAt ?? null,
    revoked: wanted.revoked ?? false,
    projectId: wanted.project === undefined ? null : existing(world, wanted.project).id,
    createdAt: new Date().toISOString(),
  });
  return text;
}

function makeGroup(world: World, path: string): Group {
  const known = groupAt(world.state, path);
  if (known) return known;
  const parent = path.includes('/') ? makeGroup(world, parentOf(path)).id : null;
  const group: Group = {
    id: world.nextId(),
    path,
    parentId: parent,
    members: new Map(),
    visibility: 'private',
    createdAt: new Date().toISOString(),
  };
  world.state.groups.set(group.id, group);
  return group;
}

async function makeProject(world: World, wanted: NewProject): Promise<Project> {
  if (!wanted.path.includes('/')) throw new Error(`a project is in a group: ${wanted.path}`);
  if (projectAt(world.state, wanted.path)) throw new Error(`there is a project ${wanted.path} already`);
  checkEdition(world, wanted);
  const id = world.nextId();
  const now = new Date().toISOString();
  const project: Project = {
    id,
    path: wanted.path,
    groupId: makeGroup(world, parentOf(wanted.path)).id,
    gitDir: join(world.root, `${id}.git`),
    defaultBranch: wanted.defaultBranch ?? 'main',
    topics: wanted.topics ?? [],
    archived: wanted.archived ?? false,
    forkOf: wanted.forkOf === undefined ? null : existing(world, wanted.forkOf).id,
    mirror: wanted.mirror ?? false,
    pendingDelete: wanted.pendingDelete ?? false,
    mergeRequestsEnabled: wanted.mergeRequestsEnabled ?? true,
    repositoryEnabled: wanted.repositoryEnabled ?? true,
    visibility: wanted.visibility ?? 'private',
    protectedBranches: wanted.protectedBranches ?? [],
    pushRules: wanted.pushRules ?? {},
    resetApprovalsOnPush: wanted.resetApprovalsOnPush ?? false,
    resolveOutdatedDiscussions: wanted.resolveOutdatedDiscussions ?? false,
    mergeWantsResolved: wanted.mergeWantsResolved ?? false,
    createdAt: now,
    lastActivityAt: wanted.lastActivityAt ?? now,
    members: new Map(),
    mergeRequests: [],
    labels: [],
  };
  addMembers(world, project.members, wanted.members);
  world.state.projects.set(id, project);
  world.state.projectIds.set(project.path.toLowerCase(), id);
  await fill(project, wanted);
  return project;
}

/** What GitLab's free edition does not have. */
function checkEdition(world: World, { mirror, pushRules, resetApprovalsOnPush }: Partial<NewProject>): void {
  if (world.edition !== 'ce') return;
  const what = (mirror && 'pull mirrors') || (pushRules && 'push rules') || (resetApprovalsOnPush && 'reset approvals');
  if (what) throw new Error(`${what} need edition 'premium' or 'ultimate'`);
}

/** The branch moves along where there is none of the new name, as when people rename it. */
function renameDefaultBranch(project: Project, to: string): void {
  const run = (...args: string[]) =>
    spawnSync('git', ['--git-dir', project.gitDir, ...args], { env: gitEnvironment() });
  if (run('rev-parse', '--verify', '--quiet', `refs/heads/${to}`).status !== 0)
    run('branch', '-m', project.defaultBranch, to);
  run('symbolic-ref', 'HEAD', `refs/heads/${to}`);
  project.defaultBranch = to;
}

async function fill(project: Project, { from, files }: NewProject): Promise<void> {
  const { gitDir, defaultBranch } = project;
  const shared = from && (existsSync(join(from.gitDir, 'objects')) ? from.gitDir : join(from.gitDir, '.git'));
  await makeBare(gitDir, defaultBranch, shared && join(shared, 'objects'));
  // Of a shallow clone: else git misses the parents that never came.
  const shallow = shared && join(shared, 'shallow');
  if (shallow && existsSync(shallow)) await copyFile(shallow, join(gitDir, 'shallow'));
  const first = from?.commit ?? (files && (await firstCommit(gitDir, files)));
  if (!first) return;
  const ref = join(gitDir, 'refs/heads', defaultBranch);
  await mkdir(dirname(ref), { recursive: true });
  await writeFile(ref, `${first}\n`);
}

function firstCommit(gitDir: string, files: NonNullable<NewProject['files']>): Promise<string> {
  const person = { name: 'Test', email: 'test@example.com' };
  const changes = Object.entries(files).map(([path, text]) => change(path, text));
  return makeCommit(gitDir, {
    parent: null,
    message: 'Initial commit',
    author: person,
    committer: person,
    time: seconds(),
    changes,
  });
}

function change(path: string, text: string | Uint8Array | null): Change {
  return { path, content: text === null ? null : Buffer.from(text) };
}

function addMembers(world: World, into: Map<number, Role>, members: Readonly<Record<string, Role>> = {}): void {
  for (const [username, role] of Object.entries(members)) into.set(makeUser(world, { username }).id, role);
}

function existing(world: World, path: string): Project {
  const project = projectAt(world.state, path);
  if (!project) throw new Error(`no project ${path}`);
  return project;
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
