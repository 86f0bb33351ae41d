import { ForgeError } from '../../errors.ts';
import type { Ensured, MergeRequest, MergeRequestPlan } from '../../port.ts';
import { changesOf, type MergeRequestChanges, missingLabels, titleOf } from '../../publish/merge-request-text.ts';
import type { WriteRequest } from '../../write-request.ts';
import type { OpenedAnswer } from './answers.ts';
import { closeMergeRequest, createMergeRequest, updateMergeRequest } from './requests.ts';
import { refusal, type Writing } from './writing.ts';

export interface Opened {
  readonly mergeRequest: MergeRequest;
  /**
   * Also those whom GitLab knows and left out without a word: they cannot see the project, or there is room for one only
   * (Community Edition, app/services/merge_requests/base_service.rb).
   */
  readonly unknownUsers: readonly string[];
}

/**
 * One request, and one more for each user name not asked for before. Whether one is open already GitLab knows best: it
 * answers 409, and that one is brought up to date.
 */
export async function ensureMergeRequest(
  writing: Writing,
  plan: MergeRequestPlan,
  why: string,
  known?: MergeRequest,
): Promise<Ensured<Opened>> {
  if (known?.state === 'opened') return upToDate(writing, known, plan, why);
  const { project, look, sender, users } = writing;
  const [assignees, reviewers] = await Promise.all([users.of(plan.assignees), users.of(plan.reviewers)]);
  const find = async () => (await look.openFrom(plan.source)).find(({ target }) => target === plan.target);
  try {
    const opened = await sender.send<OpenedAnswer>({
      request: createMergeRequest(project.id, plan, { assignees: assignees.ids, reviewers: reviewers.ids }, why),
      parse: async (answer) => (await import('./answers.ts')).readOpened(answer),
      find: async () => {
        const mergeRequest = await find();
        return mergeRequest && { mergeRequest };
      },
      passing: isBranchUnseen,
      placeholder: { mergeRequest: planned(plan) },
    });
    const missing = [
      ...missingIn(opened.assignees, plan.assignees, assignees.unknown),
      ...missingIn(opened.reviewers, plan.reviewers, reviewers.unknown),
    ];
    return { outcome: 'created', value: { mergeRequest: opened.mergeRequest, unknownUsers: [...new Set(missing)] } };
  } catch (error) {
    const open = error instanceof ForgeError && error.status === 409 ? await find() : undefined;
    if (open) return upToDate(writing, open, plan, why);
    throw await refusal(writing, error, { what: 'merge request', branch: plan.source });
  }
}

async function upToDate(
  writing: Writing,
  open: MergeRequest,
  plan: MergeRequestPlan,
  why: string,
): Promise<Ensured<Opened>> {
  const changes = changesOf(open, plan);
  const mergeRequest =
    changes === null ? open : await update(writing, open, changes, why, (now) => !changesOf(now, plan));
  return { outcome: changes === null ? 'unchanged' : 'updated', value: { mergeRequest, unknownUsers: [] } };
}

export async function ensureLabels(
  writing: Writing,
  mergeRequest: MergeRequest,
  add: readonly string[],
  why: string,
): Promise<Ensured<MergeRequest>> {
  const addLabels = missingLabels(mergeRequest.labels, add);
  if (addLabels.length === 0) return { outcome: 'unchanged', value: mergeRequest };
  const has = (now: MergeRequest) => missingLabels(now.labels, add).length === 0;
  return { outcome: 'updated', value: await update(writing, mergeRequest, { addLabels }, why, has) };
}

function update(
  writing: Writing,
  from: MergeRequest,
  changes: MergeRequestChanges,
  why: string,
  isDone: (now: MergeRequest) => boolean,
): Promise<MergeRequest> {
  const { addLabels = [], ...texts } = changes;
  const request = updateMergeRequest(writing.project.id, from.iid, changes, why);
  return put(writing, from, request, isDone, { ...texts, labels: [...from.labels, ...addLabels] });
}

export async function ensureClosed(
  writing: Writing,
  mergeRequest: MergeRequest,
  why: string,
): Promise<Ensured<MergeRequest>> {
  if (mergeRequest.state !== 'opened') return { outcome: 'unchanged', value: mergeRequest };
  const request = closeMergeRequest(writing.project.id, mergeRequest.iid, why);
  const isClosed = ({ state }: MergeRequest) => state !== 'opened';
  return { outcome: 'updated', value: await put(writing, mergeRequest, request, isClosed, { state: 'closed' }) };
}

async function put(
  writing: Writing,
  from: MergeRequest,
  request: WriteRequest,
  isDone: (now: MergeRequest) => boolean,
  becomes: Partial<MergeRequest>,
): Promise<MergeRequest> {
  const { look, sender } = writing;
  try {
    return await sender.send<MergeRequest>({
      request,
      parse: async (answer) => (await import('./answers.ts')).readMergeRequest(answer),
      find: async () => {
        const now = await look.mergeRequest(from.iid);
        return isDone(now) ? now : undefined;
      },
      placeholder: { ...from, ...becomes },
    });
  } catch (error) {
    throw await refusal(writing, error, { what: 'merge request', branch: from.source });
  }
}

/** Who was asked for and is not among those there are; where it is not told who there are, only the unknown ones. */
function missingIn(
  there: readonly string[] | undefined,
  asked: readonly string[],
  unknown: readonly string[],
): readonly string[] {
  if (there === undefined) return unknown;
  const names = new Set(there.map((name) => name.toLowerCase()));
  return asked.map((name) => name.replace(/^@/, '')).filter((name) => name !== '' && !names.has(name.toLowerCase()));
}

/** Right after a commit GitLab may not know its branch yet, and answers 400. */
function isBranchUnseen({ status, said, message }: ForgeError): boolean {
  const words = said ?? message;
  return status === 400 && /source.?branch/i.test(words) && /does not exist|is invalid|not found/i.test(words);
}

/** As a dry run goes on with it; it has no number. */
function planned(plan: MergeRequestPlan): MergeRequest {
  return {
    iid: 0,
    url: '',
    state: 'opened',
    title: titleOf(plan.title, plan.draft),
    description: plan.description,
    labels: plan.labels,
    draft: plan.draft,
    source: plan.source,
    target: plan.target,
    head: null,
    author: '',
    hasConflicts: false,
    createdAt: null,
    updatedAt: null,
    endedAt: null,
  };
}
