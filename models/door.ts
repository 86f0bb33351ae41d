import { setTimeout } from 'node:timers/promises';
import type { Event } from './attempt.ts';
import { openBreakers } from './breaker.ts';
import { type DayStore, isUsedUp, newLimit, openHolds } from './budget.ts';
import { chainFor } from './chain.ts';
import type { ModelsConfig, ModelsSettings } from './config.ts';
import { dataClassOf, maySee } from './data-class.ts';
import { openDay } from './day.ts';
import { openMeter } from './meter.ts';
import type { ModelHealth, RemoteOverrides } from './overrides.ts';
import type { Account, Answer, Failed, Models, Prompt, Question } from './port.ts';
import { openPrefixes } from './prefix.ts';
import type { Learned, Purse, Report, Room } from './room.ts';
import { openSemaphore, type Semaphore } from './semaphore.ts';
import { type End, talk } from './talk.ts';
import { openTokenizer } from './tokens.ts';
import { openWire, type Wire } from './wire.ts';

export interface ModelsDeps {
  readonly env: NodeJS.ProcessEnv;
  /** In ms since 1970. Default: the clock. */
  readonly now?: (() => number) | undefined;
  readonly sleep?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** Default: real connections, by the proxies of `env`, closed with the door. */
  readonly wire?: Wire | undefined;
  /** The remote configuration as it is now; asked for before each call, and must not throw. */
  readonly overrides?: (() => RemoteOverrides | undefined | Promise<RemoteOverrides | undefined>) | undefined;
  /** What another process found out about models, as `health` told it there. */
  readonly health?: Readonly<Record<string, ModelHealth>> | undefined;
  /** In ms: how long a model may be silent until its transcript says that it is thinking. Default: 30 s. */
  readonly thinking?: number | undefined;
  /** Where several processes share their day's budget. Default: this process alone. */
  readonly days?: DayStore | undefined;
  /** Must not throw, nor be waited for. */
  readonly telemetry?: ((report: Report) => void) | undefined;
  readonly onProblem?: ((message: string) => void) | undefined;
}

/** The door, and what can be read off it. */
export interface OpenModels extends Models {
  /** Models that are left alone at the moment, for `RemoteOverrides.health` of the next process. */
  health(): Readonly<Record<string, ModelHealth>>;
}

/**
 * @example
 * const models = openModels(config.models, { env: process.env });
 * const answer = await models.ask({ agent, tier, about, account: models.account(), prompt });
 */
export function openModels(config: ModelsConfig, deps: ModelsDeps): OpenModels {
  if (config === 'none') return noModels();
  const settings = config;
  const room = openRoom(settings, deps);
  const purses = new WeakMap<Account, Purse>();
  const closing = new AbortController();
  const underway = new Set<Promise<unknown>>();

  function purseOf(account: Account): Purse {
    const purse = purses.get(account);
    if (!purse) throw new Error('a question needs an account of the same door: models.account()');
    return purse;
  }

  async function answerTo<T>(question: Question<T>): Promise<Answer<T>> {
    const purse = purseOf(question.account);
    const begun = room.now();
    const meter = openMeter();
    const write = recorder(question, room);
    let model: string | null = null;
    const signal = AbortSignal.any([closing.signal, ...(question.signal ? [question.signal] : [])]);
    const end = await converse();
    const ms = room.now() - begun;
    meter.addTime(ms);
    purse.meter.addTime(ms);
    const outcome = end.kind === 'answer' ? 'answer' : end.reason;
    write({ type: 'end', outcome });
    const { agent, tier } = question;
    room.report({ at: begun, agent, tier, type: 'question', model, outcome, spent: meter.spent() });
    return { ...end, ...meter.spent() };

    async function converse(): Promise<End<T>> {
      if (signal.aborted) return failed('aborted', 'it was called off');
      const dataClass = dataClassOf(question.about, settings.data);
      const chain = async () =>
        chainFor(question, settings, await room.overrides()).filter(({ endpoint }) => maySee(endpoint, dataClass));
      const enabled = chainFor(question, settings, await room.overrides());
      if (enabled.length === 0)
        return failed(
          'unavailable',
          'no provider of its models is switched on; see models.providers and models.remote',
        );
      if ((await chain()).length === 0)
        return failed(
          'not-allowed',
          `no provider of ${enabled.map(({ name }) => name).join(', ')} may see data of the class "${dataClass}"; models.providers.*.classes lists what each may see`,
        );
      // Only now: before, it was not sure that anybody may see it.
      const prompt = await promptOf(question, signal);
      if (!prompt) return failed('aborted', 'it was called off');
      const onModel = (name: string) => {
        model = name;
      };
      return await talk({ question, prompt, signal, purse, meter, write, chain, onModel }, room);
    }
  }

  return {
    async ask(question) {
      const answering = answerTo(question);
      underway.add(answering);
      try {
        return await answering;
      } finally {
        underway.delete(answering);
      }
    },
    account(before = { tokens: 0, money: 0 }) {
      const limit = newLimit('review', settings.budgets.review);
      limit.taken = { ...before };
      const purse: Purse = { limit, meter: openMeter() };
      const account: Account = {
        spent: () => purse.meter.spent(),
        over: () => (isUsedUp(limit) ? 'review' : room.dayUsedUp() ? 'day' : undefined),
      };
      purses.set(account, purse);
      return account;
    },
    health: () => room.breakers.health(),
    async close() {
      closing.abort(new Error('closed'));
      await Promise.allSettled(underway);
      await room.dayWritten();
      if (!deps.wire) await room.wire.close();
    },
  };
}

function openRoom(
  settings: ModelsSettings,
  deps: ModelsDeps,
): Room & { dayUsedUp(): boolean; dayWritten(): Promise<void> } {
  const now = deps.now ?? Date.now;
  const tell = deps.onProblem ?? (() => {});
  const { failures, cooldown } = settings.breaker;
  const breakers = openBreakers({ failures, cooldown: cooldown * 1000, now });
  breakers.seed(deps.health ?? {});
  const places = new Map<string, Semaphore>();
  const learned = new Map<string, Learned>();
  const day = openDay(settings.budgets.day, now, tell, deps.days);
  let seeded: RemoteOverrides['health'];
  const sleep = deps.sleep ?? (async (ms, signal) => await setTimeout(ms, undefined, { signal }));
  return {
    settings,
    env: deps.env,
    now,
    sleep,
    prefixes: openPrefixes({ now, sleep }),
    wire: deps.wire ?? openWire(deps.env),
    thinking: deps.thinking ?? 30_000,
    breakers,
    holds: openHolds(),
    day: day.today,
    dayUsedUp: day.isUsedUp,
    dayWritten: day.written,
    tokenizer: openTokenizer(),
    places: ({ provider, endpoint }) => ensure(places, provider, () => openSemaphore(endpoint.concurrency)),
    learned: (model) => ensure(learned, model, () => ({})),
    async overrides() {
      const overrides = await deps.overrides?.();
      // Once for each copy: what was found out here since then must not be forgotten.
      if (overrides?.health && overrides.health !== seeded) breakers.seed(overrides.health);
      seeded = overrides?.health;
      return overrides;
    },
    report(report) {
      try {
        deps.telemetry?.(report);
      } catch {
        tell('telemetry failed; the question it was about goes on');
      }
    },
  };
}

/** @returns `undefined` when it is called off: who makes a prompt need not know of that, and must not hold anything up. */
async function promptOf<T>({ prompt }: Question<T>, signal: AbortSignal): Promise<Prompt | undefined> {
  if (typeof prompt !== 'function') return prompt;
  if (signal.aborted) return undefined;
  const off = Promise.withResolvers<undefined>();
  const end = () => off.resolve(undefined);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([prompt(), off.promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Writes what happens, with who and when; a recorder that throws disturbs nobody. */
function recorder<T>({ agent, transcript }: Question<T>, { now }: Room) {
  return (event: Event) => {
    try {
      transcript?.write({ at: now(), agent, ...event });
    } catch {
      // Its own affair.
    }
  };
}

/** `models: none`: the same door, closed. */
function noModels(): OpenModels {
  const spent = openMeter().spent();
  return {
    ask: async () => ({ ...failed('none', 'no language model is configured: models is "none"'), ...spent }),
    account: () => ({ spent: () => spent, over: () => undefined }),
    health: () => ({}),
    close: async () => {},
  };
}

function failed(reason: Failed['reason'], message: string): Failed {
  return { kind: 'failed', reason, message };
}

function ensure<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
