import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { type Listen, listenAt } from '../listen-at.ts';
import type { Log } from '../log.ts';
import { bodyOf } from './body.ts';
import type { EventPlace, Occasion } from './event.ts';
import { type Answer, Intake } from './intake.ts';
import type { Secrets } from './secrets.ts';
import { Turns } from './turns.ts';

export interface WebhookOptions {
  readonly listen: Listen;
  readonly secrets: Secrets;
  /** Addresses of the configured instances. */
  readonly instances: readonly string[];
  /** Merge requests at a time. */
  readonly concurrency: number;
  /** Reviews of one merge request in ten minutes at most. */
  readonly limit: number;
  readonly log: Log;
  /** @returns whether there was a review, or only a look. */
  readonly review: (place: EventPlace, occasions: readonly Occasion[]) => Promise<boolean>;
  /** In ms since 1970. Default: the clock. */
  readonly now?: () => number;
  /** For tests: merge requests that may wait, and ms for one request to come in. Defaults: 200, 10,000. */
  readonly bounds?: { readonly waiting?: number; readonly request?: number };
}

export interface Webhooks {
  /** `http://127.0.0.1:8080`. */
  readonly address: string;
  /**
   * Takes no more, and ends what was taken. What the limit holds back is not waited for.
   *
   * @param within in ms. @param atOnce ends it before that. @returns addresses of merge requests that were not seen to the end.
   */
  end(within: number, atOnce: AbortSignal): Promise<readonly string[]>;
}

const WEBHOOK_PATH = '/webhook';
const MOST_BYTES = 1 << 20;
const TEN_MINUTES = 600_000;
const RETRY_AFTER = 60;
const REQUEST_MS = 10_000;
/** Each may hold a body. */
const MOST_CONNECTIONS = 200;

/**
 * Takes GitLab's webhooks at `POST /webhook`, and has merge requests reviewed; `GET /healthz` tells that it does. GitLab waits for an
 * answer, and shuts a hook that lets it wait: a review comes after the answer.
 *
 * @throws {FleetError} where the address cannot be listened on.
 */
export async function serveWebhooks(options: WebhookOptions): Promise<Webhooks> {
  const { listen, log, bounds = {}, now = Date.now } = options;
  const turns = turnsOf(options);
  const take = (place: EventPlace, occasion: Occasion): boolean =>
    turns.take(addressOf(place), `${occasion.by.id} ${occasion.thread}`, { place, occasion });
  const intake = new Intake({ ...options, take, now });
  const request = bounds.request ?? REQUEST_MS;
  const server = createServer(
    {
      ...{ requestTimeout: request, headersTimeout: request, keepAliveTimeout: 1000 },
      connectionsCheckingInterval: Math.min(1000, request),
    },
    (request, response) => {
      answerTo(request, intake).then(
        (answer) => send(response, answer),
        (error: unknown) => {
          // Who broke off needs no answer.
          if (request.complete) log.error({ error }, 'a delivery could not be dealt with');
          send(response, { status: 500, text: '' });
        },
      );
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  const address = await listenAt(server, listen, `--host ${listen.host} --port ${listen.port}`);
  return {
    address,
    end: async (within, atOnce) => {
      const closed = new Promise<void>((close) => server.close(() => close()));
      const bound = new AbortController();
      const over = setTimeout(within, undefined, { signal: AbortSignal.any([atOnce, bound.signal]) }).catch(() => {});
      await Promise.race([closed.then(() => turns.settled()), over]);
      bound.abort();
      server.closeAllConnections();
      return turns.left();
    },
  };
}

interface Taken {
  readonly place: EventPlace;
  readonly occasion: Occasion;
}

function turnsOf({ concurrency, limit, log, review, bounds, now }: WebhookOptions): Turns<Taken> {
  return new Turns<Taken>({
    concurrency,
    most: bounds?.waiting ?? 200,
    limit: { runs: limit, per: TEN_MINUTES },
    run: async (_, taken) => {
      const { place } = taken[0]!;
      try {
        return await review(
          place,
          taken.map(({ occasion }) => occasion),
        );
      } catch (error) {
        log.error({ ...place, error }, 'a review failed');
        return true;
      }
    },
    onHeld: (subject, wait) =>
      log.warn({ mergeRequest: subject, limit, seconds: Math.ceil(wait / 1000) }, 'reviewed often enough for now'),
    ...(now === undefined ? {} : { now }),
  });
}

/** What a browser shows it at. */
export function addressOf({ instance, project, iid }: EventPlace): string {
  return `${instance}/${project}/-/merge_requests/${iid}`;
}

interface Sent extends Omit<Answer, 'status'> {
  readonly status: Answer['status'] | 200 | 404 | 405 | 413 | 500;
  readonly headers?: Readonly<Record<string, string>>;
}

async function answerTo(request: IncomingMessage, intake: Intake): Promise<Sent> {
  const { method = '', headers } = request;
  const path = request.url?.split('?')[0];
  const allowed = path === '/healthz' ? ['GET', 'HEAD'] : path === WEBHOOK_PATH ? ['POST'] : undefined;
  if (!allowed) return { status: 404, text: `webhooks go to ${WEBHOOK_PATH}` };
  if (!allowed.includes(method)) return { status: 405, text: '', headers: { allow: allowed.join(', ') } };
  if (path === '/healthz') return { status: 200, text: 'ok' };
  const refused = intake.head(headers);
  if (refused) return refused;
  const body = await bodyOf(request, MOST_BYTES);
  if (body === null) return { status: 413, text: `more than ${MOST_BYTES} bytes` };
  const answer = intake.body(headers, body);
  return answer.status === 503 ? { ...answer, headers: { 'retry-after': String(RETRY_AFTER) } } : answer;
}

function send(response: ServerResponse, { status, text, headers = {} }: Sent): void {
  if (response.headersSent || response.destroyed) return;
  const said = text === '' ? '' : `${text}\n`;
  const type =
    said === '' ? {} : { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(said) };
  response.writeHead(status, { ...type, 'x-content-type-options': 'nosniff', ...headers }).end(said);
}
