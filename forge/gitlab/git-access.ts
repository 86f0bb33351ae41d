import type { InstanceSettings } from '../config.ts';
import type { Project } from '../port.ts';
import type { GitAccess } from './partial-clone.ts';
import type { Keyring } from './tokens/keyring.ts';

/**
 * How git reaches a project of the instance: always at the instance's own address, whatever GitLab says of it, so that the
 * token goes nowhere else. Redirects are not followed and no credential helper is asked.
 *
 * @throws {ForgeError} `unauthorized`
 */
export async function gitAccess(
  settings: InstanceSettings,
  keyring: Keyring,
  scratch: string,
  project: Pick<Project, 'path'>,
  inherited: NodeJS.ProcessEnv,
): Promise<GitAccess> {
  const instance = settings.url.replace(/\/+$/, '');
  const token = await keyring.for(project.path)?.get();
  const user = token?.kind === 'job' ? 'gitlab-ci-token' : 'oauth2';
  const login = token && Buffer.from(`${user}:${token.reveal()}`).toString('base64');
  const config: [string, string][] = [
    ['credential.helper', ''],
    ['http.followRedirects', 'false'],
    // Filters and objects by their ids need it; it is git's default since 2.26.
    ['protocol.version', '2'],
    // Else the server leaves out what it thinks is there already: the files of a commit that was fetched without them.
    ['fetch.negotiationAlgorithm', 'noop'],
    ...(login === undefined ? [] : ([[`http.${instance}/.extraHeader`, `Authorization: Basic ${login}`]] as const)),
    ...(settings.ca === undefined ? [] : ([['http.sslCAInfo', settings.ca]] as const)),
    ...(settings.proxy === undefined
      ? []
      : ([['http.proxy', settings.proxy === 'none' ? '' : settings.proxy]] as const)),
  ].map(([name, value]) => [name!, value!]);
  const url = `${instance}/${project.path.split('/').map(encodeURIComponent).join('/')}.git`;
  return { url, env: configEnvironment(config, inherited), scratch };
}

/** After what the user has set in the same way. */
function configEnvironment(
  config: readonly (readonly [string, string])[],
  { GIT_CONFIG_COUNT: count }: NodeJS.ProcessEnv,
): Record<string, string> {
  const first = /^\d+$/.test(count ?? '') ? Number(count) : 0;
  const pairs = config.flatMap(([name, value], at) => [
    [`GIT_CONFIG_KEY_${first + at}`, name] as const,
    [`GIT_CONFIG_VALUE_${first + at}`, value] as const,
  ]);
  return { GIT_CONFIG_COUNT: String(first + config.length), ...Object.fromEntries(pairs) };
}
