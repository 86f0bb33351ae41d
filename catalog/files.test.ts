import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../forge/memory.ts';
import { CATALOG_DEFAULTS } from './config.ts';
import { contextOf } from './context.ts';
import type { CatalogSource } from './files.ts';
import { openCatalog } from './index.ts';
import type { Catalog } from './model.ts';

type Files = Parameters<typeof memoryRepository>[0];

const GITLAB = 'https://gitlab.x.io';

function source(path: string, files: Files, { instance = GITLAB, defaultBranch = 'main' } = {}): CatalogSource {
  const project = { instance, id: '1', path, url: `${instance}/${path}`, defaultBranch };
  return { project, reader: memoryRepository(files, { commit: 'c1' }) };
}

async function open(...sources: readonly CatalogSource[]): Promise<Catalog> {
  const now = () => new Date('2026-11-21T10:00:00Z');
  const catalog = await openCatalog(CATALOG_DEFAULTS, {
    env: {},
    folder: undefined,
    instances: [],
    sources: () => sources,
    now,
  });
  return catalog!;
}

const component = (name: string, spec = '') => `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
spec:
  type: service
  lifecycle: production
  owner: pay
${spec}`;

const at = (path: string, host = 'gitlab.x.io') => ({ host, path });

describe('catalog files', () => {
  it('tell of a repository what Backstage would', async () => {
    const catalog = await open(
      source('g/shop', { 'catalog-info.yaml': component('shop', '  system: sales\n  dependsOn: [resource:orders]\n') }),
    );
    expect(contextOf(catalog, at('g/shop'))).toMatchObject({
      owner: 'group:default/pay',
      system: 'system:default/sales',
      lifecycle: 'production',
      dependsOn: [{ ref: 'resource:default/orders', kind: 'Resource' }],
      components: [{ ref: 'component:default/shop', dir: '', type: 'service' }],
    });
    expect([catalog.source, catalog.fetchedAt, catalog.problems]).toEqual(['files', '2026-11-21T10:00:00.000Z', []]);
  });

  it('are none: nothing is known, and nothing was read', async () => {
    const catalog = await open(source('g/shop', { 'package.json': '{}' }));
    expect([catalog.entities.size, catalog.problems, contextOf(catalog, at('g/shop'))]).toEqual([0, [], undefined]);
  });

  it('of several repositories know each other, both ways', async () => {
    const api = `---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: {name: cart, namespace: default}
spec:
  type: openapi
  lifecycle: production
  owner: pay
  definition: {$text: ./openapi.yaml}
`;
    const catalog = await open(
      source('g/shop', { 'catalog-info.yaml': component('shop', '  providesApis: [cart]\n') + api }),
      source('g/app', {
        'catalog-info.yml': component(
          'app',
          '  consumesApis: [cart]\n  dependsOn: [component:shop]\n  dependencyOf: [component:site]\n',
        ),
      }),
    );
    expect(catalog.problems).toEqual([]);
    const shop = contextOf(catalog, at('g/shop'));
    expect(shop?.providesApis).toEqual([
      { ref: 'api:default/cart', kind: 'API', type: 'openapi', owner: 'group:default/pay' },
    ]);
    expect([shop?.apiConsumers?.[0]?.ref, shop?.dependencyOf[0]?.ref]).toEqual([
      'component:default/app',
      'component:default/app',
    ]);
    expect(contextOf(catalog, at('g/app'))?.dependencyOf[0]?.ref).toBe('component:default/site');
  });

  it('know groups, systems with their domain, and parts of components', async () => {
    const of = (kind: string, name: string, spec: string) => `---
apiVersion: backstage.io/v1alpha1
kind: ${kind}
metadata: {name: ${name}}
spec: {${spec}}
`;
    const catalog = await open(
      source('g/shop', {
        'catalog-info.yaml':
          component('shop', '  system: sales\n') +
          of('System', 'sales', 'owner: user:anna, domain: trade') +
          of('Domain', 'trade', 'owner: bosses') +
          of('Group', 'bosses', 'type: team, children: [pay]') +
          of('User', 'anna', 'memberOf: [bosses]') +
          component('part', '  subcomponentOf: shop\n').replace(/^/, '---\n'),
      }),
    );
    expect(catalog.problems).toEqual([]);
    expect(contextOf(catalog, at('g/shop'))?.domain).toBe('domain:default/trade');
    const relations = (ref: string) =>
      catalog.entities.get(ref)?.relations.map(({ type, target }) => `${type} ${target}`);
    expect(relations('component:default/shop')).toEqual([
      'hasPart component:default/part',
      'ownedBy group:default/pay',
      'partOf system:default/sales',
    ]);
    expect(relations('group:default/bosses')).toEqual(['ownerOf domain:default/trade', 'parentOf group:default/pay']);
    expect(catalog.entities.get('system:default/sales')?.owner).toBe('user:default/anna');
  });

  it('take short names from their own namespace', async () => {
    const catalog = await open(
      source('g/shop', {
        'catalog-info.yaml': component('shop', '  system: till\n').replace('  name:', '  namespace: sales\n  name:'),
      }),
    );
    expect(contextOf(catalog, at('g/shop'))).toMatchObject({ owner: 'group:sales/pay', system: 'system:sales/till' });
    expect(catalog.entities.get('component:sales/shop')?.relations.map(({ target }) => target)).toEqual([
      'group:sales/pay',
      'system:sales/till',
    ]);
  });

  it('of a monorepo name its parts by their folders', async () => {
    const catalog = await open(
      source('g/mono', {
        'services/a/catalog-info.yaml': component('a'),
        'services/b/catalog-info.yaml': component('b'),
        'services/a/node_modules/x/catalog-info.yaml': component('copied'),
        'templates/skeleton/catalog-info.yaml': component('${{ values.name }}'),
        'test/fixtures/catalog-info.yaml': component('tested'),
      }),
    );
    expect(contextOf(catalog, at('g/mono'))?.components.map(({ dir, ref }) => [dir, ref])).toEqual([
      ['services/a', 'component:default/a'],
      ['services/b', 'component:default/b'],
    ]);
    expect(catalog.problems).toEqual([]);
  });

  it('are followed where a Location names them, in the repository and nowhere else', async () => {
    const location = `apiVersion: backstage.io/v1alpha1
kind: Location
metadata: {name: all}
spec:
  targets: [./catalog/a.yaml, ../../outside.yaml, /etc/passwd, 'https://x.io/b.yaml', ./missing.yaml, ./catalog-info.yaml]
`;
    const catalog = await open(source('g/mono', { 'catalog-info.yaml': location, 'catalog/a.yaml': component('a') }));
    expect([...catalog.entities.keys()]).toEqual(['component:default/a']);
    expect(contextOf(catalog, at('g/mono'))?.components[0]?.dir).toBe('catalog');
    expect(catalog.problems).toEqual([]);
  });

  it('a broken document is told, the others count', async () => {
    const catalog = await open(
      source('g/shop', {
        'catalog-info.yaml': `${component('a')}---\nkind: [\n---\n${component('b')}---\nkind: Component\n`,
      }),
    );
    expect([...catalog.entities.keys()]).toContain('component:default/a');
    expect(catalog.problems.length).toBeGreaterThan(0);
    for (const problem of catalog.problems) expect(problem).toMatch(/^g\/shop: catalog-info\.yaml: document \d: /);
  });

  it.each([
    [
      'a document of many aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
      /alias/i,
    ],
    ['a list', '- a\n', /document 1: /],
    ['a number', '7\n', /document 1: /],
    [
      'a number for an annotation',
      component('a').replace('  name: a', '  name: a\n  annotations: {gitlab.com/project-id: 1234}'),
      /annotations/,
    ],
    ['relations of its own', `${component('a')}relations: []\n`, /relations/],
    ['no owner', component('a').replace(/ {2}owner: pay\n/, ''), /owner/],
    ['a name with a blank', component("'a b'"), /name/],
    ['a map without a colon', 'kind: Component\nfoo\n', /not valid YAML/],
  ])('%s is a problem with its place', async (_, text, expected) => {
    const catalog = await open(source('g/shop', { 'catalog-info.yaml': text }));
    expect(catalog.entities.size).toBe(0);
    expect(catalog.problems).toHaveLength(1);
    expect(catalog.problems[0]).toMatch(/^g\/shop: catalog-info\.yaml: document 1: /);
    expect(catalog.problems[0]).toMatch(expected);
  });

  it.each([
    ['empty', ''],
    ['a comment', '# later\n'],
    [
      'a template of Backstage',
      'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: t}\nspec: {type: service}\n',
    ],
    ['to be filled in', component('${{ values.name }}')],
    ['to be filled in, quoted', component("'${{ values.name }}'")],
    ['of cookiecutter', component('{{ cookiecutter.name }}')],
  ])('%s: nothing, and no problem', async (_, text) => {
    const catalog = await open(source('g/shop', { 'catalog-info.yaml': text }));
    expect([catalog.entities.size, catalog.problems]).toEqual([0, []]);
  });

  it('the same entity twice: the first counts', async () => {
    const catalog = await open(
      source('g/a', { 'catalog-info.yaml': component('x') }),
      source('g/b', { 'catalog-info.yaml': component('X') }),
    );
    expect(contextOf(catalog, at('g/a'))?.components).toHaveLength(1);
    expect(contextOf(catalog, at('g/b'))).toBeUndefined();
    expect(catalog.problems).toEqual([
      'g/b: catalog-info.yaml: component:default/x stands in g/a/ already; that one counts',
    ]);
  });

  it('a file that cannot be read is told', async () => {
    const catalog = await open(source('g/a', { 'catalog-info.yaml': { missing: true } }));
    expect(catalog.problems).toEqual(['g/a: catalog-info.yaml: cannot be read (missing-blob)']);
  });

  it('of a central repository belong to the projects that they name', async () => {
    const slugged = (name: string, slug: string) =>
      component(name).replace(`  name: ${name}`, `  name: ${name}\n  annotations: {gitlab.com/project-slug: ${slug}}`);
    const catalog = await open(
      source('platform/catalog', {
        'a/catalog-info.yaml': slugged('a', 'g/a'),
        'b/catalog-info.yaml': slugged('b', "''"),
      }),
    );
    expect(contextOf(catalog, at('g/a'))?.components[0]).toMatchObject({ ref: 'component:default/a', dir: '' });
    expect(contextOf(catalog, at('platform/catalog'))).toBeUndefined();
    expect(catalog.unplaced.map(({ reason }) => reason)).toEqual(['opted-out']);
  });

  it('stand where they are on a branch with a slash and in a folder with a blank', async () => {
    const catalog = await open(
      source('g/a', { 'my app/catalog-info.yaml': component('a') }, { defaultBranch: 'release/1.x' }),
    );
    expect(contextOf(catalog, { ...at('g/a'), defaultBranch: 'release/1.x' })?.components[0]?.dir).toBe('my app');
  });

  it('of folders on this machine belong where they lie, or to the folder that they name', async () => {
    const instance = '/srv/fleet';
    const off = component('off').replace('  name: off', "  name: off\n  annotations: {gitlab.com/project-slug: ''}");
    const slugged = component('b').replace('  name: b', '  name: b\n  annotations: {gitlab.com/project-slug: g/other}');
    const catalog = await open(
      source('g/shop', { 'app/catalog-info.yaml': component('a') }, { instance }),
      source('g/other', { 'catalog-info.yaml': component('o') }, { instance }),
      source('central', { 'catalog-info.yaml': slugged, 'x/catalog-info.yaml': off }, { instance }),
    );
    expect(catalog.unplaced.map(({ ref, reason }) => `${ref} ${reason}`)).toEqual(['component:default/off opted-out']);
    expect(contextOf(catalog, at('g/shop', instance))?.components[0]).toMatchObject({ dir: 'app' });
    expect(contextOf(catalog, at('g/other', instance))?.components.map(({ ref }) => ref)).toEqual([
      'component:default/b',
      'component:default/o',
    ]);
  });
});

describe('openCatalog', () => {
  it('from: none knows nothing', async () => {
    expect(
      await openCatalog({ ...CATALOG_DEFAULTS, from: 'none' }, { env: {}, folder: undefined, instances: [] }),
    ).toBeUndefined();
  });
});
