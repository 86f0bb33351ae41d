import { paragraphsOf } from '../prose/sentences.ts';
import type { Rule } from '../rule.ts';

const MOST_WORDS = 60;
const OVERVIEW =
  /^[^\p{L}]*(?:(?:project|repository|repo|code ?base|architecture|architectural|technical|system|high[- ]level|quick) )?(?:overview|introduction|about|background|summary|architecture|description|context|what is .{1,40})(?: (?:overview|summary|(?:of|this|the) .{1,40}))?[^\p{L}]*$/iu;

/** What a project is about does not say what to type or where to look. */
export const overviewProse: Rule = {
  id: 'AMD305',
  name: 'overview-prose',
  severity: 'warning',
  title: `A paragraph of more than ${MOST_WORDS} words describes the project and names no code.`,
  why: 'Overviews do not get agents to the right file sooner, and make every session longer and dearer.',
  source: 'https://arxiv.org/abs/2602.11988',
  *check(document) {
    for (const { text, piece, within, code, link, headings, depth, section } of paragraphsOf(document)) {
      if (within !== 'paragraph' || code || link) continue;
      const words = text.split(' ').length;
      if (words <= MOST_WORDS) continue;
      if (!OVERVIEW.test(headings.at(-1) ?? '') && !(depth < 2 && section < 2 && isIntroduction(text))) continue;
      yield {
        at: piece,
        severity: 'warning',
        message: `${words} words of overview without a path or a command: link the README, or keep only what an agent would get wrong`,
      };
    }
  },
};

/** Below the title stands what the project is, or already what is to be done. */
function isIntroduction(text: string): boolean {
  return (
    /^.{0,200}\b(?:is|are) (?:an?|the|our)\b|^.{0,200}\bprovides\b/.test(text) &&
    !/\b(?:must|never|always|do not|don['’]t|should|please|you|when)\b/i.test(text)
  );
}
