import type { Kysely } from 'kysely';
import { gitlabForge } from '../../forge/gitlab/index.ts';
import type { Forge } from '../../forge/port.ts';
import type { WriteRequest } from '../../forge/write-request.ts';
import type { GitlabSimulator } from '../../test/gitlab/port.ts';
import { startGitlab } from '../../test/gitlab/start.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from './state.ts';

/** A GitLab with one group, in which `ada` is a maintainer and we are a developer, and a state with nothing in it. */
export interface BotPlace {
  readonly gitlab: GitlabSimulator;
  readonly forge: Forge;
  readonly db: Kysely<Tables>;
  /** Another connection of ours. @param record takes each write instead. */
  open(record?: (request: WriteRequest) => void): Forge;
  /** @param path below `/api/v4`. */
  asAda(path: string, method: string, body: object): Promise<Response>;
  close(): Promise<void>;
}

export async function openBotPlace(group: string): Promise<BotPlace> {
  const gitlab = await startGitlab();
  gitlab.addUser({ username: 'ada' });
  gitlab.addUser({ username: 'agentsmd-bot', bot: true });
  gitlab.addGroup({ path: group, members: { ada: 'maintainer', 'agentsmd-bot': 'developer' } });
  const token = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'] });
  const open: BotPlace['open'] = (record) =>
    gitlabForge({
      instance: { url: gitlab.url, token: { env: 'TOKEN' } },
      env: { TOKEN: token },
      audit: { append: () => {} },
      ...(record ? { record } : {}),
    });
  const forge = open();
  const db = await memoryState();
  return {
    ...{ gitlab, forge, db, open },
    asAda: (path, method, body) =>
      fetch(`${gitlab.url}/api/v4${path}`, {
        method,
        headers: { 'PRIVATE-TOKEN': gitlab.addToken({ user: 'ada' }), 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    close: async () => {
      await forge.close();
      await db.destroy();
      await gitlab.close();
    },
  };
}
