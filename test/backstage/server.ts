import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { watch } from '../canary/watch.ts';
import type { WireEntity } from './entities.ts';
import { projectFields } from './fields.ts';

/** What goes wrong with one request. */
export type Trap =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: string }
  /** The body breaks off: with the length that was announced unmet, or silently. */
  | { readonly kind: 'truncated'; readonly announced: boolean }
  | { readonly kind: 'reset' }
  /** No answer; `seen` is called when the request is there. */
  | { readonly kind: 'hang'; readonly seen: () => void }
  /** 200 with a page. */
  | { readonly kind: 'html' }
  /** To a sign-in page. */
  | { readonly kind: 'redirect'; readonly location: string };

export interface BackstageDouble {
  readonly url: string;
  readonly token: string;
  /** What the catalog holds; may be replaced. */
  entities: readonly WireEntity[];
  /** The next requests, one trap each; `undefined` lets one pass. */
  readonly traps: (Trap | undefined)[];
  /** catalog-backend 1.29: no POST, cursors without a query, an unknown `totalItems`. */
  old: boolean;
  /** A proxy before it that refuses POST with this status; 0: none. */
  postRefused: number;
  /** The cursor of the second page is offered for ever. */
  repeatsCursor: boolean;
  /** Restarted on an empty database: components are not listed, and nothing says so. */
  stitching: boolean;
  /** The total is too high: entities are hidden after they were counted. */
  hidden: number;
  /** Called before each request is answered. */
  before: () => void;
  /** Results of Tech Insights; `undefined`: the plugin is not installed. */
  scores: unknown;
  readonly requests: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
    readonly body: unknown;
    readonly authorization: string | undefined;
  }[];
  close(): Promise<void>;
}

/**
 * A Backstage backend as seen from outside, on loopback, with the traps of the real one: strict about parameters, about fields that
 * lead into lists, about cursors, and silent about what it leaves out. Ordering by a field drops the entities without it.
 */
export async function startBackstage(entities: readonly WireEntity[]): Promise<BackstageDouble> {
  const double: BackstageDouble = {
    url: '',
    token: 'double-token-agcanary',
    entities,
    traps: [],
    old: false,
    postRefused: 0,
    repeatsCursor: false,
    stitching: false,
    hidden: 0,
    before: () => {},
    scores: undefined,
    requests: [],
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => {
    respond(double, request, response).catch((error: Error) => send(response, 500, errorBody('Error', error.message)));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  server.unref();
  return Object.assign(double, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function respond(double: BackstageDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', double.url);
  const body = await bodyOf(request);
  const { method = 'GET' } = request;
  const { authorization } = request.headers;
  double.requests.push({ method, path: url.pathname, query: url.searchParams, body, authorization });
  watch('a request of the catalog', `${request.url} ${JSON.stringify(body)}`);
  double.before();
  const trap = double.traps.shift();
  if (trap && spring(trap, request, response)) return;
  if (method === 'POST' && double.postRefused > 0) return send(response, double.postRefused, 'not here', 'text/html');
  if (authorization === undefined) return send(response, 401, errorBody('AuthenticationError', 'Missing credentials'));
  if (authorization !== `Bearer ${double.token}`)
    return send(response, 401, errorBody('AuthenticationError', 'Illegal token'));
  const [status, answer] = route(double, `${method} ${url.pathname}`, url.searchParams, body);
  const text = JSON.stringify(answer);
  if (trap?.kind !== 'truncated') return send(response, status, text);
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(trap.announced && { 'content-length': Buffer.byteLength(text) }),
  });
  response.write(text.slice(0, text.length / 2), () => (trap.announced ? request.socket.destroy() : response.end()));
}

/** @returns whether that was the answer. */
function spring(trap: Trap, request: IncomingMessage, response: ServerResponse): boolean {
  switch (trap.kind) {
    case 'truncated':
      return false;
    case 'status':
      // Without a date of its own, so that a date to wait for is read by the clock of whoever asks.
      response.sendDate = false;
      response.writeHead(trap.status, trap.retryAfter === undefined ? {} : { 'retry-after': trap.retryAfter });
      response.end();
      return true;
    case 'reset':
      request.socket.destroy();
      return true;
    case 'hang':
      trap.seen();
      return true;
    case 'html':
      send(response, 200, '<!doctype html><title>Sign in</title>', 'text/html; charset=utf-8');
      return true;
    case 'redirect':
      response.writeHead(302, { location: trap.location }).end();
      return true;
  }
}

type Answer = readonly [status: number, body: unknown];

function route(double: BackstageDouble, door: string, query: URLSearchParams, body: unknown): Answer {
  switch (door) {
    case 'GET /api/catalog/entities/by-query':
      return listed(double, Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key)])));
    case 'POST /api/catalog/entities/by-query':
      return double.old ? missing() : listed(double, body as Record<string, unknown>);
    case 'POST /api/catalog/entities/by-refs': {
      const { entityRefs } = body as { readonly entityRefs: readonly string[] };
      // The same for what is not there and for what is no reference.
      return [200, { items: entityRefs.map((ref) => double.entities.find((entity) => refOf(entity) === ref) ?? null) }];
    }
    case 'POST /api/tech-insights/checks/run':
      return double.scores === undefined ? missing() : [200, double.scores];
    default:
      return missing();
  }
}

const PARAMETERS: ReadonlySet<string> = new Set([
  ...['fields', 'limit', 'offset', 'orderField', 'cursor', 'filter', 'fullTextFilterTerm', 'fullTextFilterFields'],
]);

interface Cursor {
  readonly after: number;
  readonly total: number;
  readonly kinds: readonly string[];
  readonly order: readonly string[];
  readonly having: readonly string[];
  readonly query?: unknown;
}

function listed(double: BackstageDouble, asked: Record<string, unknown>): Answer {
  const known = (name: string) => PARAMETERS.has(name) || (name === 'totalItems' && !double.old);
  const unknown = Object.keys(asked).find((name) => !known(name));
  if (unknown !== undefined) return [400, errorBody('InputError', `Unknown query parameter '${unknown}'`)];
  const words = (name: string) => [asked[name] ?? []].flat().flatMap((value) => String(value).split(','));
  const limit = Number(words('limit')[0] ?? 200);
  const [text] = words('cursor');
  const cursor = text === undefined ? undefined : decode(text);
  if (text !== undefined && cursor === undefined) return [400, errorBody('InputError', 'Malformed cursor')];
  const kinds = cursor?.kinds ?? words('filter').flatMap((one) => /^kind=(.+)$/.exec(one)?.[1]?.toLowerCase() ?? []);
  const having = cursor?.having ?? words('filter').filter((one) => !one.includes('='));
  const order = cursor?.order ?? words('orderField').filter((word) => !/^(asc|desc)$/.test(word));
  const all = double.entities.filter(
    (entity) =>
      (kinds.length === 0 || kinds.includes(entity.kind.toLowerCase())) &&
      !(double.stitching && entity.kind === 'Component') &&
      [...order, ...having].every((field) => Object.keys(projectFields(entity, [field])).length > 0),
  );
  const total = cursor?.total ?? all.length + double.hidden;
  const from = cursor?.after ?? Number(words('offset')[0] ?? 0);
  const items = all.slice(from, from + limit);
  const more = double.repeatsCursor ? from > 0 || from + limit < all.length : from + limit < all.length;
  const next: Cursor = {
    after: double.repeatsCursor ? limit : from + limit,
    total,
    kinds,
    order,
    having,
    ...(!double.old && { query: {} }),
  };
  const fields = words('fields');
  return [
    200,
    {
      items: fields.length === 0 ? items : items.map((entity) => projectFields(entity, fields)),
      totalItems: total,
      pageInfo: more ? { nextCursor: btoa(JSON.stringify(next)) } : {},
    },
  ];
}

function decode(text: string): Cursor | undefined {
  try {
    return JSON.parse(atob(text)) as Cursor;
  } catch {
    return undefined;
  }
}

function refOf({ kind, metadata }: WireEntity): string {
  return `${kind}:${metadata.namespace}/${metadata.name}`.toLowerCase();
}

function missing(): Answer {
  return [404, errorBody('NotFoundError', 'Not found')];
}

function errorBody(name: string, message: string): unknown {
  return { error: { name, message }, response: { statusCode: 0 } };
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? undefined : JSON.parse(Buffer.concat(chunks).toString());
}
