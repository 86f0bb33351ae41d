import type { CatalogEntity } from '../model.ts';
import { KINDS } from './project.ts';

/** Relations that an entity has only because the other one exists and was processed. */
const BACK: ReadonlySet<string> = new Set(['ownerOf', 'hasPart', 'apiProvidedBy', 'apiConsumedBy']);

/**
 * Components that others say they own or hold, and that were not listed: they are still being worked out, or hidden from the token.
 * No other sign of either is in an answer.
 */
export function unlistedComponents(entities: ReadonlyMap<string, CatalogEntity>): number {
  const missing = new Set<string>();
  for (const { relations } of entities.values())
    for (const { type, target } of relations)
      if (BACK.has(type) && target.startsWith('component:') && !entities.has(target)) missing.add(target);
  return missing.size;
}

/**
 * Kinds that relations name and of which no entity is listed. Without groups: many catalogs name owners and hold no teams, and
 * nothing rests on a team's own entity but who reviews. Without components: a catalog that lists none is empty.
 */
export function missingKinds(entities: readonly CatalogEntity[]): readonly CatalogEntity['kind'][] {
  const listed = new Set(entities.map(({ kind }) => kind));
  const named = new Set(
    entities.flatMap(({ relations }) => relations.map(({ target }) => target.slice(0, target.indexOf(':')))),
  );
  return KINDS.filter(
    (kind) => kind !== 'Group' && kind !== 'Component' && !listed.has(kind) && named.has(kind.toLowerCase()),
  );
}
