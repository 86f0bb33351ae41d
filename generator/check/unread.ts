import type { UnreadDocument } from '../documents/document.ts';
import type { Finding } from './judge.ts';
import type { Rule, Severity } from './rule.ts';
import { deadDocumentLink } from './rules/amd705-dead-document-link.ts';
import { unreadableDocument } from './rules/amd706-unreadable-document.ts';

/** What is to say of documents that could not be read. They have no lines: each finding stands at their beginning. */
export function findingsOfUnread(unread: readonly UnreadDocument[]): Finding[] {
  return unread.flatMap(({ path, cause, reason }) => {
    const verdict = VERDICTS[cause];
    if (!verdict) return [];
    const { rule, severity, advice } = verdict;
    const message = `${cause === 'binary' ? 'a binary file' : reason}: ${advice}`;
    return [{ rule: rule.id, name: rule.name, severity, path, line: 1, column: 1, subject: '', message }];
  });
}

interface Verdict {
  readonly rule: Rule;
  readonly severity: Severity;
  readonly advice: string;
}

/** An error where nobody who clones the repository can read it; less where only we cannot. */
const VERDICTS: Readonly<Partial<Record<UnreadDocument['cause'], Verdict>>> = {
  'dead-link': { rule: deadDocumentLink, severity: 'error', advice: 'point it at a file that is there, or remove it' },
  'far-link': { rule: deadDocumentLink, severity: 'info', advice: 'not every clone has that file' },
  binary: { rule: unreadableDocument, severity: 'error', advice: 'write it as text in UTF-8' },
  'lfs-pointer': {
    rule: unreadableDocument,
    severity: 'warning',
    advice: 'in Git LFS, where agents without it see a pointer; keep it in git',
  },
  'too-large': { rule: unreadableDocument, severity: 'warning', advice: 'no agent reads so much; shorten it' },
  'over-budget': { rule: unreadableDocument, severity: 'info', advice: 'not checked' },
  'missing-blob': {
    rule: unreadableDocument,
    severity: 'info',
    advice: 'its content is not in this clone; not checked',
  },
};
