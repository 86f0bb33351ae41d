import { createHash } from 'node:crypto';
import { ForgeError, type ForgeReason } from '../../../forge/errors.ts';
import { type MemoryFile, memoryRepository } from '../../../forge/memory.ts';
import type {
  AccessLevel,
  Commit,
  CommitPlan,
  Ensured,
  Forge,
  MergeRequest,
  MergeRequestPlan,
  Note,
  Project,
  Publisher,
} from '../../../forge/port.ts';
import { changesOf } from '../../../forge/publish/merge-request-text.ts';
import { messageOf } from '../../../forge/publish/run-trailer.ts';
import { isMarked, marked } from '../../../forge/render/note-marker.ts';

type Files = Readonly<Record<string, string>>;

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

const BOT = { username: 'agentsmd-bot', email: 'bot@example.com', name: 'agentsmd' };

const REVIEWS: ReadonlySet<AccessLevel> = new Set(['developer', 'maintainer', 'owner']);

const URL_OF_IT = 'https://gitlab.example.com';

/** A forge with one project, held in memory, as strict as a real one about tips, bases, files and states. */
export function memoryForge(files: Files, change: Partial<Project> = {}): { forge: Forge; world: World } {
  const world: World = {
    project: {
      instance: URL_OF_IT,
      id: '7',
      path: 'shop/backend/cart',
      url: `${URL_OF_IT}/shop/backend/cart`,
      cloneUrl: `${URL_OF_IT}/shop/backend/cart.git`,
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
      visibility: 'internal',
      lastActivityAt: null,
      ...change,
    },
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

function store(world: World, branch: string, { parent, files, author, committer, message }: NewCommit): string {
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
    close: async () => {},
  };
}

function chain(world: World, from: string | null): readonly Stored[] {
  const commits: Stored[] = [];
  for (let sha = from; sha !== null; sha = commits.at(-1)!.parent) commits.push(world.commits.get(sha)!);
  return commits;
}

function publisherOf(world: World): Publisher {
  async function write<T>(verb: keyof Publisher, told: string, apply: () => Ensured<T>): Promise<Ensured<T>> {
    const { between } = world;
    world.between = undefined;
    between?.();
    const reason = world.refuse.get(verb);
    if (reason) throw new ForgeError(reason, `shop/backend/cart: ${verb} refused`);
    const result = apply();
    if (result.outcome !== 'unchanged') world.writes.push(`${verb} ${told}`);
    if (world.lose === verb) {
      world.lose = undefined;
      throw new ForgeError('unavailable', 'the answer was lost');
    }
    return result;
  }
  const open = (iid: number): MergeRequest => {
    const found = world.mergeRequests.find((each) => each.iid === iid);
    if (!found) throw new ForgeError('not-found', `!${iid}: not there`);
    return found;
  };
  return {
    ensureCommit: (plan) => write('ensureCommit', plan.branch, () => commit(world, plan)),
    ensureMergeRequest: (plan, _why, known) =>
      write('ensureMergeRequest', plan.title, () => mergeRequest(world, plan, known)),
    ensureNote: (iid, marker, body) =>
      write('ensureNote', marker, () => {
        open(iid);
        const there = world.notes.get(iid)?.find((note) => isMarked(note.body, marker));
        if (there) return { outcome: 'unchanged', value: { id: there.id } };
        return { outcome: 'created', value: { id: say(world, iid, world.self.username, marked(body, marker)) } };
      }),
    ensureClosed: ({ iid }) =>
      write('ensureClosed', `!${iid}`, () =>
        open(iid).state === 'opened'
          ? { outcome: 'updated', value: alter(world, iid, { state: 'closed' }) }
          : { outcome: 'unchanged', value: open(iid) },
      ),
    ensureLabels: ({ iid }, add) =>
      write('ensureLabels', add.join(), () => {
        const labels = [...new Set([...open(iid).labels, ...add])];
        if (labels.length === open(iid).labels.length) return { outcome: 'unchanged', value: open(iid) };
        return { outcome: 'updated', value: alter(world, iid, { labels }) };
      }),
    ensureBranchGone: (branch, expectedTip) =>
      write('ensureBranchGone', branch, () => {
        const tip = world.branches.get(branch);
        if (tip === undefined) return { outcome: 'unchanged', value: null };
        if (tip !== expectedTip) throw new ForgeError('conflict', `${branch}: moved`);
        world.branches.delete(branch);
        return { outcome: 'updated', value: null };
      }),
  };
}

function commit(world: World, plan: CommitPlan): Ensured<{ sha: string }> {
  const { branch, base, expectedTip, files } = plan;
  const message = messageOf(plan);
  const tip = world.branches.get(branch) ?? null;
  const onto = world.commits.get(base);
  if (!onto || !chain(world, world.branches.get('main')!).includes(onto))
    throw new ForgeError('invalid', `${base}: no commit of the default branch`);
  const now = new Map(Object.entries(onto.files));
  if (files.length === 0) throw new ForgeError('invalid', 'a commit without files');
  for (const { path, text, exists } of files) {
    if (now.has(path) !== exists) throw new ForgeError('conflict', `${path}: ${exists ? 'is not' : 'is'} there`);
    if (now.get(path) === text) throw new ForgeError('invalid', `${path}: nothing changes`);
    text === null ? now.delete(path) : now.set(path, text);
  }
  if (tip !== expectedTip) throw new ForgeError('conflict', `${branch}: moved`);
  const next = Object.fromEntries(now);
  const there = tip === null ? undefined : world.commits.get(tip);
  if (there && there.parent === base && there.message === message && same(there.files, next))
    return { outcome: 'unchanged', value: { sha: there.sha } };
  const { email } = world.self;
  const sha = store(world, branch, { parent: base, files: next, author: email, committer: email, message });
  return { outcome: tip === null ? 'created' : 'updated', value: { sha } };
}

function same(a: Files, b: Files): boolean {
  const sorted = (files: Files) => JSON.stringify(Object.entries(files).toSorted());
  return sorted(a) === sorted(b);
}

type Opened = Ensured<{ readonly mergeRequest: MergeRequest; readonly unknownUsers: readonly string[] }>;

function mergeRequest(world: World, plan: MergeRequestPlan, known?: MergeRequest): Opened {
  const { source, target, title, description, labels, draft, reviewers, assignees } = plan;
  if (!world.branches.has(source)) throw new ForgeError('invalid', `source branch "${source}" does not exist`);
  if (!world.branches.has(target)) throw new ForgeError('invalid', `${target}: no such branch`);
  if (title.length > 255 || description.length > 1_000_000) throw new ForgeError('invalid', 'too long');
  const open = world.mergeRequests.find((each) => each.source === source && each.state === 'opened');
  if (known && open?.iid !== known.iid) throw new ForgeError('conflict', `!${known.iid} is not open`);
  if (open) {
    const changes = changesOf(open, plan);
    if (changes === null) return { outcome: 'unchanged', value: { mergeRequest: open, unknownUsers: [] } };
    const { addLabels = [], ...texts } = changes;
    const mergeRequest = alter(world, open.iid, { ...texts, labels: [...open.labels, ...addLabels] });
    return { outcome: 'updated', value: { mergeRequest, unknownUsers: [] } };
  }
  const iid = world.mergeRequests.length + 1;
  world.mergeRequests.push({
    iid,
    url: `${world.project.url}/-/merge_requests/${iid}`,
    state: 'opened',
    title,
    description,
    labels,
    draft,
    source,
    target,
    head: world.branches.get(source)!,
    author: world.self.username,
    hasConflicts: false,
    updatedAt: null,
  });
  const unknownUsers = [...assignees, ...reviewers].filter((name) => !world.members.has(name));
  return { outcome: 'created', value: { mergeRequest: world.mergeRequests.at(-1)!, unknownUsers } };
}
