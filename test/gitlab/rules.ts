import type { Rule } from './rule.ts';
import { MERGE_REQUEST_RULES } from './rules-merge-requests.ts';
import { REVIEW_RULES } from './rules-reviews.ts';

/** Access, limits and the repository. */
const CORE = [
  {
    id: 'token-unknown',
    says: 'An unknown token answers 401',
    source: 'lib/api/api_guard.rb: TokenNotFoundError',
  },
  {
    id: 'token-revoked',
    says: 'A revoked token answers 401 invalid_token',
    source: 'lib/api/api_guard.rb: RevokedError',
  },
  {
    id: 'token-expired',
    says: 'An expired token answers 401 invalid_token',
    source: 'lib/api/api_guard.rb: ExpiredError',
  },
  {
    id: 'token-scope',
    says: 'A token without the scope answers 403 insufficient_scope and names the scopes that would do',
    source: 'lib/api/api_guard.rb: InsufficientScopeError',
  },
  {
    id: 'job-token-routes',
    says: 'A job token counts only on the routes of its list',
    source: 'gitlab-api.md 2, doc/ci/jobs/ci_job_token.md',
  },
  {
    id: 'job-token-other-project',
    says: 'A job token opens its own project and public ones; any other answers 403',
    source: 'doc/ci/jobs/ci_job_token.md: allowlist, lib/api/helpers.rb: handle_job_token_failure!',
  },
  {
    id: 'invisible-project',
    says: 'A project one may not see answers 404',
    source: 'doc/api/rest/troubleshooting.md, lib/api/helpers.rb: find_project!',
  },
  {
    id: 'repository-disabled',
    says: 'A switched-off repository answers 404 Repository, and 403 where merge requests are asked for',
    source:
      'lib/api/helpers.rb: require_repository_enabled!; app/policies/project_policy.rb: merge_requests_disabled | repository_disabled',
  },
  {
    id: 'code-needs-reporter',
    says: 'Code and merge requests of a private project need Reporter, else 403',
    source: 'doc/user/permissions.md',
  },
  {
    id: 'push-needs-developer',
    says: 'Writing needs Developer, else 403',
    source: 'doc/user/permissions.md, gitlab-api.md 6c',
  },
  {
    id: 'archived-read-only',
    says: 'An archived project takes no writing: 403',
    source: 'doc/user/project/working_with_projects.md: archive a project, gitlab-api.md 7.4',
  },
  {
    id: 'tree-none-needs-recursive',
    says: 'GET tree pagination=none without recursive answers 400',
    source: 'gitlab-api.md 1.1, lib/api/repositories.rb',
  },
  {
    id: 'tree-path-missing',
    says: 'GET tree of a path that is not there answers 404',
    source: 'lib/api/repositories.rb: rescue_not_found false',
  },
  {
    id: 'file-needs-ref',
    says: 'GET files without ref answers 400 ref is missing',
    source: 'lib/api/files.rb, doc/api/repository_files.md',
  },
  {
    id: 'per-page-at-most-100',
    says: 'per_page is at most 100, whatever is asked',
    source: 'gitlab-api.md 1.1, doc/api/rest/_index.md',
  },
  {
    id: 'no-total-above-10000',
    says: 'X-Total is left out above 10,000 items',
    source: 'doc/api/rest/_index.md: offset-based pagination',
  },
  {
    id: 'wrong-method',
    says: 'A route with a method that it does not have answers 405',
    source: 'lib/api/api.rb: rescue_from Grape::Exceptions::MethodNotAllowed',
  },
  {
    id: 'url-too-long',
    says: 'A URL above 8 KiB answers 414',
    source: 'gitlab-api.md 1.1',
  },
  {
    id: 'body-without-type',
    says: 'A body without a Content-Type answers 415',
    source: 'gitlab-api.md 1.1',
  },
  {
    id: 'moved-get',
    says: 'A GET of a project by its old path answers 301 with the number',
    source: 'gitlab-api.md 1.1, lib/api/helpers.rb: find_project!',
  },
  {
    id: 'moved-write',
    says: 'Anything but GET of a moved project answers 405',
    source: 'lib/api/helpers.rb: find_project!',
  },
  {
    id: 'offset-at-most-50000',
    says: 'Offset lists of projects end at 50,000: 405',
    source: 'lib/api/helpers/pagination_strategies.rb: offset_limit_exceeded?, gitlab-api.md 1.1',
  },
  {
    id: 'protected-branch',
    says: 'A protected branch takes no commit: 403 from the API, a refusal to a push',
    source: 'lib/api/commits.rb: authorize_push_to_branch!',
  },
  {
    id: 'pending-delete-read-only',
    says: 'A project that is about to be deleted takes no writing',
    source: 'doc/user/project/working_with_projects.md: delete a project',
  },
  {
    id: 'push-rule-branch-name',
    says: 'A new branch must match the push rule',
    source: 'doc/user/project/repository/push_rules.md, ee push_rules/branch_check.rb',
  },
  {
    id: 'push-rule-message',
    says: 'Commit messages must match the push rule',
    source: 'doc/user/project/repository/push_rules.md',
  },
  {
    id: 'push-rule-author',
    says: 'Authors and committers must match the push rule',
    source: 'doc/user/project/repository/push_rules.md',
  },
  {
    id: 'push-rule-signed',
    says: 'Unsigned commits are refused, those of the API too',
    source: 'doc/user/project/repository/push_rules.md',
  },
  {
    id: 'action-needs',
    says: 'An action without a needed field answers 400 actions[n][field] is missing',
    source: 'lib/api/commits.rb: params',
  },
  {
    id: 'create-on-existing',
    says: 'create where a file is answers 400',
    source: 'doc/api/commits.md, gitlab-api.md 6c',
  },
  {
    id: 'change-of-missing',
    says: 'update, delete, move and chmod of a file that is not there answer 400',
    source: 'doc/api/commits.md',
  },
  {
    id: 'last-commit-id',
    says: 'A stale last_commit_id answers 400',
    source: 'gitlab-api.md 6c, app/services/files/multi_service.rb',
  },
  {
    id: 'start-sha-whole',
    says: 'start_sha must be a whole id: 400',
    source: 'app/services/commits/create_service.rb: validate_start_sha!',
  },
  {
    id: 'start-sha-known',
    says: 'A start_sha that is not there answers 400',
    source: 'app/services/commits/create_service.rb: validate_start_sha!',
  },
  {
    id: 'start-branch-known',
    says: 'A commit onto a branch that is not there, without a start, answers 400',
    source: 'app/services/commits/create_service.rb: validate_on_branch!',
  },
  {
    id: 'branch-exists',
    says: 'A start together with a branch that exists needs force, else 400',
    source: 'app/services/commits/create_service.rb: validate_branch_existence!',
  },
  {
    id: 'one-start',
    says: 'start_branch and start_sha exclude each other: 400',
    source: 'lib/api/commits.rb: mutually_exclusive',
  },
  {
    id: 'git-scope',
    says: 'A clone needs read_repository, read_api, write_repository or api, a push one of the last two; a job token only pulls',
    source: 'lib/gitlab/auth.rb: abilities_for_scopes, doc/ci/jobs/ci_job_token.md',
  },
  {
    id: 'keyset-needs-id',
    says: 'Keyset lists of projects are in the order of ids, else 405',
    source: 'doc/api/rest/_index.md: keyset-based pagination',
  },
  {
    id: 'subgroups-on-request',
    says: 'The projects of a group leave out those of its subgroups unless include_subgroups',
    source: 'doc/api/groups.md: list all projects',
  },
  {
    id: 'default-branch-stays',
    says: 'The default branch is not deleted: 400, or a refusal to a push',
    source: 'doc/user/project/repository/branches/default.md',
  },
] as const satisfies readonly Rule[];

export const RULES = [...CORE, ...MERGE_REQUEST_RULES, ...REVIEW_RULES] satisfies readonly Rule[];

export type RuleId = (typeof RULES)[number]['id'];
