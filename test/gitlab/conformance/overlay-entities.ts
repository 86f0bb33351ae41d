import { REVIEW_PROPERTIES } from './overlay-reviews.ts';
import { ANY, all, BOOL, entity, INT, list, type Schema, TEXT } from './schema.ts';

/** Properties of an entity that are missing or typed wrongly. */
export const PROPERTIES: readonly {
  readonly entity: string;
  readonly properties: Record<string, Schema>;
  readonly why: string;
}[] = [
  {
    entity: 'MergeRequestBasic MergeRequest',
    properties: {
      ...all(
        TEXT,
        'target_branch source_branch merge_status detailed_merge_status sha merge_commit_sha squash_commit_sha reference web_url merged_at closed_at prepared_at',
      ),
      ...all(INT, 'user_notes_count upvotes downvotes source_project_id target_project_id'),
      ...all(
        BOOL,
        'draft imported work_in_progress merge_when_pipeline_succeeds discussion_locked should_remove_source_branch force_remove_source_branch allow_collaboration allow_maintainer_to_push squash squash_on_merge has_conflicts blocking_discussions_resolved',
      ),
      ...all(list(entity('UserBasic')), 'assignees reviewers'),
      labels: { type: 'array', items: ANY },
    },
    why: 'recorded glab/mrList.json and glab/mergeableMr.json: undocumented there, typed here; people are lists',
  },
  {
    entity: 'MergeRequest',
    properties: {
      ...all(BOOL, 'subscribed first_contribution rebase_in_progress'),
      diverged_commits_count: INT,
      changes_count: TEXT,
      user: { type: 'object', properties: { can_merge: BOOL } },
    },
    why: 'recorded glab/mergeableMr.json; changes_count is text ("1", "1000+")',
  },
  {
    entity: 'GroupDetail',
    properties: { projects: { type: 'array', items: ANY }, shared_projects: { type: 'array', items: ANY } },
    why: 'doc/api/groups.md, the example of one group: both are lists of projects',
  },
  {
    entity: 'MergeRequestApprovals',
    properties: { approved_by: list(entity('Approvals')) },
    why: 'a list; recorded danger/getMergeRequestApprovals.json',
  },
  {
    entity: 'MergeRequestReviewer',
    properties: { state: TEXT, created_at: TEXT },
    why: 'doc/api/merge_requests.md, single merge request reviewers',
  },
  {
    entity: 'DiffRefs',
    properties: all(TEXT, 'base_sha head_sha start_sha'),
    why: 'doc/api/merge_requests.md: three commit ids',
  },
  {
    entity: 'MergeRequestDiff MergeRequestDiffFull',
    properties: {
      ...all(INT, 'id merge_request_id'),
      ...all(TEXT, 'head_commit_sha base_commit_sha start_commit_sha created_at state real_size patch_id_sha'),
    },
    why: 'doc/api/merge_requests.md, diff versions: ids are numbers, real_size is text',
  },
  {
    entity: 'MergeRequestDiffFull',
    properties: { commits: list(entity('Commit')), diffs: list(entity('Diff')) },
    why: 'one version carries lists of them',
  },
  {
    entity: 'Member',
    properties: { ...all(INT, 'access_level'), ...all(TEXT, 'created_at expires_at membership_state') },
    why: 'doc/api/members.md: a level is a number',
  },
  {
    entity: 'CurrentUser',
    properties: {
      ...all(
        TEXT,
        'state avatar_url web_url created_at location linkedin twitter discord website_url github organization job_title pronouns work_information local_time last_sign_in_at confirmed_at last_activity_on current_sign_in_at commit_email skype bio_html preferred_language',
      ),
      ...all(
        INT,
        'theme_id color_scheme_id projects_limit followers following namespace_id shared_runners_minutes_limit extra_shared_runners_minutes_limit',
      ),
      ...all(
        BOOL,
        'locked bot can_create_group can_create_project two_factor_enabled external private_profile is_admin',
      ),
      ...all({ type: 'array' }, 'identities scim_identities'),
    },
    why: 'the schema was added by hand by the converter and has six properties; recorded danger/getUser.json has thirty',
  },
  {
    entity: 'Ci_Pipeline',
    properties: { coverage: { type: ['string', 'number', 'null'] } },
    why: 'recorded danger/getMergeRequestInfo.json: text',
  },
  {
    entity: 'PersonalAccessTokenWithLastUsedIps',
    properties: { expires_at: { type: 'string', format: 'date' } },
    why: 'doc/api/personal_access_tokens.md: a day without a time',
  },
  {
    entity: 'Metadata',
    properties: { kas: { type: 'object' } },
    why: 'an object of addresses that nothing of ours reads',
  },
  {
    entity: 'Project ProjectWithAccess',
    properties: {
      mirror: BOOL,
      shared_with_groups: { type: 'array' },
      ...all(TEXT, 'marked_for_deletion_at marked_for_deletion_on'),
      compliance_frameworks: { type: 'array' },
      permissions: { type: 'object' },
    },
    why: 'doc/api/projects.md',
  },
  {
    entity: 'ProjectWithAccess',
    properties: { permissions: { type: 'object', properties: all(ANY, 'project_access group_access') } },
    why: 'two objects with access_level and notification_level',
  },
  {
    entity: 'GroupDetail',
    properties: all(list(entity('Project')), 'projects shared_projects'),
    why: 'lists; typed as one object',
  },
  {
    entity: 'Group GroupDetail',
    properties: {
      ...all(INT, 'id parent_id'),
      ...all(TEXT, 'name path full_name full_path web_url visibility description created_at'),
      ...all(BOOL, 'archived'),
    },
    why: 'doc/api/groups.md: undocumented in the description, typed here',
  },
  { entity: 'Commit CommitDetail', properties: { ...all(list(TEXT), 'parent_ids') }, why: 'ids as text' },
  { entity: 'CommitStats', properties: all(INT, 'additions deletions total'), why: 'doc/api/commits.md: numbers' },
  ...REVIEW_PROPERTIES,
];
