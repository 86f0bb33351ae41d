import { gitlabForge } from '../../../forge/gitlab/index.ts';
import type { MergeRequestReview, ReviewState } from '../../../forge/review-port.ts';
import type { NewProject, SimulatorOptions } from '../../../test/gitlab/port.ts';
import { openReview, type ReviewPlace } from '../../../test/gitlab/review-place.ts';
import { REVIEW_DEFAULTS, type ReviewKeys } from '../../config.ts';
import type { Finding } from '../../findings/finding.ts';
import { fingerprinted, type Unnamed } from '../../findings/fingerprint.ts';
import { type Review, verdictOf } from '../../review.ts';
import { policyFor } from '../../scope/policy.ts';
import { anchorsFor } from '../anchors.ts';
import { type Published, type Publishing, publishReview } from '../publish.ts';
import { findingOf } from './threads.ts';

/** What one run of a review has to go by. */
interface Run {
  readonly findings?: readonly Finding[];
  readonly keys?: Partial<ReviewKeys>;
  readonly review?: Partial<Review>;
  readonly refused?: Publishing['refused'];
  readonly ownUsers?: readonly string[];
}

/** A merge request of `ann`'s on a simulator, reviewed as by one job after the other. */
export interface PublishPlace extends ReviewPlace {
  /** As a process that knows nothing: it looks, and publishes. What was found is about the tip that it sees. */
  run(run?: Run): Promise<Published>;
  /** The same over a connection that is there. @param of what is found in a commit. */
  runWith(api: MergeRequestReview, of: (head: string) => Run): Promise<Published & { readonly head: string }>;
  /** What publishing takes that a state tells. */
  inputs(state: ReviewState, keys?: Partial<ReviewKeys>): Pick<Publishing, 'keys' | 'policy' | 'place'>;
  /** Hands out a new connection each time. @param before happens before each request over it. */
  withReview<T>(use: (review: MergeRequestReview) => Promise<T>, before?: () => Promise<void>): Promise<T>;
  threads(): Promise<readonly ShownThread[]>;
  /** Comments of ours that sum up. */
  summaries(): Promise<readonly string[]>;
  approvers(): Promise<readonly string[]>;
  /** How far our review is. */
  reviewerState(): Promise<string>;
  tip(): Promise<string>;
  /** Happens in each wait. */
  onWait: () => Promise<void>;
}

export interface ShownThread {
  readonly id: string;
  readonly notes: readonly {
    readonly id: number;
    readonly body: string;
    readonly system: boolean;
    readonly resolvable: boolean;
    readonly resolved?: boolean;
    readonly author: { readonly username: string };
    readonly position?: { readonly new_path: string; readonly new_line: number | null };
  }[];
}

export async function openPublishPlace(
  simulator: SimulatorOptions = {},
  project: Partial<NewProject> = {},
): Promise<PublishPlace> {
  const opened = await openReview(simulator, project);
  const { gitlab, as, one } = opened;
  const token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
  const instance = { url: gitlab.url, token: { env: 'TOKEN' }, requestsPerMinute: 1e9 };
  let now = Date.UTC(2026, 10, 21, 12);
  const sleep = async (ms: number) => {
    now += ms;
    await place.onWait();
  };
  const clock = { now: () => now, sleep, random: () => 0 };
  // Faults strike whoever asks.
  const see = as('boss');
  const eye = async (path: string) => {
    for (;;) {
      const { status, body } = await see('GET', path).catch(() => ({ status: 0, body: null }));
      if (status === 200 && typeof body !== 'string') return body;
    }
  };
  const place: PublishPlace = {
    ...opened,
    onWait: async () => {},
    async withReview(use, before) {
      const shared = before && { shared: { enter: before, hold: () => {} } };
      const forge = gitlabForge({ instance, env: { TOKEN: token }, audit: { append: () => {} }, clock, ...shared });
      try {
        return await use(
          forge.review({ id: opened.project.split('/')[2]!, path: 'team/app', instance: gitlab.url }, 1),
        );
      } finally {
        await forge.close();
      }
    },
    async runWith(api, of) {
      const state = await api.look();
      const { head } = state.mergeRequest;
      const run = of(head);
      const anchorOf = await anchorsFor(run.findings ?? [], state, opened.gitDir, api);
      const input: Publishing = {
        ...{ review: reviewOf(run.findings ?? [], run.review), state, anchorOf, refused: run.refused ?? [] },
        ownUsers: run.ownUsers ?? [],
        ...place.inputs(state, run.keys),
      };
      return { ...(await publishReview(input, api)), head };
    },
    inputs(state, more) {
      const keys = { ...REVIEW_DEFAULTS, ...more };
      const lineUrl = () => `${gitlab.url}/team/app/-/blob/${state.mergeRequest.head}/x`;
      return {
        keys,
        policy: policyFor(factsIn(state), keys),
        place: { instance: gitlab.url, hosts: [], lineUrl },
      };
    },
    run: (run = {}) => place.withReview((api) => place.runWith(api, () => run)),
    async threads() {
      return (await eye(`${one}/discussions?per_page=100`)) as readonly ShownThread[];
    },
    async summaries() {
      const notes = (await place.threads()).flatMap((thread) => thread.notes);
      return notes.map(({ body }) => body).filter((body) => body.includes('<!-- agentsmd:summary {} -->'));
    },
    async approvers() {
      const { approved_by } = await eye(`${one}/approvals`);
      return (approved_by as { readonly user: { readonly username: string } }[]).map(({ user }) => user.username);
    },
    reviewerState: async () => (await eye(`${one}/reviewers`))[0].state as string,
    tip: async () => (await eye(one)).sha as string,
  };
  return place;
}

function factsIn({ mergeRequest: { draft, source, author }, self }: ReviewState) {
  return { draft, source, author: { username: author.username, ours: author.id === self.id } };
}

/** A review that found this, and decides by it. */
export function reviewOf(findings: readonly Finding[], more: Partial<Review> = {}): Review {
  const agents = [{ name: 'agents-md', state: 'done', findings: findings.length, ms: 1, message: null }] as const;
  const known = { findings, agents, files: [], productionRisk: null, riskPattern: null, models: null, ...more };
  return {
    ...{
      skipped: null,
      tier: 'lite',
      tierBecause: '20 lines',
      dropped: [],
      changes: [],
      offer: null,
      codex: null,
      ms: 1,
    },
    ...(known.skipped ? { decision: null, complete: false, because: known.skipped } : verdictOf(known)),
    ...known,
  };
}

/** Named as findings are: by where they stand and what stands there. */
export function found(...wished: readonly Partial<Unnamed>[]): readonly Finding[] {
  const plain = { path: 'app.ts', line: 3, endLine: 3, quote: 'changed 3' };
  return fingerprinted(
    wished.map((more) => {
      const { fingerprint: _, ...unnamed } = findingOf('', { title: 'Something', ...plain, ...more });
      return unnamed;
    }),
  );
}
