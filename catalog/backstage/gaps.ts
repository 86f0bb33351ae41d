import type { CatalogEntity } from '../model.ts';

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
