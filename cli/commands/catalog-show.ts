import type { RepositoryContext } from '../../catalog/model.ts';
import { openKnownCatalog, servers } from '../catalog-context.ts';
import { contextText } from '../catalog-text.ts';
import type { CommandModule } from '../command.ts';
import { loadConfig } from '../config/load.ts';
import { UsageError } from '../errors.ts';
import { projectAddress } from '../forges.ts';
import { localProject } from '../local-project.ts';
import { openTarget } from '../open-target.ts';
import { printableLine } from '../printable.ts';

/** Prints what an agent or a reviewer is told of a repository, or of the one that an entity lives in. */
export const run: CommandModule['run'] = async (input) => {
  const { out } = input;
  const ref = input.argument('ref') ?? '.';
  const loaded = await loadConfig({ cwd: process.cwd(), env: process.env, file: input.configFile });
  const { from } = loaded.values.catalog;
  if (from === 'none') throw new UsageError('catalog.from is none; name a catalog there');
  const found = await contextFor(ref);
  // One that is missing from a catalog which was not seen whole is just as unknown here.
  if (found === undefined || found === 'unreachable') throw new UsageError(`${printableLine(ref)}: ${UNKNOWN[from]}`);
  if (out.json) out.document({ schema: 'agentsmd/catalog/1', ref, ...found });
  else out.result(contextText(found, out.style));
  return 0;

  async function contextFor(text: string): Promise<RepositoryContext | 'unreachable' | undefined> {
    const acceptShrunk = input.flag('acceptShrunk');
    const asking = { refresh: acceptShrunk || input.flag('refresh'), acceptShrunk, must: true };
    const isEntity = /^[a-z]+:[^/]*\/?[^/]+$/i.test(text) && !text.includes('://');
    const address = isEntity ? undefined : projectAddress(text, loaded, process.env);
    if (address || (isEntity && loaded.values.catalog.from === 'backstage')) {
      const known = await openKnownCatalog(loaded, [], out, asking);
      if (!address) return known.contextOfEntity(text);
      const { instance, path } = address;
      return known.contextOf({ instance: instance.url, id: '', path, url: '', defaultBranch: null });
    }
    const folder = isEntity ? '.' : text;
    const reader = await openTarget({ ...input, argument: () => folder }, loaded.values);
    try {
      const project = await localProject(folder, servers(loaded));
      const known = await openKnownCatalog(loaded, [{ project, reader }], out, asking);
      return isEntity ? known.contextOfEntity(text) : known.contextOf(project);
    } finally {
      await reader.close();
    }
  }
};

/** What to do where the catalog knows nothing of it. */
const UNKNOWN = {
  files:
    'the catalog knows no such repository or entity: it is made of the catalog-info.yaml files of the repository itself (catalog.from: backstage asks a server)',
  backstage: 'the catalog knows no such repository or entity',
} as const;
