import type { RepositoryContext } from '../catalog/model.ts';
import type { Project } from '../forge/port.ts';
import type { RepoReader } from '../forge/reader.ts';
import type { KnownPeople } from '../generator/publish/index.ts';
import { digest } from '../generator/publish/proposal.ts';
import { type KnownCatalog, openKnownCatalog } from './catalog-context.ts';
import type { LoadedConfig } from './config/load.ts';
import { LASTS, lasting } from './lasting.ts';
import type { Output } from './output.ts';
import { isUncertain } from './propose.ts';

export interface KnownOfProject {
  readonly context: RepositoryContext | 'unreachable' | undefined;
  readonly people?: KnownPeople;
  /** It may know more than it says today. */
  readonly uncertain: boolean;
}

/** What the catalog says of the projects of a fleet. */
export interface FleetCatalog {
  /** @param reader where what it says stands in the repositories themselves. */
  about(project: Project, reader?: RepoReader): Promise<KnownOfProject>;
  /** Of what it says, without a look into a repository; `null` where that cannot be told. */
  hashOf(project: Pick<Project, 'instance' | 'id' | 'path'>): Promise<string | null>;
}

/**
 * @param withFields whether rules may ask for whatever stands there.
 * @param now in ms.
 */
export function fleetCatalog(loaded: LoadedConfig, out: Output, withFields: boolean, now?: () => number): FleetCatalog {
  const { from } = loaded.values.catalog;
  const whole = lasting(
    () => openKnownCatalog(loaded, [], out),
    ({ catalog }) => (catalog === undefined && from !== 'none' ? LASTS.unreachable : LASTS.known),
    now,
  );
  // What is wrong in single repositories is too much for people to read.
  const lowly: Output = { ...out, warn: out.debug };
  const inRepository = new WeakMap<RepoReader, Promise<KnownCatalog>>();
  const of = (project: Project, reader: RepoReader): Promise<KnownCatalog> => {
    const known = inRepository.get(reader) ?? openKnownCatalog(loaded, [{ project, reader }], lowly);
    inRepository.set(reader, known);
    return known;
  };
  return {
    about: async (project, reader) => {
      if (from === 'files' && !reader) return { context: undefined, uncertain: false };
      const known = await (from === 'files' ? of(project, reader!) : whole());
      const context = known.contextOf(project);
      const people = known.peopleOf(project);
      return { context, uncertain: isUncertain(context), ...(people === undefined ? {} : { people }) };
    },
    hashOf: async (project) => {
      if (from !== 'backstage') return from === 'files' ? null : '';
      // As it is known of every project, wherever it is asked.
      const context = (await whole()).contextOf({ ...project, url: '', defaultBranch: null });
      if (isUncertain(context)) return null;
      return typeof context === 'object' ? digest(await saidIn(context, withFields)) : '';
    },
  };
}

/** Without what changes every day and nobody is told: results of checks, and fields that no rule can ask for. */
async function saidIn(context: RepositoryContext, withFields: boolean): Promise<unknown> {
  const { mains: _, stale: __, components, ...said } = context;
  const { catalogFields } = await import('../catalog/context.ts');
  return {
    ...said,
    components: components.map(({ scores: _, ...component }) => component),
    fields: withFields ? catalogFields(context) : {},
  };
}
