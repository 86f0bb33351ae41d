/**
 * What the codex asks of the catalog: defined here, filled by whoever knows the repository's entity. Names are those of the
 * entity (`type`, `lifecycle`, `owner`, `system`, `domain`, `tags`, `kind`), labels and annotations by their own.
 */
export type CatalogFields = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface CatalogPort {
  /** `undefined` where the catalog does not know the repository or cannot be reached. */
  fields(): Promise<CatalogFields | undefined>;
}

/** A catalog whose answer is already there, or was written by hand. */
export function fixedCatalog(fields: CatalogFields): CatalogPort {
  return { fields: async () => fields };
}
