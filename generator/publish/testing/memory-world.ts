import { createHash } from 'node:crypto';
import type { ForgeReason } from '../../../forge/errors.ts';
import type { AccessLevel, Commit, MergeRequest, Note, Project, Publisher } from '../../../forge/port.ts';

export type Files = Readonly<Record<string, string>>;

interface Stored extends Commit {
  readonly files: Files;
  readonly parent: string | null;
}

/** What a test changes of the only project. */
export interface World {
  project: Project;
  readonly commits: Map<string, Stored>;
  readonly branches: Map<string, string>;
  readonly mergeRequests: MergeRequest[];
  readonly notes: Map<number, (Note & { access: AccessLevel })[]>;
  readonly members: Map<string, AccessLevel>;
  readonly groups: Map<string, readonly string[]>;
  /** Who lately committed, by user name. */
  readonly authors: readonly string[];
  self: { username: string; email: string; name: string };
  /** Writes that are refused: the verb, and with what. */
  readonly refuse: Map<keyof Publisher, ForgeReason>;
  /** Verbs of the forge that were called, and what was written, in order. */
  readonly calls: string[];
  readonly writes: string[];
  /** Runs before the next write, once: what somebody else does in between. */
  between?: (() => void) | undefined;
  /** The next write with this verb is applied, and its answer is lost. */
  lose?: keyof Publisher | undefined;
}

export const BOT = { username: 'agentsmd-bot', email: 'bot@example.com', name: 'agentsmd' };

export const REVIEWS: ReadonlySet<AccessLevel> = new Set(['developer', 'maintainer', 'owner']);

export const URL_OF_IT = 'https://gitlab.example.com';

/** A commit as a person would push it. `null` deletes a file. */
export function push(
  world: World,
  {
    branch = 'main',
    files,
    email = 'ada@example.com',
  }: {
    readonly branch?: string;
    readonly files: Readonly<Record<string, string | null>>;
    readonly email?: string;
  },
): string {
  const parent = world.branches.get(branch) ?? world.branches.get('main') ?? null;
  const now = new Map(Object.entries(parent === null ? {} : world.commits.get(parent)!.files));
  for (const [path, text] of Object.entries(files)) text === null ? now.delete(path) : now.set(path, text);
  return store(world, branch, {
    parent,
    files: Object.fromEntries(now),
    author: email,
    committer: email,
    message: 'Work',
  });
}

/** Says something on a merge request. */
export function say(world: World, iid: number, author: string, body: string, system = false): string {
  const notes = world.notes.get(iid) ?? [];
  world.notes.set(iid, notes);
  const id = String(100 + [...world.notes.values()].flat().length);
  const access = world.members.get(author) ?? 'none';
  notes.push({ id, author, body, system, createdAt: '2026-11-21T10:00:00Z', access });
  return id;
}

/** Merges it as the button does. */
export function merge(world: World, iid: number): void {
  const found = world.mergeRequests.find((each) => each.iid === iid)!;
  push(world, { branch: 'main', files: world.commits.get(world.branches.get(found.source)!)!.files });
  alter(world, iid, { state: 'merged' });
  world.branches.delete(found.source);
}

/** Changes a merge request as a person could. */
export function alter(world: World, iid: number, change: Partial<MergeRequest>): MergeRequest {
  const at = world.mergeRequests.findIndex((each) => each.iid === iid);
  world.mergeRequests[at] = { ...world.mergeRequests[at]!, ...change };
  return world.mergeRequests[at];
}

interface NewCommit {
  readonly parent: string | null;
  readonly files: Files;
  readonly author: string;
  readonly committer: string;
  readonly message: string;
}

export function store(world: World, branch: string, { parent, files, author, committer, message }: NewCommit): string {
  const sha = createHash('sha1')
    .update(JSON.stringify([parent, files, author, message, world.commits.size]))
    .digest('hex');
  world.commits.set(sha, {
    sha,
    parent,
    files,
    authorEmail: author,
    authorName: author,
    committerEmail: committer,
    message,
    authoredAt: '2026-11-21T10:00:00Z',
  });
  world.branches.set(branch, sha);
  for (const { iid, source, state } of world.mergeRequests)
    if (source === branch && state === 'opened') alter(world, iid, { head: sha });
  return sha;
}

export function chain(world: World, from: string | null): readonly Stored[] {
  const commits: Stored[] = [];
  for (let sha = from; sha !== null; sha = commits.at(-1)!.parent) commits.push(world.commits.get(sha)!);
  return commits;
}
