import { describe, expect, it } from 'vitest';
import type { Project } from '../forge/port.ts';
import { testProject } from '../forge/testing/project.ts';
import { assemble, hostsOf } from './assemble.ts';
import { projected } from './backstage/project.ts';
import { CATALOG_DEFAULTS, catalogConfigSchema } from './config.ts';
import { matchFleet } from './fleet.ts';
import { placementOf } from './placement.ts';
import { reviewersOf } from './teams.ts';

const HOSTS = hostsOf(['https://gitlab.x.io']);

const project = (change: Partial<Project> = {}): Project =>
  testProject({ instance: 'https://gitlab.x.io', id: '1', path: 'g/shop', ...change });

const KEPT = ['gitlab.com/project-slug', 'gitlab.x.io/team-path'];

function catalogOf(slugs: readonly string[], stale?: string) {
  const components = slugs.map((slug, at) => ({
    kind: 'Component',
    metadata: { name: `c${at}`, annotations: { 'gitlab.com/project-slug': slug } },
    spec: { owner: 'pay' },
  }));
  const group = {
    kind: 'Group',
    metadata: { name: 'pay', annotations: { 'gitlab.x.io/team-path': 'teams/pay' } },
    spec: { profile: { email: 'pay@x.io' } },
  };
  const entities = [
    ...components,
    group,
    { kind: 'Group', metadata: { name: 'mail' }, spec: { profile: { email: 'mail@x.io' } } },
  ];
  return assemble(
    {
      source: 'backstage',
      entities: entities.map((raw) => projected(raw, '', KEPT)!),
      fetchedAt: '',
      stale,
      problems: [],
    },
    ({ annotations }) => placementOf(annotations, { hosts: HOSTS }),
  );
}

describe('matchFleet', () => {
  it('tells owner and entities of a project, and reports entities without one', () => {
    const match = matchFleet(catalogOf(['g/shop', 'g/shop', 'g/gone', '']));
    expect(match.of(project())).toEqual({
      owner: 'group:default/pay',
      entities: ['component:default/c0', 'component:default/c1'],
    });
    expect(match.of(project({ path: 'g/new', id: '2' }))).toEqual({ entities: [] });
    expect(match.unlisted()).toEqual([{ project: 'gitlab.x.io/g/gone', entities: ['component:default/c2'] }]);
    expect(match.unplaced).toEqual([
      { ref: 'component:default/c3', reason: 'opted-out', because: 'its GitLab annotation is empty' },
    ]);
  });
});

describe('an entity that names its project by number', () => {
  it('is found, and its project is none that was not listed', () => {
    const raw = { kind: 'Component', metadata: { name: 'a', annotations: { 'gitlab.com/project-id': '7' } } };
    const entities = [projected(raw, '', ['gitlab.com/project-id'])!];
    const catalog = assemble({ source: 'backstage', entities, fetchedAt: '', problems: [] }, ({ annotations }) =>
      placementOf(annotations, { hosts: HOSTS }),
    );
    const match = matchFleet(catalog);
    expect(match.unlisted()).toEqual([{ project: 'gitlab.x.io#7', entities: ['component:default/a'] }]);
    expect(match.of(project({ id: '7' })).entities).toEqual(['component:default/a']);
    expect(match.unlisted()).toEqual([]);
  });
});

describe('reviewersOf', () => {
  const catalog = catalogOf([]);
  it('asks the configuration, then the group that Backstage knows, then its mail address', () => {
    const teams = { 'Group:default/Pay': { group: 'platform/payments', users: ['anna'] } };
    expect(reviewersOf(catalog, 'group:default/pay', 'gitlab.x.io', teams)).toEqual({
      group: 'platform/payments',
      users: ['anna'],
      from: 'catalog.teams',
    });
    expect(reviewersOf(catalog, 'group:default/pay', 'gitlab.x.io', {})).toEqual({
      group: 'teams/pay',
      from: 'team-path',
    });
    expect(reviewersOf(catalog, 'group:default/pay', 'gitlab.x.io:8443', {})?.group).toBe('teams/pay');
    expect(reviewersOf(catalog, 'group:default/pay', 'git.corp', {})).toEqual({ email: 'pay@x.io', from: 'email' });
    expect(reviewersOf(catalog, 'user:default/anna', 'gitlab.x.io', {})).toBeUndefined();
  });
});

describe('catalog: in agentsmd.config.yaml', () => {
  it('has the defaults, and refuses what cannot be meant', async () => {
    const z = await import('zod');
    const schema = catalogConfigSchema(z);
    expect(schema.parse(undefined)).toEqual(CATALOG_DEFAULTS);
    const complaint = (value: unknown) =>
      schema.safeParse(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    expect(complaint({ from: 'backstage' })).toEqual(['baseUrl: from: backstage needs the address of a backend']);
    expect(complaint({ baseUrl: 'backstage.x.io' })?.[0]).toMatch(/^baseUrl: expected an address/);
    expect(complaint({ baseUrl: 'https://me:secret@backstage.x.io' })?.[0]).toMatch(/^baseUrl: expected an address/);
    const [env] = complaint({ token: { env: 'glpat-SECRET' } }) ?? [];
    expect(env).toMatch(/^token\.env: expected the name of an environment variable/);
    expect(env).not.toContain('SECRET');
    expect(complaint({ token: { env: 'MY_TOKEN_2' } })).toBeUndefined();
    expect(complaint({ tier: 'x.io/tier' })?.[0]).toMatch(/^tier: expected label:KEY/);
    expect(complaint({ teams: { 'group:default/a': {} } })?.[0]).toMatch(/expected a group or users/);
    expect(complaint({ hosts: { 'https://x.io': {} } })).toHaveLength(1);
    expect(
      complaint({
        from: 'backstage',
        baseUrl: 'https://backstage.x.io/',
        hosts: { 'git.corp': { subpath: '/gitlab' } },
      }),
    ).toBeUndefined();
  });
});
