import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { FleetError } from '../errors.ts';

/** What GitLab proves with that a delivery is its own. At least one; what is set has to be right in every delivery. */
export interface Secrets {
  /** As it comes in `X-Gitlab-Token`. */
  readonly token?: string;
  /** The key that deliveries are signed with: https://www.standardwebhooks.com. */
  readonly signing?: Buffer;
}

/** Short ones can be found out by trying. */
const LEAST_KEY_BYTES = 16;

/** @throws {FleetError} where there is none, or one that proves nothing. */
export function secretsOf(env: NodeJS.ProcessEnv): Secrets {
  const { AGENTSMD_WEBHOOK_TOKEN: token, AGENTSMD_WEBHOOK_SIGNING_TOKEN: signing } = env;
  if (!token && !signing)
    throw new FleetError(
      'set AGENTSMD_WEBHOOK_TOKEN to the secret token of the webhook in GitLab, or AGENTSMD_WEBHOOK_SIGNING_TOKEN to its signing token: without either anybody could send events',
    );
  return { ...(token ? { token } : {}), ...(signing ? { signing: keyOf(signing) } : {}) };
}

function keyOf(signing: string): Buffer {
  const text = signing.trim().replace(/^whsec_/, '');
  const key = Buffer.from(text, 'base64');
  // Node skips what is no base64: a wrong variable would be a key of few bytes, or none.
  if (!/^[\w+/-]+={0,2}$/.test(text) || key.length < LEAST_KEY_BYTES)
    throw new FleetError(
      `AGENTSMD_WEBHOOK_SIGNING_TOKEN: not a signing token: whsec_ and at least ${LEAST_KEY_BYTES} bytes in base64`,
    );
  return key;
}

/** Why a delivery is not believed, in words that hold nothing of it. */
export type Refusal = 'wrong token' | 'no signature' | 'too old, or from the future' | 'wrong signature';

/** In s, either way: who heard a delivery cannot send it again later. */
const TOLERANCE = 300;

/** What can be told before the body is read. */
export function headRefusal(headers: IncomingHttpHeaders, { token, signing }: Secrets, now: number): Refusal | null {
  if (token !== undefined && !isSame(headerOf(headers, 'x-gitlab-token'), token)) return 'wrong token';
  if (signing === undefined) return null;
  const { id, at } = signedOf(headers);
  if (id === undefined || at === undefined) return 'no signature';
  return Math.abs(now / 1000 - Number(at)) > TOLERANCE ? 'too old, or from the future' : null;
}

/** What takes the body, byte by byte. The header may hold several signatures: while a key is exchanged, one of each. */
export function bodyRefusal(headers: IncomingHttpHeaders, body: Buffer, { signing }: Secrets): Refusal | null {
  if (signing === undefined) return null;
  const { id, at, signatures } = signedOf(headers);
  const right = createHmac('sha256', signing).update(`${id}.${at}.`).update(body).digest('base64');
  return signatures.some((signature) => isSame(signature, `v1,${right}`)) ? null : 'wrong signature';
}

/** What names a delivery, and stays the same where it is sent again; `undefined` where nothing does. */
export function deliveryOf(headers: IncomingHttpHeaders, { signing }: Secrets): string | undefined {
  // Any other header is not signed.
  const name = headerOf(headers, signing === undefined ? 'idempotency-key' : 'webhook-id');
  return ID.test(name) ? name : undefined;
}

const ID = /^[\x21-\x7e]{1,200}$/;

function signedOf(headers: IncomingHttpHeaders) {
  const id = headerOf(headers, 'webhook-id');
  const at = headerOf(headers, 'webhook-timestamp');
  return {
    id: ID.test(id) ? id : undefined,
    at: /^\d{1,12}$/.test(at) ? at : undefined,
    signatures: headerOf(headers, 'webhook-signature').split(' '),
  };
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** Takes as long wherever they differ, and whatever their lengths. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
