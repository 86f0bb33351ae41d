import type { Rule } from '../rule.ts';

/** Reported by suppress.ts, which reads the comments. */
export const badSuppression: Rule = {
  id: 'AMD791',
  name: 'bad-suppression',
  severity: 'warning',
  title: 'A suppression gives no reason, names no rule there is, or names a safety rule.',
  why: 'It suppresses nothing, though its author thinks it does. What the safety rules (4xx) call an error cannot be suppressed in the document: who plants it could plant the comment too.',
  source: 'docs/check.md',
  check: () => [],
};
