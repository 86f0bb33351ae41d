import { describe, expect, it } from 'vitest';
import { CATALOG_DEFAULTS } from '../../../catalog/config.ts';
import { contextOf, projectName } from '../../../catalog/context.ts';
import type { CatalogSource } from '../../../catalog/files.ts';
import { openCatalog } from '../../../catalog/index.ts';
import { memoryRepository } from '../../../forge/memory.ts';
import type { PluginSubject } from '../plugin.ts';
import { setupOf, subjectOf } from '../testing/run.ts';
import { type CatalogKnows, catalogPlugin } from './catalog.ts';
import { interfacesIn } from './interfaces.ts';

const api = (name: string, type: string, definition: string) =>
  `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: ${name} }
spec: { type: ${type}, lifecycle: production, owner: pay, definition: ${definition} }
`;
const component = (name: string, spec: string) =>
  `apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: ${name} }
spec: { type: service, lifecycle: production, ${spec} }
`;

const SHOP = {
  'catalog-info.yaml': [
    component('shop', 'owner: pay, system: sales, providesApis: [orders, refunds, events, calls]'),
    api('orders', 'openapi', '{ $text: ./api/orders.yaml }'),
    api('refunds', 'openapi', '{ $text: https://gitlab.x.io/g/shop/-/blob/main/api/refunds.json }'),
    api('events', 'asyncapi', 'inline'),
    api('calls', 'grpc', 'inline'),
  ].join('---\n'),
  'api/orders.yaml': 'openapi: 3.1.0\n',
  'api/refunds.json': '{"openapi": "3.0.0"}',
  'src/a.ts': '',
};
const USERS = {
  'catalog-info.yaml': [
    component('web', 'owner: front, consumesApis: [orders]'),
    component('ledger', 'owner: books, consumesApis: [orders, calls]'),
  ].join('---\n'),
};

const projectOf = (path: string): CatalogSource['project'] => ({
  ...{ instance: 'https://gitlab.x.io', id: path, path, defaultBranch: 'main' },
  ...{ name: path, url: `https://gitlab.x.io/${path}` },
});

/** What is told of a change, by a catalog that was read from files. */
async function told(about: PluginSubject, more: Record<string, string> = {}, knows: Partial<CatalogKnows> = {}) {
  const before = memoryRepository(SHOP);
  const sources = [
    { project: projectOf('g/shop'), reader: before },
    { project: projectOf('g/users'), reader: memoryRepository(USERS) },
  ];
  const catalog = await openCatalog(
    { ...CATALOG_DEFAULTS, from: 'files' },
    { env: {}, folder: undefined, instances: ['https://gitlab.x.io'], sources: () => sources },
  );
  const context = contextOf(catalog!, projectName(projectOf('g/shop')));
  const after = memoryRepository({ ...SHOP, ...more });
  const { prompts, problems } = await setupOf(catalogPlugin({ context, catalog, before, after, ...knows }), about);
  return { all: prompts.all[0]?.text, agents: prompts.agents, users: prompts.agents.release?.[0]?.text, problems };
}

describe('catalog', () => {
  it('tells all who owns the repository and what it has to do with others', async () => {
    const { all, agents } = await told(subjectOf('src/a.ts'));
    expect(all?.split('\n')).toEqual([
      'owner: group:default/pay',
      'system: system:default/sales',
      'lifecycle: production',
      expect.stringMatching(/^components: component:default\/shop, api:default\/calls, /),
      expect.stringMatching(/^provides: api:default\/calls \(group:default\/pay\), .*api:default\/refunds/),
      'provided interfaces are consumed by: component:default/ledger (group:default/books), component:default/web (group:default/front)',
    ]);
    expect(agents).toEqual({});
  });

  it('names the dependents of a changed interface to those who judge what breaks', async () => {
    const { agents, users } = await told(subjectOf('api/orders.yaml', 'src/a.ts'));
    expect(Object.keys(agents)).toEqual(['code-quality', 'release']);
    expect(users).toBe(
      'api/orders.yaml (openapi, modified) belongs to\n- api:default/orders is consumed by component:default/ledger (group:default/books), component:default/web (group:default/front)',
    );
  });

  it.each<[string, string, string, readonly string[]]>([
    [
      'an address as a definition',
      'api/refunds.json',
      '{"openapi": "3.0.0"}',
      ['refunds is consumed by nobody that the catalog knows of'],
    ],
    [
      'the kind, where no definition names it',
      'proto/calls.proto',
      'syntax = "proto3";',
      ['calls is consumed by component:default/ledger'],
    ],
    ['the kind, told by its text', 'docs/topics.yaml', 'asyncapi: 3.0.0\n', ['events']],
    ['the kind of its messages', 'topics/paid.avsc', '{"type": "record"}', ['events']],
    ['its kind, where all definitions lie elsewhere', 'api/parts/openapi-common.yaml', 'x: 1\n', ['orders', 'refunds']],
    ['no file of that kind', 'schema.graphql', 'type Query { a: Int }\n', []],
    ['no interface', 'values.yaml', 'a: 1\n', []],
  ])('finds the interface by %s', async (_, path, text, apis) => {
    const { users = '' } = await told(subjectOf({ path, status: 'added', added: 1, removed: 0 }), { [path]: text });
    const lines = users.split('\n').slice(1);
    expect(lines).toHaveLength(apis.length);
    for (const [at, each] of apis.entries()) expect(lines[at]).toContain(`api:default/${each}`);
  });

  it('knows what was taken away or moved by what it was', async () => {
    const gone = subjectOf({ path: 'api/orders.yaml', status: 'deleted', added: 0, removed: 1 });
    expect((await told(gone)).users).toContain('(openapi, deleted) belongs to\n- api:default/orders');
    const moved = subjectOf({ path: 'b.yaml', from: 'api/orders.yaml', status: 'renamed', added: 0, removed: 0 });
    expect((await told(moved)).users).toContain('api/orders.yaml (openapi, renamed) belongs to\n- api:default/orders');
  });

  it('says what may be missing, and where nobody can say', async () => {
    const { problems, all } = await told(subjectOf('api/orders.yaml'), {}, { context: 'unreachable' });
    expect(all).toBeUndefined();
    expect(problems).toMatchObject([{ message: expect.stringContaining('the catalog has no answer') }]);
    expect((await told(subjectOf('src/a.ts'), {}, { context: undefined })).problems).toEqual([]);
    const context = { dependsOn: [], dependencyOf: [], consumesApis: [], components: [], stale: 'it is old' };
    const providesApis = [{ ref: 'api:default/orders', kind: 'API' }];
    const stale = await told(subjectOf('api/orders.yaml'), {}, { context: { ...context, providesApis } });
    expect(stale.users).toMatch(/\n\nSome consumers may be missing here: it is old\.$/);
    expect(stale.problems).toMatchObject([{ message: 'the catalog may lack something: it is old' }]);
  });

  it('keeps to a cap of names', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ ref: `component:default/c${at}`, kind: 'Component' }));
    const context = { dependsOn: many, dependencyOf: [], providesApis: [], consumesApis: [], components: [] };
    const { all } = await told(subjectOf('a'), {}, { context });
    expect(all).toMatch(/component:default\/c49 and 10 more$/);
  });
});

it.each([
  ['a.graphql', 'query A { b }\n', undefined],
  ['a.graphql', 'extend type A { b: Int }\n', 'graphql'],
  ['a.json', '{\n  "swagger": "2.0"\n}', 'openapi'],
  ['a.json', '{ "$schema": "https://json-schema.org/draft/2020-12/schema" }', 'json-schema'],
  ['a.yml', "openapi: '3.1.0'\n", 'openapi'],
  ['a.yaml', 'tools:\n  openapi: generate\n', undefined],
  ['a.ts', 'openapi: 3\n', undefined],
])('%s with %j is %s', async (path, text, kind) => {
  expect((await interfacesIn([path], [memoryRepository({ [path]: text })])).get(path)).toBe(kind);
});
