import type { GitlabSimulator, NewProject, NewToken, SimulatorOptions } from '../../../../test/gitlab/port.ts';
import { startGitlab } from '../../../../test/gitlab/start.ts';
import type { AuditEntry } from '../../../audit.ts';
import { testGit } from '../../../git/testing/make-repo.ts';
import type { Project, Publisher } from '../../../port.ts';
import { type PublishingPlace, START } from '../../../testing/publisher-contract.ts';
import { openHttp } from '../../http/open.ts';
import type { GitlabHttp } from '../../http/port.ts';
import { findProject } from '../../project.ts';
import { readOwnMergeRequests } from '../answers.ts';
import { gitlabPublisher } from '../publisher.ts';
import { userIds } from '../users.ts';

export interface GitlabPlace extends PublishingPlace {
  readonly gitlab: GitlabSimulator;
  readonly http: GitlabHttp;
  readonly project: Project;
  /** What was waited, in ms, instead of waiting. */
  readonly waits: readonly number[];
  /** Happens in each wait. */
  onWait: () => Promise<void>;
  /** A publisher over another transport. */
  over(http: Partial<GitlabHttp>): Publisher;
  /** Writes that reached the simulator, whatever came of them. */
  writes(): readonly string[];
}

export interface GitlabPlaceOptions {
  readonly simulator?: SimulatorOptions;
  readonly project?: Partial<NewProject>;
  readonly token?: Partial<NewToken>;
  /** In s. */
  readonly timeout?: number;
}

/** `team/shop` on a simulator, where the user `bot` is a developer. */
export async function openGitlabPlace(options: GitlabPlaceOptions = {}): Promise<GitlabPlace> {
  const gitlab = await startGitlab(options.simulator);
  for (const username of ['bot', 'jo', 'kim']) gitlab.addUser({ username });
  const members = { bot: 'developer', jo: 'maintainer', kim: 'developer' } as const;
  const { gitDir } = await gitlab.addProject({ path: 'team/shop', files: START, members, ...options.project });
  const token = gitlab.addToken({ user: 'bot', scopes: ['api'], ...options.token });
  const waits: number[] = [];
  const sleep = async (ms: number) => {
    waits.push(ms);
    await place.onWait();
  };
  const clock = { now: () => 1_700_000_000_000, sleep, random: () => 0 };
  const settings = { url: gitlab.url, token: { env: 'TOKEN' }, requestsPerMinute: 1e9, timeout: options.timeout };
  const http = openHttp(settings, { env: { TOKEN: token }, clock });
  const project = await findProject(http, options.project?.path ?? 'team/shop');
  const entries: AuditEntry[] = [];
  const audit = { append: (entry: AuditEntry) => void entries.push(entry) };
  const publishing = { http, audit, users: userIds(http), actor: () => 'bot', clock };
  const git = (...args: readonly string[]) => testGit(gitDir, args);
  gitlab.forget();
  const place: GitlabPlace = {
    onWait: async () => {},
    gitlab,
    http,
    project,
    waits,
    writes: () =>
      gitlab.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    publisher: gitlabPublisher(publishing, project),
    over: (other) => gitlabPublisher({ ...publishing, http: { ...http, ...other } }, project),
    dryRun: async (record) => gitlabPublisher({ ...publishing, record }, project),
    base: await git('rev-parse', 'refs/heads/main'),
    git,
    push: (branch, files) => gitlab.push(project.path, { branch, user: 'jo', message: 'By hand', files }),
    mergeRequests: async (branch) => {
      const query = { source_branch: branch, state: 'all', per_page: 100 };
      return readOwnMergeRequests(
        await http.send({ method: 'GET', path: `/projects/${project.id}/merge_requests`, query }),
      );
    },
    notes: async (iid) =>
      (await http.send({ method: 'GET', path: `/projects/${project.id}/merge_requests/${iid}/notes` })).text(),
    audit: entries,
    close: async () => {
      await http.close();
      await gitlab.close();
    },
  };
  return place;
}
