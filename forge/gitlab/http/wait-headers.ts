/** How long an answer asks to wait, in ms; `undefined` where it does not. Both forms of RFC 9110 10.2.3: seconds and a date. */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after')?.trim();
  if (!value) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - serverTime(headers, now));
}

/**
 * How long nothing more may be sent with this token, in ms: its quota is used up until RateLimit-Reset, a Unix time in s
 * (GitLab: doc/administration/settings/user_and_ip_rate_limits.md). The limits of single routes do not show there.
 */
export function quotaWait(headers: Headers, now: number): number | undefined {
  const reset = headers.get('ratelimit-reset');
  if (headers.get('ratelimit-remaining') !== '0' || !reset || !/^\d+$/.test(reset)) return undefined;
  return Math.max(0, Number(reset) * 1000 - serverTime(headers, now));
}

/** By the server's own clock, which need not agree with ours. */
function serverTime(headers: Headers, now: number): number {
  const date = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(date) ? now : date;
}
