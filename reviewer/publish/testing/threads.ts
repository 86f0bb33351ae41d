import type { Person, ReviewState, Thread, ThreadNote } from '../../../forge/review-port.ts';
import type { Finding } from '../../findings/finding.ts';
import { findingMark } from '../marks.ts';

export const BOT: Person = { id: '9', username: 'agentsmd-bot' };
export const ADA: Person = { id: '1', username: 'ada' };
export const BEN: Person = { id: '2', username: 'ben' };

let count = 0;

export function noteOf(author: Person, body: string, more: Partial<ThreadNote> = {}): ThreadNote {
  const createdAt = more.createdAt ?? '2026-11-22T10:00:00.000Z';
  return { id: String(++count), author, system: false, body, createdAt, updatedAt: createdAt, ...more };
}

export function threadOf(notes: readonly ThreadNote[], more: Partial<Thread> = {}): Thread {
  return { id: `t${++count}`, notes, resolvable: true, resolved: false, resolvedBy: null, resolvedAt: null, ...more };
}

export function findingOf(fingerprint: string, more: Partial<Finding> = {}): Finding {
  return {
    ...{ severity: 'warning', category: 'agents-md', title: `Finding ${fingerprint}`, detail: '', quote: 'x' },
    ...{ path: 'a.ts', side: 'new', line: 1, endLine: 1, evidence: [], rules: [], suggestion: null },
    ...{ agent: 'agents-md', computed: true, trivial: false, fingerprint },
    ...more,
  };
}

/** Our thread about a finding, with what was answered. */
export function threadAbout(finding: Finding, answers: readonly ThreadNote[] = [], more: Partial<Thread> = {}): Thread {
  return threadOf([noteOf(BOT, `Look.\n\n${findingMark(finding).markdown}`), ...answers], more);
}

export function stateOf(threads: readonly Thread[] = [], more: Partial<ReviewState['mergeRequest']> = {}): ReviewState {
  return {
    self: BOT,
    mergeRequest: {
      ...{
        iid: 7,
        url: 'https://gitlab.example.com/shop/pay/-/merge_requests/7',
        state: 'opened',
        title: 'Pay',
        description: '',
      },
      ...{ draft: false, source: 'topic', target: 'main', labels: [], author: ADA, head: 'a'.repeat(40) },
      refs: { base: 'b'.repeat(40), start: 'c'.repeat(40), head: 'a'.repeat(40) },
      ...more,
    },
    threads,
    approvedByUs: false,
    mayApprove: true,
  };
}
