import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLog } from '../audit.ts';
import type { InstanceSettings } from '../config.ts';
import type { Forge } from '../port.ts';
import type { RecordWrite } from '../write-request.ts';
import { listRecentAuthors } from './authors.ts';
import { openBlobCache } from './blob-cache.ts';
import { Capabilities } from './capabilities.ts';
import { listChanged } from './changed-merge-requests.ts';
import { listCommits } from './commits.ts';
import { gitAccess } from './git-access.ts';
import { listHeads } from './heads.ts';
import { SYSTEM_CLOCK } from './http/clock.ts';
import { type HttpDeps, openHttp } from './http/open.ts';
import { listLabelled } from './labelled-merge-requests.ts';
import { groupMembersOf, projectMembersOf } from './members.ts';
import { listNotes } from './notes.ts';
import { findProject } from './project.ts';
import { listProjects } from './projects.ts';
import { readProject } from './reader.ts';
import { gitlabReview } from './review/review.ts';
import { selfOf } from './self.ts';
import { askStanding } from './standing.ts';
import { openKeyring } from './tokens/keyring.ts';
import { gitlabPublisher } from './write/publisher.ts';
import { userIds } from './write/users.ts';

export interface GitlabForgeSettings extends HttpDeps {
  readonly instance: InstanceSettings;
  readonly audit: AuditLog;
  /** A folder for contents of files, shared by all instances and processes. Absent: nothing is kept on disk. */
  readonly cacheDir?: string;
  /** Set for a dry run: takes each write instead of GitLab. */
  readonly record?: RecordWrite;
}

/**
 * One GitLab instance. Nothing is requested, read or made before the first question; `close` it.
 *
 * @example
 * const forge = gitlabForge({ instance: { url: 'https://gitlab.example.com', token: { env: 'GITLAB_TOKEN' } }, audit });
 * const { project, head } = await forge.standing({ id: '', path: 'group/name' }, { branch: 'agentsmd', files: [] });
 */
export function gitlabForge({ instance: settings, audit, cacheDir, record, ...deps }: GitlabForgeSettings): Forge {
  const { env = process.env, clock = SYSTEM_CLOCK } = deps;
  const keyring = deps.keyring ?? openKeyring(settings, env);
  const http = openHttp(settings, { ...deps, keyring });
  const capabilities = new Capabilities(() => clock.now());
  const users = userIds(http);
  const membersOf = projectMembersOf(http, users);
  const scratch = cacheDir === undefined ? tmpdir() : join(cacheDir, 'git');
  const cache =
    cacheDir === undefined ? {} : { cache: openBlobCache({ dir: join(cacheDir, 'blobs'), now: () => clock.now() }) };
  const self = selfOf(http);

  return {
    kind: 'gitlab',
    instance: http.instance,
    projects: (scope) => listProjects(http, scope),
    project: (pathOrId) => findProject(http, pathOrId),
    standing: (project, question) => askStanding(http, capabilities, project, question),
    heads: (projects, signal) => listHeads(http, capabilities, projects, signal),
    open: (project, commit, options) =>
      readProject(
        { http, capabilities, ...cache, git: (of) => gitAccess(settings, keyring, scratch, of, env) },
        project,
        commit,
        options,
      ),
    commits: (project, branch, base) => listCommits(http, project, branch, base),
    notes: (project, iid, options) => listNotes(http, project, iid, options),
    labelledMergeRequests: (label, updatedAfter) =>
      listLabelled(http, Object.keys(settings.groups ?? {}), label, updatedAfter),
    changedMergeRequests: (scope, updatedAfter) => listChanged(http, scope, updatedAfter),
    recentAuthors: (project) => listRecentAuthors(http, project, membersOf),
    groupMembers: groupMembersOf(http, users),
    projectMembers: async (project) => {
      const { members, complete } = await membersOf(project);
      return complete ? members.map(({ username }) => username) : [];
    },
    self,
    publisher: (project) => {
      const actor = async () => (await self(project.path)).username;
      return gitlabPublisher({ http, audit, users, actor, clock, ...(record ? { record } : {}) }, project);
    },
    review: (project, iid) => {
      const who = async () => {
        const { id, username } = await self(project.path);
        return { id, username };
      };
      return gitlabReview({ http, audit, capabilities, self: who, clock, ...(record ? { record } : {}) }, project, iid);
    },
    close: () => http.close(),
  };
}
