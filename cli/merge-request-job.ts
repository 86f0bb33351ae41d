import { IncompleteError } from './errors.ts';

/** What a job of a merge request pipeline knows of its merge request. */
export interface MergeRequestJob {
  /** Address of the instance. */
  readonly server: string;
  /** Path of the project that it goes into: of a fork's merge request not the one that the job runs in. */
  readonly project: string;
  readonly iid: number;
  readonly source: string;
  readonly target: string;
  /** The commit of the source branch that the pipeline is about, never one that GitLab made to try the merge. */
  readonly head: string;
  readonly title: string;
  readonly draft: boolean;
}

/**
 * The merge request of a GitLab CI job, by the variables that GitLab sets; `undefined` in any other job, and on a laptop.
 *
 * @throws {IncompleteError} where it is one of a merge request, and says too little of it.
 */
export function mergeRequestJob(env: NodeJS.ProcessEnv): MergeRequestJob | undefined {
  const { CI_MERGE_REQUEST_IID: iid } = env;
  if (env.GITLAB_CI !== 'true' || !iid) return undefined;
  const needed = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new IncompleteError(
      `CI_MERGE_REQUEST_IID is set, but ${name} is not: what the merge request changes cannot be told; name it with --base and --head`,
    );
  };
  const title = env.CI_MERGE_REQUEST_TITLE ?? '';
  return {
    server: needed('CI_SERVER_URL'),
    project: needed('CI_MERGE_REQUEST_PROJECT_PATH'),
    iid: Number(iid),
    source: needed('CI_MERGE_REQUEST_SOURCE_BRANCH_NAME'),
    target: needed('CI_MERGE_REQUEST_TARGET_BRANCH_NAME'),
    // Set where the pipeline runs on the merged result.
    head: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || needed('CI_COMMIT_SHA'),
    title,
    draft: env.CI_MERGE_REQUEST_DRAFT === 'true' || DRAFT.test(title),
  };
}

/** As GitLab reads a title. */
const DRAFT = /^\s*(?:\[draft\]|\(draft\)|draft:)/i;
