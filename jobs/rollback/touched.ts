import type { Forge, MergeRequest, Note, Standing } from '../../forge/port.ts';
import type { PublishConfig } from '../../generator/publish/config.ts';
import { markerOf } from '../../generator/publish/marker.ts';
import { isBranchOurs } from '../../generator/publish/whose-commits.ts';

/**
 * What people did to a merge request of ours, so that it is theirs to close.
 * - `opened`: somebody else opened it. `merging`: it is being merged right now.
 * - `comment`, `review`: they said something, or approved, assigned, labelled, edited it. `text`: its text is not as we wrote it.
 * - `commits`: they committed to its branch, or moved that.
 */
export interface Touch {
  readonly reason: 'opened' | 'merging' | 'comment' | 'review' | 'text' | 'commits';
  /** A line for people. */
  readonly message: string;
}

/** Who we are, in lower case. */
export interface Own {
  readonly users: ReadonlySet<string>;
  readonly emails: ReadonlySet<string>;
}

export async function whoWeAre(forge: Forge, path: string, config: PublishConfig): Promise<Own> {
  const self = await forge.self(path);
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  return { users: lower([self.username, ...config.ownUsers]), emails: lower([self.email, ...config.ownEmails]) };
}

/** The first thing found that a person did to an open merge request; the forge tells what it tells. @throws {ForgeError} */
export async function touchOf(
  forge: Forge,
  standing: Standing,
  mergeRequest: MergeRequest,
  own: Own,
): Promise<Touch | undefined> {
  const { project, head, branchTip } = standing;
  if (mergeRequest.state === 'locked') return { reason: 'merging', message: 'it is being merged right now' };
  if (!own.users.has(mergeRequest.author.toLowerCase()))
    return { reason: 'opened', message: `${mergeRequest.author || 'somebody else'} opened it` };
  const marker = await markerOf(mergeRequest);
  if (marker === null) return { reason: 'text', message: 'its description is not as we wrote it' };
  // What marks a draft stands before it.
  if (!mergeRequest.title.endsWith(marker.title)) return { reason: 'text', message: 'its title is not as we wrote it' };
  const said = touchIn(await forge.notes(project, mergeRequest.iid), own);
  if (said) return said;
  if (branchTip === null || head === null) return undefined;
  const commits = await forge.commits(project, mergeRequest.source, head);
  const last = { mergeRequest, marker };
  return isBranchOurs({ standing, own, last }, commits)
    ? undefined
    : { reason: 'commits', message: `people committed to ${mergeRequest.source}` };
}

/** What people said, and what the forge says that they did. */
function touchIn(notes: readonly Note[], own: Own): Touch | undefined {
  const theirs = notes.filter(({ author }) => !own.users.has(author.toLowerCase()) && !TOKEN_USER.test(author));
  const comment = theirs.find(({ system }) => !system);
  if (comment) return { reason: 'comment', message: `${comment.author || 'somebody'} commented on it` };
  const deed = theirs.find(({ author, body }) => author !== '' && !ELSEWHERE.test(body));
  return deed && { reason: 'review', message: `${deed.author}: ${deed.body.split('\n', 1)[0]!.slice(0, 100)}` };
}

/** The users of project and group access tokens: GitLab names them so, and nobody else (doc/user/project/settings/project_access_tokens.md). */
const TOKEN_USER = /^(?:project|group)_\d+_bot(?:_|\d|$)/i;

/** It was named in another place, which is nothing done to it. */
const ELSEWHERE = /^mentioned in /i;
