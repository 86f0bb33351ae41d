import type { RuleId } from '../gitlab/rules.ts';

/** Rules that our client cannot run into, whatever it does, and why. */
export const UNNOTICED: Readonly<Partial<Record<RuleId, string>>> = {
  'body-without-type': 'the one transport names the type of every body; no call can leave it out',
  'tree-path-missing': 'the client lists whole trees, never a folder',
  'no-total-above-10000': 'the client goes by links to the next page and reads no totals',
  'prepared-later': 'what opens merge requests reads no diff_refs, and what reviews them asks for them anew',
  'draft-not-merged': 'the client merges nothing',
  'merge-needs-developer': 'the client merges nothing',
  'merge-protected': 'the client merges nothing',
  'merge-sha': 'the client merges nothing',
  'graphql-page': 'the client asks 25 files or 20 merge requests a page',
  'graphql-depth': 'the deepest query of the client has 6 levels',
  'diff-limits': 'the client tells what changed by git, and reads no diff of GitLab',
  'body-or-resolved': 'the client has one request for the text of a comment and another one that resolves a thread',
  'draft-position-wiped': 'the client changes no draft: it makes another one',
  'review-state-19-2': 'the client sends nothing along with bulk_publish',
  'reset-by-bots': 'the client takes back its own approval and no other',
  'award-once': 'the client gives no emoji',
  'award-of-others': 'the client gives no emoji',
  'graphql-50-paths': 'the client asks of one project at a time',
};
