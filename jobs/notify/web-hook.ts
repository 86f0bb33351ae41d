import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { environmentProxy } from '../../forge/http/environment-proxy.ts';
import type { Log } from '../log.ts';
import { bodyOf } from './body.ts';
import type { News } from './news.ts';

export interface NotifierOptions {
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  /** In ms, for tests: for one try, before the second one, and for a flush. Defaults: 10,000, 1000, 30,000. */
  readonly timing?: { readonly try?: number; readonly pause?: number; readonly flush?: number };
  /** Default: 30. */
  readonly perMinute?: number;
}

export interface WebHookOptions extends NotifierOptions {
  readonly url: URL;
  readonly token: string | undefined;
  readonly template: string;
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

const MINUTE = 60_000;
const TRIES = 2;
/** News in a row that nobody took: for a minute no more are tried. */
const ENOUGH = 3;

/** Sends news one after the other; one that cannot be sent is a warning. */
export class WebHook {
  readonly #options: WebHookOptions;
  readonly #now: () => number;
  readonly #waiting: News[] = [];
  /** When the news of the last minute were taken. */
  #taken: number[] = [];
  #dropped = { untold: 0, unlogged: 0 };
  #failures = 0;
  #quietUntil = Number.NEGATIVE_INFINITY;
  #sending: Promise<void> | undefined;
  #giveUp = new AbortController();

  constructor(options: WebHookOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  take(news: News): void {
    const now = this.#now();
    this.#taken = this.#taken.filter((at) => now - at < MINUTE);
    if (this.#taken.length >= (this.#options.perMinute ?? 30)) {
      this.#drop(1);
      return;
    }
    this.#taken.push(now);
    this.#waiting.push(news);
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async flush(): Promise<void> {
    const timer = setTimeout(
      () => this.#giveUp.abort(new Error('no time left')),
      this.#options.timing?.flush ?? 30_000,
    );
    await this.#sending;
    clearTimeout(timer);
    this.#giveUp = new AbortController();
    if (this.#dropped.unlogged === 0) return;
    this.#options.log.warn(
      { dropped: this.#dropped.unlogged },
      `${this.#dropped.unlogged} news for fleet.notify were left out: too many in a minute, or nobody took them`,
    );
    this.#dropped.unlogged = 0;
  }

  #drop(count: number): void {
    this.#dropped.untold += count;
    this.#dropped.unlogged += count;
  }

  async #sendAll(): Promise<void> {
    const dispatcher = new EnvHttpProxyAgent(environmentProxy(this.#options.env));
    try {
      for (let news = this.#waiting.shift(); news; news = this.#waiting.shift()) await this.#send(news, dispatcher);
    } finally {
      await dispatcher.destroy();
    }
  }

  async #send(news: News, dispatcher: Dispatcher): Promise<void> {
    if (this.#giveUp.signal.aborted || this.#now() < this.#quietUntil) return this.#drop(1);
    const dropped = this.#dropped.untold;
    const failure = await this.#post(news, dropped, dispatcher).catch((error: Error) => error.message);
    if (failure === undefined) {
      this.#dropped.untold -= dropped;
      this.#failures = 0;
      return;
    }
    this.#options.log.warn(
      { kind: news.kind, project: news.project, to: this.#options.url.origin, failure },
      `fleet.notify could not be told: ${failure}`,
    );
    if (++this.#failures < ENOUGH) return;
    this.#failures = 0;
    this.#quietUntil = this.#now() + MINUTE;
  }

  /** @returns what went wrong the last time. */
  async #post(news: News, dropped: number, dispatcher: Dispatcher): Promise<string | undefined> {
    const { timing, template } = this.#options;
    const body = bodyOf(template, news, dropped);
    let failure: string | undefined;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const answer = await this.#once(body, dispatcher, timing?.try ?? 10_000);
      failure = answer.failure;
      if (failure === undefined || answer.final || this.#giveUp.signal.aborted) return failure;
      if (attempt < TRIES)
        await sleep(timing?.pause ?? 1000, undefined, { signal: this.#giveUp.signal }).catch(() => {});
    }
    return failure;
  }

  async #once(body: string, dispatcher: Dispatcher, timeout: number): Promise<{ failure?: string; final?: boolean }> {
    const { url, token } = this.#options;
    try {
      const response = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'agentsmd',
          ...(token === undefined ? {} : { 'x-agentsmd-token': token }),
        },
        body,
        dispatcher,
        signal: AbortSignal.any([this.#giveUp.signal, AbortSignal.timeout(timeout)]),
      });
      const { statusCode: status } = response;
      await response.body.dump({ limit: 64 << 10 }).catch(() => {});
      if (status >= 200 && status < 300) return {};
      if (status < 400) return { failure: `answered ${status}: redirects are not followed`, final: true };
      return { failure: `answered ${status}`, final: status < 500 && status !== 429 && status !== 408 };
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError')
        return { failure: `no answer in ${timeout / 1000} s` };
      const { code, message } = error as NodeJS.ErrnoException;
      return { failure: code ?? message };
    }
  }
}
