import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, start } from './agentsmd.ts';
import { type HostedGitlab, hostGitlab } from './hosted-gitlab.ts';

/** A GitLab in a process of its own, a bot in it, and a configuration that names both. */
export interface FleetPlace {
  readonly gitlab: HostedGitlab;
  /** The user that the token stands for; a developer of whatever is populated for it. */
  readonly bot: string;
  /** A folder that is gone with it. */
  readonly folder: string;
  /** What every process of ours is started with. */
  readonly env: Readonly<Record<string, string>>;
  /** A new folder for the embedded store. */
  state(): string;
  /** Starts the program with the configuration. @param env beside the place's own, such as a database. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running;
  close(): Promise<void>;
}

export interface FleetSettings {
  /** Below `fleet:` of the configuration, as YAML in one line each. Default: nothing is limited. */
  readonly fleet?: readonly string[];
  /** Below the instance. */
  readonly instance?: readonly string[];
}

export const UNLIMITED = ['limits: { openMergeRequests: null, newPerHour: null, pipelinesPerHour: null }'];

export async function openFleetPlace({ fleet = UNLIMITED, instance = [] }: FleetSettings = {}): Promise<FleetPlace> {
  const gitlab = await hostGitlab();
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-fleet-'));
  const bot = 'agentsmd-bot';
  await gitlab.addGroup({ path: 'bots', members: { [bot]: 'developer' } });
  const token = await gitlab.addToken({ user: bot, scopes: ['api', 'write_repository'] });
  const config = join(folder, 'agentsmd.config.yaml');
  const lines = [
    'gitlab:',
    '  instances:',
    `    - url: ${gitlab.url}`,
    '      token: { env: GITLAB_TOKEN }',
    ...instance.map((line) => `      ${line}`),
    'fleet:',
    ...fleet.map((line) => `  ${line}`),
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const env = {
    GITLAB_TOKEN: token,
    AGENTSMD_STATE_DIR: join(folder, 'own-state'),
    AGENTSMD_CACHE_DIR: join(folder, 'cache'),
  };
  let states = 0;
  return {
    gitlab,
    bot,
    folder,
    env,
    state: () => join(folder, `state-${++states}`),
    start: (args, more = {}) => start([...args, '--config', config], { cwd: folder, env: { ...env, ...more } }),
    close: async () => {
      await gitlab.close();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
