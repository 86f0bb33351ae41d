import * as z from 'zod';
import { ForgeError } from '../../errors.ts';
import type { AccessLevel } from '../../port.ts';
import type { Person } from '../../review-port.ts';
import { accessLevel } from '../access.ts';
import { readOne } from '../http/gitbeaker.ts';
import { restMember, understood } from '../schema.ts';
import type { Reviewing } from './reviewing.ts';

/** Memberships that are inherited or come from an invited group count. Whoever was deleted has none. */
export async function accessOf({ http, project }: Reviewing, { id }: Person): Promise<AccessLevel> {
  if (id === '') return 'none';
  const inherited = { includeInherited: true };
  try {
    const ask = { about: project.path };
    const read = await readOne(http, (gitlab) => gitlab.ProjectMembers.show(project.id, Number(id), inherited), ask);
    return accessLevel(understood(restMember, read.json(), read.where).access_level);
  } catch (error) {
    if (isMissing(error, /404 Project Not Found/i)) return 'none';
    throw error;
  }
}

/** GitLab gives tokens of projects and groups, and service accounts, users of these names (doc/user/project/settings/project_access_tokens.md). */
const BOT_NAME = /^(?:(?:project|group)_\d+_bot(?:_|$)|service_account_)/;

const USER = z.looseObject({ bot: z.boolean().nullish() });

/** One request, where the name does not tell. A user who is gone is none. */
export async function isBot({ http, project }: Reviewing, { id, username }: Person): Promise<boolean> {
  if (BOT_NAME.test(username)) return true;
  if (id === '') return false;
  try {
    const read = await readOne(http, (gitlab) => gitlab.Users.show(Number(id)), { about: project.path });
    return understood(USER, read.json(), read.where).bot ?? false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** @param other what else may be missing: that is no news about the one asked for. */
function isMissing(error: unknown, other?: RegExp): boolean {
  return error instanceof ForgeError && error.reason === 'not-found' && !other?.test(error.said ?? error.message);
}
