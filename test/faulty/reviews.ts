import { setTimeout } from 'node:timers/promises';
import type { AuditEntry } from '../../forge/audit.ts';
import { ForgeError } from '../../forge/errors.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { SafeText } from '../../forge/render/safe-text.ts';
import type { Batch, MergeRequestReview, NewNote, ReviewState } from '../../forge/review-port.ts';
import { testProject } from '../../forge/testing/project.ts';
import { type Ask, asking } from '../gitlab/asking.ts';
import type { GitlabSimulator, LoggedRequest } from '../gitlab/port.ts';
import { CHANGED, LINES } from '../gitlab/review-place.ts';
import { startGitlab } from '../gitlab/start.ts';
import { wrongInAudit } from './audit.ts';
import { type Counts, fastClock, inParallel, strike, TIMEOUT, tally } from './faults.ts';
import { random } from './random.ts';

export interface FaultyReviewsOptions {
  /** Of the faults, and of when people push. */
  readonly seed: number;
  readonly reviews: number;
  /** Share of all requests that are struck, from 0 to 1. */
  readonly rate: number;
  /** Reviews at a time. */
  readonly concurrency: number;
}

export interface FaultyReviews {
  readonly reviews: readonly FaultyReview[];
  readonly requests: number;
  readonly faults: Counts;
  /** How the runs ended. */
  readonly results: Counts;
  readonly foundApplied: number;
  /** Drafts that were published by themselves, and notes that were posted without being one. */
  readonly rescued: number;
}

export interface FaultyReview {
  readonly iid: number;
  /** How each run ended: `reviewed`, `failed timeout`. */
  readonly results: readonly string[];
  /** What is not as it must be. */
  readonly wrong: readonly string[];
}

const PATH = 'team/app';
const WHY = 'it was reviewed';
const MOST_RUNS = 15;
/** Slow enough that what the server does after nobody waits for it is done before it is looked for the last time. */
const SPEED = 8;

/**
 * Reviews merge requests on a GitLab that fails at random on every route: each by run after run, until one succeeds, as the jobs of a
 * pipeline would. In some of them a line is bad, in some somebody pushes in the middle. Afterwards each is looked at without faults.
 */
export async function reviewUnderFaults({ seed, rate, ...options }: FaultyReviewsOptions): Promise<FaultyReviews> {
  const gitlab = await startGitlab({ seed, conformance: false, requestsPerHour: null });
  try {
    const members = { bot: 'developer', ann: 'developer' } as const;
    const { id } = await gitlab.addProject({ path: PATH, files: { 'app.ts': LINES.join('') }, members });
    const token = gitlab.addToken({ user: 'bot', scopes: ['api'] });
    const ann = asking(gitlab, gitlab.addToken({ user: 'ann', scopes: ['api'] }));
    const chance = random(seed);
    const subjects: Subject[] = [];
    for (let iid = 1; iid <= options.reviews; iid++) {
      const opened = await openOne(gitlab, ann, id, iid);
      const push = iid % 4 === 0 ? 4 + Math.floor(chance() * 20) : undefined;
      subjects.push(new Subject({ gitlab, token, ann, seed }, { id, iid, ...opened, push }));
    }
    strike(gitlab, rate, 0);
    const bulk = { method: 'POST', path: '/projects/*/merge_requests/*/draft_notes/bulk_publish' };
    for (const how of ['published-then-500', 'bad-draft-lost'] as const)
      gitlab.faults.add({ ...bulk, probability: rate, action: { kind: 'misbehave', how } });
    await inParallel(subjects, options.concurrency, (subject) => subject.review());
    gitlab.faults.clear();
    // The server may be at something still that nobody waits for any more.
    await setTimeout(TIMEOUT * 500);
    const requests = gitlab.requests.filter(({ headers }) => headers['user-agent'] === 'agentsmd');
    const seen = Map.groupBy(requests, ({ path }) => Number(/\/merge_requests\/(\d+)/.exec(path)?.[1]));
    for (const subject of subjects) await subject.check(seen.get(subject.iid) ?? []);
    const audit = subjects.flatMap((subject) => subject.audit);
    return {
      reviews: subjects,
      requests: requests.length,
      faults: tally(requests.flatMap(({ fault, status }) => (fault === undefined ? [] : [`${fault}, ${status}`]))),
      results: tally(subjects.flatMap(({ results }) => results)),
      foundApplied: audit.filter(({ result }) => result === 'found-applied').length,
      rescued: audit.filter(({ result, path }) => result === 'sent' && /\/(?:publish|discussions)$/.test(path)).length,
    };
  } finally {
    await gitlab.close();
  }
}

async function openOne(
  gitlab: GitlabSimulator,
  ann: Ask,
  id: number,
  iid: number,
): Promise<Pick<Case, 'thread' | 'tip'>> {
  const branch = `topic-${iid}`;
  const tip = await gitlab.push(PATH, {
    branch,
    user: 'ann',
    message: 'Change',
    files: { 'app.ts': CHANGED.join('') },
  });
  const wish = { title: 'Change', source_branch: branch, target_branch: 'main' };
  await ann('POST', `/projects/${id}/merge_requests`, wish);
  const { body } = await ann('POST', `/projects/${id}/merge_requests/${iid}/discussions`, { body: 'Why?' });
  return { thread: body.id, tip };
}

interface World {
  readonly gitlab: GitlabSimulator;
  readonly token: string;
  readonly ann: Ask;
  readonly seed: number;
}

interface Case {
  readonly id: number;
  readonly iid: number;
  /** That is to be answered. */
  readonly thread: string;
  readonly tip: string;
  /** After how many requests somebody pushes. */
  readonly push: number | undefined;
}

class Subject implements FaultyReview {
  readonly iid: number;
  readonly results: string[] = [];
  readonly wrong: string[] = [];
  readonly audit: AuditEntry[] = [];
  readonly #world: World;
  readonly #case: Case;
  /** Its tips, and since when, in ms. */
  readonly #tips: { readonly sha: string; readonly since: number }[] = [];
  #asked = 0;
  #pushing: Promise<void> | undefined;

  constructor(world: World, one: Case) {
    this.#world = world;
    this.#case = one;
    this.iid = one.iid;
    this.#tips.push({ sha: one.tip, since: 0 });
  }

  async review(): Promise<void> {
    const { gitlab, token, seed } = this.#world;
    const { id, iid } = this.#case;
    const project = testProject({ id: String(id), path: PATH, instance: gitlab.url });
    for (let run = 1; run <= MOST_RUNS; run++) {
      const forge = gitlabForge({
        instance: { url: gitlab.url, token: { env: 'TOKEN' }, timeout: TIMEOUT },
        env: { TOKEN: token },
        audit: { append: (entry) => void this.audit.push(entry) },
        clock: fastClock(seed * 1000 + iid * 20 + run, SPEED),
        onAttempt: () => this.#count(),
      });
      const result = await this.#runOnce(forge.review(project, iid));
      await forge.close();
      await this.#pushing;
      this.results.push(result);
      if (result === 'reviewed') return;
    }
    this.wrong.push(`still fails after ${MOST_RUNS} runs`);
  }

  #count(): void {
    if (++this.#asked === this.#case.push) this.#pushing = this.#push();
  }

  async #push(): Promise<void> {
    const files = { 'more.ts': 'more\n' };
    const branch = `topic-${this.iid}`;
    const sha = await this.#world.gitlab.push(PATH, { branch, user: 'ann', message: 'More', files });
    this.#tips.push({ sha, since: Date.now() });
  }

  async #runOnce(review: MergeRequestReview): Promise<string> {
    try {
      const state = await review.look();
      const { mergeRequest, approvedByUs, threads } = state;
      const { head } = mergeRequest;
      const batch = batchOf(this.#case, mergeRequest.refs);
      const missing = <T extends { readonly key: string }>(all: readonly T[]) =>
        all.filter(({ key }) => idOf(state, key) === undefined);
      const due = { notes: missing(batch.notes), replies: missing(batch.replies) };
      const { lost } = await review.publish(due, head, WHY);
      if (lost.size > 0) return `lost ${lost.size}`;
      await review.summary(idOf(state, SUMMARY) ?? null, SUMMARY, text('Summary', SUMMARY), WHY);
      // Where an earlier run replied and died before it resolved.
      const open = threads.find(({ id, resolved }) => id === this.#case.thread && !resolved);
      if (open && due.replies.length === 0) await review.setResolved(open.id, true, WHY);
      if (!approvedByUs) await review.approve(mergeRequest, WHY);
      return 'reviewed';
    } catch (error) {
      if (error instanceof ForgeError) return `failed ${error.reason}`;
      throw error;
    }
  }

  async check(requests: readonly LoggedRequest[]): Promise<void> {
    const { ann } = this.#world;
    const at = `/projects/${this.#case.id}/merge_requests/${this.iid}`;
    const { body: discussions } = await ann('GET', `${at}/discussions?per_page=100`);
    const notes = (discussions as readonly RestDiscussion[]).flatMap((one) => one.notes);
    const lines = notes.filter(({ author }) => author.username === 'bot').flatMap(({ body }) => body.split('\n'));
    const { notes: wanted, replies } = batchOf(this.#case, { base: '', start: '', head: '' });
    for (const key of [...wanted.map((note) => note.key), ...replies.map((reply) => reply.key), SUMMARY]) {
      const { length } = lines.filter((line) => line === key);
      if (length !== 1) this.wrong.push(`said ${length} times: ${key}`);
    }
    const answered = (discussions as readonly RestDiscussion[]).find(({ id }) => id === this.#case.thread);
    if (!answered?.notes.every(({ resolved }) => resolved)) this.wrong.push('the thread is not resolved');
    const { body: approvals } = await ann('GET', `${at}/approvals`);
    if (approvals.approved_by.length !== 1) this.wrong.push(`approved ${approvals.approved_by.length} times`);
    this.#checkApprovals(requests);
    this.#checkBulk();
    this.wrong.push(...wrongInAudit(requests, this.audit));
  }

  #checkApprovals(requests: readonly LoggedRequest[]): void {
    for (const { method, path, body, at, applied } of requests) {
      if (method !== 'POST' || !path.endsWith('/approve')) continue;
      const { sha } = body as { readonly sha?: string };
      const tip = this.#tips.findLast(({ since }) => since < at);
      if (applied && sha !== tip?.sha) this.wrong.push(`approved ${sha} where ${tip?.sha} was the tip`);
      if (!this.#tips.some((one) => one.sha === sha)) this.wrong.push(`asked to approve ${sha}`);
    }
  }

  #checkBulk(): void {
    for (const { path, retryOf } of this.audit)
      if (path.endsWith('/bulk_publish') && retryOf !== undefined && !retryOf.startsWith('429'))
        this.wrong.push(`published all at once again, because of ${retryOf}`);
  }
}

interface RestDiscussion {
  readonly id: string;
  readonly notes: readonly {
    readonly body: string;
    readonly author: { readonly username: string };
    readonly resolved?: boolean;
  }[];
}

const SUMMARY = '<!-- agentsmd:summary {} -->';

/** In every third a line is bad, and then it is another one. */
function batchOf({ iid, thread }: Case, { base, start, head }: ReviewState['mergeRequest']['refs']): Batch {
  const where = { base_sha: base, start_sha: start, head_sha: head, old_path: 'app.ts', new_path: 'app.ts' };
  const line = (new_line: number) => ({ ...where, position_type: 'text' as const, new_line });
  const second = iid % 3 === 0 ? [line(400), line(6)] : [line(6)];
  return {
    notes: [note('a', [line(3)]), note('b', second), note('c', [])],
    replies: [{ key: keyOf('d'), body: text('d', keyOf('d')), thread, resolve: true }],
  };
}

function note(name: string, positions: NewNote['positions']): NewNote {
  return { key: keyOf(name), body: text(name, keyOf(name)), positions };
}

function keyOf(name: string): string {
  return `<!-- agentsmd:finding {"id":"${name}"} -->`;
}

function text(words: string, key: string): SafeText {
  return `${words}\n\n${key}` as SafeText;
}

function idOf({ threads, self }: ReviewState, key: string): string | undefined {
  const own = threads.flatMap((thread) => thread.notes).filter(({ author }) => author.id === self.id);
  return own.find(({ body }) => body.split('\n').includes(key))?.id;
}
