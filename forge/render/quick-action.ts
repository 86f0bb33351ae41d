import { type SafeText, sealed } from './safe-text.ts';

/**
 * The one text of ours that is a quick action: GitLab takes it as a request for changes, and keeps nothing of it. It never
 * stands with other text, so it takes none.
 */
export function changesRequested(): SafeText {
  return sealed('/request_changes');
}
