import type { Gitlab } from '@gitbeaker/rest';
import { ForgeError } from '../../errors.ts';
import type { Answer, Call, GitlabHttp } from './port.ts';

type Gitbeaker = InstanceType<typeof Gitlab<false>>;

/** A call of one of gitbeaker's typed methods: `(gitlab) => gitlab.Projects.show(42)`. */
export type Ask = (gitlab: Gitbeaker) => Promise<unknown>;

interface Asking {
  /** As in {@link Call.about}. */
  readonly about?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface Read extends Answer {
  /** What was asked, with the instance, for messages. */
  readonly where: string;
}

/**
 * One read by a typed method of gitbeaker, of a list its first page. Gitbeaker builds the path and the query; its requester
 * is our transport, and nothing goes out beside that: it sees no token, and its retries, rate limits and time limit over
 * all pages are not used. It is loaded with the first read.
 *
 * Bytes, HEAD and GraphQL go through `http` itself, for gitbeaker decodes the first and knows neither of the others. So do
 * writes, and this refuses to send one: they are plain data (write/requests.ts), so that a dry run shows exactly what would
 * be sent and the audit log misses none. Gitbeaker 43.8.0 would get some wrong besides: editing a draft is a POST there.
 *
 * @throws {ForgeError} as `http.send`, and `not-understood` for what is no JSON.
 */
export async function readOne(http: GitlabHttp, ask: Ask, asking: Asking = {}): Promise<Read> {
  return readBy(http, ask, asking, (call) => http.send(call));
}

/**
 * The pages of a list, each when it is wanted. Gitbeaker's typed method asks for the first; the others are our transport's
 * `Link` to follow, for gitbeaker holds them all at once and does not notice a circle.
 *
 * @throws {ForgeError} as {@link readOne}
 */
export async function* readPages(http: GitlabHttp, ask: Ask, asking: Asking = {}): AsyncIterable<Read> {
  const opened: AsyncIterator<Answer>[] = [];
  const first = await readBy(http, ask, asking, async (call) => {
    const pages = http.pages(call)[Symbol.asyncIterator]();
    opened.push(pages);
    return (await pages.next()).value;
  });
  yield first;
  const [pages] = opened;
  for (let page = await pages!.next(); !page.done; page = await pages!.next())
    yield { ...page.value, where: first.where };
}

async function readBy(
  http: GitlabHttp,
  ask: Ask,
  asking: Asking,
  send: (call: Call) => Promise<Answer>,
): Promise<Read> {
  const [{ Gitlab }, { createRequesterFn }] = await Promise.all([
    import('@gitbeaker/rest'),
    import('@gitbeaker/requester-utils'),
  ]);
  const read: Read[] = [];
  const requesterFn = createRequesterFn(
    async (_resource, request) => request,
    async (endpoint, request) => {
      const call = callOf(http, endpoint, request ?? {}, asking);
      const answer = await send(call);
      read.push({ ...answer, where: `${http.instance}: GET ${call.path}` });
      // Without its `Link` gitbeaker asks for no further page.
      return { status: answer.status, headers: {}, body: answer.json() as Record<string, unknown> };
    },
  );
  await ask(new Gitlab<false>({ host: http.instance, requesterFn, queryTimeout: null, rateLimits: {} }));
  return read[0]!;
}

function callOf(
  http: GitlabHttp,
  endpoint: string,
  request: Readonly<Record<string, unknown>>,
  { about, signal }: Asking,
): Call {
  const { method, searchParams, prefixUrl, headers, asStream } = request;
  if (method !== 'GET' || asStream || (headers as Readonly<Record<string, string>>).sudo) {
    throw new ForgeError(
      'unsupported',
      `${http.instance}: ${method} ${endpoint}: only plain reads, no streams, no sudo`,
    );
  }
  const root = `${http.instance}/api/v4`;
  // Not resolved: `..` in it stays to be refused.
  const href = `${String(prefixUrl).replace(/\/+$/, '')}/${endpoint}`;
  if (!href.startsWith(`${root}/`)) throw new ForgeError('invalid', `no path of the API: ${endpoint}`);
  return {
    method,
    path: href.slice(root.length),
    query: queryOf(String(searchParams ?? '')),
    ...(about === undefined ? {} : { about }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function queryOf(search: string): NonNullable<Call['query']> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const list = name.endsWith('[]') ? name.slice(0, -2) : undefined;
    if (list === undefined) query[name] = value;
    else query[list] = [query[list] ?? [], value].flat();
  }
  return query;
}
