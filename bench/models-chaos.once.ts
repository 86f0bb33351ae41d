/** Asks many questions of an endpoint that fails, in a process that does nothing else. Arguments: its address and key, how many. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { openModels } from '../models/door.ts';
import type { Account, Answer, Recorder, Tool } from '../models/port.ts';
import { settings } from '../models/testing/settings.ts';
import { openTools } from '../models/tools/index.ts';
import { openTranscript } from '../models/transcript/index.ts';
import { sharedContext } from '../reviewer/context/shared.ts';
import { prompts } from './prefix-cache.agents.ts';

/** What it took. */
export interface Outcome {
  /** How many questions ended in what. */
  readonly ends: Readonly<Record<string, number>>;
  /** In use after each fifth, everything answered and all garbage collected, in bytes. */
  readonly heap: readonly number[];
  /** Of the process at the same moments, in bytes. */
  readonly rss: readonly number[];
  readonly peakBytes: number;
  /** What keeps the process alive once the door is closed and did not before it was opened. */
  readonly left: readonly string[];
  readonly unhandled: number;
  /** Requests sent, as the door counts. */
  readonly requests: number;
  /** In ms. */
  readonly longestRequest: number;
  readonly longestQuestion: number;
  /** Of one review beyond its budget, in tokens. */
  readonly overshoot: number;
}

/** Of one request, in tokens: by so much a review may overshoot. */
export const STEP = 12_000;
/** Of one review, in tokens: too little for about half of them. */
const REVIEW = 130_000;
/** A review asks so many questions at once; so many reviews go on at a time. */
const QUESTIONS = 20;
const REVIEWS = 4;
const FIFTHS = 5;
/** Of all requests, in s; no other time limit is longer. */
export const LONGEST = 3;

async function once(url: string, key: string, calls: number): Promise<Outcome> {
  let unhandled = 0;
  process.on('unhandledRejection', () => void unhandled++);
  const repository = await makeRepository({ commits: COMMITS });
  const dir = await mkdtemp(join(tmpdir(), 'agentsmd-bench-'));
  const tools = await openTools({ root: repository.dir });
  const before = process.getActiveResourcesInfo();
  const model = { output: 400, context: 32_000 };
  const config = settings({
    models: { large: model, small: model },
    failback: { 'gw/large': ['gw/small'] },
    provider: { baseUrl: url, keyEnv: 'KEY', concurrency: 16 },
    timeouts: { first: 0.3, between: 0.3, call: LONGEST },
    // Failures in a row come by lot here: breakers that open would leave the rest of the run to chance.
    breaker: { failures: 25, cooldown: 0 },
    budgets: { call: { tokens: STEP, money: null }, review: { tokens: REVIEW, money: null }, day: NO_LIMIT },
  });
  const longest = { call: 0, question: 0 };
  const models = openModels(config, {
    env: { KEY: key },
    // Where it would wait for seconds it waits for moments, but it does wait.
    sleep: async (ms, signal) => await setTimeout(Math.min(ms, 20), undefined, { signal }),
    telemetry(report) {
      const ms = report.type === 'call' ? report.ms : report.spent.ms;
      longest[report.type] = Math.max(longest[report.type], ms);
    },
  });
  const ends: Record<string, number> = {};
  const all = { requests: 0, overshoot: 0 };
  let next = 0;
  const review = async (at: number) => {
    const account = models.account();
    const transcript = await openTranscript({ dir, name: `${at}`, content: 'full', retentionDays: 1, now: Date.now });
    const asked = Array.from({ length: QUESTIONS }, (_, agent) =>
      models.ask(question({ review: at, agent, account, tools, transcript })),
    );
    for (const answer of await Promise.all(asked)) {
      const end = endOf(answer);
      ends[end] = (ends[end] ?? 0) + 1;
    }
    await transcript.close();
    const { usage, calls: requests } = account.spent();
    all.requests += requests;
    all.overshoot = Math.max(all.overshoot, usage.inputTokens + usage.outputTokens - REVIEW);
  };
  const heap: number[] = [];
  const rss: number[] = [];
  const reviews = calls / QUESTIONS;
  for (let fifth = 1; fifth <= FIFTHS; fifth++) {
    const worker = async () => {
      while (next < (reviews * fifth) / FIFTHS) await review(next++);
    };
    await Promise.all(Array.from({ length: REVIEWS }, worker));
    heap.push(await heapInUse());
    rss.push(process.memoryUsage.rss());
  }
  await models.close();
  const left = await leftOf(before);
  await repository.cleanup();
  await rm(dir, { recursive: true });
  return {
    ends,
    heap,
    rss,
    left,
    unhandled,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    longestRequest: longest.call,
    longestQuestion: longest.question,
    ...all,
  };
}

const NO_LIMIT = { tokens: null, money: null };
const FINDINGS = z.strictObject({ findings: z.array(z.strictObject({ path: z.string(), line: z.int() })) });
const { stable } = prompts();

/** Prompts as the product makes them; every tenth question looks into the history, which starts git. */
function question(given: {
  readonly review: number;
  readonly agent: number;
  readonly account: Account;
  readonly tools: readonly Tool[];
  readonly transcript: Recorder;
}) {
  const { review, agent, account, tools, transcript } = given;
  const shared = sharedContext({
    sections: [
      { title: 'title', text: `Change ${review}`, for: 'all' },
      { title: 'description', text: 'Amounts are compared.', for: 'all' },
    ],
    files: [{ path: 'src/pay.ts', patch: `@@ -${review} +${review} @@\n-if (amount == 0)\n+if (amount = 0)` }],
  });
  const own = `You are agent ${agent}. ${agent % 10 === 0 ? 'Look into the history.' : 'Read the code.'}`;
  return {
    agent: `agent-${agent}`,
    tier: 'standard' as const,
    about: { project: 'shop/web', tags: [] },
    account,
    tools,
    transcript,
    prompt: { stable, shared, own },
    answer: { name: 'findings', schema: FINDINGS },
  };
}

/** @throws Error where an answer is none that could have been given. */
function endOf(answer: Answer<z.infer<typeof FINDINGS>>): string {
  if (answer.kind === 'failed') return answer.reason;
  const { findings } = answer.value;
  if (findings.some(({ path, line }) => path !== 'src/pay.ts' || line !== 3))
    throw new Error(`an answer that nobody gave: ${JSON.stringify(findings)}`);
  return 'answer';
}

const COMMITS = Array.from({ length: 10 }, (_, at) => ({
  message: `Change ${at}`,
  files: {
    'src/pay.ts': `export function pay(amount) {\n  // ${at}\n  if (amount = 0) return;\n}\n`,
    [`src/other${at}.ts`]: `export const at = ${at};\n`.repeat(50),
  },
}));

async function heapInUse(): Promise<number> {
  // What was let go by one collection is freed by the next; sockets and streams end in between.
  for (let turn = 0; turn < 4; turn++) {
    await setTimeout(50);
    await setImmediate();
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Waits a moment: sockets close by themselves, not at once. */
async function leftOf(before: readonly string[]): Promise<readonly string[]> {
  let left: string[] = [];
  for (let turn = 0; turn < 40; turn++) {
    left = [...process.getActiveResourcesInfo()];
    for (const kind of before) {
      const at = left.indexOf(kind);
      if (at !== -1) left.splice(at, 1);
    }
    if (left.length === 0) break;
    await setTimeout(50);
  }
  return left;
}

if (import.meta.main) {
  const [url = '', key = '', calls = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await once(url, key, Number(calls))));
}
