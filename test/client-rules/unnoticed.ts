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
  'graphql-50-paths': 'the client asks of one project at a time',
};
