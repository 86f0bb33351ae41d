import { ForgeError } from '../../errors.ts';
import { type Ask, readOne } from '../http/gitbeaker.ts';
import type { GitlabHttp } from '../http/port.ts';

/** What a token is good for. */
export interface TokenStatus {
  readonly kind: 'access' | 'job' | 'none';
  /** Where it was read from: `$GITLAB_TOKEN`; '' where there is none. */
  readonly from: string;
  /** User name it stands for; '' where GitLab does not say. */
  readonly user: string;
  /** `undefined`: GitLab does not say; it does for personal, project and group access tokens. */
  readonly scopes: readonly string[] | undefined;
  /** `2027-01-31`: not accepted from that day on. `undefined`: never, or not known. */
  readonly expiresAt: string | undefined;
  /** For a person: it ends soon. */
  readonly warning: string | undefined;
}

/** A warning is given when a token has at most this many days left. */
const SOON = 14;

/**
 * Asks GitLab about the token for a project or group: at most two requests.
 * @param now in ms since the epoch
 * @throws {ForgeError} `unauthorized` and whatever else keeps GitLab from answering
 */
export async function tokenStatus(http: GitlabHttp, now: number, about?: string): Promise<TokenStatus> {
  const token = await http.tokenFor(about);
  const { kind, from } = token ?? { kind: 'none', from: '' };
  const unknown = { kind, from, user: '', scopes: undefined, expiresAt: undefined, warning: undefined };
  if (kind !== 'access') return unknown;
  const { z } = await import('zod');
  const self = await tell(
    http,
    (gitlab) => gitlab.PersonalAccessTokens.show(),
    about,
    (body) => {
      const schema = z.object({ name: z.string(), scopes: z.array(z.string()), expires_at: z.string().nullable() });
      return schema.parse(body);
    },
  );
  const user = await tell(
    http,
    (gitlab) => gitlab.Users.showCurrentUser(),
    about,
    (body) => z.object({ username: z.string() }).parse(body).username,
  );
  const expiresAt = self?.expires_at ?? undefined;
  const left = expiresAt === undefined ? undefined : Math.ceil((Date.parse(expiresAt) - now) / 86_400_000);
  const soon = left !== undefined && left <= SOON;
  return {
    ...unknown,
    user: user ?? '',
    scopes: self?.scopes,
    expiresAt,
    warning: soon
      ? `the token "${self?.name}" from ${from} ends on ${expiresAt}, ${inDays(left)}: make a new one`
      : undefined,
  };
}

function inDays(days: number): string {
  if (days <= 0) return 'today';
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}

/**
 * `undefined` where this token may not ask: `self` refuses all but personal, project and group tokens with 400
 * (lib/api/personal_access_tokens/self_information.rb), `/user` wants one of the scopes api, read_api, read_user.
 */
async function tell<T>(
  http: GitlabHttp,
  ask: Ask,
  about: string | undefined,
  read: (body: unknown) => T,
): Promise<T | undefined> {
  try {
    const asked = await readOne(http, ask, { about });
    const body = asked.json();
    try {
      return read(body);
    } catch (cause) {
      throw new ForgeError('not-understood', `${asked.where}: not what the API promises`, { cause });
    }
  } catch (error) {
    const mayNotAsk = ['invalid', 'scope', 'forbidden', 'not-found'];
    if (error instanceof ForgeError && mayNotAsk.includes(error.reason)) return undefined;
    throw error;
  }
}
