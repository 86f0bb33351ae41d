import { ForgeError } from '../../errors.ts';
import type { CommitPlan, Ensured } from '../../port.ts';
import { assertOwnBranch } from '../../publish/own-branch.ts';
import { isRunOf } from '../../publish/run-trailer.ts';
import type { Tip } from './answers.ts';
import { commitRequest, deleteBranch } from './requests.ts';
import { refusal, type Writing } from './writing.ts';

/**
 * One request where the branch is new, two where it is there. GitLab moves a branch without comparing (`force`), so its tip
 * is looked at right before; what gets between the two is lost, which is why the branch is ours alone.
 */
export async function ensureCommit(
  writing: Writing,
  plan: CommitPlan,
  why: string,
): Promise<Ensured<{ readonly sha: string }>> {
  const { project, look, sender } = writing;
  assertOwnBranch(project, plan.branch);
  if (plan.files.length === 0)
    throw new ForgeError('invalid', `${project.path}: a commit without files; nothing was sent`);
  if (plan.expectedTip !== null) {
    const tip = await look.tip(plan.branch);
    if (tip !== null && isOfPlan(tip, plan)) return { outcome: 'unchanged', value: { sha: tip.sha } };
    if (tip?.sha !== plan.expectedTip) throw moved(writing, plan.branch, tip);
  }
  try {
    const value = await sender.send<{ readonly sha: string }>({
      request: commitRequest(project.id, plan, why),
      parse: async (answer) => (await import('./answers.ts')).readCommit(answer),
      find: async () => {
        const tip = await look.tip(plan.branch);
        if (tip !== null && isOfPlan(tip, plan)) return { sha: tip.sha };
        if ((tip?.sha ?? null) !== plan.expectedTip) throw moved(writing, plan.branch, tip);
        return undefined;
      },
      placeholder: { sha: NO_COMMIT },
    });
    return { outcome: plan.expectedTip === null ? 'created' : 'updated', value };
  } catch (error) {
    const told = await refusal(writing, error, { what: 'commit', branch: plan.branch });
    if (plan.expectedTip === null && told instanceof ForgeError && told.reason === 'conflict') {
      const tip = await look.tip(plan.branch);
      // A run before this one got as far, and died before it could say so.
      if (tip !== null && isOfPlan(tip, plan)) return { outcome: 'unchanged', value: { sha: tip.sha } };
      if (tip !== null) throw moved(writing, plan.branch, tip, told);
    }
    throw told;
  }
}

export async function ensureBranchGone(
  writing: Writing,
  branch: string,
  expectedTip: string,
  why: string,
): Promise<Ensured<null>> {
  const { project, look, sender } = writing;
  assertOwnBranch(project, branch);
  const tip = await look.tip(branch);
  if (tip === null) return { outcome: 'unchanged', value: null };
  if (tip.sha !== expectedTip) throw moved(writing, branch, tip);
  try {
    await sender.send<true>({
      request: deleteBranch(project.id, branch, why),
      parse: () => true,
      find: async () => {
        const left = await look.tip(branch);
        if (left !== null && left.sha !== expectedTip) throw moved(writing, branch, left);
        return left === null ? true : undefined;
      },
      placeholder: true,
    });
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found' && (await look.tip(branch)) === null)
      return { outcome: 'unchanged', value: null };
    throw await refusal(writing, error, { what: 'branch', branch });
  }
  return { outcome: 'updated', value: null };
}

function isOfPlan({ message, parents }: Tip, plan: CommitPlan): boolean {
  return isRunOf(message, plan) && (parents.length === 0 || (parents.length === 1 && parents[0] === plan.base));
}

function moved({ project }: Writing, branch: string, tip: Tip | null, cause?: unknown): ForgeError {
  const now = tip === null ? 'was deleted' : `stands at ${tip.sha.slice(0, 12)}, which this run did not write`;
  const message = `${project.path}: branch ${JSON.stringify(branch)} ${now}; it is left alone and looked at anew with the next run`;
  return new ForgeError('conflict', message, { cause });
}

/** What a dry run calls the commit it did not make. */
const NO_COMMIT = '0'.repeat(40);
