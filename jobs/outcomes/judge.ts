import type { Person, Thread, ThreadNote } from '../../forge/review-port.ts';
import { endingsIn, resolvedBySomebody } from '../../reviewer/publish/answers.ts';
import { ANSWER, markOf, type OwnThread, ownThreads } from '../../reviewer/publish/marks.ts';
import type { IsOurs } from '../../reviewer/publish/ours.ts';
import type { TalliedFinding, Tally } from '../../reviewer/publish/tally.ts';
import type { Meanings } from '../../reviewer/talk/marks.ts';
import type { FindingOutcome } from '../store/tables.ts';

/** A merge request that is over, as its review left it and as people did. */
export interface Left {
  readonly tally: Tally;
  readonly threads: readonly Thread[];
  readonly heard: Meanings;
  readonly isOurs: IsOurs;
  readonly isMerged: boolean;
  /** The tip it ended with. */
  readonly head: string | null;
  /** Whether somebody may say that a finding is left as it is; a program may not. */
  may(by: Person): Promise<boolean>;
  isBot(by: Person): Promise<boolean>;
  /** What people think of a note of ours without a word. */
  emoji(note: string): Promise<readonly { readonly name: string; readonly by: Person }[]>;
}

/** How a finding ended, and its first comment. */
export interface Ended {
  readonly finding: TalliedFinding;
  readonly outcome: FindingOutcome;
  readonly reason: string | null;
  /** `null`: it had none of its own. */
  readonly note: string | null;
}

type Judged = Pick<Ended, 'outcome' | 'reason'>;

const FIXED: Judged = { outcome: 'fixed', reason: null };

/**
 * What became of each finding. What nobody can tell is left out: lines that changed after the last review, and all that was open where
 * it was closed without a merge.
 *
 * @throws {ForgeError}
 */
export async function endedFindings(left: Left): Promise<readonly Ended[]> {
  const own = Map.groupBy(ownThreads(left.threads, left.isOurs), ({ mark }) => mark.fingerprint);
  const ended: Ended[] = [];
  let asked = 0;
  const emoji: Left['emoji'] = async (note) => (++asked > MOST_ASKED ? [] : await left.emoji(note));
  for (const finding of left.tally.findings) {
    const [thread] = own.get(finding.fingerprint) ?? [];
    const judged = await judge(finding, thread, { ...left, emoji });
    if (judged) ended.push({ finding, ...judged, note: thread?.thread.notes[0]?.id ?? null });
  }
  return ended;
}

/** Each comment is asked for by itself: of so many on one merge request. */
const MOST_ASKED = 10;

async function judge(
  { state, reason }: TalliedFinding,
  own: OwnThread | undefined,
  left: Left,
): Promise<Judged | undefined> {
  if (state === 'fixed') return FIXED;
  if (state === 'waived') return { outcome: 'waived', reason: null };
  if (state === 'dismissed' || state === 'refuted') return { outcome: 'dismissed', reason };
  const isReviewed = left.tally.head === left.head;
  const said = own && ((await settled(own, isReviewed, left)) ?? (await disliked(own, left)));
  if (said) return said;
  if (!left.isMerged) return undefined;
  if (own && (await isAnswered(own, left))) return { outcome: 'argued', reason: null };
  // Nobody looked at what was merged, and what it spoke of is another line by now, or one that nobody follows.
  if (!isReviewed && (own === undefined || isChanged(own))) return undefined;
  return { outcome: 'ignored', reason: null };
}

/** By what we said last, by what people said, or by who resolved it. */
async function settled(own: OwnThread, isReviewed: boolean, left: Left): Promise<Judged | undefined> {
  const { thread, answers, sinceEnd } = own;
  const { isOurs, heard } = left;
  const answer = thread.resolved ? answers.map((note) => answerIn(note, isOurs)).findLast((one) => one) : undefined;
  if (answer === 'fixed') return FIXED;
  if (answer === 'refuted') return { outcome: 'dismissed', reason: 'false-positive' };
  // What was said after somebody opened it again takes back what was said before.
  const takenBack = !thread.resolved && sinceEnd !== null && sinceEnd.length > 0;
  for (const ending of endingsIn(takenBack ? sinceEnd : answers, isOurs, heard, own.mark.computed === false)) {
    const allowed = await Promise.all(ending.withThem.map((by) => left.may(by)));
    if (allowed.every(Boolean)) return { outcome: 'dismissed', reason: ending.reason };
  }
  if (!thread.resolved) return undefined;
  if (!isReviewed && isChanged(own)) return FIXED;
  const by = thread.resolvedBy;
  const isPersons = by !== null && !isOurs(by) && resolvedBySomebody(thread) && !(await left.isBot(by));
  return isPersons ? { outcome: 'dismissed', reason: null } : undefined;
}

function answerIn(note: ThreadNote, isOurs: IsOurs): unknown {
  return (markOf(note, isOurs, ANSWER) as { readonly answer?: unknown } | undefined)?.answer;
}

/** GitLab's own words: app/services/system_notes/merge_requests_service.rb. */
const CHANGED = /^changed this (?:line|file) in /;

/** Whether a push changed what it stands on. */
function isChanged({ answers }: OwnThread): boolean {
  return answers.some(({ system, body }) => system && CHANGED.test(body));
}

async function disliked({ thread }: OwnThread, { emoji, isOurs, may }: Left): Promise<Judged | undefined> {
  for (const { name, by } of await emoji(thread.notes[0]!.id))
    if (name === 'thumbsdown' && !isOurs(by) && (await may(by))) return { outcome: 'dismissed', reason: 'thumbs-down' };
  return undefined;
}

async function isAnswered({ answers }: OwnThread, { isOurs, isBot }: Left): Promise<boolean> {
  for (const { system, author } of answers) if (!system && !isOurs(author) && !(await isBot(author))) return true;
  return false;
}

/** Whether it was about a line of an agent document that the change made false. */
export function isStaleLine({ category, computed, rules }: TalliedFinding): boolean {
  return category === 'agents-md' && computed && rules.length === 0;
}
