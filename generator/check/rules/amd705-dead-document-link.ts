import type { Rule } from '../rule.ts';

/** Reported by unread.ts: there is no document to look into. */
export const deadDocumentLink: Rule = {
  id: 'AMD705',
  name: 'dead-document-link',
  severity: 'error',
  title: 'A document is a symbolic link to a file that is not there.',
  why: 'The agent that looks for it gets nothing, and no message: the link is listed, and cannot be opened.',
  source: 'https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-symlink',
  check: () => [],
};
