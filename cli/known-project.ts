import type { CatalogSource } from '../catalog/files.ts';
import type { RepositoryContext } from '../catalog/model.ts';
import { type KnownCatalog, openKnownCatalog } from './catalog-context.ts';
import type { LoadedConfig } from './config/load.ts';
import type { Output } from './output.ts';

/** What the catalog knows of a project that models may be asked about. */
export interface KnownProject {
  /** `group/name`; of a folder without a remote its own name. */
  readonly path: string;
  readonly known: KnownCatalog | undefined;
  readonly context: RepositoryContext | 'unreachable' | undefined;
  readonly tags: readonly string[];
}

/** Asks the catalog of the configuration, where there is one. */
export async function knownProject(
  { config, out }: { readonly config: LoadedConfig; readonly out: Output },
  project: CatalogSource['project'],
  reader: CatalogSource['reader'],
): Promise<KnownProject> {
  if (config.values.catalog.from === 'none')
    return { path: project.path, known: undefined, context: undefined, tags: [] };
  const known = await openKnownCatalog(config, [{ project, reader }], out);
  const context = known.contextOf(project);
  const mains = typeof context === 'object' ? (context.mains ?? []) : [];
  return { path: project.path, known, context, tags: [...new Set(mains.flatMap(({ tags }) => tags))] };
}
