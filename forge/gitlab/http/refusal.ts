import { STATUS_CODES } from 'node:http';
import { ForgeError, type ForgeErrorDetails, type ForgeReason } from '../../errors.ts';
import type { Token } from '../tokens/token.ts';
import type { Call } from './port.ts';
import { isWebPage, oneLine, whatWasSaid } from './said.ts';
import { GRAPHQL_PATH } from './target.ts';
import type { WireAnswer } from './wire.ts';
import type { WireFailure } from './wire-failure.ts';

/** Where something failed: `https://gitlab.example.com: team/shop: GET /projects/42`; without the path of the project where it is not known. */
export function placeOf(instance: string, { method, path, about }: Call): string {
  const known = about === undefined || path.split('/').includes(encodeURIComponent(about)) ? '' : `${about}: `;
  return oneLine(`${instance}: ${known}${method} ${path}`);
}

/** What an answer that is no 2xx means. */
export function refusalOf(instance: string, call: Call, answer: WireAnswer, token: Token | undefined): ForgeError {
  const { status, headers } = answer;
  const requestId = requestIdOf(headers);
  const details = { status, ...(requestId === undefined ? {} : { requestId }) };
  const said = saidIn(answer, token);
  // The answer to a HEAD has no words, and the text of a redirect is its address once more.
  const words = said === String(status) ? `${status} ${STATUS_CODES[status] ?? ''}`.trim() : said;
  const refuse = (reason: ForgeReason, advice: string, more: ForgeErrorDetails = {}) => {
    const what = status < 400 ? String(status) : advice ? words.replace(/\.$/, '') : words;
    return new ForgeError(reason, `${placeOf(instance, call)}: ${what}${advice}`, { ...details, said, ...more });
  };

  if (status < 400) {
    const to = locationOf(headers, instance);
    const moved = /\/projects\/\d+(\/|$)/.test(to);
    const remedy = moved
      ? 'the project has moved: use its id or its new path'
      : 'gitlab.instances must name the address of GitLab itself';
    return refuse('redirected', ` points to ${to || 'nowhere'}; ${remedy}`);
  }
  if (status === 401 && isOfToken(call, answer)) return refuse('unauthorized', adviceAboutToken(token, call));
  if (status < 500 && status !== 429 && isWebPage(headers, new TextDecoder().decode(answer.bytes))) {
    const page = '; this is a web page and not GitLab: a proxy, a firewall, or a wrong address';
    return refuse('not-understood', status === 414 ? TOO_LONG : page);
  }
  if (status === 401) return refuse('forbidden', '');
  if (status === 403) {
    const needs = missingScope(answer);
    if (needs === undefined) return refuse('forbidden', adviceAboutRole(said, token, call));
    return refuse('scope', `; the token ${token ? `from ${token.from} ` : ''}needs the scope ${needs}`, { needs });
  }
  if (status === 429) return refuse('rate-limited', laterBy(headers));
  return refuse(REASONS[status] ?? (status >= 500 ? 'unavailable' : 'invalid'), adviceAboutAsked(said, token, call));
}

/** What a try without an answer means. */
export function failureError(place: string, failure: WireFailure): ForgeError {
  const advice =
    failure.kind === 'untrusted' ? '; name your certificates: gitlab.instances.ca or NODE_EXTRA_CA_CERTS' : '';
  return new ForgeError(FAILURES[failure.kind], `${place}: ${failure.message}${advice}`, { cause: failure });
}

/**
 * Whether a 401 is about the token. GitLab also answers so to whoever may not approve, or has approved already
 * (lib/api/merge_request_approvals.rb), and says `invalid_token` there only where it is.
 */
export function isOfToken(call: Call, { status, bytes }: Pick<WireAnswer, 'status' | 'bytes'>): boolean {
  if (status !== 401) return false;
  const approval = call.method === 'POST' && /\/(un)?approve$/.test(call.path);
  return !approval || new TextDecoder().decode(bytes).includes('invalid_token');
}

export function requestIdOf(headers: Headers): string | undefined {
  return headers.get('x-request-id') ?? undefined;
}

const REASONS: Readonly<Record<number, ForgeReason>> = {
  404: 'not-found',
  405: 'invalid',
  406: 'invalid',
  408: 'timeout',
  409: 'conflict',
  410: 'not-found',
  412: 'conflict',
  423: 'conflict',
  501: 'unsupported',
  504: 'timeout',
};

const FAILURES: Readonly<Record<WireFailure['kind'], ForgeReason>> = {
  unreachable: 'unavailable',
  reset: 'unavailable',
  untrusted: 'unavailable',
  timeout: 'timeout',
  'too-big': 'not-understood',
  garbled: 'not-understood',
};

function saidIn({ status, headers, bytes }: WireAnswer, token: Token | undefined): string {
  const said = whatWasSaid(bytes, headers);
  const text = said.startsWith(String(status)) ? said : `${status} ${said}`.trim();
  return token ? token.hide(text) : text;
}

/** GraphQL does not tell too small a scope from a dead token (app/controllers/graphql_controller.rb, `authorize_access_api!`). */
function adviceAboutToken(token: Token | undefined, { path }: Call): string {
  if (!token) return '; no token is configured: set gitlab.instances.token, or GITLAB_TOKEN';
  if (token.kind === 'job') return `; the job token from ${token.from} ends with its job and does not reach this`;
  const scope = path === GRAPHQL_PATH ? ', without the scope read_api' : '';
  return `; the token from ${token.from} is not accepted: expired, revoked${scope}, or of another instance. Make a new one`;
}

/** `not allowed from` is of lib/api/helpers.rb, `handle_job_token_failure!`, which names projects without their groups. */
function adviceAboutRole(said: string, token: Token | undefined, { method, path }: Call): string {
  const bare = /^403( Forbidden)?$/.test(said);
  const reads = method === 'GET' || method === 'HEAD';
  if (/job token not allowed from/i.test(said) || (bare && reads && token?.kind === 'job')) {
    return '; let the job of that project in (Settings > CI/CD > Job token permissions of the project asked for), or set GITLAB_TOKEN';
  }
  if (!bare || !reads) return '';
  const [, kind, , part] = path.split('/');
  if (kind === 'groups') return "; make the token's user a member of the group";
  if (kind !== 'projects') return '';
  return part === 'repository'
    ? "; reading code needs the role Reporter: give it to the token's user in the project or its group"
    : "; give the token's user the role Reporter in the project or its group";
}

/** Whoever asks for a project alone knows better what to do without it, and says so. */
function adviceAboutAsked(said: string, token: Token | undefined, { path }: Call): string {
  if (/^404 (Project|Group) Not Found/i.test(said) && !/^\/projects\/[^/]+$/.test(path)) {
    return token
      ? "; check the path, and make the token's user a member"
      : '; check the path, and set a token: without one only what is public is there';
  }
  if (said === '400') return '; check the path and the branch or commit that are asked for';
  return said.startsWith('414') ? TOO_LONG : '';
}

const TOO_LONG = '; the path is too long for GitLab or a proxy before it: shorten it, or raise the limit there';

function laterBy(headers: Headers): string {
  const asked = headers.get('retry-after');
  return asked ? oneLine(`; try again later (Retry-After: ${asked})`) : '; try again later';
}

/**
 * From the body (`scope`), else from the header that the standard asks for; GitLab leaves it out (lib/api/api_guard.rb).
 * Of a fine-grained token the permissions that it lacks, as the description names them: `[Project: Read]`.
 */
function missingScope({ bytes, headers }: WireAnswer): string | undefined {
  const header = headers.get('www-authenticate') ?? '';
  const text = new TextDecoder().decode(bytes);
  if (text.includes('insufficient_granular_scope'))
    return oneLine(/\[([\w :,/-]+)\]/.exec(text)?.[1] ?? 'that is named');
  if (!text.includes('insufficient_scope') && !header.includes('insufficient_scope')) return undefined;
  const scopes = /"scope"\s*:\s*"([\w ]+)"/.exec(text)?.[1] ?? /scope="([\w ]+)"/.exec(header)?.[1];
  return scopes?.trim().split(' ').join(' or ') ?? 'api';
}

/** Without what may be secret in it, and without the instance's own host. */
function locationOf(headers: Headers, instance: string): string {
  const location = headers.get('location') ?? '';
  const plain = oneLine(location.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//'));
  const { origin } = new URL(instance);
  return plain.startsWith(`${origin}/`) ? plain.slice(origin.length) : plain;
}
