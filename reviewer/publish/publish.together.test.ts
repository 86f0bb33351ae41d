import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ForgeError } from '../../forge/errors.ts';
import type { Finding } from '../findings/finding.ts';
import type { Published } from './publish.ts';
import { found, openPublishPlace, type PublishPlace, reviewOf } from './testing/gitlab-place.ts';

/** Two runs on one merge request at the same time, as of two pipelines, which know nothing of each other. */

const WRONG = ['changed 1', 'changed 2', 'changed 3', 'changed 4'];
const ALL: readonly Finding[] = found(
  ...WRONG.map((quote, at) => ({
    ...{ quote, line: at + 1, endLine: at + 1, title: `Trouble ${at + 1}` },
    severity: (['critical', 'warning', 'suggestion'] as const)[at % 3]!,
  })),
);

/** What is wrong with each commit. */
type Wrong = Map<string, readonly Finding[]>;

async function push(place: PublishPlace, wrong: Wrong, findings: readonly Finding[]): Promise<void> {
  const lines = WRONG.map((line, at) => (findings.some(({ quote }) => quote === line) ? line : `fine ${at}`));
  const sha = await place.push({ 'app.ts': `${lines.join('\n')}\n`, 'count.txt': `${wrong.size}\n` });
  wrong.set(sha, findings);
}

/** A whole run. It may end early where somebody pushed. */
async function review(place: PublishPlace, wrong: Wrong, before?: () => Promise<void>): Promise<Published | undefined> {
  try {
    return await place.withReview((api) => place.runWith(api, (head) => ({ findings: wrong.get(head)! })), before);
  } catch (error) {
    if (!(error instanceof ForgeError) || error.reason !== 'conflict') throw error;
    return undefined;
  }
}

async function allOnce(place: PublishPlace, wrong: Wrong): Promise<void> {
  const now = wrong.get(await place.tip())!;
  const threads = await place.threads();
  for (const { title, fingerprint } of ALL) {
    const own = threads.filter(({ notes }) => notes[0]!.body.includes(`finding {"fingerprint":"${fingerprint}"`));
    const isWrong = now.some((finding) => finding.fingerprint === fingerprint);
    if (isWrong) expect([title, own.length]).toEqual([title, 1]);
    else expect([title, own.length]).toEqual([title, Math.min(own.length, 1)]);
    for (const { notes } of own) expect([title, notes[0]!.resolved]).toEqual([title, !isWrong]);
  }
  const answers = threads.flatMap(({ notes }) =>
    notes.flatMap(({ body }) => body.match(/^<!-- agentsmd:answer .*$/gm) ?? []),
  );
  expect(answers.toSorted()).toEqual([...new Set(answers)].toSorted());
  expect(await place.summaries()).toHaveLength(1);
  const approves = reviewOf(now).decision!.startsWith('approved');
  expect(await place.approvers()).toEqual(approves ? ['bot'] : []);
  for (const { route, applied, body } of place.gitlab.requests) {
    if (!applied || !route.endsWith('/approve')) continue;
    expect(reviewOf(wrong.get((body as { readonly sha: string }).sha)!).decision).toMatch(/^approved/);
  }
  expect((await place.bot('GET', `${place.one}/draft_notes`)).body).toEqual([]);
}

const LONG = Boolean(process.env.AGENTSMD_LONG);

/** What was there before the two began: what is wrong with each push; all but the last one were reviewed. */
const STORIES = {
  'the first review of it': [ALL],
  'some of it mended': [ALL, ALL.slice(1, 3)],
  'all of it mended': [ALL, []],
  'nothing wrong from the first': [[]],
} satisfies Record<string, readonly (readonly Finding[])[]>;

async function begun(story: readonly (readonly Finding[])[]): Promise<readonly [PublishPlace, Wrong]> {
  const place = await openPublishPlace();
  const wrong: Wrong = new Map();
  for (const [at, findings] of story.entries()) {
    if (at > 0) await review(place, wrong);
    await push(place, wrong, findings);
  }
  return [place, wrong];
}

describe.each(Object.entries(STORIES))('two runs at once, %s', { timeout: 300_000 }, (_, story) => {
  // Every request of the first review; of the others every second one.
  it.each([
    ['of the same commit', false, LONG || story === STORIES['the first review of it'] ? 1 : 2],
    ['with a push in between', true, LONG ? 1 : 2],
  ] as const)('say each thing once, wherever a whole run comes between two requests of the other, %s', async (_, pushes, step) => {
    let requests = 1;
    for (let at = 0; at < requests; at += step) {
      const [place, wrong] = await begun(story);
      try {
        let asked = 0;
        await review(place, wrong, async () => {
          if (asked++ !== at) return;
          if (pushes) await push(place, wrong, ALL.slice(0, 2));
          await review(place, wrong);
        });
        requests = Math.max(requests, asked);
        await allOnce(place, wrong);
      } catch (error) {
        throw new Error(`before request ${at}: ${(error as Error).message}`, { cause: error });
      } finally {
        await place.gitlab.close();
      }
    }
    expect(requests).toBeGreaterThan(6);
  });

  it.each(
    Array.from({ length: LONG ? 100 : 3 }, (_, seed) => seed),
  )('say each thing once, whoever of them comes next: %d', async (seed) => {
    const [place, wrong] = await begun(story);
    try {
      const turns = new Turns(seed);
      await Promise.all([0, 1].map((who) => turns.play(who, (before) => review(place, wrong, before))));
      await allOnce(place, wrong);
    } finally {
      await place.gitlab.close();
    }
  });
});

/** Lets one request go at a time, of whom the seed says, once each of them has one to send. */
class Turns {
  readonly #seed: number;
  readonly #waiting: { readonly who: number; readonly go: () => void }[] = [];
  readonly #playing = new Set<number>();
  #draws = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  async play(who: number, run: (before: () => Promise<void>) => Promise<unknown>): Promise<void> {
    this.#playing.add(who);
    await Promise.resolve();
    try {
      await run(() => this.#turn(who));
    } finally {
      this.#playing.delete(who);
      this.#next();
    }
  }

  #turn(who: number): Promise<void> {
    return new Promise((go) => {
      this.#waiting.push({ who, go });
      this.#next();
    });
  }

  #next(): void {
    const ready = new Set(this.#waiting.map(({ who }) => who));
    if (ready.size === 0 || [...this.#playing].some((who) => !ready.has(who))) return;
    const drawn = createHash('sha256')
      .update(`${this.#seed} ${this.#draws++}`)
      .digest()
      .readUInt32BE();
    const who = [...ready].toSorted()[drawn % ready.size]!;
    const at = this.#waiting.findIndex((turn) => turn.who === who);
    this.#waiting.splice(at, 1)[0]!.go();
    // One that sent several at once comes with the next only after the last of them.
    this.#next();
  }
}
