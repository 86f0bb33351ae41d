import { note } from '../forge/render/index.ts';
import { reviewBlocks } from '../reviewer/publish/summary-text.ts';
import { tellable } from '../reviewer/publish/tellable.ts';
import type { Review } from '../reviewer/review.ts';

/** It is shown anywhere: nothing in it may lead to where nobody allowed it to. */
const NOWHERE = { instance: 'https://gitlab.invalid', hosts: [], lineUrl: () => '' };

/** A review as Markdown that is safe to be posted: by category, with the rules that are cited. */
export function reviewMarkdown(review: Review): string {
  return `${note(NOWHERE, reviewBlocks(tellable(review, NOWHERE).review, NOWHERE))}\n`;
}
