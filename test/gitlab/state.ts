import type { Role, TextEffect } from './port.ts';
import type { Approval, Award, DiffPlace, DraftNote, Resolution, ReviewerState, Suggestion } from './review-state.ts';

/** What the instance knows beside its git repositories. Plain data: whoever changes it is a route or the seeding. */
export interface State {
  readonly users: Map<number, User>;
  readonly groups: Map<number, Group>;
  readonly projects: Map<number, Project>;
  /** Their ids by their paths in lower case. */
  readonly projectIds: Map<string, number>;
  /** By their text. */
  readonly tokens: Map<string, Token>;
  /** Old paths of moved projects. */
  readonly redirects: Map<string, number>;
  /** What texts did to the instance, oldest first. */
  readonly effects: TextEffect[];
  /** Of everything that is numbered across the instance. */
  nextId: number;
}

export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly bot: boolean;
  readonly admin: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
}

export interface Group {
  readonly id: number;
  /** `group/subgroup`. */
  path: string;
  readonly parentId: number | null;
  /** By user id. */
  readonly members: Map<number, Role>;
  readonly visibility: Visibility;
  readonly createdAt: string;
}

export type Visibility = 'private' | 'internal' | 'public';

export interface Project {
  readonly id: number;
  /** `group/subgroup/name`. */
  path: string;
  groupId: number;
  /** Its bare repository. */
  readonly gitDir: string;
  defaultBranch: string;
  topics: readonly string[];
  archived: boolean;
  /** Id of the project it was forked from. */
  forkOf: number | null;
  mirror: boolean;
  pendingDelete: boolean;
  mergeRequestsEnabled: boolean;
  repositoryEnabled: boolean;
  visibility: Visibility;
  protectedBranches: readonly string[];
  pushRules: PushRules;
  /** Premium: a push takes the approvals away. */
  resetApprovalsOnPush: boolean;
  /** A push resolves the threads whose lines it changed. */
  resolveOutdatedDiscussions: boolean;
  /** Nothing is merged over open threads. */
  mergeWantsResolved: boolean;
  readonly createdAt: string;
  lastActivityAt: string;
  readonly members: Map<number, Role>;
  readonly mergeRequests: MergeRequest[];
  /** Titles of its labels; made on use. */
  readonly labels: string[];
}

export interface PushRules {
  readonly commitMessageRegex?: string;
  readonly authorEmailRegex?: string;
  readonly rejectUnsignedCommits?: boolean;
  readonly branchNameRegex?: string;
}

export interface Token {
  readonly id: number;
  readonly text: string;
  readonly userId: number;
  readonly kind: 'personal' | 'project' | 'group' | 'job';
  readonly scopes: readonly string[];
  /** `2027-01-31`. */
  readonly expiresAt: string | null;
  revoked: boolean;
  /** Of a job token. */
  readonly projectId: number | null;
  readonly createdAt: string;
}

export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  /** Where the source branch is. */
  readonly sourceProjectId: number;
  readonly targetProjectId: number;
  readonly sourceBranch: string;
  targetBranch: string;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged' | 'locked';
  labels: string[];
  readonly authorId: number;
  assigneeIds: number[];
  reviewerIds: number[];
  squash: boolean;
  removeSourceBranch: boolean;
  allowCollaboration: boolean;
  /** The source branch's tip, as last seen. */
  sha: string;
  /** The target branch's tip, as last seen. */
  targetSha: string;
  /** Of its diff, oldest first. */
  readonly versions: DiffVersion[];
  createdAt: string;
  updatedAt: string;
  mergedAt: string | null;
  mergedById: number | null;
  mergeCommitSha: string | null;
  squashCommitSha: string | null;
  closedAt: string | null;
  closedById: number | null;
  readonly notes: Note[];
  readonly drafts: DraftNote[];
  readonly approvals: Approval[];
  /** Of reviewers, by user id; who is not in it has not begun. */
  readonly reviewerStates: Map<number, ReviewerState>;
  /** Who asked for changes, reviewer or not: in paid editions they hold up the merge. */
  readonly changeRequests: Set<number>;
}

export interface DiffVersion {
  readonly id: number;
  readonly head: string;
  /** The merge base. */
  readonly base: string;
  /** The target branch's tip at that time. */
  readonly start: string;
  readonly createdAt: string;
}

export interface Note {
  readonly id: number;
  readonly authorId: number;
  body: string;
  /** The instance's own: "added 1 commit". */
  readonly system: boolean;
  readonly createdAt: string;
  updatedAt: string;
  /** Notes of one thread have the same. */
  readonly discussionId: string;
  /** Null: a comment by itself, which cannot be resolved. */
  type: 'DiffNote' | 'DiscussionNote' | null;
  readonly place: DiffPlace | null;
  resolution: Resolution | null;
  suggestions: Suggestion[];
  readonly awards: Award[];
}

/** One branch that is to be moved; ids of 40 zeros make and delete. */
export interface RefChange {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
}

export function emptyState(): State {
  return {
    users: new Map(),
    groups: new Map(),
    projects: new Map(),
    projectIds: new Map(),
    tokens: new Map(),
    redirects: new Map(),
    effects: [],
    nextId: 1,
  };
}

export function userNamed(state: State, username: string): User | undefined {
  const wanted = username.toLowerCase();
  return state.users.values().find((user) => user.username.toLowerCase() === wanted);
}

export function groupAt(state: State, path: string): Group | undefined {
  const wanted = path.toLowerCase();
  return state.groups.values().find((group) => group.path.toLowerCase() === wanted);
}

/** Not through redirects. GitLab's paths are case-insensitive. */
export function projectAt(state: State, path: string): Project | undefined {
  return state.projects.get(state.projectIds.get(path.toLowerCase()) ?? 0);
}

/** The group and those above it, the nearest first. */
export function groupLine(state: State, groupId: number | null): Group[] {
  const line: Group[] = [];
  for (let id = groupId; id !== null; ) {
    const group = state.groups.get(id);
    if (!group) break;
    line.push(group);
    id = group.parentId;
  }
  return line;
}

/** GitLab's numbers of the roles: doc/api/access_requests.md. */
export const ACCESS_LEVELS: Readonly<Record<Role, number>> = {
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
};

/** The highest level the user holds on the project or a group above it; 0 for no member. */
export function accessTo(state: State, userId: number, place: Project | Group): number {
  const groups = groupLine(state, 'gitDir' in place ? place.groupId : place.id);
  const roles = [place.members.get(userId), ...groups.map((group) => group.members.get(userId))];
  return Math.max(0, ...roles.map((role) => (role ? ACCESS_LEVELS[role] : 0)));
}
