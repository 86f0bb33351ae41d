import type { Trigger } from '../../signal.ts';
import { type Known, ORDINARY, SOME, type Vocabulary } from '../ci-conditions.ts';

/** One kind of pipeline, as far as rules can tell it from others. */
export interface Situation {
  readonly trigger: Trigger;
  /** The keywords of `only` and `except` that mean it. */
  readonly refs: readonly string[];
  /** `only` and `except` may also name its branch or tag. */
  readonly namedRef: 'branch' | 'tag' | undefined;
  readonly mergeRequest: boolean;
  readonly variables: Readonly<Record<string, Known>>;
}

const DEFAULT_BRANCH = `${SOME}default branch`;
const BRANCH_REFS = ['branches', 'pushes'];

/**
 * The kinds of pipelines, those first that say most about a change. A push to a feature branch checks a change as a
 * merge request's pipeline does; that is how repositories without rules work. It is looked at with its merge
 * request open, so that the usual rule against double pipelines (`$CI_OPEN_MERGE_REQUESTS`) holds.
 */
export const SITUATIONS: readonly Situation[] = [
  situation('merge-request', ['merge_requests', 'external_pull_requests'], 'merge_request_event', {
    CI_COMMIT_BRANCH: null,
    CI_COMMIT_REF_NAME: ORDINARY,
    CI_OPEN_MERGE_REQUESTS: ORDINARY,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: DEFAULT_BRANCH,
  }),
  situation('merge-request', BRANCH_REFS, 'push', {
    CI_COMMIT_BRANCH: ORDINARY,
    CI_COMMIT_REF_NAME: ORDINARY,
    CI_OPEN_MERGE_REQUESTS: ORDINARY,
  }),
  situation('push', BRANCH_REFS, 'push', onDefaultBranch()),
  situation('release', ['tags', 'pushes'], 'push', {
    CI_COMMIT_BRANCH: null,
    CI_COMMIT_TAG: `${SOME}tag`,
    CI_COMMIT_REF_NAME: `${SOME}tag`,
    CI_COMMIT_REF_PROTECTED: 'true',
  }),
  situation('schedule', ['schedules', 'branches'], 'schedule', onDefaultBranch()),
  situation('manual', ['web', 'api', 'triggers', 'pipelines', 'chat', 'branches'], 'web', onDefaultBranch()),
];

/** The words of a condition in a situation. `given` are the configuration's own variables; `child` marks a pipeline that another one started. */
export function vocabularyOf(
  situation: Situation,
  given: ReadonlyMap<string, string | undefined>,
  child: boolean,
): Vocabulary {
  return {
    name: (name) => {
      if (child && name === 'CI_PIPELINE_SOURCE') return 'parent_pipeline';
      if (Object.hasOwn(situation.variables, name)) return situation.variables[name];
      if (given.has(name)) return given.get(name);
      return predefined(name, situation);
    },
  };
}

function onDefaultBranch(): Readonly<Record<string, Known>> {
  return {
    CI_COMMIT_BRANCH: DEFAULT_BRANCH,
    CI_COMMIT_REF_NAME: DEFAULT_BRANCH,
    CI_COMMIT_REF_PROTECTED: 'true',
    CI_OPEN_MERGE_REQUESTS: null,
  };
}

function situation(
  trigger: Trigger,
  refs: readonly string[],
  source: string,
  variables: Readonly<Record<string, Known>>,
): Situation {
  const mergeRequest = source === 'merge_request_event';
  const tag = variables.CI_COMMIT_TAG !== undefined;
  const ordinary = variables.CI_COMMIT_REF_NAME === ORDINARY;
  return {
    trigger,
    refs,
    namedRef: ordinary ? undefined : tag ? 'tag' : 'branch',
    mergeRequest,
    variables: {
      CI: 'true',
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: source,
      CI_DEFAULT_BRANCH: DEFAULT_BRANCH,
      CI_COMMIT_TAG: null,
      CI_COMMIT_REF_PROTECTED: 'false',
      ...variables,
    },
  };
}

/**
 * GitLab's "Predefined CI/CD variables". A variable that neither GitLab nor the configuration sets is taken as not set:
 * whoever sets it by hand asks for something out of the ordinary.
 */
function predefined(name: string, { mergeRequest }: Situation): Known {
  if (name.startsWith('CI_MERGE_REQUEST_')) {
    if (!mergeRequest) return null;
    return /_PROJECT_|_EVENT_TYPE$|_APPROVED$|_DIFF_/.test(name) ? undefined : ORDINARY;
  }
  if (name.startsWith('CI_EXTERNAL_PULL_REQUEST_')) return null;
  if (/^CI_COMMIT_(?:MESSAGE|TITLE|DESCRIPTION|AUTHOR)$|^GITLAB_USER_/.test(name)) return ORDINARY;
  return /^(?:CI|GITLAB)_/.test(name) ? undefined : null;
}
