import type { AuditLog } from '../../audit.ts';
import type { Project, Publisher } from '../../port.ts';
import type { RecordWrite } from '../../write-request.ts';
import type { Clock } from '../http/clock.ts';
import type { GitlabHttp } from '../http/port.ts';
import { ensureBranchGone, ensureCommit } from './commit.ts';
import { httpSender } from './http-sender.ts';
import { looks } from './looks.ts';
import { ensureClosed, ensureLabels, ensureMergeRequest } from './merge-request.ts';
import { ensureNote } from './note.ts';
import { recordingSender } from './recording-sender.ts';
import type { UserIds } from './users.ts';
import type { Writing } from './writing.ts';

export interface GitlabPublisherOptions {
  readonly http: GitlabHttp;
  readonly audit: AuditLog;
  /** One for the whole instance. */
  readonly users: UserIds;
  /** User name that the token stands for; asked before the first write. */
  readonly actor: () => string | Promise<string>;
  readonly clock: Clock;
  /** Set for a dry run: takes each write instead of GitLab. Looks are real. */
  readonly record?: RecordWrite;
}

/** The writes on one project of a GitLab instance. A new publish is two requests, and one for each new user name. */
export function gitlabPublisher(options: GitlabPublisherOptions, project: Project): Publisher {
  const { http, users, actor, record } = options;
  const sender = record ? recordingSender(record) : httpSender({ ...options, project });
  const writing: Writing = { project, look: looks(http, project, actor), sender, users };
  return {
    ensureCommit: (plan, why) => ensureCommit(writing, plan, why),
    ensureMergeRequest: (plan, why, known) => ensureMergeRequest(writing, plan, why, known),
    ensureNote: (iid, marker, body, why) => ensureNote(writing, iid, marker, body, why),
    ensureClosed: (mergeRequest, why) => ensureClosed(writing, mergeRequest, why),
    ensureLabels: (mergeRequest, add, why) => ensureLabels(writing, mergeRequest, add, why),
    ensureBranchGone: (branch, expectedTip, why) => ensureBranchGone(writing, branch, expectedTip, why),
  };
}
