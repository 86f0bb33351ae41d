import type * as Zod from 'zod';

/** Where owners, systems and dependencies are known from: `catalog:` in agentsmd.config.yaml. */
export interface CatalogConfig {
  /** `files`: catalog-info.yaml in the repositories; costs nothing where there is none. */
  readonly from: 'backstage' | 'files' | 'none';
  /** Of Backstage's backend, without `/api/catalog`. */
  readonly baseUrl: string;
  readonly token: { readonly env: string };
  /** The GitLab hosts that entities may live on; the first is meant where an entity names none. Empty: those of the forge. */
  readonly hosts: Readonly<Record<string, { readonly subpath: string }>>;
  /** `label:KEY`, `annotation:KEY` or `tag:PREFIX`; empty: tiers are not read. */
  readonly tier: string;
  readonly insights: boolean;
  /** Catalog files in a repository, as globs. */
  readonly files: readonly string[];
  readonly pageSize: number;
  /** In s, of one attempt. */
  readonly timeout: number;
  /** In minutes. */
  readonly ttl: number;
  /** In percent. */
  readonly shrinkLimit: number;
  /** Who reviews for an owner, by its reference. */
  readonly teams: Readonly<Record<string, TeamTarget>>;
}

/** GitLab's name of an owner. */
export interface TeamTarget {
  /** Full path of a group. */
  readonly group?: string | undefined;
  /** User names. */
  readonly users?: readonly string[] | undefined;
}

export const CATALOG_DEFAULTS: CatalogConfig = {
  from: 'files',
  baseUrl: '',
  token: { env: 'BACKSTAGE_TOKEN' },
  hosts: {},
  tier: '',
  insights: true,
  files: ['**/catalog-info.{yaml,yml}'],
  pageSize: 600,
  timeout: 60,
  ttl: 15,
  shrinkLimit: 10,
  teams: {},
};

/** See `factsConfigSchema`. */
export function catalogConfigSchema(z: typeof Zod): Zod.ZodType<CatalogConfig> {
  const defaults = CATALOG_DEFAULTS;
  const team = z
    .strictObject({
      group: z.string().min(1).optional().describe('The full path of a GitLab group.'),
      users: z.array(z.string().min(1)).optional().describe('User names at GitLab.'),
    })
    .refine(({ group, users }) => group !== undefined || users !== undefined, 'expected a group or users');
  return z
    .strictObject({
      from: z
        .enum(['backstage', 'files', 'none'])
        .default(defaults.from)
        .describe(
          'backstage: a Backstage catalog; files: catalog-info.yaml in the repositories, where there are any; none.',
        ),
      baseUrl: z
        .string()
        .regex(/^(https?:\/\/[^\s?#@]+)?$/, 'expected an address such as https://backstage.example.com')
        .default(defaults.baseUrl)
        .describe("The address of Backstage's backend, without /api/catalog. It must take GET and POST."),
      token: z
        .strictObject({
          env: z
            .string()
            .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable, such as BACKSTAGE_TOKEN')
            .default(defaults.token.env)
            .describe('The environment variable that holds the token.'),
        })
        .prefault({})
        .describe('How Backstage knows us.'),
      hosts: z
        .record(
          z.string().regex(/^[a-z0-9.-]+(:\d+)?$/, 'expected a host such as gitlab.example.com'),
          z.strictObject({
            subpath: z.string().default('').describe('The path below which that GitLab is installed: /gitlab.'),
          }),
        )
        .default({})
        .describe(
          'The GitLab hosts that entities may live on; the first is meant where none is named. Empty: those of the forge.',
        ),
      tier: z
        .string()
        .regex(/^((label|annotation|tag):\S+)?$/, 'expected label:KEY, annotation:KEY or tag:PREFIX')
        .default(defaults.tier)
        .describe('Where the tier of an entity is written: label:KEY, annotation:KEY or tag:PREFIX.'),
      insights: z
        .boolean()
        .default(defaults.insights)
        .describe('Ask the Tech Insights plugin for its results, once for each refresh.'),
      files: z
        .array(z.string().min(1))
        .default([...defaults.files])
        .describe('Catalog files in a repository, as globs.'),
      pageSize: z.int().min(1).max(5000).default(defaults.pageSize).describe('Entities for each request.'),
      timeout: z.int().min(1).max(600).default(defaults.timeout).describe('Seconds for each attempt of a request.'),
      ttl: z
        .int()
        .min(0)
        .max(10_080)
        .default(defaults.ttl)
        .describe('Minutes for which a copy of the catalog is used before it is read again.'),
      shrinkLimit: z
        .int()
        .min(0)
        .max(100)
        .default(defaults.shrinkLimit)
        .describe(
          'A catalog that has lost more than this percentage of any kind of entity, or of its relations, is not believed.',
        ),
      teams: z
        .record(z.string(), team)
        .default({})
        .describe('GitLab groups or users for owners: group:default/payments: {group: platform/payments}.'),
    })
    .refine(({ from, baseUrl }) => from !== 'backstage' || baseUrl !== '', {
      path: ['baseUrl'],
      message: 'from: backstage needs the address of a backend',
    })
    .prefault({})
    .describe('Who owns what, and what depends on what.');
}
