import { type Block, marker, markersIn } from '../../forge/render/index.ts';
import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import { DECISIONS, type Decision } from '../decide/decide.ts';
import { type Finding, SEVERITIES, type Severity } from '../findings/finding.ts';
import type { Effect } from '../scope/policy.ts';

/** What a note of ours says of its finding to the next run. */
export interface FindingMark {
  readonly fingerprint: string;
  readonly severity: Severity;
  /** Who found it: while that agent cannot look, nobody can say that it is gone. */
  readonly agent: string;
}

/** What the summary says to the next run. */
export interface SummaryMark {
  /** The commit that was reviewed to the end. */
  readonly head: string;
  readonly decision: Decision | null;
  readonly effect: Effect['kind'];
}

const FINDING = 'finding';
const SUMMARY = 'reviewed';
const SUMMARY_FOUND = marker('summary', {});
/** The line by which the summary is found, whatever else it says. */
export const SUMMARY_KEY = SUMMARY_FOUND.markdown;

export function findingMark({ fingerprint, severity, agent }: Pick<Finding, keyof FindingMark>): Block {
  return marker(FINDING, { fingerprint, severity, agent });
}

/** The line by which an answer of ours is found: one of each kind in a thread for each commit. */
export function answerMark(thread: string, answer: string, head: string): Block {
  return marker('answer', { thread, answer, head });
}

/** Two lines: what was reviewed, and the one that never changes. */
export function summaryMarks({ head, decision, effect }: SummaryMark): readonly [Block, Block] {
  return [marker(SUMMARY, { head, decision, effect }), SUMMARY_FOUND];
}

export interface OwnThread {
  readonly thread: Thread;
  /** As we last said it. */
  readonly mark: FindingMark;
  /** What others and the forge said after that. */
  readonly answers: readonly ThreadNote[];
}

/**
 * Our threads about findings, oldest first. Anybody can write a mark: a thread is ours by its first note, and of the later ones those
 * count that are ours, too.
 */
export function ownThreads(threads: readonly Thread[], self: Person): readonly OwnThread[] {
  return threads.flatMap((thread) => {
    const first = firstOfOurs(thread, self, FINDING);
    if (!isFindingMark(first)) return [];
    const said = thread.notes.map((note) => markOf(note, self, FINDING));
    const at = said.findLastIndex((mark) => isFindingMark(mark) && mark.fingerprint === first.fingerprint);
    return [{ thread, mark: said[at] as FindingMark, answers: thread.notes.slice(at + 1) }];
  });
}

/** Our summary, and what it says; `mark` is absent where it says nothing that can be read. */
export function ownSummary(
  threads: readonly Thread[],
  self: Person,
): { readonly note: ThreadNote; readonly mark: SummaryMark | undefined } | undefined {
  for (const thread of threads) {
    if (firstOfOurs(thread, self, 'summary') === undefined) continue;
    const mark = firstOfOurs(thread, self, SUMMARY);
    return { note: thread.notes[0]!, mark: isSummaryMark(mark) ? mark : undefined };
  }
  return undefined;
}

function firstOfOurs({ notes: [first] }: Thread, self: Person, name: string): unknown {
  return first && markOf(first, self, name);
}

function markOf({ system, author, body }: ThreadNote, self: Person, name: string): unknown {
  if (system || author.id !== self.id) return undefined;
  return markersIn(body).find((mark) => mark.name === name)?.data;
}

function isFindingMark(data: unknown): data is FindingMark {
  const { fingerprint, severity, agent } = (data ?? {}) as Record<string, unknown>;
  return typeof fingerprint === 'string' && SEVERITIES.includes(severity as Severity) && typeof agent === 'string';
}

const EFFECT_KINDS: readonly unknown[] = ['approve', 'revoke', 'request-changes', 'none'] satisfies Effect['kind'][];

function isSummaryMark(data: unknown): data is SummaryMark {
  const { head, decision, effect } = (data ?? {}) as Record<string, unknown>;
  return (
    typeof head === 'string' &&
    (decision === null || DECISIONS.includes(decision as Decision)) &&
    EFFECT_KINDS.includes(effect)
  );
}
