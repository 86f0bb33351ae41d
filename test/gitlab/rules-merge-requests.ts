/** Rules of merge requests, notes, members and GraphQL; a part of `rules.ts`. */
export const MERGE_REQUEST_RULES = [
  {
    id: 'merge-request-duplicate',
    says: 'A second open merge request from one branch to the same branch answers 409 and names the first',
    source: 'app/models/merge_request.rb: validate_branches; gitlab-api.md 6 (c) 5',
  },
  {
    id: 'source-branch-missing',
    says: 'A merge request from a branch that is not there answers 400 with source_branch: does not exist',
    source: 'fleet-bot.md 1.2, POST retry (400 "source_branch does not exist")',
  },
  {
    id: 'merge-requests-disabled',
    says: 'A project without merge requests answers 403 to lists and new ones',
    source: 'app/policies/project_policy.rb: merge_requests_disabled',
  },
  {
    id: 'fork-network',
    says: 'Only projects of one fork network take merge requests from each other, else 422',
    source: 'app/models/merge_request.rb: validate_fork',
  },
  {
    id: 'text-lengths',
    says: 'Titles end at 255 characters, descriptions at 1,048,576, notes at 1,000,000: 400',
    source:
      'app/models/concerns/issuable.rb: TITLE_LENGTH_MAX, DESCRIPTION_LENGTH_MAX; doc/administration/instance_limits.md',
  },
  {
    id: 'prepared-later',
    says: 'A new merge request is still "preparing" in the answer that opened it: no diff_refs, no changes_count',
    source: 'doc/api/merge_requests.md: preparing; prepared_at',
  },
  {
    id: 'one-reviewer-ce',
    says: 'Free keeps one reviewer',
    source: 'gitlab-api.md 6 (c): several reviewers = Premium',
  },
  {
    id: 'one-assignee-ce',
    says: 'Free keeps one assignee',
    source: 'app/models/concerns/issuable.rb: allows_multiple_assignees?',
  },
  {
    id: 'strangers-not-assigned',
    says: 'Assignees and reviewers who cannot see the merge request are left out in silence',
    source: 'app/services/issuable_base_service.rb: filter_assignees',
  },
  {
    id: 'labels-made-on-use',
    says: 'A label that the project does not have is made by using it',
    source: 'gitlab-api.md 6 (c): missing labels are created on use',
  },
  {
    id: 'draft-not-merged',
    says: 'A title that begins with "Draft:" makes a draft, which is not merged',
    source: 'doc/user/project/merge_requests/drafts.md; doc/api/merge_requests.md: draft_status',
  },
  {
    id: 'merge-needs-developer',
    says: 'Merging needs the role Developer, else 401',
    source: 'lib/api/merge_requests.rb: can_be_merged_by?',
  },
  {
    id: 'merge-protected',
    says: 'Whoever may not push to the target branch does not merge into it: 401',
    source: 'lib/api/merge_requests.rb: can_be_merged_by?',
  },
  {
    id: 'merge-sha',
    says: 'A merge that names another head than the present one answers 409',
    source: 'lib/api/helpers: check_sha_param!; doc/api/merge_requests.md: merge, sha',
  },
  {
    id: 'branch-gone-closes',
    says: 'A merge request whose source branch is deleted is closed',
    source: 'app/services/merge_requests/refresh_service.rb: close_upon_missing_source_branch_ref',
  },
  {
    id: 'pushed-is-merged',
    says: 'A merge request whose head got into the target branch by a push is merged',
    source: 'app/services/merge_requests/refresh_service.rb: post_merge_manually_merged',
  },
  {
    id: 'system-notes',
    says: 'Closing, labels, titles and new commits leave a system note',
    source: 'app/services/system_note_service.rb; data/recorded/danger.json (notes)',
  },
  {
    id: 'quick-actions',
    says: 'A line of a top-level paragraph that begins with a slash and a known command is executed and taken out of the text',
    source: 'prompt-injection.md 6; lib/gitlab/quick_actions/extractor.rb; lib/banzai/filter/quick_action_filter.rb',
  },
  {
    id: 'mentions',
    says: 'A name after @ outside code and links tells that person',
    source: 'prompt-injection.md 6; lib/banzai/filter/references/user_reference_filter.rb',
  },
  {
    id: 'note-of-others',
    says: 'Only its author and maintainers change a note, else 403',
    source: 'app/policies/note_policy.rb: admin_note',
  },
  {
    id: 'members-inherited',
    says: 'members/all has the members of the groups above, members has not',
    source: 'doc/api/members.md',
  },
  {
    id: 'graphql-scope',
    says: 'GraphQL needs the scope read_api or api; a job token does not do',
    source: 'gitlab-api.md 1.3 and 2',
  },
  {
    id: 'graphql-complexity',
    says: 'A query above complexity 250 (200 for nobody, 300 for an administrator) is not executed',
    source: 'fleet-bot.md 3.2; app/graphql/gitlab_schema.rb; app/graphql/types/base_field.rb',
  },
  {
    id: 'graphql-blobs-18-4',
    says: 'From 18.4.2 to 18.5, texts of two or more paths in one blobs field cost more than is allowed',
    source: 'fleet-bot.md 3.2, trap GraphQL blobs (1 path 35, 2 paths 346)',
  },
  {
    id: 'graphql-query-length',
    says: 'A query ends at 10,000 characters',
    source: 'gitlab-api.md 1.3; app/controllers/graphql_controller.rb: limit_query_size',
  },
  {
    id: 'graphql-page',
    says: 'A page has at most 100 nodes',
    source: 'gitlab-api.md 1.3; app/graphql/gitlab_schema.rb: default_max_page_size',
  },
  {
    id: 'graphql-depth',
    says: 'Fields are nested at most 20 deep (15 for nobody)',
    source: 'fleet-bot.md 3.2; app/graphql/gitlab_schema.rb: AUTHENTICATED_MAX_DEPTH',
  },
  {
    id: 'graphql-blob-bytes',
    says: 'Texts of several paths have at most 20 MB together',
    source: 'fleet-bot.md 3.2; app/graphql/resolvers/blobs_resolver.rb: TOTAL_BLOB_DATA_SIZE_LIMIT',
  },
  {
    id: 'graphql-blob-cut',
    says: 'The text of one file ends after 10 MB, without a word',
    source: 'lib/gitlab/git/blob.rb: MAX_DATA_DISPLAY_SIZE',
  },
  {
    id: 'graphql-50-paths',
    says: 'projects(fullPaths:) takes at most 50',
    source: 'fleet-bot.md 3.2; app/graphql/resolvers/projects_resolver.rb: validate_args!',
  },
  {
    id: 'graphql-text-utf8',
    says: 'rawTextBlob is null for a binary file, and its bytes are converted to UTF-8',
    source: 'gitlab-api.md 6 (b); app/graphql/types/repository/blob_type.rb; lib/gitlab/encoding_helper.rb',
  },
] as const;
