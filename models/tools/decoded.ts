import { decodeBlob } from '../../forge/decode-blob.ts';
import { Refused } from './refusals.ts';

/** @throws Refused for what is no text. */
export function decoded(bytes: Buffer, path: string): string {
  const read = decodeBlob(bytes);
  if (read.ok) return read.text;
  throw new Refused(read.reason === 'lfs-pointer' ? 'lfs-pointer' : 'binary', path);
}
