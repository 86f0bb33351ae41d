import type { Rule } from '../rule.ts';

const MOST_LINES = 200;

/** Every line is read in every session, and the later ones are followed less. */
export const tooLong: Rule = {
  id: 'AMD301',
  name: 'too-long',
  severity: 'warning',
  title: `A document has more than ${MOST_LINES} lines.`,
  why: 'An agent reads the whole file in every session; what is beyond some 150 instructions is followed less and costs the rest.',
  source: 'https://www.humanlayer.dev/blog/writing-a-good-claude-md',
  *check({ lines }) {
    if (lines.count <= MOST_LINES) return;
    yield {
      at: { text: lines.line(MOST_LINES + 1), line: MOST_LINES + 1, column: 1, offset: lines.startOf(MOST_LINES + 1) },
      severity: 'warning',
      message: `${lines.count} lines, more than ${MOST_LINES}: keep what an agent cannot find out by itself, link the rest`,
    };
  },
};
