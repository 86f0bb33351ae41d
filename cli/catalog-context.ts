import { join } from 'node:path';
import type { CatalogSource } from '../catalog/files.ts';
import type { Catalog, RepositoryContext } from '../catalog/model.ts';
import { cacheFolder } from '../codex/cache.ts';
import type { CatalogPort } from '../codex/catalog.ts';
import { instancesFrom } from '../forge/instances.ts';
import type { Project } from '../forge/port.ts';
import type { KnownPeople } from '../generator/publish/index.ts';
import type { CodexContext } from '../generator/sections/rules.ts';
import type { LoadedConfig } from './config/load.ts';
import { assertOwnServers } from './config/servers.ts';
import { localProject } from './local-project.ts';
import type { Output } from './output.ts';
import { printableLine } from './printable.ts';

/** What the catalog says of projects. */
export interface KnownCatalog {
  /**
   * `unreachable`: nobody can say today, as of a project that is missing from a catalog which was never seen whole; `undefined`: the
   * catalog knows nothing of it, or there is none.
   */
  contextOf(project: CatalogSource['project']): RepositoryContext | 'unreachable' | undefined;
  /** Of the repository that an entity lives in. */
  contextOfEntity(ref: string): RepositoryContext | undefined;
  peopleOf(project: Project): KnownPeople | undefined;
  readonly catalog: Catalog | undefined;
}

interface Asking {
  readonly refresh?: boolean;
  readonly acceptShrunk?: boolean;
  /** Fail where it cannot be read. */
  readonly must?: boolean;
}

/**
 * The catalog of the configuration. One that cannot be read is said so, and nothing that rests on it is added or taken away.
 *
 * @throws {CatalogError} only where it `must` be read
 * @param sources the repositories at hand, for `catalog.from: files`.
 */
export async function openKnownCatalog(
  loaded: LoadedConfig,
  sources: Iterable<CatalogSource> | AsyncIterable<CatalogSource>,
  out: Output,
  asking: Asking = {},
): Promise<KnownCatalog> {
  const { catalog: config } = loaded.values;
  if (config.from === 'backstage') assertOwnServers(loaded);
  const [{ openCatalog }, { CatalogError }] = await Promise.all([
    import('../catalog/index.ts'),
    import('../catalog/errors.ts'),
  ]);
  const cache = cacheFolder(process.env);
  let catalog: Catalog | undefined;
  try {
    catalog = await openCatalog(config, {
      env: process.env,
      folder: cache === undefined ? undefined : join(cache, 'catalog'),
      instances: servers(loaded),
      sources: () => sources,
      refresh: asking.refresh ?? false,
      acceptShrunk: asking.acceptShrunk ?? false,
    });
  } catch (error) {
    if (asking.must || !(error instanceof CatalogError)) throw error;
    out.warn(`${printableLine((error as Error).message)}; what is said of owners and dependencies stays as it is`);
    return {
      catalog: undefined,
      contextOf: () => 'unreachable',
      contextOfEntity: () => undefined,
      peopleOf: () => undefined,
    };
  }
  if (catalog?.stale !== undefined) out.warn(`catalog: ${printableLine(catalog.stale)}`);
  for (const problem of catalog?.problems ?? []) out.warn(`catalog: ${printableLine(problem)}`);
  const { contextOf, mayComeYet, projectName } = await import('../catalog/context.ts');
  const { reviewersOf } = await import('../catalog/teams.ts');
  const contextFor = (project: CatalogSource['project']): RepositoryContext | undefined =>
    catalog && contextOf(catalog, projectName(project));
  return {
    catalog,
    contextOf: (project) => {
      const context = contextFor(project);
      return !context && catalog && mayComeYet(catalog, projectName(project)) ? 'unreachable' : context;
    },
    contextOfEntity: (text) => {
      if (!catalog) return undefined;
      const ref = /^[^:]+:[^/]+$/.test(text) ? text.replace(':', ':default/') : text;
      for (const placed of catalog.places.values()) {
        const found = placed.find((each) => each.ref === ref.toLowerCase());
        if (!found) continue;
        const { host, project } = found.placement;
        return contextOf(
          catalog,
          'path' in project ? { host, path: project.path } : { host, path: '', id: project.id },
        );
      }
      return undefined;
    },
    peopleOf: (project) => {
      const owner = contextFor(project)?.owner;
      const found = owner && catalog && reviewersOf(catalog, owner, projectName(project).host, config.teams);
      if (!found) return undefined;
      const { group, users = [] } = found;
      return {
        owners: [
          ...users.map((name) => ({ name, kind: 'user' as const })),
          ...(group === undefined ? [] : [{ name: group, kind: 'group' as const }]),
        ],
      };
    },
  };
}

/** Addresses of the instances; of a configuration that may not name servers none, for nobody is asked there. */
export function servers(loaded: LoadedConfig): readonly string[] {
  return instancesFrom(loaded.values.gitlab, process.env).map(({ url }) => url);
}

/** The codex, that may now ask what the catalog knows of a repository. */
export async function withCatalog(
  codex: CodexContext | 'unreachable' | undefined,
  context: RepositoryContext | 'unreachable' | undefined,
): Promise<CodexContext | 'unreachable' | undefined> {
  if (typeof codex !== 'object' || typeof context !== 'object') return codex;
  const { catalogFields } = await import('../catalog/context.ts');
  return { ...codex, catalog: { fields: async () => catalogFields(context) } };
}

/**
 * What rules may ask of the catalog about a local repository. Nobody is asked before a rule does.
 *
 * @param reader tells what the repository says of itself: of a change the state that it goes into.
 */
export function catalogPort(
  loaded: LoadedConfig,
  folder: string,
  reader: CatalogSource['reader'],
  out: Output,
): CatalogPort | undefined {
  if (loaded.values.catalog.from === 'none') return undefined;
  let asked: ReturnType<CatalogPort['fields']> | undefined;
  const ask: CatalogPort['fields'] = async () => {
    const project = await localProject(folder, servers(loaded));
    const context = (await openKnownCatalog(loaded, [{ project, reader }], out)).contextOf(project);
    if (typeof context !== 'object') return undefined;
    const { catalogFields } = await import('../catalog/context.ts');
    return catalogFields(context);
  };
  return {
    fields: () => {
      asked ??= ask();
      return asked;
    },
  };
}
