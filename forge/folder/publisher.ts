import { ForgeError } from '../errors.ts';
import type { CommitPlan, Ensured, MergeRequest, MergeRequestPlan, Project, Publisher } from '../port.ts';
import { changesOf, type MergeRequestChanges, missingLabels, titleOf } from '../publish/merge-request-text.ts';
import { assertOwnBranch } from '../publish/own-branch.ts';
import { isRunOf, messageOf } from '../publish/run-trailer.ts';
import { isMarked, marked } from '../render/note-marker.ts';
import type { SafeText } from '../render/safe-text.ts';
import { makeCommit, moveBranch, type Signature } from './commit.ts';
import { type Do, type DoingOptions, doing } from './doing.ts';
import { git, HEADS, readRepository, tipOf } from './local-repository.ts';
import type { MergeRequestFile } from './merge-request-file.ts';
import {
  addMergeRequest,
  appendNote,
  asItStands,
  filesOf,
  notesPath,
  notesText,
  replaceMergeRequest,
  type Stored,
  storedMergeRequests,
} from './merge-requests.ts';
import { understood } from './understood.ts';

export interface FolderPublisherOptions extends DoingOptions {
  readonly committer: Signature;
}

/** The writes on one local repository: branches by git's plumbing, merge requests as files beside its objects. */
export function folderPublisher(options: FolderPublisherOptions, project: Project): Publisher {
  const work: Work = { ...options, dir: project.cloneUrl, do: doing(options, project) };
  const at = <T>(act: () => Promise<T>) => understood(project.path, act);
  return {
    ensureCommit: async (plan, why) => {
      assertOwnBranch(project, plan.branch);
      return at(() => ensureCommit(work, plan, why));
    },
    ensureMergeRequest: (plan, why) => at(() => ensureMergeRequest(work, plan, why)),
    ensureNote: (iid, marker, body, why) => at(() => ensureNote(work, iid, marker, body, why)),
    ensureClosed: (from, why) =>
      at(() => change(work, from, from.state === 'opened' ? { state: 'closed' } : null, why)),
    ensureLabels: (from, add, why) => {
      const missing = missingLabels(from.labels, add);
      return at(() => change(work, from, missing.length > 0 ? { labels: [...from.labels, ...missing] } : null, why));
    },
    ensureBranchGone: async (branch, expectedTip, why) => {
      assertOwnBranch(project, branch);
      return at(() => ensureBranchGone(work, branch, expectedTip, why));
    },
  };
}

interface Work extends FolderPublisherOptions {
  readonly dir: string;
  readonly do: Do;
}

async function ensureCommit(work: Work, plan: CommitPlan, why: string): Promise<Ensured<{ readonly sha: string }>> {
  const { dir } = work;
  if (plan.files.length === 0) throw new ForgeError('invalid', `${dir}: a commit without files; nothing was written`);
  const tip = await tipOf(dir, plan.branch);
  if (tip !== null && (await isOfPlan(dir, tip, plan))) return { outcome: 'unchanged', value: { sha: tip } };
  if (tip !== plan.expectedTip) throw moved(dir, plan.branch, tip);
  const { branch, base, files, author } = plan;
  const body = { base, message: messageOf(plan), files, ...(author && { author }) };
  const sha = await work.do(
    { method: 'COMMIT', path: HEADS + branch, body, why },
    async () => {
      await settle(work, branch);
      const made = await makeCommit(dir, plan, work.committer, work.now());
      await moveBranch(dir, branch, tip, made, why);
      if (tip !== null) await follow(work, branch, made);
      return made;
    },
    '0'.repeat(plan.base.length),
  );
  return { outcome: tip === null ? 'created' : 'updated', value: { sha } };
}

async function isOfPlan(dir: string, tip: string, plan: CommitPlan): Promise<boolean> {
  const [parents = '', message = ''] = (
    await git(dir, ['log', '-1', '--encoding=UTF-8', '--format=%P%x00%B', tip])
  ).split('\0');
  return parents === plan.base && isRunOf(message, plan);
}

/** A branch is about to be made or moved: what became of its earlier merge requests no longer shows in it then, so it is written down. */
async function settle(work: Work, branch: string): Promise<void> {
  const repository = await readRepository(work.dir);
  for (const stored of storedMergeRequests(repository)) {
    if (stored.file.source !== branch || stored.file.state !== 'opened') continue;
    const { state } = await asItStands(repository, stored);
    if (state === 'closed' || state === 'merged') replaceMergeRequest(stored, { ...stored.file, state });
  }
}

/** The open merge request follows its branch. */
async function follow(work: Work, branch: string, head: string): Promise<void> {
  const open = await openFrom(work, branch);
  if (!open) return;
  const files = await filesOf(work.dir, head, open.target);
  replaceMergeRequest(open.stored, { ...open.stored.file, head, files, updated: timeOf(work) });
}

async function ensureMergeRequest(
  work: Work,
  plan: MergeRequestPlan,
  why: string,
): Promise<Ensured<{ readonly mergeRequest: MergeRequest; readonly unknownUsers: readonly string[] }>> {
  const open = await openFrom(work, plan.source);
  if (!open) return { outcome: 'created', value: { mergeRequest: await create(work, plan, why), unknownUsers: [] } };
  const changes = changesOf(open.mergeRequest, plan);
  if (changes === null) return { outcome: 'unchanged', value: { mergeRequest: open.mergeRequest, unknownUsers: [] } };
  const { value } = await change(work, open.mergeRequest, fieldsOf(open.mergeRequest, changes), why);
  return { outcome: 'updated', value: { mergeRequest: value, unknownUsers: [] } };
}

function fieldsOf(open: MergeRequest, { addLabels = [], ...texts }: MergeRequestChanges): Partial<MergeRequestFile> {
  return { ...texts, labels: [...open.labels, ...addLabels] };
}

async function create(work: Work, plan: MergeRequestPlan, why: string): Promise<MergeRequest> {
  const { dir } = work;
  const { source, target, description, labels, draft, assignees, reviewers } = plan;
  const title = titleOf(plan.title, draft);
  const texts = { title, description, source, target, labels: [...labels], draft };
  const people = { assignees: [...assignees], reviewers: [...reviewers] };
  return work.do(
    { method: 'WRITE', path: 'agentsmd/merge-requests', body: { ...texts, ...people }, why },
    async () => {
      const repository = await readRepository(dir);
      const head = await tipOf(dir, source);
      if (head === null)
        throw new ForgeError(
          'conflict',
          `${dir}: branch ${JSON.stringify(source)} is gone; it is looked at anew with the next run`,
        );
      const files = await filesOf(dir, head, target);
      const author = work.actor;
      const at = timeOf(work);
      const file = { ...texts, ...people, state: 'opened' as const, author, head, files, created: at, updated: at };
      return asItStands(repository, addMergeRequest(repository, file));
    },
    {
      ...texts,
      iid: 0,
      url: '',
      state: 'opened',
      head: null,
      author: work.actor,
      hasConflicts: false,
      createdAt: null,
      updatedAt: null,
      endedAt: null,
    },
  );
}

/** Changes the file of a merge request; `null` for nothing. */
async function change(
  work: Work,
  from: MergeRequest,
  fields: Partial<MergeRequestFile> | null,
  why: string,
): Promise<Ensured<MergeRequest>> {
  if (fields === null) return { outcome: 'unchanged', value: from };
  const repository = await readRepository(work.dir);
  const path = `agentsmd/merge-requests/${from.iid}.md`;
  const value = await work.do<MergeRequest>(
    { method: 'WRITE', path, body: fields, why },
    () => {
      const stored = storedMergeRequests(repository).find(({ iid }) => iid === from.iid);
      if (!stored) throw new ForgeError('not-found', `${work.dir}: merge request ${from.iid} is gone`);
      return asItStands(repository, replaceMergeRequest(stored, { ...stored.file, ...fields, updated: timeOf(work) }));
    },
    { ...from, ...(fields as Partial<MergeRequest>) },
  );
  return { outcome: 'updated', value };
}

async function ensureNote(
  work: Work,
  iid: number,
  marker: string,
  body: SafeText,
  why: string,
): Promise<Ensured<{ readonly id: string }>> {
  const text = marked(body, marker);
  const path = notesPath(await readRepository(work.dir), iid);
  if (isMarked(notesText(path), marker)) return { outcome: 'unchanged', value: { id: marker } };
  await work.do({ method: 'WRITE', path, body: { body: text }, why }, () => appendNote(path, text), undefined);
  return { outcome: 'created', value: { id: marker } };
}

async function ensureBranchGone(work: Work, branch: string, expectedTip: string, why: string): Promise<Ensured<null>> {
  const { dir } = work;
  const tip = await tipOf(dir, branch);
  if (tip === null) return { outcome: 'unchanged', value: null };
  if (tip !== expectedTip) throw moved(dir, branch, tip);
  const request = { method: 'DELETE', path: HEADS + branch, body: { from: expectedTip }, why };
  await work.do(request, () => moveBranch(dir, branch, expectedTip, null, why), undefined);
  return { outcome: 'updated', value: null };
}

async function openFrom(
  { dir }: Work,
  branch: string,
): Promise<{ readonly stored: Stored; readonly mergeRequest: MergeRequest; readonly target: string } | undefined> {
  const repository = await readRepository(dir);
  for (const stored of storedMergeRequests(repository)) {
    if (stored.file.source !== branch) continue;
    const mergeRequest = await asItStands(repository, stored);
    if (mergeRequest.state === 'opened') return { stored, mergeRequest, target: mergeRequest.target };
  }
  return undefined;
}

function moved(dir: string, branch: string, tip: string | null): ForgeError {
  const now = tip === null ? 'was deleted' : `stands at ${tip.slice(0, 12)}, which this run did not write`;
  return new ForgeError(
    'conflict',
    `${dir}: branch ${JSON.stringify(branch)} ${now}; it is left alone and looked at anew with the next run`,
  );
}

function timeOf({ now }: Work): string {
  return new Date(now()).toISOString();
}
