import { ForgeError } from '../../../forge/errors.ts';
import type { CommitPlan, Ensured, MergeRequest, MergeRequestPlan, Publisher } from '../../../forge/port.ts';
import { changesOf } from '../../../forge/publish/merge-request-text.ts';
import { messageOf } from '../../../forge/publish/run-trailer.ts';
import { isMarked, marked } from '../../../forge/render/note-marker.ts';
import { alter, chain, type Files, say, store, type World } from './memory-world.ts';

export function publisherOf(world: World): Publisher {
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
    createdAt: null,
    updatedAt: null,
    endedAt: null,
  });
  const unknownUsers = [...assignees, ...reviewers].filter((name) => !world.members.has(name));
  return { outcome: 'created', value: { mergeRequest: world.mergeRequests.at(-1)!, unknownUsers } };
}
