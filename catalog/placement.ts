import {
  type DefaultBranch,
  dirBelow,
  type GitlabHosts,
  hostIn,
  type Located,
  projectPath,
  readLocation,
  type SourcePlace,
} from './location.ts';
import type { NoPlace, Placement } from './model.ts';

export interface PlacementSettings {
  readonly hosts: GitlabHosts;
  /** Where it is known; else the first part after `/-/tree/` is taken for the branch. */
  readonly defaultBranch?: DefaultBranch;
}

/** Said of an entity that names a project where no host is configured. */
export const NO_GITLAB = 'no GitLab is configured';

type Annotations = Readonly<Record<string, string>>;

/**
 * The project that an entity's source lives in, by its annotations, in this order: nothing for an orphan; nothing where slug or id
 * is empty, which switches it off; `backstage.io/source-location` where the slug is only that of the file the entity was read from;
 * the slug; the id; source-location; last `backstage.io/managed-by-location`, which is wrong in a central repository of catalog
 * files. Keys: `gitlab.com/project-slug`, `gitlab.com/project-id` and `gitlab.com/instance` on every GitLab, self-managed ones too
 * (immobiliare/backstage-plugin-gitlab).
 */
export function placementOf(annotations: Annotations, settings: PlacementSettings): Placement | NoPlace {
  const { hosts, defaultBranch = () => undefined } = settings;
  const slug = annotations['gitlab.com/project-slug'];
  const id = annotations['gitlab.com/project-id'];
  if (annotations['backstage.io/orphan'] === 'true')
    return none('orphan', 'no location of the catalog names it any more');
  if (slug?.trim() === '' || id?.trim() === '') return none('opted-out', 'its GitLab annotation is empty');
  const source = readLocation(annotations['backstage.io/source-location'], hosts, defaultBranch);
  const managed = readLocation(annotations['backstage.io/managed-by-location'], hosts, defaultBranch);
  if (slug === undefined && id === undefined) return byLocation(source, managed);

  const instance = annotations['gitlab.com/instance']?.trim() || undefined;
  const path = slug === undefined ? undefined : projectPath(slug);
  if (slug !== undefined && path === undefined)
    return none('unreadable', `gitlab.com/project-slug is no project: ${slug}`);
  if (path === undefined && !/^[1-9]\d{0,14}$/.test(id!.trim()))
    return none('unreadable', `gitlab.com/project-id is no number: ${id}`);
  const places = [source, managed].flatMap((found) => (found?.kind === 'gitlab' ? [found.place] : []));
  const host = instance === undefined ? hostOf(places, path, hosts) : hostIn(bareHost(instance), hosts);
  if (host === undefined) return none('elsewhere', instance === undefined ? NO_GITLAB : bareHost(instance));
  if (path === undefined) return { host, project: { id: Number(id) }, dir: '', via: 'id' };

  const here = { host, path };
  const written = source?.kind === 'gitlab' ? source.place : undefined;
  const filled = managed?.kind === 'gitlab' && sameProject(managed.place, here);
  if (filled && written && !sameProject(written, here)) return placed(written, 'source-location');
  const inIt = places.find((place) => sameProject(place, here));
  return placed({ dir: '', ...inIt, ...here }, 'slug');
}

/** Whether an entity has a project. */
export function isPlaced(found: Placement | NoPlace): found is Placement {
  return 'project' in found;
}

/** Its folder, now that the project's default branch is known: that may have a slash. */
export function dirOf(placement: Placement, defaultBranch: string | null | undefined): string {
  const { branchAndDir, dir } = placement;
  return branchAndDir === undefined || !defaultBranch ? dir : dirBelow(branchAndDir, defaultBranch);
}

/** What a project is looked up by. GitLab's paths do not tell case apart. */
export function projectKey(host: string, path: string): string {
  return `${host}/${path}`.toLowerCase();
}

export function projectIdKey(host: string, id: number | string): string {
  return `${host}#${id}`.toLowerCase();
}

/** An explicit source elsewhere is believed over the place of the catalog's file. */
function byLocation(source: Located | undefined, managed: Located | undefined): Placement | NoPlace {
  const [found, via] = source ? ([source, 'source-location'] as const) : ([managed, 'managed-by-location'] as const);
  if (found?.kind === 'gitlab') return placed(found.place, via);
  if (found === undefined) return none('nowhere', 'no annotation names a repository');
  return found.kind === 'elsewhere' ? none('elsewhere', found.because) : none('unreadable', `${via}: ${found.because}`);
}

function placed({ host, path, dir, branchAndDir }: SourcePlace, via: Placement['via']): Placement {
  return { host, project: { path }, dir, via, ...(branchAndDir !== undefined && { branchAndDir }) };
}

/** Without `gitlab.com/instance`: the host of an address that names the same project, else of any address, else the default. */
function hostOf(places: readonly SourcePlace[], path: string | undefined, hosts: GitlabHosts): string | undefined {
  const same = places.find((place) => place.path.toLowerCase() === path?.toLowerCase());
  return same?.host ?? places[0]?.host ?? hosts.keys().next().value;
}

/** `https://gitlab.example.com/` is `gitlab.example.com`. */
function bareHost(instance: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(instance) ? instance : `https://${instance}`);
  return url?.host ?? instance;
}

function sameProject(
  a: { readonly host: string; readonly path: string },
  b: { readonly host: string; readonly path: string },
): boolean {
  return projectKey(a.host, a.path) === projectKey(b.host, b.path);
}

function none(reason: NoPlace['reason'], because: string): NoPlace {
  return { reason, because };
}
