import { retryAfter } from '../forge/http/retry-after.ts';

/** What can go wrong with one call. The first seven are the provider's trouble: another model may do better. */
export const TROUBLE_CLASSES = [
  'rate-limit',
  /** The account there has nothing left: waiting does not help, another provider may. */
  'quota',
  'overload',
  'server',
  'network',
  'timeout',
  /** An answer that is none: half a stream, no JSON where JSON must be. */
  'garbled',
  'authentication',
  'context',
  'aborted',
  'refused',
  'truncated',
  'unparsable',
  /** A request that the provider does not take. */
  'rejected',
] as const;
export type TroubleClass = (typeof TROUBLE_CLASSES)[number];

export const PROVIDERS_TROUBLE: ReadonlySet<TroubleClass> = new Set([
  'rate-limit',
  'quota',
  'overload',
  'server',
  'network',
  'timeout',
  'garbled',
]);

export interface Trouble {
  readonly class: TroubleClass;
  /** Nothing of what the provider wrote but its code: that may quote the prompt, or be made up to be read. */
  readonly message: string;
  readonly retryAfter?: number | undefined;
  /** Of HTTP, where there is one that is not a success. */
  readonly status?: number | undefined;
  /** Whether tokens may have been counted for it: the request went out, and no status said that it was turned away. */
  readonly counted: boolean;
  /** Parts of the request that the provider named when it rejected it. */
  readonly complaint?: ReadonlySet<Complaint> | undefined;
}

/** What of a request an endpoint may not know. */
export type Complaint =
  | 'format'
  | 'tools'
  | 'tool-choice'
  | 'attribution'
  | 'store'
  | 'stream-options'
  | 'model'
  /** Of the field that limits an answer: how it is called, */
  | 'output-limit'
  /** or what it says. */
  | 'output';

const COMPLAINTS: readonly (readonly [Complaint, RegExp])[] = [
  ['format', /response_format|json[_ ]?schema|structured[_ ]output|guided|grammar/i],
  ['tools', /\btools?\b(?![_ -]choice)|function[_ ]call/i],
  ['tool-choice', /tool[_ -]choice/i],
  ['attribution', /\bmetadata\b|\buser\b/i],
  ['store', /\bstore\b/i],
  ['stream-options', /stream_options|include_usage/i],
  ['model', /^model$|model_not_found/i],
  ['output-limit', /max_completion_tokens/i],
  ['output', /max_(?:completion_)?tokens/i],
];

const CONTEXT =
  /context[_ ]?(?:length|window|size)|maximum context|maximum number of tokens|too many (?:input )?tokens|(?:prompt|input) is too long|reduce the length|string_above_max_length/i;
/** Codes of providers for an account that is empty; they come with 429, 403 and 400, too. */
const QUOTA = /insufficient_(?:quota|balance|funds|credits?)|billing_hard_limit|credit_balance|payment_required/i;
/** Of filters that read the prompt and turn it away (Azure answers 400, code `content_filter`). */
const FILTERED = /^(?:content_filter|content_policy_violation)$/;
const OVERLOAD = /overloaded|capacity|unavailable/i;
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** What an error of the SDK, or of what lies below it, means. */
export function classify(error: unknown, now: number): Trouble {
  const { status, headers, code, param, text } = detailsOf(error);
  const said = code === '' ? '' : `, ${code}`;
  if (status === undefined || status < 300) {
    if (isGarbled(error)) return { class: 'garbled', message: 'its answer is not one that can be read', counted: true };
    const reason = causeCode(error);
    return {
      class: 'network',
      message: `the connection failed${reason ? ` (${reason})` : ''}`,
      counted: status !== undefined || !UNREACHED.has(reason),
    };
  }
  const answered = `it answered ${status}${said}`;
  const wait = retryAfter(headers, now);
  // Within a stream the status was a success: the prompt was taken, and what came before the error was written.
  const plain = { message: answered, status, counted: record(error).name === 'AI_StreamProviderError' };
  const turnedAway = { ...plain, ...(wait === undefined ? {} : { retryAfter: wait }) };
  if (status === 402 || (status < 500 && QUOTA.test(code)))
    return { class: 'quota', ...plain, message: `${answered}: nothing is left of its quota or credit` };
  if (status === 429) return { class: 'rate-limit', ...turnedAway };
  if (status === 503 || status === 529 || (status >= 500 && OVERLOAD.test(`${code} ${text}`)))
    return { class: 'overload', ...turnedAway };
  if (status >= 500 || status === 408 || status === 409 || status === 425) return { class: 'server', ...turnedAway };
  if (status === 401 || status === 403 || status === 407) return { class: 'authentication', ...plain };
  if (FILTERED.test(code)) return { class: 'refused', ...plain };
  if (status === 413 || CONTEXT.test(`${code} ${text}`)) return { class: 'context', ...plain };
  return { class: 'rejected', ...plain, complaint: complaintsIn(param, `${code} ${text}`) };
}

/** What it names as its parameter counts; where that says nothing, whatever is spoken of. */
function complaintsIn(param: string, text: string): ReadonlySet<Complaint> {
  const inText = (where: string) => COMPLAINTS.filter(([, words]) => words.test(where)).map(([name]) => name);
  const named = inText(param);
  // How the limit is called there stands in the text beside it.
  return new Set(named.length === 0 || named.includes('output') ? inText(text) : named);
}

interface Details {
  readonly status: number | undefined;
  readonly headers: Headers;
  /** Safe to show. */
  readonly code: string;
  /** Of the request, that it complains about. Not safe to show. */
  readonly param: string;
  /** Not safe to show: only to look for words in. */
  readonly text: string;
}

/** `APICallError` of the SDK, and the error that it makes of an error within a stream. */
function detailsOf(error: unknown): Details {
  const { statusCode, responseHeaders, data, message, responseBody } = record(error);
  const body = record(record(data).error ?? data);
  const codes = [body.code, body.type].filter((one) => typeof one === 'string' && /^[\w.-]{1,64}$/.test(one));
  const code = codes.find((one) => QUOTA.test(String(one))) ?? codes[0];
  return {
    status: typeof statusCode === 'number' ? statusCode : undefined,
    headers: headersOf(responseHeaders),
    code: typeof code === 'string' ? code : '',
    param: typeof body.param === 'string' ? body.param.slice(0, 200) : '',
    text: [body.code, body.type, body.param, message, responseBody]
      .filter((one) => typeof one === 'string')
      .join(' ')
      .slice(0, 4000),
  };
}

function headersOf(value: unknown): Headers {
  const headers = new Headers();
  for (const name of ['retry-after', 'date']) {
    const one = record(value)[name];
    if (typeof one === 'string') headers.set(name, one);
  }
  return headers;
}

/** The SDK's errors but for those of a connection: about answers that are not what the protocol promises. */
const GARBLED = /^AI_(?!APICallError|StreamProviderError)/;

function isGarbled(error: unknown): boolean {
  for (let at = error, depth = 0; at && depth < 5; at = record(at).cause, depth += 1) {
    const { name } = record(at);
    if (typeof name === 'string' && GARBLED.test(name)) return true;
  }
  return false;
}

function causeCode(error: unknown): string {
  for (let at = error, depth = 0; at && depth < 6; at = record(at).cause, depth += 1) {
    const { code } = record(at);
    if (typeof code === 'string' && /^[A-Z_]{3,40}$/.test(code)) return code;
  }
  return '';
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
