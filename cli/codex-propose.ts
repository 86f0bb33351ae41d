import type { DistillResult } from '../codex/distill/index.ts';
import { codexMergeRequest } from '../codex/distill/merge-request.ts';
import type { CodexTexts } from '../codex/import/index.ts';
import type { Forge, MergeRequest, Outcome, Project } from '../forge/port.ts';
import { isOfARun } from '../forge/publish/run-trailer.ts';
import { UsageError } from './errors.ts';

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

/** @param folder of the project that holds the codex. @throws {ForgeError} */
export async function codexProject(forge: Forge, path: string, folder: string): Promise<CodexProject> {
  const { project, head, branchTip } = await forge.standing({ id: '', path }, { branch: BRANCH, files: [] });
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
