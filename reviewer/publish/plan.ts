import type { Anchor } from '../../forge/positions/anchors.ts';
import type { MergeRequestReview, NewNote, NewReply, ReviewState } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import { type Finding, type Place, SEVERITIES } from '../findings/finding.ts';
import { type Review, verdictOf } from '../review.ts';
import { answerMark, findingMark } from './marks.ts';
import { type Answer, answerNote, findingNote, type TextPlace } from './note-text.ts';
import { isOursWith } from './ours.ts';
import { type Reconciled, reconciled } from './reconcile.ts';
import { rightsOf } from './rights.ts';

/** What a review leads to on the forge, apart from the summary. */
export interface Plan {
  /** With the decision as it is without what people dismissed. */
  readonly review: Review;
  readonly notes: readonly NewNote[];
  readonly replies: readonly NewReply[];
  /** Threads that are resolved or opened again without a word. */
  readonly settled: readonly { readonly thread: string; readonly resolved: boolean }[];
  /** Fingerprints of the findings that stand in a thread, by the key of their note where that is a new one. */
  readonly told: ReadonlyMap<string, string | null>;
  readonly reconciled: Reconciled;
}

export type AnchorOf = (place: Place & { readonly quote: string }) => Anchor;

export interface PlanInput {
  readonly review: Review;
  readonly state: ReviewState;
  readonly anchorOf: AnchorOf;
  readonly keys: ReviewKeys;
  /** User names that we had before. */
  readonly ownUsers: readonly string[];
  readonly place: TextPlace;
}

/**
 * Says what has to be said and no more: what stands in a thread is not said again, and notes are told in the summary alone.
 *
 * @throws {ForgeError}
 */
export async function planOf(input: PlanInput, forge: Pick<MergeRequestReview, 'accessOf' | 'isBot'>): Promise<Plan> {
  const { review, state, keys, ownUsers } = input;
  const counting = review.findings.filter(({ trivial }) => !trivial);
  const rights = rightsOf(state.mergeRequest.author, forge, keys);
  const found = await reconciled(counting, review.agents, state, isOursWith(state.self, ownUsers), rights);
  const dismissed = new Set(found.dismissed.filter(({ counts }) => !counts).map(({ finding }) => finding.fingerprint));
  const findings = review.findings.filter(({ fingerprint }) => !dismissed.has(fingerprint));
  const notes = capped(counting, found.fresh, keys).flatMap((finding) => {
    const made = noteOf(finding, input);
    return made ? [{ finding, made }] : [];
  });
  const standing = [...found.kept, ...found.again, ...found.reopened].map(({ mark }) => mark.fingerprint);
  return {
    review: { ...review, findings, ...(review.skipped === null ? verdictOf({ ...review, findings }) : {}) },
    notes: notes.map(({ made }) => made),
    replies: [
      ...found.fixed.map(({ thread }) => replyOf(thread.id, 'fixed', null, input)),
      ...found.ended.map(({ thread }) => replyOf(thread.id, 'left', null, input)),
      ...found.again.map(({ thread, finding, why }) => replyOf(thread.id, why, finding, input)),
    ],
    settled: [
      ...found.left.map(({ thread }) => ({ thread: thread.id, resolved: true })),
      ...found.reopened.map(({ thread }) => ({ thread: thread.id, resolved: false })),
    ],
    told: new Map([
      ...standing.map((name) => [name, null] as const),
      ...notes.map(({ finding, made }) => [finding.fingerprint, made.key] as const),
    ]),
    reconciled: found,
  };
}

/** The first of each severity, for which those that have a thread leave room. */
function capped(
  all: readonly Finding[],
  fresh: readonly Finding[],
  { maxNotes }: Pick<ReviewKeys, 'maxNotes'>,
): readonly Finding[] {
  return SEVERITIES.flatMap((severity) => {
    const [own, untold] = [all, fresh].map((some) => some.filter((finding) => finding.severity === severity));
    return untold!.slice(0, Math.max(0, maxNotes[severity] - (own!.length - untold!.length)));
  });
}

function replyOf(thread: string, answer: Answer, finding: Finding | null, { state, place }: PlanInput): NewReply {
  const { head } = state.mergeRequest;
  const key = answerMark(thread, answer, head);
  return {
    key: key.markdown,
    body: answerNote(answer, { head, finding, key }, place),
    thread,
    resolve: answer === 'fixed' || answer === 'left',
  };
}

/**
 * Where a finding is told: on its lines, else on its file. One whose file the merge request does not touch, as a line of AGENTS.md that
 * became false, is told at what proves it; `undefined` where there is no such place: then the summary tells it.
 */
function noteOf(finding: Finding, { anchorOf, place }: PlanInput): NewNote | undefined {
  const key = findingMark(finding).markdown;
  const own = anchorOf(finding);
  const elsewhere = findingNote(finding, { ownPlace: false, applies: null }, place);
  if (own.rung === 'general') {
    const proofs = finding.evidence.map((proof) => anchorOf({ ...proof, endLine: proof.line, quote: '' }));
    const positions = proofs.flatMap((anchor) => (anchor.rung === 'line' ? [anchor.position] : [])).slice(0, 1);
    return positions.length === 0 ? undefined : { key, body: elsewhere, positions };
  }
  if (own.rung === 'file') return { key, body: elsewhere, positions: [own.position] };
  const body = findingNote(finding, { ownPlace: own.moved === null, applies: own.suggestion }, place);
  const file = anchorOf({ ...finding, line: 0, endLine: 0, quote: '' });
  return { key, body, positions: [own.position, ...(file.rung === 'file' ? [file.position] : [])], elsewhere };
}
