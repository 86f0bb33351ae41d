import type { DistillResult } from '../codex/distill/index.ts';
import { codexMergeRequest } from '../codex/distill/merge-request.ts';
import type { CodexTexts } from '../codex/import/index.ts';
import type { Forge, MergeRequest, Outcome, Project } from '../forge/port.ts';
import { isOfARun } from '../forge/publish/run-trailer.ts';
import { UsageError } from './errors.ts';
import { printableLine } from './printable.ts';

/** The branch of a codex that only we write. */
const BRANCH = 'agentsmd/codex-distill';

/** What became of the merge request; absent where nothing changes. */
export interface ProposedCodex {
  readonly outcome: Outcome;
  readonly mergeRequest: MergeRequest;
}

/** The project of a codex as it stands: its files are read there, and a merge request is made against that. */
export interface CodexProject {
  readonly project: Project;
  /** The tip of the default branch; `null`: there is no commit. */
  readonly head: string | null;
  /** @throws {UsageError} where people wrote to our branch. @throws {ForgeError} */
  propose(result: DistillResult, codex: CodexTexts, name: string): Promise<ProposedCodex | undefined>;
}

/** Where a codex lies in its project. */
interface Place {
  readonly folder: string;
  /** What it is pinned to. */
  readonly rev: string | undefined;
}

/** @throws {UsageError} where it is pinned to what no merge request can be made against. @throws {ForgeError} */
export async function codexProject(forge: Forge, path: string, { folder, rev }: Place): Promise<CodexProject> {
  const { project, head, branchTip } = await forge.standing({ id: '', path }, { branch: BRANCH, files: [] });
  if (rev !== undefined && rev !== project.defaultBranch && rev !== head) throw new UsageError(pinned(project, rev));
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  return {
    project,
    head,
    async propose(result, codex, name) {
      if (result.files.length === 0) return undefined;
      const { defaultBranch } = project;
      if (head === null || defaultBranch === null)
        throw new UsageError(`${project.path} has no commit; make a first one, such as a README`);
      if (branchTip !== null) {
        const theirs = (await forge.commits(project, BRANCH, defaultBranch)).find(({ message }) => !isOfARun(message));
        if (theirs)
          throw new UsageError(
            `${project.path}: people committed to ${BRANCH} (${theirs.sha.slice(0, 8)}); merge it, or delete the branch, first`,
          );
      }
      const { title, description, message, labels } = codexMergeRequest(result, name, {
        instance: project.instance,
        hosts: [],
      });
      const publisher = forge.publisher(project);
      const files = result.files.map((file) => ({ ...file, path: prefix + file.path, exists: codex.has(file.path) }));
      const why = `rules were distilled from ${name}`;
      await publisher.ensureCommit({ branch: BRANCH, base: head, expectedTip: branchTip, message, files }, why);
      const plan = {
        ...{
          source: BRANCH,
          target: defaultBranch,
          title,
          description,
          labels,
          draft: false,
          assignees: [],
          reviewers: [],
        },
        ...{ removeSourceBranch: true, squash: false },
      };
      const { outcome, value } = await publisher.ensureMergeRequest(plan, why);
      return { outcome, mergeRequest: value.mergeRequest };
    },
  };
}

/** From another state of the codex, the merge request would take back what came after it. */
function pinned({ path, defaultBranch }: Project, rev: string): string {
  const what = `the codex is pinned to ${printableLine(rev)}, and rules are distilled into the default branch of ${path}`;
  const branch = defaultBranch === null ? undefined : printableLine(defaultBranch);
  return branch === undefined
    ? `${what}, which has none; make a first commit there`
    : `${what}: --codex-rev ${branch} works on that, whatever codex.rev says`;
}
