import { dirname, resolve } from 'node:path';
import { loadPlugins } from '../reviewer/plugins/loader.ts';
import type { ReviewPlugin } from '../reviewer/plugins/plugin.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnPlugins, repositoryAround } from './config/servers.ts';

/**
 * The plugins of `review.plugins`, from where the configuration lies.
 *
 * @param reviewed the folder that is reviewed, if it is one: neither it nor the repository around it may hold a plugin.
 * @throws {ConfigError} where a configuration names any that others may have written. @throws {PluginFileError}
 */
export async function ownPlugins(loaded: LoadedConfig, reviewed: string | null): Promise<readonly ReviewPlugin[]> {
  assertOwnPlugins(loaded);
  const home = loaded.file === undefined ? '.' : dirname(loaded.file);
  const files = loaded.values.review.plugins.map((file) => resolve(home, file));
  if (files.length === 0) return [];
  return await loadPlugins(
    files,
    reviewed === null ? [] : [resolve(reviewed), repositoryAround(reviewed) ?? resolve(reviewed)],
  );
}
