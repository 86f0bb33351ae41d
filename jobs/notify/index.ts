import type { FleetConfig } from '../config.ts';
import { FleetError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { SweepEvent } from '../sweep/events.ts';
import { type News, newsOf } from './news.ts';
import { templateProblem } from './template.ts';
import type { NotifierOptions } from './web-hook.ts';

export interface Notifier {
  /** Sends it in the background, where it is one of those that are told. Never fails. */
  tell(news: News): void;
  /** Waits for what is on its way, but not long, and says how much was left out. It goes on taking news. */
  flush(): Promise<void>;
}

const NOBODY: Notifier = { tell() {}, flush: async () => {} };

/**
 * Tells somebody's web hook what happens (`fleet.notify`). Off where there is no address.
 *
 * @throws {FleetError} for a setting that cannot work.
 */
export async function notifier(
  config: FleetConfig['notify'],
  env: NodeJS.ProcessEnv,
  log: Log,
  options: NotifierOptions = {},
): Promise<Notifier> {
  if (config.url === '') return NOBODY;
  const url = URL.parse(config.url);
  if (!url || !/^https?:$/.test(url.protocol)) throw new FleetError('fleet.notify.url: not a web address');
  if (url.username || url.password)
    throw new FleetError(
      'fleet.notify.url: no user in it; put a secret into a variable and name that in fleet.notify.tokenEnv',
    );
  const problem = templateProblem(config.template);
  if (problem !== undefined) throw new FleetError(`fleet.notify.template: ${problem}`);
  const { WebHook } = await import('./web-hook.ts');
  const hook = new WebHook({
    url,
    token: tokenOf(config.tokenEnv, env),
    template: config.template,
    env,
    log,
    ...options,
  });
  return {
    tell: (news) => {
      if (config.on.includes(news.kind)) hook.take(news);
    },
    flush: () => hook.flush(),
  };
}

function tokenOf(name: string, env: NodeJS.ProcessEnv): string | undefined {
  if (name === '') return undefined;
  const token = env[name]?.trim();
  if (!token) throw new FleetError(`fleet.notify.tokenEnv: the environment variable ${name} is not set`);
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new FleetError(`fleet.notify.tokenEnv: ${name} holds characters that no header may have`);
  return token;
}

export interface WithNotifier {
  readonly config: FleetConfig['notify'];
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
}

/**
 * Hands `use` what to tell of each event that this process brought about: whoever only reads of it tells it a second time.
 *
 * @throws {FleetError} for a setting that cannot work, before anything is done.
 */
export async function withNotifier<T>(
  { config, env, log }: WithNotifier,
  use: (tell: (event: SweepEvent) => void) => Promise<T>,
): Promise<T> {
  const { tell, flush } = await notifier(config, env, log);
  try {
    return await use((event) => {
      const news = newsOf(event);
      if (news) tell(news);
    });
  } finally {
    await flush();
  }
}
