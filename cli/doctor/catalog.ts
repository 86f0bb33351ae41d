import { instancesOf } from '../config/instances.ts';
import type { LoadedConfig } from '../config/load.ts';
import { assertOwnServers } from '../config/servers.ts';
import type { Check } from './check.ts';

/** Whether the catalog answers, and what it holds. */
export async function catalogChecks(loaded: LoadedConfig, env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const { catalog: config } = loaded.values;
  const about = 'catalog';
  if (config.from === 'none') return [{ about, mark: 'note', says: 'catalog.from is none: owners are not known' }];
  if (config.from === 'files')
    return [{ about, mark: 'ok', says: `${config.files.join(', ')} in the repositories themselves` }];
  if (!isOwn(loaded)) return [{ about, mark: 'fails', says: 'it is not asked, see the configuration above' }];
  const { openCatalog } = await import('../../catalog/index.ts');
  try {
    const instances = instancesOf(loaded, env).map(({ url }) => url);
    const catalog = await openCatalog(config, { env, folder: undefined, instances, refresh: true });
    if (!catalog) return [];
    const components = [...catalog.entities.values()].filter(({ kind }) => kind === 'Component').length;
    const says = `${config.baseUrl}: ${catalog.entities.size} entities, ${components} components in ${catalog.places.size} repositories`;
    return [
      {
        about,
        mark: catalog.stale === undefined && components > 0 ? 'ok' : 'warns',
        says: catalog.stale === undefined ? says : `${says}; ${catalog.stale}`,
      },
      ...(catalog.problems.length > 0
        ? [
            {
              about,
              mark: 'warns' as const,
              says: `${catalog.problems.length} problems, such as: ${catalog.problems[0]}`,
            },
          ]
        : []),
    ];
  } catch (error) {
    if ((error as { exitCode?: unknown }).exitCode === undefined) throw error;
    return [{ about, mark: 'fails', says: (error as Error).message, mend: 'see catalog.baseUrl and catalog.token' }];
  }
}

function isOwn(loaded: LoadedConfig): boolean {
  try {
    assertOwnServers(loaded);
    return true;
  } catch {
    return false;
  }
}
