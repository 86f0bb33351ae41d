import { ForgeError } from '../../errors.ts';
import { readOne } from '../http/gitbeaker.ts';
import type { GitlabHttp } from '../http/port.ts';

/** Ids of users by their names, of one instance. Safe to ask concurrently: each name is asked for once. */
export interface UserIds {
  /** The ids of those there are, each once, in the order of the names, and the names of those there are not. @throws {ForgeError} */
  of(usernames: readonly string[]): Promise<{ readonly ids: readonly number[]; readonly unknown: readonly string[] }>;
  /** Who is known already need not be asked for. */
  learn(users: readonly { readonly id: number; readonly username: string }[]): void;
}

export function userIds(http: GitlabHttp): UserIds {
  const asked = new Map<string, Promise<number | null>>();
  const idOf = (username: string) => {
    const key = username.toLowerCase();
    const known = asked.get(key) ?? ask(http, username);
    asked.set(key, known);
    // A failure is not kept.
    known.catch(() => asked.delete(key));
    return known;
  };
  return {
    learn: (users) => {
      for (const { id, username } of users) asked.set(username.toLowerCase(), Promise.resolve(id));
    },
    of: async (usernames) => {
      const names = [...new Set(usernames.map((name) => name.replace(/^@/, '')))].filter((name) => name !== '');
      const found = await Promise.all(names.map(idOf));
      const ids = new Set(found.filter((id) => id !== null));
      return { ids: [...ids], unknown: names.filter((_, at) => found[at] === null) };
    },
  };
}

async function ask(http: GitlabHttp, username: string): Promise<number | null> {
  const { readUserId } = await import('./answers.ts');
  try {
    return readUserId(await readOne(http, (gitlab) => gitlab.Users.all({ username })), username);
  } catch (error) {
    // A merge request without its reviewers is better than none.
    if (error instanceof ForgeError && (error.reason === 'forbidden' || error.reason === 'scope')) return null;
    throw error;
  }
}
