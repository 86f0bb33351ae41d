/** An entity as a catalog's API answers it. */
export interface WireEntity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly etag: string;
    readonly title?: string;
    readonly description?: string;
    readonly tags?: readonly string[];
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly relations: readonly { readonly type: string; readonly targetRef: string }[];
}

/** An entity with what every server adds. */
export function wireEntity(
  kind: string,
  name: string,
  rest: {
    readonly metadata?: Partial<WireEntity['metadata']>;
    readonly spec?: WireEntity['spec'];
    /** `type target`, one each. */
    readonly relations?: readonly string[];
  } = {},
): WireEntity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { namespace: 'default', name, uid: `uid-${kind}-${name}`, etag: 'etag', ...rest.metadata },
    spec: rest.spec ?? {},
    relations: (rest.relations ?? []).map((relation) => {
      const [type = '', targetRef = ''] = relation.split(' ');
      return { type, targetRef };
    }),
  };
}

/** How many of each kind; a fleet of the size of the reference is `{}`: 5,830 entities. */
export interface FleetSize {
  readonly components?: number;
  readonly systems?: number;
  readonly domains?: number;
  readonly apis?: number;
  readonly resources?: number;
  readonly groups?: number;
}

/**
 * A made-up company, the same each time: every tenth component lives in a monorepo, every 17th names no slug, every 50th depends on
 * something that is not there.
 */
export function wireFleet(size: FleetSize = {}): readonly WireEntity[] {
  const { components = 4000, systems = 250, domains = 30, apis = 800, resources = 600, groups = 150 } = size;
  const of = (kind: string, count: number, make: (at: number) => Parameters<typeof wireEntity>[2]) =>
    Array.from({ length: count }, (_, at) => wireEntity(kind, `${kind.toLowerCase()}-${at}`, make(at)));
  const group = (at: number) => `group:default/group-${at % groups}`;
  return [
    ...of('Group', groups, (at) => ({
      metadata: { annotations: { 'gitlab.x.io/team-path': `teams/group-${at}` } },
      spec: { type: 'team', children: [], profile: { email: `group-${at}@x.io` } },
    })),
    ...of('Domain', domains, (at) => ({ spec: { owner: group(at) }, relations: [`ownedBy ${group(at)}`] })),
    ...of('System', systems, (at) => ({
      spec: { owner: group(at), domain: `domain-${at % domains}` },
      relations: [`ownedBy ${group(at)}`, `partOf domain:default/domain-${at % domains}`],
    })),
    ...of('API', apis, (at) => ({
      spec: {
        type: 'openapi',
        lifecycle: 'production',
        owner: group(at),
        definition: `openapi: 3.1.0 # ${'x'.repeat(200)}`,
      },
      relations: [`ownedBy ${group(at)}`, `apiProvidedBy component:default/component-${at}`],
    })),
    ...of('Resource', resources, (at) => ({
      spec: { type: 'database', owner: group(at) },
      relations: [`ownedBy ${group(at)}`, `dependencyOf component:default/component-${at}`],
    })),
    ...of('Component', components, (at) => ({
      metadata: { tags: ['java', 'tier-2'], annotations: placeOf(at), labels: { 'x.io/cost': `c${at % 7}` } },
      spec: { type: 'service', lifecycle: 'production', owner: group(at), system: `system-${at % systems}` },
      relations: [
        `ownedBy ${group(at)}`,
        `partOf system:default/system-${at % systems}`,
        ...(at < apis ? [`providesApi api:default/api-${at}`] : []),
        ...(at < resources ? [`dependsOn resource:default/resource-${at}`] : []),
        ...(at % 50 === 0 ? ['dependsOn component:default/does-not-exist'] : []),
      ],
    })),
  ];
}

function placeOf(at: number): Record<string, string> {
  const source = (project: string, dir: string) => ({
    'backstage.io/source-location': `url:https://gitlab.x.io/${project}/-/tree/main/${dir}`,
    'backstage.io/managed-by-location': `url:https://gitlab.x.io/${project}/-/blob/main/${dir}catalog-info.yaml`,
  });
  if (at % 10 === 0) return source('g/mono', `services/component-${at}/`);
  if (at % 17 === 0) return source(`g/component-${at}`, '');
  return { ...source(`g/component-${at}`, ''), 'gitlab.com/project-slug': `g/component-${at}` };
}
