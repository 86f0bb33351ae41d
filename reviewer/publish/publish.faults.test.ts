import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { MergeRequestReview } from '../../forge/review-port.ts';
import type { FaultRule } from '../../test/gitlab/port.ts';
import type { Finding } from '../findings/finding.ts';
import type { Published } from './publish.ts';
import { found, openPublishPlace, type PublishPlace, reviewOf } from './testing/gitlab-place.ts';

/** GitLab fails at every fifth request, in every way in which it is known to fail, and people push meanwhile. */

const RUNS = process.env.AGENTSMD_LONG ? 200 : 40;
const PUSHES = process.env.AGENTSMD_LONG ? 4 : 2;
const MOST_TRIES = 40;

const ACTIONS: readonly FaultRule['action'][] = [
  { kind: '429', retryAfter: 1 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'status', status: 503 },
  { kind: 'reset' },
  { kind: 'applied-then-reset' },
  { kind: 'applied-then-status', status: 502 },
  { kind: 'slow', ms: 1, part: 'headers' },
  { kind: 'truncated' },
];
/** The first rule that hits wins: each is drawn from what those before it left. */
const FAULTS: readonly FaultRule[] = [
  {
    method: 'POST',
    path: '**/bulk_publish',
    probability: 0.1,
    action: { kind: 'misbehave', how: 'published-then-500' },
  },
  { method: 'POST', path: '**/bulk_publish', probability: 0.1, action: { kind: 'misbehave', how: 'bad-draft-lost' } },
  ...ACTIONS.map((action, at) => ({ path: 'projects/**', probability: 0.2 / (ACTIONS.length - 0.2 * at), action })),
];

/** What a review may find, on lines of `app.ts`. */
const LINES = ['changed 1', 'changed 2', 'changed 3', 'changed 4', 'changed 5', 'changed 6'];
const ALL: readonly Finding[] = found(
  ...LINES.map((quote, at) => ({
    ...{ quote, line: at + 1, endLine: at + 1, title: `Trouble ${at + 1}` },
    severity: (['critical', 'warning', 'suggestion'] as const)[at % 3]!,
    ...(at === 1 ? { suggestion: 'better 2' } : {}),
  })),
  // Where no comment can stand.
  { path: 'AGENTS.md', line: 1, endLine: 1, quote: 'Old', title: 'Trouble elsewhere', severity: 'critical' },
);

it.each(
  Array.from({ length: RUNS }, (_, seed) => seed + 1),
)('what is published with faults and pushes in between is there once, and nothing is approved that was not reviewed: %d', {
  timeout: 120_000,
}, async (seed) => {
  const place = await openPublishPlace({ seed, ...(seed % 2 ? { edition: 'premium', version: '19.2.0' } : {}) });
  try {
    await new Chaos(place, seed).run();
  } finally {
    await place.gitlab.close();
  }
});

class Cancelled extends Error {}

class Chaos {
  readonly #place: PublishPlace;
  readonly #seed: number;
  /** What is wrong with each commit. */
  readonly #wrong = new Map<string, readonly Finding[]>();
  #draws = 0;
  #pushes = 0;

  constructor(place: PublishPlace, seed: number) {
    this.#place = place;
    this.#seed = seed;
  }

  async run(): Promise<void> {
    for (const fault of FAULTS) this.#place.gitlab.faults.add(fault);
    while (this.#pushes < PUSHES) {
      await this.#push();
      await this.#reviewed();
    }
  }

  /** Runs until the tip is reviewed, as the jobs of a pipeline that people start again. */
  async #reviewed(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const done = await this.#once();
      await this.#nothingTwice();
      if (done && (await this.#place.tip()) === done.head) return await this.#allThere(done);
      expect(tries).toBeLessThan(MOST_TRIES);
    }
  }

  async #once(): Promise<(Published & { readonly head: string }) | undefined> {
    const interrupted = this.#lot(3) === 0 ? { call: this.#lot(8) } : undefined;
    // A job may be cancelled wherever it waits.
    const last = this.#lot(12);
    let waits = 0;
    this.#place.onWait = async () => {
      if (waits++ === last) throw new Cancelled();
    };
    try {
      return await this.#place.withReview(async (review) => {
        const api = interrupted ? pushing(review, interrupted.call, () => this.#push()) : review;
        return await this.#place.runWith(api, (head) => ({ findings: this.#wrong.get(head)! }));
      });
    } catch (error) {
      if (!(error instanceof ForgeError || error instanceof Cancelled)) throw error;
      return undefined;
    }
  }

  async #push(): Promise<void> {
    const wrong = ALL.filter(({ severity }) => this.#lot(severity === 'critical' ? 4 : 2) === 0);
    const lines = LINES.map((line, at) =>
      wrong.some(({ quote }) => quote === line) ? line : `fine ${at} ${this.#pushes}`,
    );
    this.#pushes++;
    const sha = await this.#place.push({ 'app.ts': `${lines.join('\n')}\n`, 'count.txt': `${this.#pushes}\n` });
    this.#wrong.set(sha, wrong);
  }

  /** Holds after every run, however it ended. */
  async #nothingTwice(): Promise<void> {
    const notes = (await this.#place.threads()).flatMap(({ notes: [first, ...answers] }) => [
      ...(first!.body.match(/^<!-- agentsmd:finding .*$/gm) ?? []),
      ...answers.flatMap(({ body }) => body.match(/^<!-- agentsmd:answer .*$/gm) ?? []),
    ]);
    expect(notes.toSorted()).toEqual([...new Set(notes)].toSorted());
    expect((await this.#place.summaries()).length).toBeLessThanOrEqual(1);
    const { requests, effects } = this.#place.gitlab;
    for (const { route, applied, body } of requests) {
      if (!applied || !route.endsWith('/approve')) continue;
      const { sha } = body as { readonly sha: string };
      expect(reviewOf(this.#wrong.get(sha)!).decision).toMatch(/^approved/);
    }
    expect(effects.filter(({ what }) => what !== '/request_changes')).toEqual([]);
  }

  /** Holds once a run came to its end. */
  async #allThere({ head, effect }: Published & { readonly head: string }): Promise<void> {
    const wrong = this.#wrong.get(head)!;
    const approves = reviewOf(wrong).decision!.startsWith('approved');
    expect(effect.kind).toBe(approves ? 'approve' : 'request-changes');
    expect(await this.#place.approvers()).toEqual(approves ? ['bot'] : []);
    if (!approves) expect(await this.#place.reviewerState()).toBe('requested_changes');
    const threads = (await this.#place.threads()).filter(({ notes }) =>
      /^<!-- agentsmd:finding /m.test(notes[0]!.body),
    );
    const [summary] = await this.#place.summaries();
    expect(summary).toContain(head);
    for (const { title, fingerprint, severity } of ALL) {
      const thread = threads.find(({ notes }) => notes[0]!.body.includes(fingerprint));
      const isWrong = wrong.some((finding) => finding.fingerprint === fingerprint);
      if (isWrong && severity === 'critical') expect(`${thread?.notes.at(0)?.body}${summary}`).toContain(title);
      if (thread) expect({ title, resolved: thread.notes[0]!.resolved }).toEqual({ title, resolved: !isWrong });
    }
  }

  /** From 0 to below `of`. */
  #lot(of: number): number {
    return (
      createHash('sha256')
        .update(`${this.#seed} ${this.#draws++}`)
        .digest()
        .readUInt32BE() % of
    );
  }
}

/** Somebody pushes just before the nth thing that is asked of GitLab. */
function pushing(review: MergeRequestReview, nth: number, push: () => Promise<void>): MergeRequestReview {
  let calls = 0;
  return new Proxy(review, {
    get(target, name: keyof MergeRequestReview) {
      return async (...args: never[]) => {
        if (calls++ === nth) await push();
        return await (target[name] as (...args: never[]) => Promise<unknown>)(...args);
      };
    },
  });
}
