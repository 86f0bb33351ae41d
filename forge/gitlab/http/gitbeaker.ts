import type { FormattedResponse } from '@gitbeaker/requester-utils';
import type { Gitlab } from '@gitbeaker/rest';
import { ForgeError } from '../../errors.ts';
import type { Answer, Call, GitlabHttp } from './port.ts';

export type Gitbeaker = InstanceType<typeof Gitlab<false>>;

/**
 * Gitbeaker's typed methods over our own transport: it builds paths and names, everything that is sent goes through `http`
 * and nothing else. It never sees a token; its rate limits, retries and time limit over all pages are not used.
 *
 * Its traps in 43.8.0, measured: `MergeRequestDraftNotes.edit` sends POST where GitLab has PUT, `publishBulk` is not
 * typed with what GitLab takes, and `all()` holds every page at once. Use `http.send` and `http.pages` there.
 * @param about the path of the project or group whose token is used
 */
export async function gitbeakerOver(http: GitlabHttp, about?: string): Promise<Gitbeaker> {
  const [{ Gitlab }, { createRequesterFn }] = await Promise.all([
    import('@gitbeaker/rest'),
    import('@gitbeaker/requester-utils'),
  ]);
  const requesterFn = createRequesterFn(
    async (_resource, request) => request,
    async (endpoint, request) => respond(await http.send(callOf(http, endpoint, request ?? {}, about))),
  );
  return new Gitlab<false>({ host: http.instance, requesterFn, queryTimeout: null, rateLimits: {} });
}

function callOf(http: GitlabHttp, endpoint: string, request: Readonly<Record<string, unknown>>, about?: string): Call {
  const { method, searchParams, prefixUrl, headers, body, asStream, signal } = request;
  if (asStream || (headers as Readonly<Record<string, string>>).sudo) {
    throw new ForgeError('unsupported', `${http.instance}: ${endpoint}: no streams and no sudo`);
  }
  const root = `${http.instance}/api/v4`;
  // Not resolved: `..` in it stays to be refused.
  const href = `${String(prefixUrl).replace(/\/+$/, '')}/${endpoint}`;
  if (!href.startsWith(`${root}/`)) throw new ForgeError('invalid', `no path of the API: ${endpoint}`);
  const sent = bodyOf(body);
  const nothing = method === 'DELETE' && JSON.stringify(sent) === '{}';
  return {
    method: method as Call['method'],
    path: href.slice(root.length),
    query: queryOf(String(searchParams ?? '')),
    ...(sent === undefined || nothing ? {} : { body: sent }),
    ...(about === undefined ? {} : { about }),
    ...(signal instanceof AbortSignal ? { signal } : {}),
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

/** Comments with a position come as a form, `position[new_line]`: GitLab takes them as JSON as well. */
function bodyOf(body: unknown): unknown {
  if (typeof body === 'string') return JSON.parse(body);
  if (!(body instanceof FormData)) return undefined;
  const root: Record<string, unknown> = {};
  for (const [name, value] of body) {
    if (typeof value !== 'string') throw new ForgeError('unsupported', `no files can be sent: ${name}`);
    const keys = name.split(/[[\]]+/).filter((key) => key !== '');
    let at = root;
    for (const key of keys.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[keys.at(-1) ?? name] = value;
  }
  return root;
}

function respond(answer: Answer): FormattedResponse {
  const { status } = answer;
  const headers = Object.fromEntries(answer.headers);
  const type = answer.headers.get('content-type') ?? '';
  if (answer.bytes.length === 0) return { status, headers, body: null };
  if (type.startsWith('application/json')) return { status, headers, body: answer.json() as FormattedResponse['body'] };
  if (type.startsWith('text/')) return { status, headers, body: answer.text() };
  return { status, headers, body: new Blob([new Uint8Array(answer.bytes)]) };
}
