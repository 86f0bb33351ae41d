import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { restSelf, understood } from './schema.ts';

interface Self {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  /** The address that commits through the API carry. */
  readonly email: string;
}

/**
 * Who the token for a project or group stands for: each token is asked once, and again after a failure.
 * @throws {ForgeError}
 */
export function selfOf(http: GitlabHttp): (about?: string) => Promise<Self> {
  const asked = new Map<string, Promise<Self>>();
  return async (about) => {
    const from = (await http.tokenFor(about))?.from ?? '';
    const known = asked.get(from) ?? ask(http, about);
    asked.set(from, known);
    known.catch(() => asked.delete(from));
    return known;
  };
}

async function ask(http: GitlabHttp, about?: string): Promise<Self> {
  const read = await readOne(http, (gitlab) => gitlab.Users.showCurrentUser(), { about });
  const { id, username, name, email, commit_email, public_email } = understood(restSelf, read.json(), read.where);
  return { id: String(id), username, name, email: commit_email || email || public_email || '' };
}
