import { retryAfter, serverTime } from '../../http/retry-after.ts';
import type { WireAnswer } from './wire.ts';

/**
 * How long nothing more may be sent with this token, in ms: its quota is used up until RateLimit-Reset, a Unix time in s
 * (GitLab: doc/administration/settings/user_and_ip_rate_limits.md). The limits of single routes do not show there.
 */
export function quotaWait(headers: Headers, now: number): number | undefined {
  const reset = headers.get('ratelimit-reset');
  if (headers.get('ratelimit-remaining') !== '0' || !reset || !/^\d+$/.test(reset)) return undefined;
  return Math.max(0, Number(reset) * 1000 - serverTime(headers, now));
}

/** How long a request that was refused is told to wait, in ms. */
export function askedToWait({ status, headers }: WireAnswer, now: number): number | undefined {
  return status === 429 ? retryAfter(headers, now) : undefined;
}
