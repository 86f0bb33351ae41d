import { type Block, marker, markersIn } from '../../forge/render/index.ts';
import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import { citationOf, type Finding, SEVERITIES, type Severity } from '../findings/finding.ts';
import { type Memory, memoryFrom } from '../panel/memory.ts';
import type { IsOurs } from './ours.ts';

/** What a note of ours says of its finding to the next run. */
export interface FindingMark {
  readonly fingerprint: string;
  readonly severity: Severity;
  /** Who found it: while that agent cannot look, nobody can say that it is gone. */
  readonly agent: string;
  /** `false`: a model did. Absent: a program of that name. */
  readonly computed?: false | undefined;
  /** The rules it cites, `ID@rev`. Absent: none. */
  readonly rules?: readonly string[] | undefined;
}

/** What the summary says to the next run. */
export interface SummaryMark {
  /** The commit that was reviewed to the end. */
  readonly head: string;
  /** Where it was to go: an approval was for that. */
  readonly target: string;
}

const FINDING = 'finding';
/** Of an answer that goes on with the state of a thread. */
export const ANSWER = 'answer';
const SUMMARY = 'reviewed';
const MEMORY = 'memory';
const SUMMARY_FOUND = marker('summary', {});
/** The line by which the summary is found, whatever else it says. */
export const SUMMARY_KEY = SUMMARY_FOUND.markdown;

export function findingMark({
  fingerprint,
  severity,
  agent,
  computed,
  rules,
}: Pick<Finding, keyof FindingMark>): Block {
  const cited = rules.length === 0 ? {} : { rules: rules.map(citationOf) };
  return marker(FINDING, { fingerprint, severity, agent, ...(computed ? {} : { computed }), ...cited });
}

/** The line by which an answer of ours is found: one of each kind in a thread for each commit. */
export function answerMark(thread: string, answer: string, head: string): Block {
  return marker(ANSWER, { thread, answer, head });
}

/** Two lines: what was reviewed, and the one that never changes. */
export function summaryMarks({ head, target }: SummaryMark): readonly [Block, Block] {
  return [marker(SUMMARY, { head, target }), SUMMARY_FOUND];
}

export interface OwnThread {
  readonly thread: Thread;
  /** As we last said it. */
  readonly mark: FindingMark;
  /** What others and the forge said after that. */
  readonly answers: readonly ThreadNote[];
  /** What people said after we had told that it is at its end; `null` where we did not, or said more of it since. */
  readonly sinceEnd: readonly ThreadNote[] | null;
}

/**
 * Our threads about findings, oldest first. Anybody can write a mark: a thread is ours by its first note, and of the later ones those
 * count that are ours, too.
 */
export function ownThreads(threads: readonly Thread[], isOurs: IsOurs): readonly OwnThread[] {
  return threads.flatMap((thread) => {
    const first = firstOfOurs(thread, isOurs, FINDING);
    if (!isFindingMark(first)) return [];
    const said = thread.notes.map((note) => markOf(note, isOurs, FINDING));
    const at = said.findLastIndex((mark) => isFindingMark(mark) && mark.fingerprint === first.fingerprint);
    const answers = thread.notes.slice(at + 1);
    const end = answers.findLastIndex((note) => markOf(note, isOurs, ANSWER) !== undefined);
    const sinceEnd = end < 0 ? null : answers.slice(end + 1).filter(({ system }) => !system);
    return [{ thread, mark: said[at] as FindingMark, answers, sinceEnd }];
  });
}

/** In characters, of what the next review may rest on: a summary has room for 60,000, and people read it. */
const MOST_OF_A_MEMORY = 24_000;

/** What the next review may rest on, hidden in the summary; without explanations where they take too much room, and nothing where all of it does. */
export function memoryMarks(memory: Memory | undefined): readonly Block[] {
  if (!memory) return [];
  const short = { ...memory, findings: memory.findings.map((finding) => ({ ...finding, detail: '', evidence: [] })) };
  const fitting = [memory, short]
    .map((each) => marker(MEMORY, each))
    .find(({ markdown }) => markdown.length <= MOST_OF_A_MEMORY);
  return fitting ? [fitting] : [];
}

/** What our summary says of the last review by models. */
export function memoryIn(threads: readonly Thread[], self: Person): Memory | undefined {
  const summary = ownSummary(threads, self);
  return summary && memoryFrom(markersIn(summary.note.body).find(({ name }) => name === MEMORY)?.data);
}

/** Our summary, which nobody else can write anew, and what it says; `mark` is absent where it says nothing that can be read. */
export function ownSummary(
  threads: readonly Thread[],
  self: Person,
): { readonly note: ThreadNote; readonly mark: SummaryMark | undefined } | undefined {
  const isSelf: IsOurs = ({ id }) => id === self.id;
  const note = summaryOf(threads, isSelf);
  const mark = note && markOf(note, isSelf, SUMMARY);
  return note && { note, mark: isSummaryMark(mark) ? mark : undefined };
}

/** The first comment that sums up, and is ours. */
export function summaryOf(threads: readonly Thread[], isOurs: IsOurs): ThreadNote | undefined {
  return threads.find((thread) => firstOfOurs(thread, isOurs, 'summary') !== undefined)?.notes[0];
}

function firstOfOurs({ notes: [first] }: Thread, isOurs: IsOurs, name: string): unknown {
  return first && markOf(first, isOurs, name);
}

/** What a note of ours says by a mark; `undefined` where it does not, or is not ours. */
export function markOf({ system, author, body }: ThreadNote, isOurs: IsOurs, name: string): unknown {
  if (system || !isOurs(author)) return undefined;
  return markersIn(body).find((mark) => mark.name === name)?.data;
}

function isFindingMark(data: unknown): data is FindingMark {
  const { fingerprint, severity, agent, rules = [] } = (data ?? {}) as Record<string, unknown>;
  if (!Array.isArray(rules) || !rules.every((rule) => typeof rule === 'string')) return false;
  return typeof fingerprint === 'string' && SEVERITIES.includes(severity as Severity) && typeof agent === 'string';
}

function isSummaryMark(data: unknown): data is SummaryMark {
  const { head, target } = (data ?? {}) as Record<string, unknown>;
  return typeof head === 'string' && typeof target === 'string';
}
