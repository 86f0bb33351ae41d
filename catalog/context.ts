import type { Project } from '../forge/port.ts';
import type { Catalog, CatalogEntity, ComponentContext, Placed, Related, RepositoryContext } from './model.ts';
import { dirOf, projectIdKey, projectKey } from './placement.ts';
import { refParts } from './ref.ts';

/** What a project is found by. */
export interface ProjectName {
  /** `gitlab.example.com` with the port; of a folder its absolute path. */
  readonly host: string;
  readonly path: string;
  readonly id?: string | number | undefined;
  /** Tells branch from folder in addresses whose branch has a slash. */
  readonly defaultBranch?: string | null | undefined;
}

export function projectName(project: Pick<Project, 'instance' | 'id' | 'path' | 'defaultBranch'>): ProjectName {
  const { instance, id, path, defaultBranch } = project;
  return { host: URL.parse(instance)?.host || instance, path, id, defaultBranch };
}

/** An entity that lives in the project, and where. */
interface Local {
  readonly entity: CatalogEntity;
  readonly dir: string;
}

/**
 * What the catalog knows of a project; `undefined` where no entity lives in it. What its own entities have to do with each other
 * is left out: it names others.
 */
export function contextOf(catalog: Catalog, project: ProjectName): RepositoryContext | undefined {
  const locals = localsOf(catalog, project);
  if (locals.length === 0) return undefined;
  const here = new Set(locals.map(({ entity }) => entity.ref));
  const mains = mainsOf(locals);
  const owners = byFrequency(locals.map(({ entity }) => entity.owner));
  const system = mostFrequent(mains.map(({ system }) => system));
  const provided = targets(locals, 'providesApi');
  const related = (refs: Iterable<string>) => relatedOf(catalog, refs);
  const outside = (type: string) => related(targets(locals, type).difference(here));
  const consumers = new Set(
    Array.from(provided, (ref) => targetsOf(catalog.entities.get(ref), 'apiConsumedBy')).flat(),
  );
  return {
    ...present({
      owner: mostFrequent(mains.map(({ owner }) => owner)),
      system,
      domain: mostFrequent(mains.map((entity) => domainOf(catalog, entity))),
      lifecycle: mostFrequent(mains.map(({ lifecycle }) => lifecycle)),
      tier: mostFrequent(mains.map(({ tier }) => tier)),
      stale: catalog.stale ?? unsettledIn(catalog, locals, project),
    }),
    owners,
    dependsOn: outside('dependsOn'),
    dependencyOf: outside('dependencyOf'),
    providesApis: related(provided),
    consumesApis: related(targets(locals, 'consumesApi').difference(provided)),
    apiConsumers: related(consumers.difference(here)),
    mains,
    components: locals.map((local) => componentOf(catalog, local)),
  };
}

/**
 * What rules of the codex may ask of the catalog: fields of the entities that stand for the repository, labels and annotations by their
 * own names. Several entities give the list of their values.
 */
export function catalogFields(
  context: RepositoryContext,
): Readonly<Record<string, string | readonly string[] | undefined>> {
  const values = new Map<string, Set<string>>();
  const add = (name: string, value: string | undefined) => {
    if (value === undefined) return;
    const known = values.get(name) ?? new Set();
    values.set(name, known.add(value));
  };
  for (const entity of context.mains ?? []) {
    // A label must not pass for a field.
    for (const [name, value] of Object.entries({ ...entity.annotations, ...entity.labels }))
      if (!FIELDS.has(name)) add(name, value);
    const { kind, name, namespace, type, lifecycle, tier, owner, system } = entity;
    for (const [field, value] of Object.entries({ kind, name, namespace, type, lifecycle, tier, owner, system }))
      add(field, value);
    for (const tag of entity.tags) add('tags', tag);
  }
  add('domain', context.domain);
  return Object.fromEntries(
    Array.from(values, ([name, all]) => [name, all.size === 1 && name !== 'tags' ? [...all][0]! : [...all]]),
  );
}

const FIELDS: ReadonlySet<string> = new Set([
  'kind',
  'name',
  'namespace',
  'type',
  'lifecycle',
  'tier',
  'owner',
  'system',
  'domain',
  'tags',
]);

/**
 * Whether entities of a project of which the catalog knows nothing may only not be listed yet. What was said because of them stays.
 */
export function mayComeYet(catalog: Catalog, project: ProjectName): boolean {
  return catalog.stale !== undefined || catalog.unproven === true || hasVanished(catalog, project);
}

function hasVanished({ vanished }: Catalog, project: ProjectName): boolean {
  return vanished !== undefined && keysOf(project).some((key) => vanished.places.has(key));
}

/** Why what is said here may still change although the catalog as a whole is believed. */
function unsettledIn(catalog: Catalog, locals: readonly Local[], project: ProjectName): string | undefined {
  const why = hasVanished(catalog, project)
    ? 'an entity that was listed here before is not listed any more'
    : locals.map(({ entity }) => unsettled(catalog, entity)).find((each) => each !== undefined);
  return why && `${why}: the catalog may still be working it out; nothing is concluded from what is missing`;
}

function unsettled({ unproven, vanished, entities }: Catalog, entity: CatalogEntity): string | undefined {
  if (entity.unsettled) return `${entity.ref} lacks relations that its spec names`;
  if (vanished?.refs.has(entity.ref)) return `what ${entity.ref} was related to is not listed any more`;
  const unlisted = unproven && entity.relations.find(({ target }) => isMissing(entities, target));
  return unlisted ? `${entity.ref} names ${unlisted.target}, which is not listed` : undefined;
}

/** Of the kinds that are listed; without groups, which many catalogs name and do not hold. */
function isMissing(entities: Catalog['entities'], ref: string): boolean {
  return /^(api|component|domain|resource|system):/.test(ref) && !entities.has(ref);
}

function keysOf({ host, path, id }: ProjectName): readonly string[] {
  return [projectKey(host, path), ...(id === undefined ? [] : [projectIdKey(host, id)])];
}

/** The root's first, components before what else lives there. */
function localsOf(catalog: Catalog, project: ProjectName): Local[] {
  const placed: readonly Placed[] = keysOf(project).flatMap((key) => catalog.places.get(key) ?? []);
  const locals = placed.flatMap(({ ref, placement }) => {
    const entity = catalog.entities.get(ref);
    return entity ? [{ entity, dir: dirOf(placement, project.defaultBranch) }] : [];
  });
  const order = ({ entity, dir }: Local) =>
    `${dir === '' ? 0 : 1}${entity.kind === 'Component' ? 0 : 1}${dir}\0${entity.ref}`;
  return locals.sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** Those of the root, else all; components, where there are any. */
function mainsOf(locals: readonly Local[]): readonly CatalogEntity[] {
  const components = locals.filter(({ entity }) => entity.kind === 'Component');
  const candidates = components.length > 0 ? components : locals;
  const root = candidates.filter(({ dir }) => dir === '');
  return (root.length > 0 ? root : candidates).map(({ entity }) => entity);
}

function componentOf(catalog: Catalog, { entity, dir }: Local): ComponentContext {
  const { ref, type, owner, description, lifecycle, system } = entity;
  const dependsOn = targetsOf(entity, 'dependsOn');
  const scores = catalog.scores.get(ref);
  return {
    ref,
    dir,
    ...present({ type, owner, description, lifecycle, system }),
    ...(dependsOn.length > 0 && { dependsOn }),
    ...(scores && { scores }),
  };
}

/** Its own, else that of its system. */
function domainOf(catalog: Catalog, entity: CatalogEntity): string | undefined {
  return entity.domain ?? (entity.system === undefined ? undefined : catalog.entities.get(entity.system)?.domain);
}

function targets(locals: readonly Local[], type: string): Set<string> {
  return new Set(locals.flatMap(({ entity }) => targetsOf(entity, type)));
}

function targetsOf(entity: CatalogEntity | undefined, wanted: string): string[] {
  return (entity?.relations ?? []).flatMap(({ type, target }) => (type === wanted ? [target] : []));
}

function relatedOf(catalog: Catalog, refs: Iterable<string>): readonly Related[] {
  return [...refs].sort().map((ref) => {
    const entity = catalog.entities.get(ref);
    if (!entity)
      return { ref, kind: kindName(refParts(ref).kind), ...(catalog.source === 'backstage' && { dangling: true }) };
    const { kind, type, title, owner } = entity;
    return { ref, kind, ...present({ type, title, owner }) };
  });
}

function kindName(kind: string): string {
  return kind === 'api' ? 'API' : kind.charAt(0).toUpperCase() + kind.slice(1);
}

/** Those that occur, the most frequent first, then by name. */
function byFrequency(values: readonly (string | undefined)[]): readonly string[] {
  return counted(values).map(([value]) => value);
}

/** `undefined` where two are equally frequent. */
function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const [first, second] = counted(values);
  return first?.[1] === second?.[1] ? undefined : first?.[0];
}

function counted(values: readonly (string | undefined)[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
}

function present<T extends Readonly<Record<string, string | undefined>>>(values: T): { [K in keyof T]?: string } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: string;
  };
}
