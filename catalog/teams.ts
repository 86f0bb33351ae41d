import type { CatalogConfig } from './config.ts';
import type { Catalog } from './model.ts';

/** Who is asked to review for an owner, as GitLab or people know them. */
export interface Reviewers {
  /** The full path of a GitLab group. */
  readonly group?: string;
  /** User names at GitLab. */
  readonly users?: readonly string[];
  readonly email?: string;
  /** How it is known. */
  readonly from: 'catalog.teams' | 'team-path' | 'email';
}

/**
 * Who reviews for an owner: what the organisation wrote down (`catalog.teams`), else the group that the GitLab organisation provider of
 * Backstage wrote at it (`HOST/team-path`), else its mail address. `undefined` where nothing is known: a reference such as
 * `user:default/anna` is not taken for a GitLab name.
 */
export function reviewersOf(
  catalog: Catalog,
  owner: string,
  host: string,
  teams: CatalogConfig['teams'],
): Reviewers | undefined {
  const team = Object.entries(teams).find(([ref]) => ref.toLowerCase() === owner)?.[1];
  if (team) {
    const { group, users } = team;
    return { ...(group !== undefined && { group }), ...(users && { users }), from: 'catalog.teams' };
  }
  const entity = catalog.entities.get(owner);
  const group = entity?.annotations[`${host.replace(/:\d+$/, '')}/team-path`];
  if (group) return { group, from: 'team-path' };
  return entity?.email === undefined ? undefined : { email: entity.email, from: 'email' };
}
