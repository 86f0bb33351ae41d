import type { Dispatcher } from 'undici';
import { GITLAB_DEFAULTS, type InstanceSettings } from '../../config.ts';
import { ForgeError } from '../../errors.ts';
import { type Keyring, openKeyring } from '../tokens/keyring.ts';
import { type Clock, SYSTEM_CLOCK } from './clock.ts';
import { openDispatcher } from './dispatcher.ts';
import { exchange, type Line } from './exchange.ts';
import { graphqlCall, graphqlData } from './graphql.ts';
import { type Lane, openLane } from './lane.ts';
import type { Answer, Attempt, Call, GitlabHttp } from './port.ts';
import { placeOf } from './refusal.ts';
import { RETRY_LIMITS, type RetryLimits } from './retry.ts';
import { fingerprint, type SharedLimit, sharedLane } from './shared-lane.ts';
import { nextTarget, targetOf } from './target.ts';

/** A list of two million entries: no GitLab has one that is read here, a server that never ends has. */
const MOST_PAGES = 20_000;

export interface HttpDeps {
  /** Where tokens and proxies are looked up. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly clock?: Clock;
  /** Default: one of its own, after the settings. */
  readonly keyring?: Keyring;
  readonly limits?: Partial<RetryLimits>;
  /** After which a list that goes on is not understood. */
  readonly mostPages?: number;
  /** Asked before every try, beside this process's own limits. Default: nobody else is minded. */
  readonly shared?: SharedLimit;
  /** Told of every try, in the order in which they end. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

/**
 * The one way to a GitLab instance. Nothing is read or connected before the first call.
 *
 * @example
 * const http = openHttp({ url: 'https://gitlab.example.com', token: { env: 'GITLAB_TOKEN' } });
 * const project = (await http.send({ method: 'GET', path: '/projects/42' })).json();
 */
export function openHttp(settings: InstanceSettings, deps: HttpDeps = {}): GitlabHttp {
  const { env = process.env, clock = SYSTEM_CLOCK, mostPages = MOST_PAGES } = deps;
  const instance = settings.url.replace(/\/+$/, '');
  const counts = { requests: 0, retries: 0, bytes: 0 };
  const closing = new AbortController();
  const limits = { ...GITLAB_DEFAULTS, ...withoutUndefined(settings) };
  const lanes = new Map<string, Lane>();
  let dispatcher: Promise<Dispatcher> | undefined;

  const line: Line = {
    instance,
    timeoutMs: limits.timeout * 1000,
    keyring: deps.keyring ?? openKeyring(settings, env),
    clock,
    closing: closing.signal,
    limits: { ...RETRY_LIMITS, ...deps.limits },
    dispatcher: () => {
      dispatcher ??= openDispatcher(settings, env);
      return dispatcher;
    },
    laneOf: (token) => {
      const key = fingerprint(token);
      const known = lanes.get(key);
      if (known) return known;
      const own = openLane(limits, clock);
      const lane = deps.shared ? sharedLane(own, deps.shared, key) : own;
      lanes.set(key, lane);
      return lane;
    },
    onAttempt: (attempt) => {
      counts.requests += 1;
      counts.bytes += attempt.bytes;
      if (attempt.retry !== undefined) counts.retries += 1;
      deps.onAttempt?.(attempt);
      attempt.call.onAttempt?.(attempt);
    },
  };

  async function* pages(call: Call): AsyncIterable<Answer> {
    const place = placeOf(instance, call);
    const seen = new Set<string>();
    let target: string | undefined = targetOf(call);
    while (target !== undefined) {
      seen.add(target);
      const got: { answer: Answer; target: string } = await exchange(line, call, target);
      yield got.answer;
      target = nextTarget(place, got.target, got.answer.headers);
      if (target !== undefined && seen.has(target)) {
        throw new ForgeError('not-understood', `${place}: its pages go in a circle: ${target}`);
      }
      if (target !== undefined && seen.size >= mostPages) {
        throw new ForgeError('not-understood', `${place}: its pages do not end: ${mostPages} were read`);
      }
    }
  }

  return {
    instance,
    counts,
    pages,
    send: async (call) => (await exchange(line, call)).answer,
    graphql: async (query, variables, about) => {
      const call = graphqlCall(instance, query, variables, about);
      return graphqlData(placeOf(instance, call), (await exchange(line, call)).answer);
    },
    tokenFor: async (about) => {
      const token = await line.keyring.for(about)?.get();
      return token && { from: token.from, kind: token.kind };
    },
    close: async () => {
      const closed = new ForgeError('unavailable', `${instance}: the connection was closed`);
      closing.abort(closed);
      await (await dispatcher?.catch(() => undefined))?.destroy();
    },
  };
}

function withoutUndefined(
  settings: InstanceSettings,
): Partial<Record<'concurrency' | 'requestsPerMinute' | 'timeout', number>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
