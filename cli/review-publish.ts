import { ForgeError } from '../forge/errors.ts';
import { diffCommits } from '../forge/git/diff-commits.ts';
import { RepositoryError } from '../forge/git/errors.ts';
import { anchorsOf } from '../forge/positions/anchors.ts';
import type { ReviewState } from '../forge/review-port.ts';
import type { ReviewKeys } from '../reviewer/config.ts';
import { askedToBreakGlass } from '../reviewer/publish/break-glass.ts';
import type { TextPlace } from '../reviewer/publish/note-text.ts';
import type { AnchorOf } from '../reviewer/publish/plan.ts';
import { assertHead, publishOverruled, publishReview } from '../reviewer/publish/publish.ts';
import type { Review } from '../reviewer/review.ts';
import { type Effect, type Policy, policyFor } from '../reviewer/scope/policy.ts';
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
  /** @returns the review without what people dismissed, and what it led to. */
  publish(review: Review): Promise<{ readonly review: Review; readonly effect: Effect | undefined }>;
}

interface Surroundings {
  readonly keys: ReviewKeys;
  readonly config: LoadedConfig;
  readonly input: CommandInput;
}

/** A forge that cannot be asked, or spoken to, keeps nobody from reviewing: what was found is in the log, and the job does not pass. */
export async function standingOf(session: ReviewSession, wish: ReviewWish, around: Surroundings): Promise<Standing> {
  const { keys, config, input } = around;
  const { api } = session;
  let failure: string | undefined;
  const failed = (error: unknown): void => {
    if (!(error instanceof ForgeError)) throw error;
    failure = `nothing more could be said on the merge request: ${error.message}`;
  };
  try {
    const state = await api.look();
    assertHead(state, wish.head!);
    const policy = policyFor(factsOf(state, config.values.publish), keys);
    const place = textPlace(session, state);
    const asked = await askedToBreakGlass(state, api, keys);
    if (asked.granted) {
      const { approved } = await publishOverruled(asked.granted, { state, policy, keys, place }, api);
      const { by, reason } = asked.granted;
      const why = reason === '' ? '' : `: ${reason}`;
      input.out.warn(printableLine(`${by.username} overruled the review${why}${approved ? '; approved' : ''}`));
      return { policy, overruled: true, failure, publish: untold };
    }
    return {
      policy,
      overruled: false,
      get failure() {
        return failure;
      },
      publish: async (review) => {
        try {
          const anchorOf = await anchorsFor(review, state, wish);
          const { refused } = asked;
          const job = process.env.CI_JOB_URL;
          const done = await publishReview({ review, state, anchorOf, policy, keys, place, refused, job }, api);
          tell(done, session, input.out);
          return done;
        } catch (error) {
          failed(error);
          return await untold(review);
        }
      },
    };
  } catch (error) {
    failed(error);
    return { policy: undefined, overruled: false, failure, publish: untold };
  }
}

const untold: Standing['publish'] = async (review) => ({ review, effect: undefined });

function tell(
  { said, resolved, effect, lost, problem }: Awaited<ReturnType<typeof publishReview>>,
  { place: { iid, writes } }: ReviewSession,
  out: CommandInput['out'],
): void {
  const counts = [`${said} comments`, `${resolved} threads resolved`, `${effect.kind}: ${effect.because}`];
  if (writes === 'publish') out.note(printableLine(`!${iid}: ${counts.join(', ')}`));
  if (problem !== '') out.warn(printableLine(problem));
  for (const [key, why] of lost) out.warn(printableLine(`a comment is missing: ${why} (${key})`));
}

/** Where comments stand, by the newest version of the diff. */
async function anchorsFor(
  { findings }: Review,
  { mergeRequest: { refs } }: ReviewState,
  { repo }: ReviewWish,
): Promise<AnchorOf> {
  const paths = new Set(findings.flatMap(({ path, evidence }) => [path, ...evidence.map((proof) => proof.path)]));
  const wanted = (file: { oldPath: string; newPath: string }) => paths.has(file.oldPath) || paths.has(file.newPath);
  try {
    return anchorsOf({ files: await diffCommits(repo, refs.base, refs.head, wanted), refs });
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    // Without the lines of that version nobody can say where a comment stands: the summary has it all.
    return () => ({ rung: 'general', why: 'not-in-diff' });
  }
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
