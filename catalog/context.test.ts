import { describe, expect, it } from 'vitest';
import { assemble, hostsOf } from './assemble.ts';
import { keptAnnotations, projected, type RawEntity } from './backstage/project.ts';
import { catalogFields, contextOf, projectName } from './context.ts';
import type { Catalog, CatalogEntity, CheckScore } from './model.ts';
import { placementOf } from './placement.ts';

const HOSTS = hostsOf(['https://gitlab.x.io']);
const KEPT = keptAnnotations('label:tier', HOSTS.keys());

/** `relations`: `type target` in one text. */
interface Written {
  readonly slug?: string;
  readonly id?: string;
  readonly source?: string;
  readonly managed?: string;
  readonly spec?: RawEntity['spec'];
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  readonly relations?: readonly string[];
}

function entity(kind: string, name: string, written: Written = {}): CatalogEntity {
  const { slug, id, source, managed, spec, labels, tags, relations = [] } = written;
  const annotations = Object.entries({
    'gitlab.com/project-slug': slug,
    'gitlab.com/project-id': id,
    'backstage.io/source-location': source,
    'backstage.io/managed-by-location': managed,
  }).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const raw: RawEntity = {
    kind,
    metadata: { name, labels, tags, annotations: Object.fromEntries(annotations) },
    spec,
    relations: relations.map((relation) => {
      const [type = '', targetRef = ''] = relation.split(' ');
      return { type, targetRef };
    }),
  };
  return projected(raw, 'label:tier', KEPT)!;
}

function catalogOf(
  entities: readonly CatalogEntity[],
  rest: { stale?: string; scores?: ReadonlyMap<string, readonly CheckScore[]> } = {},
): Catalog {
  return assemble(
    { source: 'backstage', entities, fetchedAt: '2026-11-21T10:00:00Z', problems: [], ...rest },
    ({ annotations }) => placementOf(annotations, { hosts: HOSTS }),
  );
}

const at = (path: string, rest: object = {}) => ({ host: 'gitlab.x.io', path, ...rest });
const tree = (project: string, dir: string) => `url:https://gitlab.x.io/${project}/-/tree/main/${dir}`;

describe('contextOf', () => {
  it('tells owner, system, the domain of the system, lifecycle and tier', () => {
    const catalog = catalogOf([
      entity('Component', 'shop', {
        slug: 'g/shop',
        spec: { type: 'service', lifecycle: 'production', owner: 'pay', system: 'sales' },
        labels: { tier: '1' },
        relations: ['ownedBy group:default/pay', 'partOf system:default/sales'],
      }),
      entity('System', 'sales', { relations: ['partOf domain:default/trade', 'ownedBy group:default/bosses'] }),
    ]);
    expect(contextOf(catalog, at('g/shop'))).toMatchObject({
      owner: 'group:default/pay',
      owners: ['group:default/pay'],
      system: 'system:default/sales',
      domain: 'domain:default/trade',
      lifecycle: 'production',
      tier: '1',
      components: [
        {
          ref: 'component:default/shop',
          dir: '',
          type: 'service',
          owner: 'group:default/pay',
          system: 'system:default/sales',
        },
      ],
    });
  });

  it('knows nothing of a project that no entity lives in, and of another host', () => {
    const catalog = catalogOf([entity('Component', 'shop', { slug: 'g/shop' })]);
    expect(contextOf(catalog, at('g/other'))).toBeUndefined();
    expect(contextOf(catalog, { host: 'git.corp', path: 'g/shop' })).toBeUndefined();
  });

  it('finds a project by its number, too, and whatever the case of its path', () => {
    const catalog = catalogOf([entity('Component', 'a', { id: '42' }), entity('Component', 'b', { slug: 'G/Shop' })]);
    expect(contextOf(catalog, at('g/shop', { id: '42' }))?.components.map(({ ref }) => ref)).toEqual([
      'component:default/a',
      'component:default/b',
    ]);
  });

  it('names what it depends on: components, databases, topics, and what the catalog does not know', () => {
    const catalog = catalogOf([
      entity('Component', 'shop', {
        slug: 'g/shop',
        relations: [
          'dependsOn resource:default/orders',
          'dependsOn component:default/tax',
          'dependsOn component:default/gone',
        ],
      }),
      entity('Resource', 'orders', { spec: { type: 'database', owner: 'dba' } }),
      entity('Component', 'tax', {
        slug: 'g/tax',
        spec: { type: 'service' },
        relations: ['ownedBy group:default/tax', 'dependencyOf component:default/shop'],
      }),
    ]);
    expect(contextOf(catalog, at('g/shop'))?.dependsOn).toEqual([
      { ref: 'component:default/gone', kind: 'Component', dangling: true },
      { ref: 'component:default/tax', kind: 'Component', type: 'service', owner: 'group:default/tax' },
      { ref: 'resource:default/orders', kind: 'Resource', type: 'database', owner: 'group:default/dba' },
    ]);
    expect(contextOf(catalog, at('g/tax'))?.dependencyOf.map(({ ref }) => ref)).toEqual(['component:default/shop']);
  });

  it('tells provided APIs with their owners and consumers, and consumed ones', () => {
    const catalog = catalogOf([
      entity('Component', 'shop', {
        slug: 'g/shop',
        relations: ['providesApi api:default/cart', 'consumesApi api:default/rates', 'consumesApi api:default/cart'],
      }),
      entity('API', 'cart', {
        spec: { type: 'openapi', owner: 'pay' },
        relations: [
          'apiProvidedBy component:default/shop',
          'apiConsumedBy component:default/app',
          'apiConsumedBy component:default/shop',
        ],
      }),
      entity('API', 'rates', { spec: { type: 'grpc', owner: 'tax' } }),
      entity('Component', 'app', { slug: 'g/app', spec: { type: 'website', owner: 'web' } }),
    ]);
    const context = contextOf(catalog, at('g/shop'));
    expect(context?.providesApis).toEqual([
      { ref: 'api:default/cart', kind: 'API', type: 'openapi', owner: 'group:default/pay' },
    ]);
    expect(context?.consumesApis.map(({ ref }) => ref)).toEqual(['api:default/rates']);
    expect(context?.apiConsumers).toEqual([
      { ref: 'component:default/app', kind: 'Component', type: 'website', owner: 'group:default/web' },
    ]);
  });

  it('leaves out what the parts of a monorepo have to do with each other', () => {
    const catalog = catalogOf([
      entity('Component', 'a', { source: tree('g/mono', 'a/'), relations: ['dependsOn component:default/b'] }),
      entity('Component', 'b', {
        source: tree('g/mono', 'b/'),
        relations: ['dependencyOf component:default/a', 'dependencyOf component:default/c'],
      }),
      entity('Component', 'c', { slug: 'g/c', relations: ['dependsOn component:default/b'] }),
    ]);
    const context = contextOf(catalog, at('g/mono'));
    expect([context?.dependsOn, context?.dependencyOf.map(({ ref }) => ref)]).toEqual([[], ['component:default/c']]);
    expect(context?.components.map(({ dir, dependsOn }) => [dir, dependsOn])).toEqual([
      ['a', ['component:default/b']],
      ['b', undefined],
    ]);
  });

  it('puts the root first, components before other entities', () => {
    const catalog = catalogOf([
      entity('API', 'aa', { slug: 'g/mono' }),
      entity('Component', 'b', { source: tree('g/mono', 'b/') }),
      entity('Component', 'root', { slug: 'g/mono' }),
      entity('Component', 'a', { source: tree('g/mono', 'z/') }),
    ]);
    expect(contextOf(catalog, at('g/mono'))?.components.map(({ ref }) => ref)).toEqual([
      'component:default/root',
      'api:default/aa',
      'component:default/b',
      'component:default/a',
    ]);
  });

  it('splits branch and folder by the default branch, once it is known', () => {
    const catalog = catalogOf([
      entity('Component', 'a', { source: 'url:https://gitlab.x.io/g/rel/-/tree/release/1.x/svc/a/' }),
    ]);
    expect(contextOf(catalog, at('g/rel', { defaultBranch: 'release/1.x' }))?.components[0]?.dir).toBe('svc/a');
  });

  it('passes on that the catalog is not to be believed in what it lacks, and scores', () => {
    const scores = new Map([['component:default/a', [{ id: 'docs', name: 'Docs', passed: false }]]]);
    const catalog = catalogOf([entity('Component', 'a', { slug: 'g/a' })], { stale: 'an old copy', scores });
    const context = contextOf(catalog, at('g/a'));
    expect([context?.stale, context?.components[0]?.scores?.[0]?.passed]).toEqual(['an old copy', false]);
  });
});

describe('the owner of a repository', () => {
  const owned = (name: string, owner: string, dir: string) =>
    entity('Component', name, { source: tree('g/mono', dir), relations: [`ownedBy group:default/${owner}`] });
  const ownerOf = (...entities: readonly CatalogEntity[]) => {
    const { owner, owners } = contextOf(catalogOf(entities), at('g/mono'))!;
    return [owner, owners];
  };

  it('is that of the root, however many others there are', () => {
    expect(ownerOf(owned('root', 'one', ''), owned('a', 'two', 'a/'), owned('b', 'two', 'b/'))).toEqual([
      'group:default/one',
      ['group:default/two', 'group:default/one'],
    ]);
  });

  it('is the most frequent one where the root has none', () => {
    expect(ownerOf(owned('a', 'one', 'a/'), owned('b', 'two', 'b/'), owned('c', 'two', 'c/'))[0]).toBe(
      'group:default/two',
    );
  });

  it('is nobody where two are equally frequent; both are listed', () => {
    expect(ownerOf(owned('a', 'two', 'a/'), owned('b', 'one', 'b/'))).toEqual([
      undefined,
      ['group:default/one', 'group:default/two'],
    ]);
  });

  it('is that of the component, not of the API beside it', () => {
    const api = entity('API', 'api', { slug: 'g/mono', relations: ['ownedBy group:default/api'] });
    expect(ownerOf(api, owned('a', 'one', 'a/'))[0]).toBe('group:default/one');
    expect(ownerOf(api)[0]).toBe('group:default/api');
  });
});

describe('catalogFields', () => {
  it('gives the fields of the entity, its labels and annotations', () => {
    const catalog = catalogOf([
      entity('Component', 'shop', {
        slug: 'g/shop',
        spec: { type: 'service', lifecycle: 'production' },
        labels: { tier: '1', 'x.io/pci': 'yes', owner: 'a label is no field' },
        tags: ['java'],
        relations: ['ownedBy group:default/pay', 'partOf system:default/sales'],
      }),
      entity('System', 'sales', { relations: ['partOf domain:default/trade'] }),
    ]);
    expect(catalogFields(contextOf(catalog, at('g/shop'))!)).toEqual({
      kind: 'Component',
      name: 'shop',
      namespace: 'default',
      type: 'service',
      lifecycle: 'production',
      tier: '1',
      owner: 'group:default/pay',
      system: 'system:default/sales',
      domain: 'domain:default/trade',
      tags: ['java'],
      'x.io/pci': 'yes',
      'gitlab.com/project-slug': 'g/shop',
    });
  });

  it('lists the values of all components of a monorepo without a root, and only those of the root where there is one', () => {
    const part = (name: string, type: string, dir: string) =>
      entity('Component', name, { source: tree('g/mono', dir), spec: { type } });
    const parts = [part('a', 'service', 'a/'), part('b', 'library', 'b/')];
    expect(catalogFields(contextOf(catalogOf(parts), at('g/mono'))!).type).toEqual(['service', 'library']);
    const rooted = catalogOf([...parts, part('root', 'website', '')]);
    expect(catalogFields(contextOf(rooted, at('g/mono'))!).type).toBe('website');
  });
});

describe('the catalog as a whole', () => {
  it('tells what has no place: groups and domains have none to begin with', () => {
    const catalog = catalogOf([
      entity('Group', 'pay', { managed: 'url:https://gitlab.x.io/org/teams/-/blob/main/all.yaml' }),
      entity('Component', 'a', { source: 'url:https://github.com/o/r/' }),
      entity('Component', 'b', { source: 'url:https://github.com/o/s/' }),
      entity('Component', 'c', { id: 'abc' }),
      entity('Component', 'd'),
    ]);
    expect(catalog.unplaced.map(({ ref, reason }) => `${ref} ${reason}`)).toEqual([
      'component:default/a elsewhere',
      'component:default/b elsewhere',
      'component:default/c unreadable',
      'component:default/d nowhere',
    ]);
    expect(catalog.problems).toEqual([
      'component:default/c: gitlab.com/project-id is no number: abc',
      'github.com: 2 entities live there; it is none of the GitLab hosts in catalog.hosts',
    ]);
  });

  it('says what is missing where no GitLab is known', () => {
    const nameless = entity('Component', 'a', { slug: 'g/a' });
    const catalog = assemble(
      { source: 'backstage', entities: [nameless], fetchedAt: '', problems: [] },
      ({ annotations }) => placementOf(annotations, { hosts: new Map() }),
    );
    expect(catalog.problems).toEqual([
      '1 entities name a project and no host is known; name it in catalog.hosts or gitlab.instances',
    ]);
  });

  it('doubts that many components live in the repository of their catalog files', () => {
    const managed = (file: string) => `url:https://gitlab.x.io/platform/catalog/-/blob/main/${file}`;
    const all = Array.from({ length: 25 }, (_, number) =>
      entity('Component', `c${number}`, { managed: managed(`c${number}.yaml`) }),
    );
    expect(catalogOf(all).problems[0]).toMatch(/^gitlab\.x\.io\/platform\/catalog: 25 components name no repository/);
    expect(catalogOf(all.slice(1)).problems).toEqual([]);
    const slugged = all.map(({ name }) => entity('Component', name, { slug: 'platform/catalog' }));
    expect(catalogOf(slugged).problems).toEqual([]);
  });

  it('an entity keeps its hash until something of it changes', () => {
    const written: Written = {
      slug: 'g/a',
      tags: ['b', 'a'],
      relations: ['dependsOn component:default/x', 'ownedBy group:default/y'],
    };
    const one = entity('Component', 'a', written);
    const turned = entity('Component', 'a', {
      ...written,
      tags: ['a', 'b'],
      relations: written.relations!.toReversed(),
    });
    expect(turned.hash).toBe(one.hash);
    expect(entity('Component', 'a', { ...written, tags: ['a'] }).hash).not.toBe(one.hash);
    expect(entity('Component', 'a', { ...written, relations: ['ownedBy group:default/z'] }).hash).not.toBe(one.hash);
  });
});

describe('projectName', () => {
  const rest = { id: '7', path: 'g/p', defaultBranch: 'main' };
  it('is the host with its port; of a folder the folder', () => {
    expect(projectName({ instance: 'https://gitlab.x.io:8443/gitlab', ...rest }).host).toBe('gitlab.x.io:8443');
    expect(projectName({ instance: '/srv/repositories', ...rest }).host).toBe('/srv/repositories');
  });
});
