import * as z from 'zod';
import { ForgeError } from '../errors.ts';
import type { Capabilities } from './capabilities.ts';
import { readOne } from './http/gitbeaker.ts';
import type { GitlabHttp } from './http/port.ts';
import { understood } from './schema.ts';

/**
 * Whether the instance has that version or a newer one: one request, and for an hour none.
 * @param about as in `Call.about`: every token may ask.
 * @throws {ForgeError}
 */
export async function isFrom(
  http: GitlabHttp,
  capabilities: Capabilities,
  [major, minor]: readonly [major: number, minor: number],
  about: string,
): Promise<boolean> {
  capabilities.version ??= await ask(http, about);
  const [hasMajor = 0, hasMinor = 0] = capabilities.version.split('.').map((part) => Number.parseInt(part, 10));
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

const METADATA = z.looseObject({ version: z.string().regex(/^\d+\.\d+/) });

/** Versions before 15.2 do not tell theirs so (doc/api/metadata.md). */
async function ask(http: GitlabHttp, about: string): Promise<string> {
  try {
    const read = await readOne(http, (gitlab) => gitlab.Metadata.show(), { about });
    return understood(METADATA, read.json(), read.where).version;
  } catch (error) {
    if (error instanceof ForgeError && error.reason === 'not-found') return '15.1';
    throw error;
  }
}
