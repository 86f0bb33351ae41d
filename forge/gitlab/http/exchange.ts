import type { Dispatcher } from 'undici';
import { ForgeError } from '../../errors.ts';
import type { TokenHolder } from '../tokens/holder.ts';
import type { Keyring } from '../tokens/keyring.ts';
import type { Token } from '../tokens/token.ts';
import { answerOf, isCutJson, notJson } from './answer.ts';
import type { Clock } from './clock.ts';
import type { Lane } from './lane.ts';
import type { Answer, Attempt, Call } from './port.ts';
import { failureError, isOfToken, placeOf, refusalOf, requestIdOf } from './refusal.ts';
import { nextTry, type RetryLimits } from './retry.ts';
import { GRAPHQL_PATH, movedTarget, targetOf } from './target.ts';
import { askedToWait, quotaWait } from './wait-headers.ts';
import { sendOnce, type WireAnswer } from './wire.ts';
import { WireFailure } from './wire-failure.ts';

/** What all calls to one instance share. */
export interface Line {
  readonly instance: string;
  readonly timeoutMs: number;
  readonly keyring: Keyring;
  readonly clock: Clock;
  readonly limits: RetryLimits;
  /** Aborted when everything is over. */
  readonly closing: AbortSignal;
  dispatcher(): Promise<Dispatcher>;
  laneOf(token: Token | undefined): Lane;
  onAttempt(attempt: Attempt): void;
}

export interface Exchanged {
  readonly answer: Answer;
  /** What was asked in the end: another path where the project moved. */
  readonly target: string;
}

const MAX_BYTES = 64 << 20;

/**
 * One call through all its tries.
 * @param first what to ask for below the instance's address
 * @throws {ForgeError} or the signal's reason
 */
export async function exchange(line: Line, asked: Call, first: string = targetOf(asked)): Promise<Exchanged> {
  const { clock, instance, closing } = line;
  const place = placeOf(instance, asked);
  const signal = asked.signal ? AbortSignal.any([asked.signal, closing]) : closing;
  const call = { ...asked, signal };
  const repeatable = asked.repeatable ?? (asked.method === 'GET' || asked.method === 'HEAD');
  const holder = line.keyring.for(asked.about);
  const tally = { attempts: 0, failures: 0, throttled: 0, waitedMs: 0 };
  let target = first;
  let moved = false;

  for (;;) {
    const tried = await tryOnce(line, call, target, holder, tally.attempts + 1);
    if (tried === undefined) continue;
    tally.attempts += 1;
    const { outcome, ms, token, renewed } = tried;
    const report = (more: Pick<Attempt, 'retry' | 'wait'> = {}) =>
      line.onAttempt({ call: asked, attempt: tally.attempts, ms, ...factsOf(outcome), ...more });

    if (!(outcome instanceof WireFailure)) {
      const to = moved ? undefined : movedTarget(instance, asked, outcome);
      if (to !== undefined) {
        moved = true;
        target = to;
        report({ retry: `the project moved to ${to.split('?', 1)[0]}`, wait: 0 });
        continue;
      }
      if (await renewed) {
        report({ retry: 'the token was refused; read again it is another', wait: 0 });
        continue;
      }
      if (outcome.status < 300) {
        const answer = answerOf(place, outcome, tally.attempts);
        if (!repeatable || !isCutJson(answer)) {
          report();
          return { answer, target };
        }
      }
    }
    const next = nextTry(outcome, repeatable, tally, line.limits, clock);
    if (next === undefined) {
      report();
      throw errorOf(instance, asked, outcome, token);
    }
    report({ retry: next.retry, wait: next.wait });
    tally[next.throttled ? 'throttled' : 'failures'] += 1;
    tally.waitedMs += next.wait;
    await pause(clock, next.wait, signal);
  }
}

interface Tried {
  readonly outcome: WireAnswer | WireFailure;
  readonly ms: number;
  readonly token: Token | undefined;
  /** Of a refused token: whether there is another now. */
  readonly renewed: Promise<boolean> | undefined;
}

/** @returns `undefined` where the token was refused to another call while this one waited for its turn. */
async function tryOnce(
  line: Line,
  call: Call,
  target: string,
  holder: TokenHolder | undefined,
  attempts: number,
): Promise<Tried | undefined> {
  const { clock } = line;
  const token = await holder?.get();
  if (token?.kind === 'job' && call.path === GRAPHQL_PATH) {
    throw new ForgeError('unsupported', `${line.instance}: GraphQL takes no job token; set GITLAB_TOKEN`);
  }
  const dispatcher = await line.dispatcher();
  const lane = line.laneOf(token);
  const leave = await lane.enter(call.signal);
  try {
    if (token && !holder?.isLive(token)) return undefined;
    const started = clock.now();
    const outcome = await sendOnce(dispatcher, ...wireRequest(line, call, target, token)).catch((error: unknown) => {
      if (error instanceof WireFailure) return error;
      // Given up by the caller; it was sent nevertheless.
      line.onAttempt({ call, attempt: attempts, ms: clock.now() - started, bytes: 0 });
      throw error;
    });
    const tried = { outcome, ms: clock.now() - started, token };
    if (outcome instanceof WireFailure) return { ...tried, renewed: undefined };
    // Both before the next one's turn comes.
    const until = (wait: number) => clock.now() + Math.min(wait, line.limits.maxWaitMs);
    const wait = quotaWait(outcome.headers, clock.now());
    if (wait !== undefined) lane.hold(until(wait));
    const asked = askedToWait(outcome, clock.now());
    if (asked !== undefined) lane.throttled(until(asked));
    if (token && outcome.status < 300) holder?.accepted(token);
    if (!token || !holder || !tellsAgainst(token, holder, call, outcome)) return { ...tried, renewed: undefined };
    const refusal = refusalOf(line.instance, call, outcome, token);
    return { ...tried, renewed: holder.refused(token, refusal) };
  } finally {
    leave();
  }
}

function wireRequest(line: Line, call: Call, target: string, token: Token | undefined) {
  const { origin, pathname } = new URL(line.instance);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return [
    origin,
    {
      method: call.method,
      path: pathname.replace(/\/$/, '') + target,
      headers: {
        'user-agent': 'agentsmd',
        accept: '*/*',
        'accept-encoding': 'gzip',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...token?.headers(),
      },
      body,
      timeoutMs: call.timeoutMs ?? line.timeoutMs,
      maxBytes: call.maxBytes ?? MAX_BYTES,
      signal: call.signal,
    },
  ] as const;
}

/** A job token is answered 401 wherever it does not reach; one that worked before is not dead for that. */
function tellsAgainst(token: Token, holder: TokenHolder, call: Call, answer: WireAnswer): boolean {
  return isOfToken(call, answer) && !(token.kind === 'job' && holder.hasWorked);
}

function errorOf(
  instance: string,
  call: Call,
  outcome: WireAnswer | WireFailure,
  token: Token | undefined,
): ForgeError {
  if (outcome instanceof WireFailure) return failureError(placeOf(instance, call), outcome);
  if (outcome.status >= 300) return refusalOf(instance, call, outcome, token);
  return notJson(placeOf(instance, call), outcome);
}

function factsOf(outcome: WireAnswer | WireFailure): Pick<Attempt, 'status' | 'requestId' | 'bytes'> {
  if (outcome instanceof WireFailure) return { bytes: 0 };
  const requestId = requestIdOf(outcome.headers);
  return { status: outcome.status, bytes: outcome.bytes.length, ...(requestId === undefined ? {} : { requestId }) };
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
