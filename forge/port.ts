import type { AccessLevel } from './access-level.ts';
import type { MergeRequest } from './merge-request.ts';
import type { ReadLimits, RepoReader } from './reader.ts';
import type { SafeText } from './render/safe-text.ts';
import type { MergeRequestReview } from './review-port.ts';

export type { AccessLevel, MergeRequest };

/**
 * The port through which everything meets a forge: a GitLab instance, or a folder of local git repositories. Two
 * implementations stand behind it, `forge/gitlab/` and `forge/folder/`; both keep the same contract, and one suite proves it.
 */

/** One repository of a forge, as its list tells it. */
export interface Project {
  /** `https://gitlab.example.com` without a slash at the end, with the subpath of an instance below one; of a folder its absolute path. */
  readonly instance: string;
  /** Survives moves: GitLab's number as text; of a folder the path below it. */
  readonly id: string;
  /** `group/subgroup/name`, as the forge writes it. */
  readonly path: string;
  /** For people: a web address, or a folder. */
  readonly url: string;
  /** For git. */
  readonly cloneUrl: string;
  /** `null` where there is no commit. */
  readonly defaultBranch: string | null;
  readonly empty: boolean;
  readonly archived: boolean;
  /** The path of the project it was forked from. */
  readonly forkOf: string | null;
  /** Pull mirror: whatever is written to it is overwritten from elsewhere; `null` where that was not told: ask for the project. */
  readonly mirror: boolean | null;
  readonly pendingDelete: boolean;
  /** Whether it has a repository and takes merge requests at all. */
  readonly repositoryEnabled: boolean;
  readonly mergeRequestsEnabled: boolean;
  /** Of whoever asks. */
  readonly access: AccessLevel;
  readonly topics: readonly string[];
  readonly visibility: 'private' | 'internal' | 'public' | 'unknown';
  /** ISO 8601; touched at most hourly by GitLab. */
  readonly lastActivityAt: string | null;
}

export interface ProjectScope {
  /** Only projects of these groups and of the groups below them; where absent, all that the token's user is a member of. */
  readonly groups?: readonly string[];
  readonly archived?: boolean;
  /** ISO 8601: only projects with activity after that. */
  readonly activeAfter?: string;
  readonly signal?: AbortSignal;
}

export interface Commit {
  readonly sha: string;
  readonly authorEmail: string;
  readonly authorName: string;
  readonly committerEmail: string;
  readonly message: string;
  /** ISO 8601. */
  readonly authoredAt: string;
}

/** A comment of a person or of the forge itself on a merge request. */
export interface Note {
  readonly id: string;
  readonly author: string;
  /** The forge's own: "added 1 commit". Never an answer of anybody. */
  readonly system: boolean;
  readonly body: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Access of the author to the project, where it was asked for. */
  readonly authorAccess?: AccessLevel;
}

/** What must be known of a project at one moment, before anything is written: one request where the forge can. */
export interface Standing {
  readonly project: Project;
  /** The tip of the default branch; `null` where there is none. */
  readonly head: string | null;
  /** The object id of each file asked for, at `head`; absent where there is no such file. */
  readonly blobs: ReadonlyMap<string, string>;
  /** The tip of our branch; `null` where there is none. */
  readonly branchTip: string | null;
  /** Merge requests from our branch, whatever their state, newest first. At most ten. */
  readonly mergeRequests: readonly MergeRequest[];
}

export interface StandingQuestion {
  /** The branch that only we write. */
  readonly branch: string;
  /** Paths whose object ids are wanted. */
  readonly files: readonly string[];
}

/** One file of a commit. */
export interface CommitFile {
  readonly path: string;
  /** `null`: it is deleted. */
  readonly text: string | null;
  /** Whether it stands at `base`. */
  readonly exists: boolean;
}

export interface CommitPlan {
  readonly branch: string;
  /** The commit that ours stands on, of the default branch. */
  readonly base: string;
  /** The tip that we saw: `null` where the branch does not exist. Any other tip is somebody else's work: `conflict`. */
  readonly expectedTip: string | null;
  readonly message: SafeText;
  readonly files: readonly CommitFile[];
  readonly author?: { readonly name: string; readonly email: string };
}

export interface MergeRequestPlan {
  readonly source: string;
  readonly target: string;
  readonly title: SafeText;
  readonly description: SafeText;
  readonly labels: readonly string[];
  readonly draft: boolean;
  /** User names; unknown ones are left out and named in the answer. Only set when it is opened, never added again. */
  readonly assignees: readonly string[];
  readonly reviewers: readonly string[];
  readonly removeSourceBranch: boolean;
  readonly squash: boolean;
}

/** What became of something that was to be made so. */
export type Outcome = 'created' | 'updated' | 'unchanged';

export interface Ensured<T> {
  readonly outcome: Outcome;
  readonly value: T;
}

/**
 * The writes of one run on one project. Every verb is idempotent: it looks first where that is needed, sends at most
 * what is missing, and after an answer that was lost finds out what was applied before anything is sent again.
 *
 * @throws {ForgeError} with a reason that names what stands in the way.
 */
export interface Publisher {
  /** One commit that makes the branch hold exactly `files` over `base`; creates or moves the branch in the same step. */
  ensureCommit(plan: CommitPlan, why: string): Promise<Ensured<{ readonly sha: string }>>;
  /** The one open merge request of the branch: opened, or brought up to date. */
  ensureMergeRequest(
    plan: MergeRequestPlan,
    why: string,
    known?: MergeRequest,
  ): Promise<Ensured<{ readonly mergeRequest: MergeRequest; readonly unknownUsers: readonly string[] }>>;
  /** A comment that is there once: `marker` (letters, digits, `-`) tells whether it is. */
  ensureNote(iid: number, marker: string, body: SafeText, why: string): Promise<Ensured<{ readonly id: string }>>;
  ensureClosed(mergeRequest: MergeRequest, why: string): Promise<Ensured<MergeRequest>>;
  ensureLabels(mergeRequest: MergeRequest, add: readonly string[], why: string): Promise<Ensured<MergeRequest>>;
  /** Only while its tip is still the expected one. */
  ensureBranchGone(branch: string, expectedTip: string, why: string): Promise<Ensured<null>>;
}

export interface ProjectHead {
  readonly id: string;
  /** The tip of the default branch; `null` where there is no commit; `undefined` where the forge did not say. */
  readonly head: string | null | undefined;
}

export interface LabelledMergeRequest {
  /** See {@link Project.id}. */
  readonly projectId: string;
  readonly mergeRequest: MergeRequest;
}

/** A merge request of anybody's. */
export type ChangedMergeRequest = LabelledMergeRequest;

/** A group with all below it, or a project. */
export type MergeRequestScope =
  | { readonly group: string; readonly project?: undefined }
  | { readonly group?: undefined; readonly project: Pick<Project, 'id' | 'path'> };

export interface Forge {
  readonly kind: 'gitlab' | 'folder';
  /** As in {@link Project.instance}. */
  readonly instance: string;
  /** Every project in scope, each once, by id. Holds one page at a time. @throws {ForgeError} */
  projects(scope?: ProjectScope): AsyncIterable<Project>;
  /** By path or id. A project that moved is found, under its new path. @throws {ForgeError} `not-found` … */
  project(pathOrId: string): Promise<Project>;
  /** What one query cannot tell, a pull mirror, is as `project` says, where that is a whole one. @throws {ForgeError} */
  standing(project: Pick<Project, 'id' | 'path'>, question: StandingQuestion): Promise<Standing>;
  /**
   * The tips of default branches: few requests for a whole fleet, in any order, each project once. @throws {ForgeError}
   */
  heads(
    projects: Iterable<Pick<Project, 'id' | 'path' | 'defaultBranch'>>,
    signal?: AbortSignal,
  ): AsyncIterable<ProjectHead>;
  /** The repository at a full commit id, without a clone. Nothing is requested before the first read. */
  open(project: Project, commit: string, options?: OpenProject): Promise<RepoReader>;
  /** Commits that are on `branch` and not on `base`, newest first, at most 100. @throws {ForgeError} */
  commits(project: Pick<Project, 'id'>, branch: string, base: string): Promise<readonly Commit[]>;
  /** Comments of a merge request, oldest first. With `access`, each author's level is looked up. @throws {ForgeError} */
  notes(project: Pick<Project, 'id'>, iid: number, options?: { readonly access?: boolean }): Promise<readonly Note[]>;
  /**
   * Merge requests with our label in any project, whatever became of them and whoever of us opened them; with `updatedAfter`
   * (ISO 8601) only what changed since. Few requests for a whole fleet. @throws {ForgeError}
   */
  labelledMergeRequests(label: string, updatedAfter?: string): AsyncIterable<LabelledMergeRequest>;
  /**
   * Whatever merge requests changed since, in pages, what changed first comes first; one that changes meanwhile may come again. None of a
   * folder. @param updatedAfter ISO 8601. @throws {ForgeError}
   */
  changedMergeRequests(scope: MergeRequestScope, updatedAfter: string): AsyncIterable<readonly ChangedMergeRequest[]>;
  /** User names of the direct members of a group with at least that access; empty where the group is unknown. @throws {ForgeError} */
  groupMembers(group: string): Promise<readonly string[]>;
  /**
   * User names of active members of a project who could review, those of groups above it and of invited groups included;
   * empty where they cannot be told, or are too many. @throws {ForgeError}
   */
  projectMembers(project: Pick<Project, 'id' | 'path'>): Promise<readonly string[]>;
  /**
   * User names of members who lately committed to the default branch, the most frequent first; empty where names cannot be told.
   * @throws {ForgeError}
   */
  recentAuthors(project: Pick<Project, 'id' | 'path' | 'defaultBranch'>): Promise<readonly string[]>;
  /**
   * Who writes here, by name: its own merge requests and commits are told from others by this.
   * @param about path of the project, where groups have tokens of their own.
   */
  self(about?: string): Promise<{ readonly username: string; readonly email: string; readonly name: string }>;
  publisher(project: Project): Publisher;
  /** Nothing is requested before the first question. @throws {ForgeError} `unsupported` where nobody reviews anything. */
  review(project: Pick<Project, 'id' | 'path' | 'instance'>, iid: number): MergeRequestReview;
  close(): Promise<void>;
}

export interface OpenProject {
  readonly limits?: ReadLimits;
  readonly keep?: boolean;
}
