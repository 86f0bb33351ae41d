import { ForgeError } from '../../forge/errors.ts';
import type { SafeText } from '../../forge/render/safe-text.ts';
import type { MergeRequestReview, ReviewState } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import type { Memory } from '../panel/memory.ts';
import type { Review } from '../review.ts';
import { type Effect, effectOf, type Policy } from '../scope/policy.ts';
import type { Heard } from '../talk/ask.ts';
import type { BreakGlass, BreakGlassAsked } from './break-glass.ts';
import { memoryIn, ownSummary, SUMMARY_KEY, type SummaryMark } from './marks.ts';
import type { TextPlace } from './note-text.ts';
import { isOursWith } from './ours.ts';
import { type AnchorOf, planOf } from './plan.ts';
import type { Dismissed } from './reconcile.ts';
import { withoutStale } from './stale.ts';
import { bareSummary, overruledNote, type SummaryInput, summaryNote } from './summary-text.ts';
import { overruledTally, tallyAfter, tallyIn } from './tally.ts';
import { orElse, tellable } from './tellable.ts';

export interface Publishing {
  readonly review: Review;
  /** As it stands on the forge; of the commit that was reviewed. */
  readonly state: ReviewState;
  readonly anchorOf: AnchorOf;
  readonly policy: Policy;
  readonly keys: ReviewKeys;
  /** User names that we had before. */
  readonly ownUsers: readonly string[];
  readonly place: TextPlace;
  readonly refused: BreakGlassAsked['refused'];
  /** What the next review may rest on. */
  readonly memory?: Memory | undefined;
  /** What a model made of what people said. */
  readonly heard?: Heard | undefined;
  /** Address of the job that runs this. */
  readonly job?: string | undefined;
}

/** What came of it. */
export interface Published {
  /** With the decision as it is without what people dismissed. */
  readonly review: Review;
  readonly effect: Effect;
  /** How many notes and answers were written. */
  readonly said: number;
  /** How many threads were resolved, with a word or without. */
  readonly resolved: number;
  /** What could not be brought to its place, and why. */
  readonly lost: ReadonlyMap<string, string>;
  /** Why changes were not asked for, though they should be; '' where all went well. */
  readonly problem: string;
  /** What is told without its text, for the log. */
  readonly withheld: readonly string[];
}

/**
 * Brings a review to its merge request: an approval that no longer holds goes first, then everything is said in one batch, then the summary
 * is brought up to date, and an approval comes last and is for the commit that was reviewed. A run that ends early is made good by
 * the next one: it says only what is missing.
 *
 * @throws {ForgeError} `conflict` where the merge request moved on.
 */
export async function publishReview(input: Publishing, forge: MergeRequestReview): Promise<Published> {
  const { keys } = input;
  const state = await withoutStale(input.state, forge);
  const { head, target } = state.mergeRequest;
  const able = tellable(input.review, input.place);
  const plan = await planOf({ ...input, review: able.review }, forge);
  const withheld = [...able.withheld, ...plan.withheld];
  const { review } = plan;
  const wanted = effectOf(review.decision, input.policy, keys);
  const policy = wanted.kind === 'approve' ? await withAuthor(input, forge) : input.policy;
  const effect = effectOf(review.decision, policy, keys);
  const why = `review of ${head.slice(0, 12)}: ${review.decision ?? 'no decision'}`;
  if (effect.kind !== 'approve' && state.approvedByUs) await forge.revoke(why);
  for (const { thread, resolved } of plan.settled) await forge.setResolved(thread, resolved, why);
  const { notes, replies } = plan;
  const { lost } = await forge.publish({ notes, replies }, head, why);
  const told = [...plan.told].flatMap(([name, key]) => (key !== null && lost.has(key) ? [] : [name]));
  const before = ownSummary(state.threads, state.self);
  const mark: SummaryMark = { head, target };
  const known = tallyIn(state.threads, isOursWith(state.self, []));
  const said: SummaryInput = {
    ...{ review, told: new Set(told), dismissed: plan.reconciled.dismissed, refused: input.refused, lost, mark },
    // What was looked at to the end stays known until the next time.
    memory: settled(input.memory ?? memoryIn(state.threads, state.self), plan.reconciled.dismissed),
    tally: known,
    heard: new Map([...plan.heard].filter(([note]) => !lost.has(plan.answered.get(note) ?? ''))),
    withoutEffect: effect.kind === 'none' && keys.mode === 'blocking' ? effect.because : '',
    ...{ job: input.job, role: keys.breakGlass.role },
  };
  // Where it stands there already, that it was reviewed once more is no reason to write it again.
  if (before === undefined || before.note.body !== summaryOr(said, input.place).text) {
    const { dismissed } = plan.reconciled;
    const tally = tallyAfter(known, { ...able.review, decision: review.decision }, { head, dismissed });
    const { text, found } = summaryOr({ ...said, tally }, input.place);
    if (found !== '') withheld.push(`the summary is told without its text: ${found}`);
    if (before?.note.body !== text) await forge.summary(before?.note.id ?? null, SUMMARY_KEY, text, why);
  }
  const carriedOut = await carryOut(effect, state, forge, why);
  return {
    ...{ review: inFull(review, input.review), lost, withheld, ...carriedOut },
    said: notes.length + replies.length - lost.size,
    resolved: plan.settled.filter(({ resolved }) => resolved).length + replies.filter(({ resolve }) => resolve).length,
  };
}

/** The summary; bare where the gate refuses its text, with what it `found`. */
function summaryOr(said: SummaryInput, place: TextPlace): { readonly text: SafeText; readonly found: string } {
  let found = '';
  const text = orElse(
    () => summaryNote(said, place),
    (why) => {
      found = why;
      return bareSummary(said, place);
    },
  );
  return { text, found };
}

/** With what people dismissed. */
function settled(memory: Memory | undefined, dismissed: readonly Dismissed[]): Memory | undefined {
  const names = new Set(dismissed.map(({ finding }) => finding.fingerprint));
  return (
    memory && {
      ...memory,
      findings: memory.findings.map((one) => (names.has(one.fingerprint) ? { ...one, settled: true } : one)),
    }
  );
}

/** With the texts that the log has of it. */
function inFull(review: Review, { findings }: Review): Review {
  const full = new Map(findings.map((finding) => [finding.fingerprint, finding]));
  return { ...review, findings: review.findings.map((finding) => full.get(finding.fingerprint) ?? finding) };
}

/** What is opened by a program is not approved by one. Asked only where an approval would come of it. @throws {ForgeError} */
async function withAuthor(
  { state, policy }: Pick<Publishing, 'state' | 'policy'>,
  forge: Pick<MergeRequestReview, 'isBot'>,
): Promise<Policy> {
  if (policy.unapprovable !== null) return policy;
  return (await forge.isBot(state.mergeRequest.author)) ? { ...policy, unapprovable: 'a bot opened it' } : policy;
}

const NOT_LET = 'this GitLab does not let us approve it';

async function carryOut(
  effect: Effect,
  { mergeRequest, approvedByUs, mayApprove }: ReviewState,
  forge: MergeRequestReview,
  why: string,
): Promise<Pick<Published, 'effect' | 'problem'>> {
  const done = { effect, problem: '' };
  if (effect.kind === 'approve') {
    if (approvedByUs) return done;
    if (!mayApprove) return { effect, problem: NOT_LET };
    const unfit = await forge.approve(mergeRequest, why);
    return unfit === '' ? done : { effect: { kind: 'none', because: unfit }, problem: '' };
  }
  // Also where we asked before: what is said anew, and people who ask for another review, set it back.
  if (effect.kind !== 'request-changes' || (await forge.requestChanges(mergeRequest, why))) return done;
  const problem =
    'changes could not be asked for, which takes us among the reviewers and GitLab 16.7; the job fails all the same';
  return { effect, problem };
}

/** A person overruled the review: it is approved as far as we may, and said so. Nothing is looked at. @throws {ForgeError} */
export async function publishOverruled(
  { by, reason, note }: BreakGlass,
  input: Pick<Publishing, 'state' | 'policy' | 'keys' | 'place'>,
  forge: MergeRequestReview,
): Promise<{ readonly approved: boolean }> {
  const { keys, place } = input;
  const state = await withoutStale(input.state, forge);
  const { head, target } = state.mergeRequest;
  const why = `break glass by ${by.username} (comment ${note})`;
  const effect = effectOf('approved', await withAuthor(input, forge), keys);
  const may = state.approvedByUs || state.mayApprove;
  const unapproved = effect.kind !== 'approve' ? effect.because : may ? '' : NOT_LET;
  const approved = unapproved === '';
  if (!approved && state.approvedByUs) await forge.revoke(why);
  const mark: SummaryMark = { head, target };
  const before = ownSummary(state.threads, state.self);
  const tally = overruledTally(tallyIn(state.threads, isOursWith(state.self, [])), head);
  const said = { by: by.username, unapproved, mark, tally };
  const summary = orElse(
    () => overruledNote({ ...said, reason }, place),
    () => overruledNote({ ...said, reason: '' }, place),
  );
  if (before?.note.body !== summary) await forge.summary(before?.note.id ?? null, SUMMARY_KEY, summary, why);
  if (!approved || state.approvedByUs) return { approved };
  return { approved: (await forge.approve(state.mergeRequest, why)) === '' };
}

/** @throws {ForgeError} `conflict` where the forge speaks of another commit than the one that is reviewed, or of another way for it to go. */
export function assertSubject(
  { mergeRequest: { iid, head, target } }: ReviewState,
  reviewed: { readonly head: string; readonly target: string },
): void {
  const conflict = (now: string, then: string) =>
    new ForgeError('conflict', `!${iid} ${now} now, and this is about ${then}: nothing is said of it`);
  if (head !== reviewed.head) throw conflict(`is at ${head.slice(0, 12)}`, reviewed.head.slice(0, 12));
  // What judged it stands where it was to go.
  if (target !== reviewed.target) throw conflict(`goes into ${target}`, reviewed.target);
}
