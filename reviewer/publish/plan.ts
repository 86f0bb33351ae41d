import type { Anchor } from '../../forge/positions/anchors.ts';
import type { Block } from '../../forge/render/index.ts';
import type { MergeRequestReview, NewNote, NewReply, ReviewState } from '../../forge/review-port.ts';
import type { ReviewKeys } from '../config.ts';
import { type Finding, type Place, SEVERITIES } from '../findings/finding.ts';
import { type Review, verdictOf } from '../review.ts';
import type { Heard } from '../talk/ask.ts';
import { followed } from '../talk/follow.ts';
import { heardBefore, type Meanings, talkMark } from '../talk/marks.ts';
import { openTalks } from '../talk/open.ts';
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
  /** What people mean, by their notes: as far as it is known now, and what of it rests on an answer by that answer's key. */
  readonly heard: Meanings;
  readonly answered: ReadonlyMap<string, string>;
  /** What is told without its text, for the log. */
  readonly withheld: readonly string[];
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
  /** What a model made of what people said, by their notes. */
  readonly heard?: Heard | undefined;
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
  const isOurs = isOursWith(state.self, ownUsers);
  // Where somebody went on speaking meanwhile, what was read is not what they say.
  const talks = openTalks(counting, state, isOurs).filter(({ note }) => input.heard?.has(note));
  const heard = new Map([
    ...heardBefore(state, isOurs),
    ...talks.map(({ note }) => [note, input.heard!.get(note)!.means] as const),
  ]);
  const found = await reconciled(counting, review, state, isOurs, rights, heard);
  const talk = followed(found.kept, talks, input.heard ?? new Map(), { isOurs, place: input.place });
  const dismissed = new Set(found.dismissed.filter(({ counts }) => !counts).map(({ finding }) => finding.fingerprint));
  const findings = review.findings.filter(({ fingerprint }) => !dismissed.has(fingerprint));
  const notes = capped(counting, found.fresh, keys).flatMap((finding) => {
    const made = noteOf(finding, input);
    return made ? [{ finding, made }] : [];
  });
  const standing = [...found.kept, ...found.again, ...found.reopened].map(({ mark }) => mark.fingerprint);
  const ends = found.ended.map(({ thread, refuted, heard: note }) => {
    const mark = note === null ? undefined : talkMark(thread.id, note, heard.get(note)!);
    return replyOf(thread.id, refuted ? 'refuted' : 'left', { mark }, input);
  });
  return {
    review: { ...review, findings, ...(review.skipped === null ? verdictOf({ ...review, findings }) : {}) },
    notes: [...notes.map(({ made }) => made), ...talk.notes],
    replies: [
      ...found.fixed.map(({ thread }) => replyOf(thread.id, 'fixed', {}, input)),
      ...ends,
      ...found.again.map(({ thread, finding, why }) => replyOf(thread.id, why, { finding }, input)),
      ...talk.replies,
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
    heard: new Map([...heard].filter(([note]) => !talk.waiting.has(note))),
    answered: talk.keys,
    withheld: talk.withheld,
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

function replyOf(
  thread: string,
  answer: Answer,
  { finding = null, mark }: { readonly finding?: Finding | null; readonly mark?: Block | undefined },
  { state, place }: PlanInput,
): NewReply {
  const { head } = state.mergeRequest;
  const key = answerMark(thread, answer, head);
  return {
    key: key.markdown,
    body: answerNote(answer, { head, finding, marks: mark ? [key, mark] : [key] }, place),
    thread,
    resolve: answer === 'fixed' || answer === 'left' || answer === 'refuted',
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
