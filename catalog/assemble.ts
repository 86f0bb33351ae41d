import type { GitlabHosts } from './location.ts';
import type { Catalog, CatalogEntity, CheckScore, NoPlace, Placed, Placement, Unplaced } from './model.ts';
import { isPlaced, NO_GITLAB, projectIdKey, projectKey } from './placement.ts';

export interface CatalogParts {
  readonly source: Catalog['source'];
  readonly entities: readonly CatalogEntity[];
  readonly scores?: ReadonlyMap<string, readonly CheckScore[]>;
  readonly fetchedAt: string;
  readonly stale?: string | undefined;
  readonly unproven?: true;
  readonly vanished?: readonly CatalogEntity[];
  readonly problems: readonly string[];
}

/** Kinds that have source of their own; a group or a domain only has a file that describes it. */
const WITH_SOURCE: ReadonlySet<CatalogEntity['kind']> = new Set(['Component', 'API', 'Resource', 'System']);

/** As many components with no place but that of one project's catalog files look like a central repository of such files. */
const CENTRAL = 25;

/** The catalog with every entity in its project. */
export function assemble(parts: CatalogParts, placeOf: (entity: CatalogEntity) => Placement | NoPlace): Catalog {
  const sorted = [...parts.entities].sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const places = new Map<string, Placed[]>();
  const unplaced: Unplaced[] = [];
  for (const entity of sorted) {
    if (!WITH_SOURCE.has(entity.kind)) continue;
    const placement = placeOf(entity);
    if (isPlaced(placement)) {
      const key = keyOf(placement);
      const there = places.get(key) ?? [];
      there.push({ ref: entity.ref, placement });
      places.set(key, there);
    } else unplaced.push({ ref: entity.ref, ...placement });
  }
  return {
    source: parts.source,
    entities: new Map(sorted.map((entity) => [entity.ref, entity])),
    fetchedAt: parts.fetchedAt,
    ...(parts.stale !== undefined && { stale: parts.stale }),
    ...(parts.unproven && { unproven: true }),
    ...(parts.vanished && { vanished: tracesOf(parts.vanished, placeOf) }),
    problems: [...parts.problems, ...unreadable(unplaced), ...elsewhere(unplaced), ...central(places)],
    places,
    unplaced,
    scores: parts.scores ?? new Map(),
  };
}

function keyOf({ host, project }: Placement): string {
  return 'id' in project ? projectIdKey(host, project.id) : projectKey(host, project.path);
}

function tracesOf(
  vanished: readonly CatalogEntity[],
  placeOf: (entity: CatalogEntity) => Placement | NoPlace,
): NonNullable<Catalog['vanished']> {
  const placed = vanished
    .filter(({ kind }) => WITH_SOURCE.has(kind))
    .map(placeOf)
    .filter(isPlaced);
  const refs = vanished.flatMap(({ ref, relations }) => [ref, ...relations.map(({ target }) => target)]);
  return { places: new Set(placed.map(keyOf)), refs: new Set(refs) };
}

/** `https://git.example.com/gitlab` as a host with its subpath. */
export function hostsOf(instances: readonly string[]): GitlabHosts {
  const urls = instances.map((instance) => URL.parse(instance)).filter((url) => url?.host) as URL[];
  return new Map(urls.map((url) => [url.host, { subpath: url.pathname.replace(/\/+$/, '') }]));
}

const SHOWN = 20;

function unreadable(unplaced: readonly Unplaced[]): string[] {
  const bad = unplaced.filter(({ reason }) => reason === 'unreadable');
  const more = bad.length > SHOWN ? [`${bad.length - SHOWN} more entities have a place that cannot be understood`] : [];
  return [...bad.slice(0, SHOWN).map(({ ref, because }) => `${ref}: ${because}`), ...more];
}

function elsewhere(unplaced: readonly Unplaced[]): string[] {
  const hosts = new Map<string, number>();
  for (const { reason, because } of unplaced)
    if (reason === 'elsewhere') hosts.set(because, (hosts.get(because) ?? 0) + 1);
  return Array.from(hosts, ([host, count]) =>
    host === NO_GITLAB
      ? `${count} entities name a project and no host is known; name it in catalog.hosts or gitlab.instances`
      : `${host}: ${count} entities live there; it is none of the GitLab hosts in catalog.hosts`,
  );
}

function central(places: ReadonlyMap<string, readonly Placed[]>): string[] {
  return Array.from(places).flatMap(([key, there]) => {
    const doubtful = there.filter(
      ({ ref, placement }) => placement.via === 'managed-by-location' && ref.startsWith('component:'),
    );
    return doubtful.length < CENTRAL
      ? []
      : [
          `${key}: ${doubtful.length} components name no repository but that of their catalog file; if it only holds such files, give them gitlab.com/project-slug`,
        ];
  });
}
