import { setTimeout as pause } from 'node:timers/promises';
import { retryAfter } from '../../forge/http/retry-after.ts';
import { CatalogError } from '../errors.ts';

/** What the world is to the client; tests hand in their own. */
export interface BackstageWorld {
  readonly fetch?: typeof globalThis.fetch;
  /** Waits for ms. */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** A signal that fires after ms. */
  readonly deadline?: (ms: number) => AbortSignal;
  /** ms since 1970. */
  readonly now?: () => number;
  readonly signal?: AbortSignal;
  /** Told why a request is sent again. */
  readonly note?: (line: string) => void;
}

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

const ATTEMPTS = 5;
/** A longer Retry-After is cut to this. */
const MAX_WAIT_MS = 60_000;
const MAX_BYTES = 128 << 20;

/**
 * A `fetch` for the catalog client, which has no timeout, no retry and follows redirects into sign-in pages. Each of 5 attempts has
 * its own time; network errors, cut bodies, 429 and 5xx are tried again, with POSTs too: to the catalog they are reads. The last
 * 429 or 5xx is handed back.
 *
 * @throws {CatalogError} `redirect`, `not-json`, `network`, `timeout`
 */
export function patientFetch(timeoutMs: number, world: BackstageWorld): Fetch {
  const { signal, random = Math.random, now = Date.now, note = () => {} } = world;
  const sleep = sleeper(world);
  return async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await attemptOnce(input, init, timeoutMs, world);
      signal?.throwIfAborted();
      if (answer instanceof Response && !isTransient(answer.status)) return answer;
      if (attempt === ATTEMPTS) {
        if (answer instanceof Response) return answer;
        throw answer;
      }
      const asked = answer instanceof Response ? retryAfter(answer.headers, now()) : undefined;
      const backoff = Math.min(500 * 2 ** (attempt - 1), 15_000) * (0.5 + random());
      const wait = asked === undefined ? backoff : Math.min(asked, MAX_WAIT_MS);
      note(
        `${answer instanceof Response ? `status ${answer.status}` : answer.message}; sent again in ${Math.round(wait)} ms`,
      );
      await sleep(wait);
    }
  };
}

/** Waits, until it is called off. */
export function sleeper({ sleep, signal }: BackstageWorld): (ms: number) => Promise<unknown> {
  return sleep ?? ((ms) => pause(ms, undefined, { signal }));
}

async function attemptOnce(
  input: string | URL | Request,
  init: RequestInit | undefined,
  timeoutMs: number,
  world: BackstageWorld,
): Promise<Response | CatalogError> {
  const { fetch = globalThis.fetch, deadline = AbortSignal.timeout } = world;
  const url = new URL(input instanceof Request ? input.url : input);
  const place = `${init?.method ?? 'GET'} ${url.origin}${url.pathname}`;
  const time = deadline(timeoutMs);
  const signal = world.signal ? AbortSignal.any([time, world.signal]) : time;
  try {
    const response = await fetch(input, { ...init, redirect: 'manual', signal });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw redirected(place, response);
    }
    if (isTransient(response.status)) {
      await response.body?.cancel();
      return rebuilt(response, '');
    }
    return checked(place, response, await textOf(response, place));
  } catch (error) {
    if (error instanceof CatalogError) {
      if (error.reason === 'network') return error;
      throw error;
    }
    if (time.aborted) return new CatalogError('timeout', `${place}: no answer in ${timeoutMs} ms`);
    return new CatalogError('network', `${place}: ${causeOf(error)}`, { cause: error });
  }
}

function checked(place: string, response: Response, text: string): Response {
  if (!response.ok) return rebuilt(response, text);
  const type = response.headers.get('content-type') ?? 'no content type';
  if (!/[/+]json\b/i.test(type)) {
    throw new CatalogError(
      'not-json',
      `${place}: answers with ${type.split(';')[0]}, not JSON: a sign-in page or a proxy? catalog.baseUrl must be Backstage's backend`,
    );
  }
  try {
    JSON.parse(text);
  } catch {
    throw new CatalogError('network', `${place}: the answer is cut off`);
  }
  return rebuilt(response, text);
}

function redirected(place: string, response: Response): CatalogError {
  const target = URL.parse(response.headers.get('location') ?? '', response.url || undefined);
  const where = target ? `${target.origin}${target.pathname}` : 'nowhere';
  return new CatalogError(
    'redirect',
    `${place}: ${response.status} to ${where}: a sign-in proxy in front of Backstage? catalog.baseUrl must be the backend's own address`,
  );
}

async function textOf(response: Response, place: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES)
      throw new CatalogError('not-understood', `${place}: more than ${MAX_BYTES >> 20} MiB; lower catalog.pageSize`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Its body has been read, and decoded. */
function rebuilt(response: Response, text: string): Response {
  const headers = new Headers(response.headers);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  const body = response.status === 204 ? null : text;
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message;
}
