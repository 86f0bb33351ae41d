import { RepositoryError } from './errors.ts';

/** The address of a repository elsewhere. */
export interface RemoteAddress {
  /** For git alone: it may hold a password. */
  readonly url: string;
  /** For people and for names of files: without user name, password, query. */
  readonly shown: string;
}

/** The transports that may be used. Plain http, and helpers such as `ext::` that run commands, are none of them. */
export const PROTOCOLS: readonly string[] = ['https', 'ssh', 'git', 'file'];

/** Whether something is written as an address, and not as a path: `https://…`, `git@host:group/name.git`, `ext::…`. */
export function isRemoteAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[a-z][a-z0-9+.-]*::/i.test(text) || SCP.test(text);
}

/** ssh as scp writes it. */
const SCP = /^[\w.-]+@[\w.-]+:(?!\/\/)\S+$/;

/** @throws {RepositoryError} `bad-address`. */
export function remoteAddress(text: string): RemoteAddress {
  if (SCP.test(text)) return { url: text, shown: text };
  const shown = withoutSecrets(text);
  const protocol = /^([a-z]+):\/\/./i.exec(text)?.[1]?.toLowerCase();
  if (protocol === undefined || !PROTOCOLS.includes(protocol) || /[\s\0]/.test(text)) {
    const known = PROTOCOLS.map((name) => `${name}://`).join(', ');
    throw new RepositoryError(
      'bad-address',
      `${shown}: no address to fetch from; give one with ${known} or git@host:path`,
    );
  }
  return { url: text, shown };
}

/** Text of git without the passwords of addresses in it: `https://user:secret@host/x?token=y` is `https://host/x`. */
export function withoutSecrets(text: string): string {
  return text.replace(ADDRESS, (_, protocol: string, rest: string) => protocol + rest.replace(STRAY_PASSWORD, ''));
}

const ADDRESS = /([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/]*@)?([^\s'"?#]*)(?:[?#][^\s'"]*)?/gi;
/** One with a slash in it, which belongs encoded; a port and a path with an at sign are none. */
const STRAY_PASSWORD = /^[^/:@]*:(?!\d+(?:\/|$))[^@]*@/;
