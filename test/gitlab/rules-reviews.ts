import type { Rule } from './rule.ts';

/** Rules of reviews: diffs, positions, threads, drafts, approvals, suggestions; a part of `rules.ts`. */
export const REVIEW_RULES = [
  {
    id: 'diff-limits',
    says: 'A patch above 200 KB is too large, above 20 KB it is collapsed, as is all after 100 files or 5,000 lines: without text; after 1,000 files or 50,000 lines nothing is told',
    source: 'doc/administration/diff_limits.md; gitlab-positions.md 6.1',
  },
  {
    id: 'position-needs',
    says: 'A position has three commits and one of the known types, file from 16.4 on, else 400',
    source: 'lib/api/draft_notes.rb: params :positional; doc/api/discussions.md',
  },
  {
    id: 'position-schema',
    says: 'The lines of a position are numbers, also those of its range, and there are no other names: 400',
    source: 'app/validators/json_schemas/position.json; gitlab-positions.md 5.1',
  },
  {
    id: 'position-line',
    says: 'A position names a line of the diff between its own commits, with just the numbers that the line has: 400',
    source: 'app/models/diff_note.rb: line_code; gitlab-positions.md 1 and 2',
  },
  {
    id: 'position-traced',
    says: 'After a push the position of a thread goes along with its line; a line that left the diff leaves the thread where it was, with a note',
    source: 'lib/gitlab/diff/position_tracer/line_strategy.rb; gitlab-positions.md 8',
  },
  {
    id: 'resolve-needs-developer',
    says: 'Threads are resolved by developers and by the author of the merge request, else 403',
    source: 'doc/api/discussions.md: resolve a merge request thread',
  },
  {
    id: 'only-threads-resolve',
    says: 'What is no thread, and what the instance wrote, is not resolved: 403 for the whole, 400 for a note',
    source: 'lib/api/helpers/notes_helpers.rb: resolve_discussion, resolve_note',
  },
  {
    id: 'body-or-resolved',
    says: 'A note of a thread is changed in its text or resolved, not both at once: 400',
    source: 'lib/api/discussions.rb: exactly_one_of; gitlab-positions.md 5.4',
  },
  {
    id: 'no-answer-to-system',
    says: 'Nobody answers the notes of the instance: 400',
    source: 'lib/api/discussions.rb: part_of_discussion?',
  },
  {
    id: 'drafts-own',
    says: 'Drafts are seen by nobody but their author, else 404',
    source: 'lib/api/draft_notes.rb: load_draft_notes; doc/api/draft_notes.md',
  },
  {
    id: 'draft-unchecked',
    says: 'The line of a draft is not looked at before it is published',
    source: 'lib/api/draft_notes.rb; app/models/draft_note.rb; gitlab-positions.md 7',
  },
  {
    id: 'draft-once',
    says: 'One draft of each author for a thread, else 400',
    source: 'app/models/draft_note.rb: uniqueness of author_id',
  },
  {
    id: 'draft-resolves-own-thread',
    says: 'A draft resolves a thread that it answers and its author may resolve, else 400',
    source: 'app/services/draft_notes/create_service.rb: can_resolve_discussion?',
  },
  {
    id: 'draft-position-wiped',
    says: 'A draft that is changed without its position loses it',
    source: 'lib/api/draft_notes.rb: update!; gitlab-positions.md 7 (631434)',
  },
  {
    id: 'draft-bad-line',
    says: 'A draft whose line is not in the diff answers its publishing with 500; what was published before it is there, and all drafts are left',
    source:
      'app/models/diff_note.rb: NoteDiffFileCreationError; app/services/draft_notes/publish_service.rb; gitlab-positions.md 7',
  },
  {
    id: 'draft-of-commands',
    says: 'A draft of quick actions and nothing else answers its publishing with 500',
    source: 'gitlab-positions.md 7 (506536)',
  },
  {
    id: 'draft-reopens',
    says: 'A draft that answers a thread without resolve_discussion opens it again',
    source: 'app/services/draft_notes/publish_service.rb: set_discussion_resolve_status',
  },
  {
    id: 'review-state-19-2',
    says: 'bulk_publish takes note and reviewer_state from 19.2 on; before, they are passed over in silence',
    source: 'gitlab-api.md 3',
  },
  {
    id: 'approve-needs-developer',
    says: 'Approving takes whoever may change the merge request, else 403',
    source: 'app/policies/merge_request_policy.rb: approve_merge_request',
  },
  {
    id: 'approve-sha',
    says: 'An approval that names another head than the present one answers 409',
    source: 'lib/api/merge_request_approvals.rb: check_sha_param!; doc/api/merge_request_approvals.md',
  },
  {
    id: 'approve-once',
    says: 'Who has approved does not approve again: 401',
    source: 'app/services/merge_requests/approval_service.rb: can_be_approved?; gitlab-api.md 3',
  },
  {
    id: 'no-own-approval',
    says: 'In paid editions, as they come, the author does not approve: 401',
    source: 'doc/user/project/merge_requests/approvals/settings.md: prevent approval by author',
  },
  {
    id: 'unapprove-approved',
    says: 'Taking back an approval that is not there answers 404',
    source: 'lib/api/merge_request_approvals.rb: unapprove; gitlab-api.md 3',
  },
  {
    id: 'approvals-reset-on-push',
    says: 'Where the project says so, a push takes all approvals away',
    source: 'doc/user/project/merge_requests/approvals/settings.md: remove all approvals',
  },
  {
    id: 'reset-by-bots',
    says: 'All approvals are taken away by the token of a project or a group, else 401',
    source: 'doc/api/merge_request_approvals.md: reset approvals',
  },
  {
    id: 'state-of-reviewers',
    says: 'Only reviewers have a state of their review',
    source: 'app/services/merge_requests/update_reviewer_state_service.rb: find_reviewer',
  },
  {
    id: 'changes-block',
    says: 'In paid editions a request for changes holds up the merge until the same person approves: 405',
    source: 'gitlab-api.md 3; doc/user/project/merge_requests/reviews/_index.md: request changes',
  },
  {
    id: 'threads-block',
    says: 'Where the project says so, open threads hold up the merge: 405',
    source: 'doc/user/project/merge_requests/_index.md: prevent merge unless all threads are resolved',
  },
  {
    id: 'graphql-mutation-api',
    says: 'A mutation needs the scope api',
    source: 'gitlab-api.md 1.3; app/graphql/mutations/base_mutation.rb: authorized?',
  },
  {
    id: 'suggestion-line',
    says: 'A suggestion on a removed line is none',
    source: 'app/models/diff_note.rb: supports_suggestion?; gitlab-positions.md 5.4',
  },
  {
    id: 'suggestion-outdated',
    says: 'A suggestion whose lines have changed since is not applied: 400',
    source: 'app/models/suggestion.rb: inapplicable_reason',
  },
  {
    id: 'award-once',
    says: 'Nobody gives a note the same emoji twice, nor one that is none, nor one to a note of the instance: 404',
    source: 'lib/api/award_emoji.rb; doc/api/emoji_reactions.md',
  },
  {
    id: 'award-of-others',
    says: 'Emoji are taken back by who gave them and by administrators, else 401',
    source: 'lib/api/award_emoji.rb: unauthorized!',
  },
] as const satisfies readonly Rule[];
