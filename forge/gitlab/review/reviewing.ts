import { ForgeError } from '../../errors.ts';
import { FULL_ID } from '../../object-id.ts';
import type { Project } from '../../port.ts';
import { hasLine } from '../../render/note-marker.ts';
import type { SafeText } from '../../render/safe-text.ts';
import type { Person, Reviewed } from '../../review-port.ts';
import type { Capabilities } from '../capabilities.ts';
import type { Clock } from '../http/clock.ts';
import type { GitlabHttp } from '../http/port.ts';
import { findProject } from '../project.ts';
import { explain, type Refused } from '../write/refusals.ts';
import type { Sender } from '../write/sender.ts';
import type { SeenMergeRequest } from './answers.ts';
import type { Looks } from './looks.ts';
import type { Subject } from './requests.ts';

/** What the verbs of one review work with. */
export interface Reviewing extends Subject {
  readonly project: Pick<Project, 'id' | 'path' | 'instance'>;
  readonly http: GitlabHttp;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly look: Looks;
  readonly sender: Sender;
  /** Who the token stands for. */
  self(): Promise<Person>;
}

/** The error to throw for one that a write ended in; what we found out ourselves is told already. */
export async function refusal({ project, http }: Reviewing, error: unknown, what: Refused['what']): Promise<unknown> {
  if (error instanceof ForgeError && error.status === undefined) return error;
  return explain(error, { project, what }, () => findProject(http, project.id));
}

/** For messages: `team/app!7`. */
export function nameOf({ project, iid }: Subject): string {
  return `${project.path}!${iid}`;
}

export function movedOn(subject: Subject, head: string, tip: string | null, undone: string): ForgeError {
  const what = `its tip is ${tip ?? 'another one'} by now, and not ${head}`;
  return changed(subject, what, undone);
}

/** In ms. What was seen right before a batch is taken for how it stands right after it. */
const A_MOMENT = 5_000;

/**
 * How it stands now, before what is for nothing but what was reviewed. One request; none a moment after one that was made right before a
 * batch. One that is over is for its caller to judge.
 *
 * @throws {ForgeError} `conflict` where it has another tip, or goes elsewhere: what judged it stands where it was to go.
 */
export async function stillReviewed(
  reviewing: Reviewing,
  { head, target }: Reviewed,
  undone: string,
): Promise<SeenMergeRequest> {
  const { look, clock } = reviewing;
  const isFresh = look.checkedAt !== undefined && clock.now() - look.checkedAt < A_MOMENT;
  // Good for once: whoever looks again wants to know.
  look.checkedAt = undefined;
  const now = (isFresh ? look.lastMergeRequest : undefined) ?? (await look.mergeRequest());
  if (now.state !== 'opened') return now;
  if (now.head !== head) throw movedOn(reviewing, head, now.head, undone);
  if (now.target === target) return now;
  throw changed(reviewing, `it goes into ${now.target} by now, and not into ${target}`, undone);
}

export function changed(subject: Subject, what: string, undone: string): ForgeError {
  return new ForgeError('conflict', `${nameOf(subject)}: ${what}; ${undone}: review what is there now`);
}

/** @throws {ForgeError} `invalid`: GitLab would take any tip for one that is not named in full. */
export function checkTip(subject: Subject, head: string): void {
  if (FULL_ID.test(head)) return;
  throw new ForgeError('invalid', `${nameOf(subject)}: ${JSON.stringify(head)} is not the full id of a commit`);
}

/** @throws {ForgeError} `invalid` for a text that could not be found again after its answer was lost: a bug of the caller. */
export function checkKey(subject: Subject, key: string, ...bodies: readonly SafeText[]): void {
  if (key.trim() !== '' && bodies.every((body) => hasLine(body, key))) return;
  throw new ForgeError(
    'invalid',
    `${nameOf(subject)}: ${JSON.stringify(key)} is no line of the text that it is the key of`,
  );
}
