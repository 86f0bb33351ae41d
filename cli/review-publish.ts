import { ForgeError } from '../forge/errors.ts';
import type { ReviewState } from '../forge/review-port.ts';
import { together } from '../models/meter.ts';
import type { Spent } from '../models/port.ts';
import type { ReviewKeys } from '../reviewer/config.ts';
import type { Memory } from '../reviewer/panel/memory.ts';
import { anchorsFor } from '../reviewer/publish/anchors.ts';
import { askedToBreakGlass, type BreakGlass, type BreakGlassAsked } from '../reviewer/publish/break-glass.ts';
import type { TextPlace } from '../reviewer/publish/note-text.ts';
import { isOursWith } from '../reviewer/publish/ours.ts';
import { assertSubject, type Published, publishOverruled, publishReview } from '../reviewer/publish/publish.ts';
import { withoutStale } from '../reviewer/publish/stale.ts';
import type { Review } from '../reviewer/review.ts';
import { type Effect, OVERRULED, type Policy, policyFor } from '../reviewer/scope/policy.ts';
import type { Hearing } from '../reviewer/talk/ask.ts';
import { openTalks, type Talk } from '../reviewer/talk/open.ts';
import type { CommandInput } from './command.ts';
import type { LoadedConfig } from './config/load.ts';
import { printableLine } from './printable.ts';
import { factsOf, type ReviewSession } from './review-session.ts';
import type { ReviewWish } from './review-target.ts';

/** How a merge request stands, and how a review is brought to it. */
export interface Standing {
  /** `undefined` where the forge could not be asked. */
  readonly policy: Policy | undefined;
  /** Whether a person overruled the review: there is nothing more to do. */
  readonly overruled: boolean;
  /** Why it could not be said there; `undefined` where all went well. */
  readonly failure: string | undefined;
  /** How it stood at the beginning; `undefined` where the forge could not be asked. */
  readonly state: ReviewState | undefined;
  /**
   * @param hear has a model read what people said. @returns the review without what people dismissed, and what it led to.
   */
  publish(review: Review, memory?: Memory, hear?: Hear): Promise<Told>;
}

/** What a model makes of what people said. Never throws. */
export type Hear = (talks: readonly Talk[]) => Promise<Pick<Hearing, 'heard' | 'spent'>>;

interface Told extends Pick<Published, 'review'> {
  /** `undefined` where nobody knows. */
  readonly effect: Effect | undefined;
}

interface Surroundings {
  readonly keys: ReviewKeys;
  readonly config: LoadedConfig;
  readonly input: CommandInput;
  /** In ms, of any clock that does not go back. */
  readonly now?: () => number;
}

/** A forge that cannot be asked, or spoken to, keeps nobody from reviewing: what was found is in the log, and the job does not pass. */
export async function standingOf(session: ReviewSession, wish: ReviewWish, around: Surroundings): Promise<Standing> {
  const { keys, config, input, now: clock = () => performance.now() } = around;
  const { api } = session;
  const { ownUsers } = config.values.publish;
  const standing = {
    policy: undefined as Policy | undefined,
    state: undefined as ReviewState | undefined,
    overruled: false,
    failure: undefined as string | undefined,
  };
  let seen: Seen | undefined;
  let seenAt = 0;
  const orFailure = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ForgeError)) throw error;
      standing.failure = `nothing more could be said on the merge request: ${error.message}`;
      return undefined;
    }
  };
  const overrule = async ({ state, policy, place }: Seen, granted: BreakGlass): Promise<void> => {
    const { approved } = await publishOverruled(granted, { state, policy, keys, place }, api);
    const why = granted.reason === '' ? '' : `: ${granted.reason}`;
    const told = `${granted.by.username} overruled the review${why}${approved ? '; approved' : ''}`;
    input.out.warn(printableLine(told));
    standing.overruled = true;
  };
  const look = async (): Promise<Seen> => {
    // With models minutes go by: what people and other jobs did since counts.
    if (seen && clock() - seenAt < FRESH) return seen;
    seen = await seenNow(session, wish, around);
    seenAt = clock();
    return seen;
  };
  const publish = async (found: Review, memory: Memory | undefined, hear: Hear | undefined): Promise<Told> => {
    const before = await look();
    const isOurs = isOursWith(before.state.self, ownUsers);
    const isHeard = hear && !isOver(before) && !before.asked.granted;
    const talks = isHeard ? openTalks(found.findings, before.state, isOurs) : [];
    const hearing = talks.length === 0 ? undefined : await hear?.(talks);
    const heard = hearing?.heard;
    const review = withSpent(found, hearing?.spent ?? null);
    const now = heard ? await look() : before;
    const { state, policy, place, asked } = now;
    if (isOver(now)) {
      const because = `it is ${state.mergeRequest.state}`;
      input.out.note(`nothing is said on !${state.mergeRequest.iid}: ${because}`);
      return { review, effect: { kind: 'none', because } };
    }
    if (asked.granted) {
      await overrule(now, asked.granted);
      return { review, effect: OVERRULED };
    }
    const anchorOf = await anchorsFor(review.findings, state, wish.repo, api);
    const job = process.env.CI_JOB_URL;
    const { refused } = asked;
    const about = { review, state, anchorOf, policy, keys, ownUsers, place };
    const done = await publishReview({ ...about, refused, memory, heard, job }, api);
    tell(done, session, input.out);
    return done;
  };
  await orFailure(async () => {
    seen = await look();
    standing.policy = seen.policy;
    standing.state = seen.state;
    if (seen.asked.granted && !isOver(seen)) await overrule(seen, seen.asked.granted);
  });
  return Object.assign(standing, {
    publish: async (review: Review, memory?: Memory, hear?: Hear): Promise<Told> => {
      // Nobody could say how it stands.
      if (!standing.policy) return { review, effect: undefined };
      const told = await orFailure(() => publish(review, memory, hear));
      return told ?? { review, effect: { kind: 'none', because: standing.failure ?? '' } };
    },
  });
}

/** With what it took to read what people said. */
function withSpent(review: Review, spent: Spent | null): Review {
  const { models } = review;
  return models && spent ? { ...review, models: { ...models, spent: together(models.spent, spent) } } : review;
}

/** In ms. So long what was seen is taken for how it stands. Right before comments, approvals and requests for changes the forge looks again. */
const FRESH = 30_000;

/** How it stands at one moment. */
interface Seen {
  readonly state: ReviewState;
  readonly policy: Policy;
  readonly place: TextPlace;
  readonly asked: BreakGlassAsked;
}

/** @throws {ForgeError} `conflict` where it is another one than what is reviewed. */
async function seenNow(session: ReviewSession, wish: ReviewWish, { keys, config }: Surroundings): Promise<Seen> {
  // Also where the review comes to nothing.
  const state = await withoutStale(await session.api.look(), session.api);
  assertSubject(state, { head: wish.head!, target: wish.mergeRequest!.target });
  const policy = policyFor(factsOf(state, config.values.publish), keys);
  const asked = await askedToBreakGlass(state, session.api, keys);
  return { state, policy, place: textPlace(session, state), asked };
}

/** Closed or merged: there is nothing to hold up, and nothing to approve. */
function isOver({ state }: Seen): boolean {
  return state.mergeRequest.state === 'closed' || state.mergeRequest.state === 'merged';
}

function tell(
  { said, resolved, effect, lost, problem, withheld }: Awaited<ReturnType<typeof publishReview>>,
  { place: { iid, writes } }: ReviewSession,
  out: CommandInput['out'],
): void {
  const counts = [`${said} comments`, `${resolved} threads resolved`, `${effect.kind}: ${effect.because}`];
  if (writes === 'publish') out.note(printableLine(`!${iid}: ${counts.join(', ')}`));
  if (problem !== '') out.warn(printableLine(problem));
  for (const line of withheld) out.warn(printableLine(line));
  for (const [key, why] of lost) out.warn(printableLine(`a comment is missing: ${why} (${key})`));
}

function textPlace({ place: { instance, project } }: ReviewSession, { mergeRequest }: ReviewState): TextPlace {
  const root = `${instance.url}/${project}/-/blob/${encodeURIComponent(mergeRequest.head)}`;
  return {
    instance: instance.url,
    hosts: [],
    lineUrl: ({ path, line }) =>
      `${root}/${path.split('/').map(encodeURIComponent).join('/')}${line === 0 ? '' : `#L${line}`}`,
  };
}
