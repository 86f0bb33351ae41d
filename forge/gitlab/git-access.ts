import type { InstanceSettings } from '../config.ts';
import { configEnvironment } from '../git/config-environment.ts';
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
    ...(login === undefined ? [] : ([[`http.${instance}/.extraHeader`, `Authorization: Basic ${login}`]] as const)),
    ...(settings.ca === undefined ? [] : ([['http.sslCAInfo', settings.ca]] as const)),
    ...(settings.proxy === undefined
      ? []
      : ([['http.proxy', settings.proxy === 'none' ? '' : settings.proxy]] as const)),
  ].map(([name, value]) => [name!, value!]);
  const url = `${instance}/${project.path.split('/').map(encodeURIComponent).join('/')}.git`;
  return { url, env: configEnvironment(config, inherited), scratch };
}
