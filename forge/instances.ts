import { addressProblem, type GitlabConfig, type InstanceSettings, plainAddress, type TokenSource } from './config.ts';
import { SettingError } from './setting-error.ts';

/**
 * The instances to talk to: those of the configuration, else the one that the environment names (GITLAB_URL, in a CI job
 * CI_SERVER_URL). Empty where neither does.
 * @throws {SettingError}
 */
export function instancesFrom(config: GitlabConfig, env: NodeJS.ProcessEnv): readonly InstanceSettings[] {
  const { instances, ...common } = config;
  const found = instances.length > 0 ? instances : fromEnvironment(env);
  return found.map((instance) => ({
    ...instance,
    concurrency: instance.concurrency ?? common.concurrency,
    requestsPerMinute: instance.requestsPerMinute ?? common.requestsPerMinute,
    timeout: instance.timeout ?? common.timeout,
  }));
}

function fromEnvironment(env: NodeJS.ProcessEnv): readonly InstanceSettings[] {
  const variable = ['GITLAB_URL', 'CI_SERVER_URL'].find((name) => env[name]);
  if (variable === undefined) return [];
  const address = env[variable] ?? '';
  const problem = addressProblem(address);
  if (problem) throw new SettingError(`${variable}: ${problem}`);
  const url = plainAddress(address);
  const token = tokenFrom(url, env);
  return [token ? { url, token } : { url }];
}

/** A job token reaches little, so it comes last; and it is shown to no other instance than the one that gave it out. */
function tokenFrom(url: string, env: NodeJS.ProcessEnv): TokenSource | undefined {
  const name = ['GITLAB_TOKEN', 'GITLAB_PRIVATE_TOKEN'].find((candidate) => env[candidate]);
  if (name !== undefined) return { env: name };
  const own = env.CI_JOB_TOKEN && env.CI_SERVER_URL && plainAddress(env.CI_SERVER_URL) === url;
  return own ? { env: 'CI_JOB_TOKEN' } : undefined;
}
