import { dirname, resolve } from 'node:path';
import type { InstanceSettings, TokenSource } from '../../forge/config.ts';
import { instancesFrom } from '../../forge/instances.ts';
import type { LoadedConfig } from './load.ts';
import { assertOwnConfig } from './servers.ts';

/**
 * The GitLab instances to talk to. Files that the configuration names are meant from where it lies.
 *
 * @throws {ConfigError} where the configuration does not hold for them.
 * @throws {SettingError} for an address of the environment that is none.
 */
export function instancesOf(loaded: LoadedConfig, env: NodeJS.ProcessEnv): readonly InstanceSettings[] {
  assertOwnConfig(loaded);
  const { file, values } = loaded;
  const instances = instancesFrom(values.gitlab, env);
  if (file === undefined || values.gitlab.instances.length === 0) return instances;
  const beside = (path: string): string => (path.startsWith('~/') ? path : resolve(dirname(file), path));
  const token = (source: TokenSource): TokenSource => ('file' in source ? { file: beside(source.file) } : source);
  return instances.map((instance) => ({
    ...instance,
    ...(instance.ca === undefined ? {} : { ca: beside(instance.ca) }),
    ...(instance.token === undefined ? {} : { token: token(instance.token) }),
    ...(instance.groups === undefined
      ? {}
      : { groups: Object.fromEntries(Object.entries(instance.groups).map(([path, of]) => [path, token(of)])) }),
  }));
}
