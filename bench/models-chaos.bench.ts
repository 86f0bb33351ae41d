import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FAILURES } from '../models/testing/failures.ts';
import { type ModelServer, startModels } from '../test/models/index.ts';
import { LONGEST, type Outcome, STEP } from './models-chaos.once.ts';
import type { Measurement } from './run.ts';

const SIZES = (process.env.AGENTSMD_BENCH_CALLS ?? '2000,10000').split(',').map(Number);
/** Of all requests. */
const SHARE = 0.3;
/**
 * By so much the heap may grow for each question from the third fifth to the last, in bytes: less than the smallest request takes, so that
 * one that is kept shows. The fifths before load what is loaded late, which is a step and no slope.
 */
const GROWTH = 1024;

export const title = `Memory: questions with tools and transcripts to an endpoint that fails at ${SHARE * 100} % in all ways, in a process of their own; a heap that grows by more than ${GROWTH} bytes a question from the third fifth to the last is an error`;

export async function run(): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const size of SIZES) measured.push(...(await chaos(size)));
  return measured;
}

async function chaos(size: number): Promise<readonly Measurement[]> {
  await using server = await startModels({ models: { large: {}, small: {} } });
  const one = { findings: [{ path: 'src/pay.ts', line: 3 }] };
  const read = { name: 'read', arguments: { path: 'src/pay.ts' } };
  const grep = { name: 'grep', arguments: { pattern: 'amount' } };
  const history = ['git_log', 'git_blame'].map((name) => ({ name, arguments: { path: 'src/pay.ts' } }));
  server.script(
    { when: ['Look into the history'], needs: ['amount = 0'], steps: [history], answer: one },
    { when: ['Read the code'], needs: ['amount = 0'], steps: [[read], [grep]], answer: one },
  );
  server.fail(FAILURES, { share: SHARE });
  using endpoint = counted(server);
  const start = performance.now();
  // V8 forgets code that was not used for a while: megabytes less at some moment, which would hide what grows.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--expose-gc',
      '--no-flush-bytecode',
      join(import.meta.dirname, 'models-chaos.once.ts'),
      server.url,
      server.key,
      `${size}`,
    ],
    { maxBuffer: 1 << 24 },
  );
  const ms = performance.now() - start;
  const outcome = JSON.parse(stdout) as Outcome;
  const requests = endpoint.all();
  const wrong = wrongIn(outcome, size, requests);
  if (wrong.length > 0) throw new Error(`${size} questions: ${wrong.join('; ')}\n${stdout}`);
  return rows(outcome, { size, ms, came: requests });
}

/** Requests that came; they are not kept. */
function counted({ requests }: ModelServer): Disposable & { all(): number } {
  let count = 0;
  const take = () => {
    count += requests.length;
    requests.length = 0;
  };
  const timer = setInterval(take, 200);
  return {
    all() {
      take();
      return count;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function wrongIn({ ends, heap, left, unhandled, overshoot, ...outcome }: Outcome, size: number, requests: number) {
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  return [
    ...(growthOf(heap, size) > GROWTH ? [`memory grows: ${heap.map(inMiB).join(', ')} MiB after each fifth`] : []),
    ...(left.length > 0 ? [`left open: ${left.join(', ')}`] : []),
    ...(unhandled > 0 ? [`${unhandled} unhandled rejections`] : []),
    ...(overshoot > STEP ? [`a review overshot its budget by ${overshoot} tokens, a step has ${STEP}`] : []),
    ...(ended === size ? [] : [`${ended} questions ended`]),
    // One that was given up before all of it had come is counted here only: whether it is paid for cannot be known.
    ...(requests <= outcome.requests ? [] : [`the door counts ${outcome.requests} requests, the endpoint ${requests}`]),
    ...((ends.answer ?? 0) > size / 4 && (ends.budget ?? 0) > 0 ? [] : [`too few of a kind: ${JSON.stringify(ends)}`]),
  ];
}

function rows(
  outcome: Outcome,
  { size, ms, came }: { readonly size: number; readonly ms: number; readonly came: number },
): readonly Measurement[] {
  const { heap, ends } = outcome;
  const at = `${size.toLocaleString('en-US')} questions`;
  const told = Object.entries(ends)
    .sort(([, a], [, b]) => b - a)
    .map(([end, count]) => `${count} ${end}`)
    .join(', ');
  return [
    {
      name: `${at}: requests`,
      value: outcome.requests,
      unit: 'requests',
      note: `${came} of them came whole; in ${Math.round(ms / 1000)} s; ${told}`,
    },
    ...heap.map((bytes, fifth) => ({
      name: `${at}: heap after fifth ${fifth + 1}`,
      value: inMiB(bytes),
      unit: 'MiB',
      note: `RSS ${Math.round(inMiB(outcome.rss[fifth]!))} MiB`,
    })),
    {
      name: `${at}: growth, third to last fifth`,
      value: growthOf(heap, size),
      unit: 'bytes a question',
    },
    { name: `${at}: peak of the process`, value: inMiB(outcome.peakBytes), unit: 'MiB RSS' },
    { name: `${at}: handles and sockets left`, value: outcome.left.length, unit: 'left' },
    { name: `${at}: unhandled rejections`, value: outcome.unhandled, unit: 'unhandled' },
    { name: `${at}: longest request`, value: outcome.longestRequest, unit: 'ms', note: `limit ${LONGEST * 1000} ms` },
    {
      name: `${at}: longest question`,
      value: outcome.longestQuestion,
      unit: 'ms',
      note: 'waiting for its turn included',
    },
    { name: `${at}: most over a budget`, value: outcome.overshoot, unit: 'tokens', note: `one step: ${STEP}` },
  ];
}

/** In bytes a question. */
function growthOf(heap: readonly number[], size: number): number {
  return (heap.at(-1)! - heap[2]!) / (size * 0.4);
}

function inMiB(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 100) / 100;
}
