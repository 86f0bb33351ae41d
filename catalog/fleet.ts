import type { Project } from '../forge/port.ts';
import { contextOf, projectName } from './context.ts';
import type { Catalog, Unplaced } from './model.ts';
import { projectIdKey, projectKey } from './placement.ts';

/** What the catalog says of one project of a list. */
export interface Matched {
  readonly owner?: string;
  /** References of the entities that live in it. */
  readonly entities: readonly string[];
}

/** A project that the catalog names and the list did not have. */
export interface Unlisted {
  /** `host/path`, or `host#id`. */
  readonly project: string;
  readonly entities: readonly string[];
}

export interface FleetMatch {
  of(project: Project): Matched;
  /** After the last project: moved, deleted, outside of what was listed, or hidden from the token. */
  unlisted(): readonly Unlisted[];
  /** Entities that live in no project at all. */
  readonly unplaced: readonly Unplaced[];
}

/**
 * Matches projects to the catalog, one at a time. Holds nothing of a project: what it remembers grows with the catalog alone.
 */
export function matchFleet(catalog: Catalog): FleetMatch {
  const seen = new Set<string>();
  return {
    of(project) {
      const name = projectName(project);
      const context = contextOf(catalog, name);
      if (!context) return { entities: [] };
      seen.add(projectKey(name.host, name.path));
      seen.add(projectIdKey(name.host, project.id));
      const { owner, components } = context;
      return { ...(owner !== undefined && { owner }), entities: components.map(({ ref }) => ref) };
    },
    unlisted: () =>
      Array.from(catalog.places).flatMap(([project, there]) =>
        seen.has(project) ? [] : [{ project, entities: there.map(({ ref }) => ref) }],
      ),
    unplaced: catalog.unplaced,
  };
}
