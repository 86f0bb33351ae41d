import { testGit } from '../../forge/git/testing/make-repo.ts';
import { openHttp } from '../../forge/gitlab/http/open.ts';
import type { GitlabHttp } from '../../forge/gitlab/http/port.ts';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import { findProject } from '../../forge/gitlab/project.ts';
import { gitlabPublisher } from '../../forge/gitlab/write/publisher.ts';
import { userIds } from '../../forge/gitlab/write/users.ts';
import type { Forge, Project, Publisher } from '../../forge/port.ts';
import type { GitlabSimulator, NewProject, NewToken, Role } from '../gitlab/port.ts';

/** Where one scenario plays: projects of its own on an instance that others may share. */
export interface Place {
  readonly gitlab: GitlabSimulator;
  /** In a group of its own. `bot` is a developer of it, unless told otherwise. */
  shop(options?: ShopOptions): Promise<Shop>;
  /** Method and path of each request since the shop was opened; in order of the answers. */
  asked(): readonly string[];
  close(): Promise<void>;
}

export interface ShopOptions {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly project?: Partial<NewProject>;
  /** Of `bot`. */
  readonly role?: Role;
  readonly token?: Partial<NewToken>;
}

/** Our client, with `bot`'s token. */
export interface Connection {
  readonly forge: Forge;
  readonly http: GitlabHttp;
}

export interface Shop extends Connection {
  readonly group: string;
  readonly path: string;
  /** As an administrator finds it. */
  readonly project: Project;
  readonly token: string;
  /** The commit of `main`. */
  readonly base: string;
  readonly publisher: Publisher;
  /** A publisher over another transport. */
  publisherOver(http: GitlabHttp): Publisher;
  connect(token: string): Connection;
  /** As an administrator would. */
  change(project: Partial<NewProject>): void;
  /** In the repository itself. */
  git(...args: readonly string[]): Promise<string>;
}

/** Nobody waits, and chance is the same each time. */
const CLOCK = { now: () => Date.now(), sleep: async () => {}, random: () => 0.5 };
const AUDIT = { append: () => {} };

/** @param name of its groups; another one for each place on the same instance. */
export function openPlace(gitlab: GitlabSimulator, name: string): Place {
  const closing: (() => Promise<void>)[] = [];

  function connect(token: string): Connection {
    const variable = token.startsWith('glcbt-') ? 'CI_JOB_TOKEN' : 'TOKEN';
    const instance = { url: gitlab.url, token: { env: variable }, requestsPerMinute: 1e6 };
    const deps = { env: { ...process.env, [variable]: token }, clock: CLOCK };
    const forge = gitlabForge({ instance, audit: AUDIT, ...deps });
    const http = openHttp(instance, deps);
    closing.push(
      () => forge.close(),
      () => http.close(),
    );
    return { forge, http };
  }

  return {
    gitlab,
    async shop({ files = START, project: more = {}, role = 'developer', token: wanted = {} } = {}) {
      const group = `${name}-${closing.length}`;
      const path = `${group}/app`;
      const members = { bot: role, ada: 'maintainer' } as const;
      const { id, gitDir } = await gitlab.addProject({ path, files, members, ...more });
      const token = gitlab.addToken({ user: 'bot', scopes: ['api'], ...wanted });
      const connection = connect(token);
      const git = (...args: readonly string[]) => testGit(gitDir, args);
      const project = await findProject(connect(gitlab.rootToken).http, String(id));
      const publisherOver = (http: GitlabHttp) =>
        gitlabPublisher({ http, audit: AUDIT, users: userIds(http), actor: () => 'bot', clock: CLOCK }, project);
      const base = await git('rev-parse', 'refs/heads/main');
      gitlab.forget();
      const publisher = publisherOver(connection.http);
      const change = (project: Partial<NewProject>) => gitlab.changeProject(path, project);
      return { ...connection, change, group, path, project, token, base, publisher, publisherOver, connect, git };
    },
    asked: () => gitlab.requests.map(({ method, path }) => `${method} ${path}`),
    async close() {
      for (const close of closing.splice(0)) await close();
    },
  };
}

const START = { 'README.md': '# Shop\n' };
