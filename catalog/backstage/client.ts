import { CatalogError } from '../errors.ts';
import { type BackstageWorld, type Fetch, patientFetch, sleeper } from './fetch.ts';

export interface BackstageSettings {
  /** Without a slash at the end and without `/api/catalog`. */
  readonly baseUrl: string;
  readonly token: string | undefined;
  /** The variable it came from, for messages. */
  readonly tokenFrom: string;
  readonly pageSize: number;
  readonly timeoutMs: number;
}

/** One page, as the server sent it. */
export type RawPage = unknown;

export interface BackstageClient {
  /** What is not below any of these kinds is not listed. */
  firstPage(kinds: readonly string[], fields: readonly string[]): Promise<RawPage>;
  /** A page of one, for its total. */
  countPage(kinds: readonly string[]): Promise<RawPage>;
  nextPage(cursor: string, fields: readonly string[]): Promise<RawPage>;
  /** Any other door of the backend, with the token. @returns the parsed answer, or the status where it is no 2xx. */
  post(path: string, body: unknown): Promise<{ readonly data: unknown } | { readonly status: number }>;
  /** Waits for ms. */
  readonly sleep: (ms: number) => Promise<unknown>;
  /** For whoever watches. */
  note(line: string): void;
  /** How often anything was sent, repetitions included. */
  readonly requests: number;
}

/**
 * The catalog of a Backstage, through its own client with our patience. Nothing that depends on the server's version is sent: no
 * ordering (it drops entities that lack the field since catalog-backend 3.7.0), no predicates, no `totalItems`.
 *
 * @throws {CatalogError} of every call
 */
export async function backstageClient(settings: BackstageSettings, world: BackstageWorld): Promise<BackstageClient> {
  const { CatalogClient } = await import('@backstage/catalog-client');
  let requests = 0;
  const { fetch: send = globalThis.fetch } = world;
  const counted: typeof globalThis.fetch = (input, init) => {
    requests++;
    return send(input, init);
  };
  const fetch = patientFetch(settings.timeoutMs, { ...world, fetch: counted });
  const base = `${settings.baseUrl}/api/catalog`;
  const client = new CatalogClient({
    discoveryApi: { getBaseUrl: async () => base },
    fetchApi: { fetch: fetch as typeof globalThis.fetch },
  });
  const options = settings.token === undefined ? {} : { token: settings.token };
  const limit = settings.pageSize;
  let postRefused = false;

  async function asked<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      world.signal?.throwIfAborted();
      throw explained(error, settings);
    }
  }

  return {
    sleep: sleeper(world),
    note: world.note ?? (() => {}),
    get requests() {
      return requests;
    },
    firstPage: (kinds, fields) =>
      asked(() => client.queryEntities({ filter: { kind: [...kinds] }, fields: [...fields], limit }, options)),
    countPage: (kinds) =>
      asked(() => client.queryEntities({ filter: { kind: [...kinds] }, fields: ['kind'], limit: 1 }, options)),
    nextPage: (cursor, fields) =>
      asked(async () => {
        if (!postRefused) {
          try {
            return await client.queryEntities({ cursor, fields: [...fields], limit }, options);
          } catch (error) {
            // The client goes on with POST where the server's cursor holds a query; proxies that let only GET through refuse it.
            if (!POST_REFUSED.has(statusOf(error) ?? 0)) throw error;
            postRefused = true;
          }
        }
        const query = new URLSearchParams({ fields: fields.join(','), limit: String(limit), cursor });
        return await got(fetch, `${base}/entities/by-query?${query}`, settings.token);
      }),
    post: (path, body) =>
      asked(async () => {
        const headers = { 'content-type': 'application/json', ...bearer(settings.token) };
        const answer = await fetch(`${settings.baseUrl}${path}`, {
          method: 'POST',
          headers,
          body: JSON.stringify(body),
        });
        return answer.ok ? { data: await answer.json() } : { status: answer.status };
      }),
  };
}

const POST_REFUSED: ReadonlySet<number> = new Set([403, 404, 405, 501]);

async function got(fetch: Fetch, url: string, token: string | undefined): Promise<RawPage> {
  const answer = await fetch(url, { headers: bearer(token) });
  if (!answer.ok) throw Object.assign(new Error(await answer.text()), { statusCode: answer.status });
  return await answer.json();
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** Of the client's `ResponseError`. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { readonly statusCode?: unknown }).statusCode;
  return typeof status === 'number' ? status : undefined;
}

function explained(error: unknown, { baseUrl, token, tokenFrom }: BackstageSettings): CatalogError {
  if (error instanceof CatalogError) return error;
  const status = statusOf(error);
  const where = `Backstage at ${baseUrl}`;
  const said = ((error as { readonly cause?: Error }).cause?.message ?? (error as Error).message).replace(/\s+/g, ' ');
  const words = (token ? said.replaceAll(token, '[token]') : said).slice(0, 200);
  switch (status) {
    case undefined:
      return new CatalogError('not-understood', `${where}: ${words}`);
    case 401:
      return token === undefined
        ? new CatalogError('unauthorized', `${where}: wants a token; set ${tokenFrom}`)
        : new CatalogError('unauthorized', `${where}: does not accept the token in ${tokenFrom} (${words})`);
    case 403:
      return new CatalogError('forbidden', `${where}: the token in ${tokenFrom} may not read the catalog (${words})`);
    case 404:
      return new CatalogError(
        'not-found',
        `${where}: no catalog at /api/catalog; is catalog.baseUrl the address of the backend?`,
      );
    case 429:
      return new CatalogError('unavailable', `${where}: too many requests, to the last attempt (429)`);
    default:
      return status >= 500
        ? new CatalogError('unavailable', `${where}: failed to the last attempt (status ${status})`)
        : new CatalogError('refused', `${where}: refused the question (status ${status}: ${words})`);
  }
}
