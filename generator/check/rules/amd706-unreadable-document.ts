import type { Rule } from '../rule.ts';

/** Documents that could not be read at all are reported by unread.ts: binary ones, those that are too large. */
export const unreadableDocument: Rule = {
  id: 'AMD706',
  name: 'unreadable-document',
  severity: 'error',
  title: 'A document is no text in UTF-8, or too large to be read or parsed.',
  why: 'An agent reads it as UTF-8: what is none becomes noise. And what is too large here is cut, or crowds out everything else, there.',
  source: 'https://agents.md',
  *check({ faithful, unparsed, lines }) {
    const at = { text: lines.line(1).slice(0, 80), line: 1, column: 1, offset: 0 };
    if (!faithful)
      yield { at, severity: 'warning', message: 'is not valid UTF-8: agents see other characters; save it as UTF-8' };
    if (unparsed !== undefined)
      yield {
        at,
        severity: 'warning',
        message: `${unparsed}, so only its plain text was checked: shorten it, or split it into documents of folders`,
      };
  },
};
