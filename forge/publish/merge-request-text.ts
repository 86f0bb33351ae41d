import type { MergeRequest, MergeRequestPlan } from '../port.ts';

/** What of an open merge request is not as planned. Only what differs is there. */
export interface MergeRequestChanges {
  readonly title?: string;
  readonly description?: string;
  readonly target?: string;
  /** Labels that it lacks. One that a person added is never in the way. */
  readonly addLabels?: readonly string[];
}

/**
 * What has to change so that an open merge request says what is planned; `null` for nothing. Whether it is a draft is the
 * team's affair once it is open, and so are assignees and reviewers.
 */
export function changesOf(open: MergeRequest, plan: MergeRequestPlan): MergeRequestChanges | null {
  const missing = missingLabels(open.labels, plan.labels);
  const changes: MergeRequestChanges = {
    ...(withoutDraft(open.title) !== withoutDraft(plan.title) && { title: titleOf(plan.title, isDraft(open)) }),
    ...(comparable(open.description) !== comparable(plan.description) && { description: plan.description }),
    ...(open.target !== plan.target && { target: plan.target }),
    ...(missing.length > 0 && { addLabels: missing }),
  };
  return Object.keys(changes).length > 0 ? changes : null;
}

export function missingLabels(has: readonly string[], wanted: readonly string[]): readonly string[] {
  const there = new Set(has);
  return [...new Set(wanted.map((label) => label.trim()))].filter((label) => label !== '' && !there.has(label));
}

/** The title as a draft's, or as that of one which is none. */
export function titleOf(title: string, draft: boolean): string {
  return draft ? `Draft: ${withoutDraft(title)}` : withoutDraft(title);
}

function isDraft({ draft, title }: MergeRequest): boolean {
  return draft || DRAFT.test(title);
}

function withoutDraft(title: string): string {
  return title.replace(DRAFT, '').trim();
}

/** GitLab takes carriage returns and the blanks at the end away (lib/gitlab/quick_actions/extractor.rb). */
function comparable(text: string): string {
  return text.replaceAll('\r', '').trimEnd();
}

/** lib/gitlab/regex.rb: `merge_request_draft`. */
const DRAFT = /^\s*(?:(?:\[draft\]|\(draft\)|draft:)\s*)+/i;
