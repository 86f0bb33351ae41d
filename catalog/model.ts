/** What is kept of one entity of a software catalog: a projection, never the whole. References are `kind:namespace/name`, lower case. */
export interface CatalogEntity {
  readonly ref: string;
  readonly kind: 'Component' | 'System' | 'Domain' | 'Group' | 'Resource' | 'API';
  readonly name: string;
  readonly namespace: string;
  readonly title?: string;
  readonly description?: string;
  /** `service`, `library`, `database`, `openapi`, ... */
  readonly type?: string;
  readonly lifecycle?: string;
  readonly tier?: string;
  readonly owner?: string;
  readonly system?: string;
  readonly domain?: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Both directions, as the catalog computed them. */
  readonly relations: readonly { readonly type: string; readonly target: string }[];
  /** Of a group: where it can be reached. */
  readonly email?: string;
  /** Its `spec` names what it has no relation to yet: the catalog is still working that out, and nothing is concluded from what it lacks. */
  readonly unsettled?: true;
  /** A hash of all the above: whether it changed. */
  readonly hash: string;
}

/** Where an entity's source lives. */
export interface Placement {
  /** `gitlab.example.com` with the port, where it has one. */
  readonly host: string;
  readonly project: { readonly path: string } | { readonly id: number };
  /** Its folder in the repository; '' is the root. */
  readonly dir: string;
  readonly via: 'slug' | 'id' | 'source-location' | 'managed-by-location';
  /** Branch and folder as the address has them, where `dir` was split from them without knowing the branch: one with a slash is misread. */
  readonly branchAndDir?: string;
}

/** An entity in a project. */
export interface Placed {
  readonly ref: string;
  readonly placement: Placement;
}

/** An entity that belongs to no project, and why. */
export interface Unplaced {
  readonly ref: string;
  readonly reason: NoPlace['reason'];
  /** In words. */
  readonly because: string;
}

/**
 * Why an entity has no project. `opted-out`: an annotation is empty on purpose. `elsewhere`: it lives on no GitLab that is configured.
 * `nowhere`: nothing says where. `unreadable`: something does, and cannot be understood.
 */
export interface NoPlace {
  readonly reason: 'orphan' | 'opted-out' | 'elsewhere' | 'nowhere' | 'unreadable';
  readonly because: string;
}

/** A whole catalog at one moment. */
export interface Catalog {
  readonly source: 'backstage' | 'files';
  /** Sorted by reference. */
  readonly entities: ReadonlyMap<string, CatalogEntity>;
  /** ISO 8601. */
  readonly fetchedAt: string;
  /**
   * Not to be believed in what it lacks, and why: an older one, because a newer could not be had or has shrunk, or one that is empty
   * or incomplete. Nothing is ever removed or closed because of it.
   */
  readonly stale?: string;
  /**
   * Read with no older copy to compare it with. It looks whole, but an entity that it lacks may only not be listed yet: nothing is
   * removed because of that.
   */
  readonly unproven?: true;
  /**
   * What the reading before listed and this one does not: the projects it lived in, as in `places`, and the references of it and of
   * what it was related to. Nothing is removed there before the next reading agrees.
   */
  readonly vanished?: { readonly places: ReadonlySet<string>; readonly refs: ReadonlySet<string> };
  /** What could not be read or placed, one line each. */
  readonly problems: readonly string[];
  /** The components, APIs, resources and systems of each project, by `projectKey` and, where only a number is known, `projectIdKey`. */
  readonly places: ReadonlyMap<string, readonly Placed[]>;
  /** Those of no project, in the order of `entities`. */
  readonly unplaced: readonly Unplaced[];
  /** Results of Tech Insights, by reference; empty where that plugin did not answer. */
  readonly scores: ReadonlyMap<string, readonly CheckScore[]>;
}

/** One check of Tech Insights. */
export interface CheckScore {
  readonly id: string;
  readonly name: string;
  readonly passed: boolean;
}

/** What an agent or a reviewer is told of a repository. */
export interface RepositoryContext {
  /** Of the root entity, else the most frequent one; absent where several are equally frequent. */
  readonly owner?: string;
  /** Every owner of an entity here, the most frequent first. */
  readonly owners?: readonly string[];
  readonly system?: string;
  readonly domain?: string;
  readonly lifecycle?: string;
  readonly tier?: string;
  /** What it depends on, and who depends on it: components, resources, APIs. */
  readonly dependsOn: readonly Related[];
  readonly dependencyOf: readonly Related[];
  readonly providesApis: readonly Related[];
  readonly consumesApis: readonly Related[];
  /** Who consumes the APIs that are provided here. */
  readonly apiConsumers?: readonly Related[];
  /** The entities that stand for the whole repository: those of the root, else all; components, where there are any. */
  readonly mains?: readonly CatalogEntity[];
  /** See `Catalog.stale`. */
  readonly stale?: string;
  /** Every entity in this repository, the root's first. */
  readonly components: readonly ComponentContext[];
}

export interface Related {
  readonly ref: string;
  readonly kind: string;
  readonly type?: string;
  readonly title?: string;
  readonly owner?: string;
  /** Named by a relation, unknown to the catalog. */
  readonly dangling?: true;
}

export interface ComponentContext {
  readonly ref: string;
  readonly dir: string;
  readonly type?: string;
  readonly owner?: string;
  readonly description?: string;
  readonly lifecycle?: string;
  readonly system?: string;
  /** References of what it depends on itself. */
  readonly dependsOn?: readonly string[];
  readonly scores?: readonly CheckScore[];
}
