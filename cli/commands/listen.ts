import { logLevel, pinoLog } from '../../jobs/pino-log.ts';
import type { CommandModule } from '../command.ts';
import { instancesOf } from '../config/instances.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { noInstance } from '../forges.ts';
import { codeOfInterruption } from '../signals.ts';
import { concurrencyOf, wholeNumber } from '../sweep-options.ts';

/** In ms, for what is in hand when it is stopped. */
const GRACE = 60_000;

/** Reviews merge requests when GitLab tells that something happened there, until it is stopped. */
export const run: CommandModule['run'] = async (input) => {
  const port = wholeNumber(input, 'port', 0, 65_535) ?? 8080;
  const host = input.text('host') ?? '127.0.0.1';
  if (host === '')
    throw new UsageError('--host: name an address: 127.0.0.1 is this machine alone, 0.0.0.0 every network');
  const concurrency = concurrencyOf(input) ?? 2;
  const limit = wholeNumber(input, 'limit', 1, 1000) ?? 6;
  const [{ secretsOf }, { serveWebhooks }, { reviewForWebhook }] = await Promise.all([
    import('../../jobs/webhooks/secrets.ts'),
    import('../../jobs/webhooks/serve.ts'),
    import('../webhook-review.ts'),
  ]);
  const secrets = secretsOf(process.env);
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const instances = instancesOf(loaded, process.env);
  if (instances.length === 0) throw noInstance('a webhook is about one');
  const log = await pinoLog({ level: logLevel(input.out.verbosity) });
  const stopping = input.stopping((message) => log.info({}, message));
  const urls = instances.map(({ url }) => url);
  const reviewing = { instances, ownUsers: loaded.values.publish.ownUsers, input, log };
  const webhooks = await serveWebhooks({
    listen: { host, port },
    ...{ secrets, instances: urls, concurrency, limit, log },
    review: (place, occasions) => reviewForWebhook(place, occasions, reviewing),
  });
  log.info({ address: webhooks.address, instances: urls, concurrency }, 'listening');
  if (!stopping.stop.aborted)
    await new Promise((stopped) => stopping.stop.addEventListener('abort', stopped, { once: true }));
  const left = await webhooks.end(GRACE, stopping.abort);
  for (const mergeRequest of left) log.warn({ mergeRequest }, 'not reviewed to the end: nobody comes back to it');
  log.info({}, 'no longer listening');
  const interrupted = left.length > 0 || stopping.abort.aborted;
  const code = interrupted ? (codeOfInterruption(stopping) ?? 130) : 0;
  // A review that goes on would keep the process alive.
  if (interrupted) process.exit(code);
  return code;
};
