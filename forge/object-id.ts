import { createHash } from 'node:crypto';

/** An id in full: 40 hexadecimal digits, 64 where the repository uses SHA-256. */
export const FULL_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The id that git gives to an object: SHA-256 where ids have 64 digits. `like` is an id of the same repository. */
export function objectId(type: 'blob' | 'tree', bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1');
  return hash.update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}
