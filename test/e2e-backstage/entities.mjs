/** The made-up company of the run, as its people would have written it: 104 entities, relations left to the backend. */

const COUNTS = { Component: 60, API: 12, Resource: 8, System: 6, Domain: 2, Group: 6, User: 10 };

export const COMPONENTS = COUNTS.Component;

export function companyEntities() {
  return Object.entries(COUNTS).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, at) => {
      const { annotations, ...rest } = MAKE[kind](at);
      const location = `url:https://gitlab.x.io/${rest.project ?? 'platform/org'}/-/blob/main/${rest.dir ?? ''}catalog-info.yaml`;
      return {
        apiVersion: 'backstage.io/v1alpha1',
        kind,
        metadata: {
          name: `${kind.toLowerCase()}-${at}`,
          description: `${kind} number ${at}`,
          tags: kind === 'Component' ? ['java', `tier-${(at % 3) + 1}`] : [],
          annotations: {
            'backstage.io/managed-by-location': location,
            'backstage.io/managed-by-origin-location': location,
            ...annotations,
          },
        },
        spec: rest.spec,
      };
    }),
  );
}

const group = (at) => `group-${at % COUNTS.Group}`;

/** Every tenth component lives in a monorepo, every 17th names no slug, every 50th depends on something that is not there. */
const MAKE = {
  Component: (at) => {
    const project = at % 10 === 0 ? 'g/mono' : `g/component-${at}`;
    const dir = at % 10 === 0 ? `services/component-${at}/` : '';
    return {
      project,
      dir,
      annotations: {
        ...(at % 10 !== 0 && at % 17 !== 0 && { 'gitlab.com/project-slug': project }),
        ...(at === 59 && { 'gitlab.com/project-slug': '' }),
      },
      spec: {
        type: at % 4 === 0 ? 'library' : 'service',
        lifecycle: 'production',
        owner: group(at),
        system: `system-${at % COUNTS.System}`,
        dependsOn: [
          ...(at < COUNTS.Resource ? [`resource:resource-${at}`] : []),
          ...(at % 50 === 0 ? ['component:does-not-exist'] : []),
          ...(at === 2 ? ['component:component-1'] : []),
        ],
        providesApis: at < COUNTS.API ? [`api-${at}`] : [],
        consumesApis: at >= 12 && at < 24 ? [`api-${at - 12}`] : [],
      },
    };
  },
  API: (at) => ({
    project: `g/component-${at}`,
    annotations: { 'gitlab.com/project-slug': at % 10 === 0 ? 'g/mono' : `g/component-${at}` },
    spec: { type: 'openapi', lifecycle: 'production', owner: group(at), definition: openapi(at) },
  }),
  Resource: (at) => ({
    spec: { type: at % 2 === 0 ? 'database' : 'topic', owner: group(at), system: `system-${at % COUNTS.System}` },
  }),
  System: (at) => ({ spec: { owner: group(at), domain: `domain-${at % COUNTS.Domain}` } }),
  Domain: (at) => ({ spec: { owner: group(at) } }),
  Group: (at) => ({
    annotations: { 'gitlab.x.io/team-path': `teams/group-${at}` },
    spec: { type: 'team', children: [], profile: { email: `group-${at}@x.io`, displayName: `Group ${at}` } },
  }),
  User: (at) => ({ spec: { memberOf: [group(at)], profile: { displayName: `User ${at}` } } }),
};

function openapi(at) {
  const paths = Array.from(
    { length: 40 },
    (_, path) => `  /things-${path}:\n    get: {responses: {'200': {description: ok}}}`,
  );
  return `openapi: 3.1.0\ninfo: {title: API ${at}, version: '1'}\npaths:\n${paths.join('\n')}\n`;
}
