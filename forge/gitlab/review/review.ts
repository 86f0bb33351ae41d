import type { AuditLog } from '../../audit.ts';
import { ForgeError } from '../../errors.ts';
import type { Project } from '../../port.ts';
import type { MergeRequestReview, Person } from '../../review-port.ts';
import type { RecordWrite } from '../../write-request.ts';
import type { Capabilities } from '../capabilities.ts';
import type { Clock } from '../http/clock.ts';
import type { GitlabHttp } from '../http/port.ts';
import { httpSender } from '../write/http-sender.ts';
import { recordingSender } from '../write/recording-sender.ts';
import { approve, revoke } from './approval.ts';
import { takesFileNotes, withoutLines } from './large-files.ts';
import { look, pushedAt, said } from './look.ts';
import { looks } from './looks.ts';
import { accessOf, isBot } from './people.ts';
import { publish } from './publish.ts';
import { requestChanges } from './request-changes.ts';
import type { Reviewing } from './reviewing.ts';
import { setResolved, summary } from './threads.ts';

export interface GitlabReviewOptions {
  readonly http: GitlabHttp;
  readonly audit: AuditLog;
  readonly capabilities: Capabilities;
  /** Who the token stands for. Asked once, it is to know. */
  readonly self: () => Promise<Person>;
  readonly clock: Clock;
  /** Set for a dry run: takes each write instead of GitLab. Looks are real. */
  readonly record?: RecordWrite;
}

/**
 * One merge request of a GitLab under review; it is settled here which, and by nothing later.
 * @throws {ForgeError} `invalid` for a number that none can have.
 */
export function gitlabReview(
  options: GitlabReviewOptions,
  project: Pick<Project, 'id' | 'path' | 'instance'>,
  iid: number,
): MergeRequestReview {
  const { http, audit, capabilities, self, clock, record } = options;
  if (!Number.isSafeInteger(iid) || iid < 1)
    throw new ForgeError('invalid', `${project.path}: ${iid} is not the number of a merge request`);
  const subject = { project, iid };
  const actor = async () => (await self()).username;
  const sender = record ? recordingSender(record) : httpSender({ http, audit, project, actor, clock });
  const reviewing: Reviewing = {
    ...subject,
    http,
    capabilities,
    clock,
    look: looks(http, subject, self),
    sender,
    self,
  };
  return {
    look: () => look(reviewing),
    said: () => said(reviewing),
    emoji: (note) => reviewing.look.emoji(note),
    pushedAt: () => pushedAt(reviewing),
    withoutLines: (paths) => withoutLines(reviewing, paths),
    takesFileNotes: () => takesFileNotes(reviewing),
    accessOf: (person) => accessOf(reviewing, person),
    isBot: (person) => isBot(reviewing, person),
    publish: (batch, head, why) => publish(reviewing, batch, head, why),
    summary: (id, key, body, why) => summary(reviewing, id, key, body, why),
    setResolved: (thread, resolved, why) => setResolved(reviewing, thread, resolved, why),
    approve: (reviewed, why) => approve(reviewing, reviewed, why),
    revoke: (why) => revoke(reviewing, why),
    requestChanges: (reviewed, why) => requestChanges(reviewing, reviewed, why),
  };
}
