import type { Rule } from '../rule.ts';

/** Reported by suppress.ts, which sees what the rules found. */
export const unusedSuppression: Rule = {
  id: 'AMD792',
  name: 'unused-suppression',
  severity: 'warning',
  title: 'A suppression suppresses nothing.',
  why: 'What it excused is gone. Left in place, it hides the next finding of that rule, which nobody has looked at.',
  source: 'docs/check.md',
  check: () => [],
};
