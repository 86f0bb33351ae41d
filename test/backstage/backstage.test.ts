import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BackstageWorld } from '../../catalog/backstage/fetch.ts';
import { CATALOG_DEFAULTS, type CatalogConfig } from '../../catalog/config.ts';
import { contextOf, mayComeYet } from '../../catalog/context.ts';
import { CatalogError } from '../../catalog/errors.ts';
import { type CatalogDeps, openCatalog } from '../../catalog/index.ts';
import type { Catalog } from '../../catalog/model.ts';
import { snapshotFile } from '../../catalog/snapshot.ts';
import { wireEntity, wireFleet } from './entities.ts';
import { type BackstageDouble, startBackstage, type Trap } from './server.ts';
import { WIRE_FACTS, wireFacts } from './wire-facts.ts';

const SMALL = { components: 60, apis: 12, resources: 8, systems: 6, domains: 2, groups: 6 };

let backstage: BackstageDouble;
let folder = '';
let clock = Date.parse('2026-11-21T10:00:00Z');
let waits: number[] = [];
let notes: string[] = [];

beforeEach(async () => {
  backstage = await startBackstage(wireFleet(SMALL));
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-catalog-'));
  clock = Date.parse('2026-11-21T10:00:00Z');
  waits = [];
  notes = [];
});
afterEach(async () => {
  await backstage.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked extends Partial<CatalogDeps> {
  readonly config?: Partial<CatalogConfig>;
  readonly world?: BackstageWorld;
}

async function open({ config, world, ...deps }: Asked = {}): Promise<Catalog> {
  const catalog = await openCatalog(
    {
      ...CATALOG_DEFAULTS,
      from: 'backstage',
      baseUrl: backstage.url,
      insights: false,
      hosts: { 'gitlab.x.io': { subpath: '' } },
      ...config,
    },
    {
      env: { BACKSTAGE_TOKEN: backstage.token },
      folder,
      instances: [],
      now: () => new Date(clock),
      world: {
        sleep: async (ms) => void waits.push(ms),
        random: () => 0.5,
        note: (line) => void notes.push(line),
        ...world,
      },
      ...deps,
    },
  );
  if (!catalog) throw new Error('no catalog');
  return catalog;
}

async function failure(asked: Asked = {}): Promise<CatalogError> {
  const error = await open(asked).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CatalogError)) throw new Error(`expected a CatalogError, got ${String(error)}`);
  return error;
}

/** Without the second look at the total, which the first reading takes. */
const listings = () => backstage.requests.filter(({ query }) => query.get('limit') !== '1');
const retries = () => waits.slice(0, waits.length - (backstage.requests.length - listings().length));

const components = (catalog: Catalog) =>
  [...catalog.entities.values()].filter(({ kind }) => kind === 'Component').length;
const later = (minutes: number) => {
  clock += minutes * 60_000;
};

describe('the double', () => {
  it('answers in the corners as the real one does', async () => {
    expect(await wireFacts(backstage.url, backstage.token)).toEqual(WIRE_FACTS);
  });
});

describe('the one question', () => {
  it('lists 4,000 components and five other kinds, 5,830 entities, in 12 requests', async () => {
    backstage.entities = wireFleet();
    backstage.scores = [];
    const catalog = await open({ config: { insights: true } });
    expect([catalog.entities.size, components(catalog)]).toEqual([5830, 4000]);
    // Ten pages, Tech Insights, a second look at the total.
    expect(backstage.requests).toHaveLength(12);
    expect(backstage.requests.map(({ method }) => method)).toEqual(['GET', ...Array(10).fill('POST'), 'GET']);
    expect([catalog.stale, waits]).toEqual([undefined, [2000]]);
    backstage.requests.length = 0;
    await open({ config: { insights: true }, refresh: true });
    expect(backstage.requests).toHaveLength(11);
  });

  it('asks for its fields on every page, orders nothing and sends nothing that an old server does not know', async () => {
    await open({ config: { pageSize: 50, tier: 'annotation:x.io/tier' } });
    const [first, second] = backstage.requests;
    expect([...first!.query.keys()].sort()).toEqual(['fields', 'filter', 'limit']);
    expect(first!.query.get('filter')).toBe('kind=Component,kind=System,kind=Domain,kind=Group,kind=Resource,kind=API');
    const fields = first!.query.get('fields')!.split(',');
    expect(fields).toEqual([
      'kind',
      ...['namespace', 'name', 'title', 'description', 'tags', 'labels', 'etag'].map((name) => `metadata.${name}`),
      ...['type', 'lifecycle', 'profile.email', 'profile.displayName'].map((name) => `spec.${name}`),
      ...['owner', 'system', 'domain', 'subcomponentOf'].map((name) => `spec.${name}`),
      ...['dependsOn', 'dependencyOf', 'providesApis', 'consumesApis'].map((name) => `spec.${name}`),
      'relations',
      ...['project-slug', 'project-id', 'instance'].map((name) => `metadata.annotations.gitlab.com/${name}`),
      ...['source-location', 'managed-by-location', 'orphan', 'techdocs-ref'].map(
        (name) => `metadata.annotations.backstage.io/${name}`,
      ),
      'metadata.annotations.x.io/tier',
      'metadata.annotations.gitlab.x.io/team-path',
    ]);
    expect(second!.body).toMatchObject({ fields, limit: 50 });
    expect(Object.keys(second!.body as object).sort()).toEqual(['cursor', 'fields', 'limit']);
    for (const { authorization } of backstage.requests) expect(authorization).toBe('Bearer double-token-agcanary');
  });

  it('goes on with GET and the same cursor where POST is refused', async () => {
    for (const status of [403, 404, 405]) {
      backstage.requests.length = 0;
      backstage.postRefused = status;
      const catalog = await open({ config: { pageSize: 30 }, refresh: true });
      expect(components(catalog)).toBe(60);
      // 94 entities are four pages; POST is tried once.
      expect(listings().map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET', 'GET']);
    }
  });

  it('reads an old server, which has only GET', async () => {
    backstage.old = true;
    expect(components(await open({ config: { pageSize: 30 } }))).toBe(60);
    expect(listings().map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'GET']);
  });

  it('takes the address of the backend with a slash, and that of its catalog', async () => {
    for (const rest of ['/', '/api/catalog', '/api/catalog/'])
      expect(components(await open({ config: { baseUrl: `${backstage.url}${rest}` }, refresh: true }))).toBe(60);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('ends where a cursor comes again', async () => {
    backstage.repeatsCursor = true;
    const error = await failure({ config: { pageSize: 30 } });
    expect(error.reason).toBe('cursor-loop');
    expect(backstage.requests.length).toBeLessThan(5);
  });

  it('is not understood where there is no list', async () => {
    const { reason, exitCode } = await failure({
      world: { fetch: async () => Response.json({ error: 'no' }) },
    });
    expect([reason, exitCode]).toEqual(['not-understood', 3]);
  });

  it('leaves out an entity that has no name, and says so', async () => {
    const nameless = { kind: 'Component', metadata: { namespace: 'default' }, spec: {}, relations: [] };
    const catalog = await open({
      world: {
        fetch: async () =>
          Response.json({ items: [nameless, wireEntity('Component', 'a')], totalItems: 2, pageInfo: {} }),
      },
    });
    expect([...catalog.entities.keys()]).toEqual(['component:default/a']);
    expect(catalog.problems).toEqual(['Backstage: 1 of 2 entities cannot be understood and are left out']);
  });

  it('knows capitals, short owners, labels of the tier and a relation that leads nowhere', async () => {
    backstage.entities = [
      wireEntity('Component', 'Shop', {
        metadata: {
          namespace: 'Sales',
          labels: { 'x.io/tier': '1' },
          annotations: { 'gitlab.com/project-slug': 'g/shop' },
        },
        spec: { owner: 'Pay', type: 'service' },
        relations: ['dependsOn Resource:Default/Gone'],
      }),
    ];
    const catalog = await open({ config: { tier: 'label:x.io/tier' } });
    expect(contextOf(catalog, { host: 'gitlab.x.io', path: 'G/shop' })).toMatchObject({
      owner: 'group:sales/pay',
      tier: '1',
      dependsOn: [{ ref: 'resource:default/gone', kind: 'Resource', dangling: true }],
    });
  });
});

describe('what goes wrong on the way', () => {
  it.each<[string, Trap]>([
    ['503', { kind: 'status', status: 503 }],
    ['429', { kind: 'status', status: 429, retryAfter: '2' }],
    ['a reset', { kind: 'reset' }],
    ['a body shorter than announced', { kind: 'truncated', announced: true }],
    ['a body that breaks off silently', { kind: 'truncated', announced: false }],
  ])('%s on any page is survived', async (_, trap) => {
    backstage.traps.push(trap, undefined, trap, trap, undefined);
    const catalog = await open({ config: { pageSize: 50 } });
    expect(components(catalog)).toBe(60);
    expect(catalog.entities.size).toBe(94);
    expect(retries()).toHaveLength(3);
    expect(notes).toHaveLength(3);
  });

  it('waits twice as long each time, unless it is told how long, and a minute at most', async () => {
    backstage.traps.push(
      { kind: 'reset' },
      { kind: 'status', status: 502 },
      { kind: 'status', status: 429, retryAfter: '7' },
    );
    backstage.traps.push({ kind: 'status', status: 503, retryAfter: '3600' });
    await open();
    expect(retries()).toEqual([500, 1000, 7000, 60_000]);
  });

  it('understands a date in Retry-After', async () => {
    backstage.traps.push({ kind: 'status', status: 503, retryAfter: 'Sat, 21 Nov 2026 10:00:09 GMT' });
    await open({ world: { now: () => clock } });
    expect(retries()).toEqual([9000]);
  });

  it('gives up after five attempts', async () => {
    backstage.traps.push(...Array(5).fill({ kind: 'status', status: 503 }));
    const error = await failure();
    expect([error.reason, error.exitCode, backstage.requests.length]).toEqual(['unavailable', 3, 5]);
    backstage.traps.push(...Array(5).fill({ kind: 'reset' }));
    expect((await failure()).reason).toBe('network');
  });

  it('a request that is never answered is sent again after its time', async () => {
    const cut = new AbortController();
    const times = [cut.signal, new AbortController().signal];
    backstage.traps.push({ kind: 'hang', seen: () => cut.abort() });
    const catalog = await open({ world: { deadline: () => times.shift()! } });
    expect(components(catalog)).toBe(60);
    expect(notes[0]).toMatch(
      /^GET http:\S+\/api\/catalog\/entities\/by-query: no answer in 60000 ms; sent again in 500 ms$/,
    );
  });

  it('ends at once when it is called off', async () => {
    const off = new AbortController();
    backstage.traps.push({ kind: 'hang', seen: () => off.abort(new Error('called off')) });
    await expect(open({ world: { signal: off.signal } })).rejects.toThrow('called off');
    expect([backstage.requests.length, waits, notes]).toEqual([1, [], []]);
    // Whoever calls off wants no older copy.
    await open();
    backstage.traps.push({ kind: 'hang', seen: () => again.abort(new Error('called off')) });
    const again = new AbortController();
    await expect(open({ refresh: true, world: { signal: again.signal } })).rejects.toThrow('called off');
  });

  it('does not follow a redirect to a sign-in page, nor repeat it', async () => {
    backstage.traps.push({ kind: 'redirect', location: 'https://sso.x.io/login?state=secret' });
    const error = await failure();
    expect([error.reason, error.exitCode, backstage.requests.length]).toEqual(['redirect', 2, 1]);
    expect(error.message).toContain('302 to https://sso.x.io/login: a sign-in proxy');
    expect(error.message).not.toContain('secret');
  });

  it('does not take a page for an answer', async () => {
    backstage.traps.push({ kind: 'html' });
    const error = await failure();
    expect([error.reason, backstage.requests.length]).toEqual(['not-json', 1]);
    expect(error.message).toContain('answers with text/html, not JSON');
  });

  it('says what to do about a token, and never says the token', async () => {
    const none = await failure({ env: {} });
    expect([none.reason, none.exitCode]).toEqual(['unauthorized', 2]);
    expect(none.message).toBe(`Backstage at ${backstage.url}: wants a token; set BACKSTAGE_TOKEN`);
    const wrong = await failure({ env: { BACKSTAGE_TOKEN: 'Illegal' } });
    expect(wrong.message).toContain('does not accept the token in BACKSTAGE_TOKEN');
    expect(wrong.message).not.toContain('Illegal');
    expect(backstage.requests).toHaveLength(2);
  });

  it.each([
    [404, 'not-found', 2],
    [403, 'forbidden', 2],
    [400, 'refused', 2],
  ])('%i is told and not repeated', async (status, reason, exitCode) => {
    backstage.traps.push({ kind: 'status', status });
    const error = await failure();
    expect([error.reason, error.exitCode, backstage.requests.length]).toEqual([reason, exitCode, 1]);
  });

  it('every fourth answer 503, every fourth cut off: all 5,830 entities', async () => {
    backstage.entities = wireFleet();
    for (let at = 0; at < 60; at++)
      backstage.traps.push(
        at % 4 === 1
          ? { kind: 'status', status: 503, retryAfter: '1' }
          : at % 4 === 3
            ? { kind: 'truncated', announced: true }
            : undefined,
      );
    expect((await open()).entities.size).toBe(5830);
    // Ten pages and the second look: every other request went wrong.
    expect(backstage.requests).toHaveLength(21);
  });
});

describe('the copy', () => {
  const file = () => join(folder, readdirSync(folder)[0]!);

  it('is used for a quarter of an hour, then the catalog is read again', async () => {
    const first = await open();
    later(14);
    expect(await open()).toEqual(first);
    expect(listings()).toHaveLength(1);
    later(1);
    expect((await open()).fetchedAt).toBe('2026-11-21T10:15:00.000Z');
    expect(listings()).toHaveLength(2);
    await open({ refresh: true });
    expect(listings()).toHaveLength(3);
  });

  it('is for its owner only, and whole: nothing else is left in the folder', async () => {
    await open();
    expect(readdirSync(folder)).toHaveLength(1);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readFileSync(file(), 'utf8')).not.toContain(backstage.token);
  });

  it('of the future is not believed to be young', async () => {
    await open();
    later(-60);
    await open();
    expect(listings()).toHaveLength(2);
  });

  it('serves where Backstage fails, and says so', async () => {
    const first = await open();
    later(20);
    backstage.traps.push(...Array(5).fill({ kind: 'status', status: 503 }));
    const second = await open();
    expect(second).toEqual({
      ...first,
      stale: expect.stringMatching(/^the copy of 2026-11-21T10:00:00.000Z is used: Backstage at .*503/),
    });
  });

  it('stays in force while a restarted Backstage is still empty', async () => {
    await open();
    later(20);
    backstage.stitching = true;
    const catalog = await open();
    expect(components(catalog)).toBe(60);
    expect(catalog.stale).toContain('Backstage lists 0 components, 60 before: restarted, or partly hidden; remove ');
    backstage.stitching = false;
    const again = await open();
    expect([again.stale, again.fetchedAt]).toEqual([undefined, '2026-11-21T10:20:00.000Z']);
  });

  it('is not made from a catalog that grows while it is read', async () => {
    const all = backstage.entities;
    backstage.before = () => {
      backstage.entities = all.slice(0, backstage.requests.length * 30);
    };
    const catalog = await open({ config: { pageSize: 20 } });
    expect(catalog.stale).toMatch(
      /^Backstage announced 30 entities and sent 94: it is still growing; nothing is concluded/,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is not made from a catalog that has grown at a second look', async () => {
    const all = backstage.entities;
    backstage.entities = all.slice(0, 80);
    backstage.before = () => {
      if (backstage.requests.length === 2) backstage.entities = all;
    };
    expect((await open()).stale).toContain(
      'Backstage listed 80 entities and 94 two seconds later: it is still working them out',
    );
    expect(readdirSync(folder)).toEqual([]);
    expect((await open()).stale).toBeUndefined();
  });

  it('is not made from a catalog that names many components which it does not list, until somebody accepts that', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `ownerOf component:default/component-${at}`);
    const owner = wireEntity('Group', 'all', { relations: names });
    backstage.entities = [
      owner,
      ...backstage.entities.filter(({ metadata }) => !/^component-[0-9]$/.test(metadata.name)),
    ];
    const catalog = await open();
    expect(catalog.stale).toContain(
      'Backstage lists 50 components and names 10 more: restarted, or partly hidden (raise',
    );
    expect(readdirSync(folder)).toEqual([]);
    expect((await open({ acceptShrunk: true })).stale).toBeUndefined();
    // From then on the two are compared.
    expect((await open({ refresh: true })).stale).toBeUndefined();
  });

  it('is not made from an empty catalog, which concludes nothing', async () => {
    backstage.stitching = true;
    const catalog = await open();
    expect(components(catalog)).toBe(0);
    expect(catalog.stale).toContain('Backstage lists no components');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('stays in force where more than a tenth of the components are gone, until somebody accepts that', async () => {
    await open();
    const all = backstage.entities;
    const without = (count: number) =>
      all.filter(({ metadata }) => !new RegExp(`^component-([0-${count - 1}])$`).test(metadata.name));
    later(20);
    backstage.entities = without(7);
    expect((await open()).stale).toContain('53 components, 60 before');
    expect((await open({ config: { shrinkLimit: 20 } })).stale).toBeUndefined();
    backstage.entities = all;
    await open({ refresh: true });
    backstage.entities = without(7);
    const accepted = await open({ refresh: true, acceptShrunk: true });
    expect([components(accepted), accepted.stale]).toEqual([53, undefined]);
    backstage.entities = all.filter(({ metadata }) => metadata.name !== 'component-1');
    expect((await open({ refresh: true })).stale).toBeUndefined();
  });

  it('stays in force where the relations are not worked out yet', async () => {
    await open();
    later(20);
    backstage.entities = backstage.entities.map((entity) => ({ ...entity, relations: [] }));
    const catalog = await open();
    expect(catalog.stale).toMatch(/Backstage tells 0 relations, \d+ before/);
    expect(contextOf(catalog, { host: 'gitlab.x.io', path: 'g/component-1' })?.dependsOn).toHaveLength(1);
  });

  it.each([
    ['System', 6, 'systems'],
    ['Domain', 2, 'domains'],
    ['API', 12, 'APIs'],
    ['Resource', 8, 'resources'],
    ['Group', 6, 'groups'],
  ])('stays in force where no %s is listed, or too few', async (kind, count, many) => {
    const first = await open();
    const path = file();
    const before = readFileSync(path, 'utf8');
    const all = backstage.entities;
    for (const left of [0, count - 2]) {
      let seen = 0;
      backstage.entities = all.filter((entity) => entity.kind !== kind || ++seen <= left);
      const catalog = await open({ refresh: true });
      expect(catalog.stale).toContain(`Backstage lists ${left} ${many}, ${count} before`);
      expect(catalog.entities).toEqual(first.entities);
    }
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('is not made where relations that a spec names are missing, or a whole kind that relations name', async () => {
    const all = backstage.entities;
    backstage.entities = all.map((entity) => ({ ...entity, relations: [] }));
    expect((await open()).stale).toMatch(/^Backstage lists 88 entities without relations that their spec names: it is/);
    backstage.entities = all.filter(({ kind }) => kind !== 'System' && kind !== 'API');
    expect((await open()).stale).toMatch(/^Backstage names systems and APIs and lists none: restarted, or hidden/);
    expect(readdirSync(folder)).toEqual([]);
    // Not even where a copy is there that was a part itself.
    backstage.entities = all
      .filter(({ kind, metadata }) => kind === 'Component' && metadata.name === 'component-59')
      .map((entity) => ({ ...entity, spec: {}, relations: [] }));
    expect(await open()).toMatchObject({ unproven: true });
    backstage.entities = all.filter(({ kind }) => kind !== 'System');
    expect((await open({ refresh: true })).stale).toContain('Backstage names systems and lists none');
    rmSync(folder, { recursive: true });
    // Many catalogs hold no teams.
    backstage.entities = all.filter(({ kind }) => kind !== 'Group');
    expect((await open()).stale).toBeUndefined();
  });

  it('is made where a few lack their relations, and nothing is concluded for those alone', async () => {
    const spec = { owner: 'group-2', dependsOn: ['resource:resource-2'], providesApis: ['api-2'] };
    const whole = [
      ...['ownedBy user:default/somebody-else', 'dependsOn resource:default/resource-2'],
      ...['providesApi api:default/api-2', 'partOf system:default/system-2'],
    ];
    const withRelations = (relations: readonly string[]) => {
      const metadata = { annotations: { 'gitlab.com/project-slug': 'g/component-2' } };
      const one = wireEntity('Component', 'component-2', { metadata, spec, relations });
      const all = wireFleet(SMALL);
      backstage.entities = all.map((entity) => (entity.metadata.name === 'component-2' ? one : entity));
    };
    const told = async (path: string) => {
      const catalog = await open({ refresh: true });
      return [catalog.stale, contextOf(catalog, { host: 'gitlab.x.io', path })?.stale];
    };
    withRelations(whole);
    expect(await told('g/component-2')).toEqual([undefined, undefined]);
    const waiting = expect.stringContaining('component:default/component-2 lacks relations that its spec names');
    for (const lacking of ['ownedBy', 'dependsOn', 'providesApi']) {
      withRelations(whole.filter((relation) => !relation.startsWith(lacking)));
      expect(await told('g/component-2')).toEqual([undefined, waiting]);
      expect(await told('g/component-3')).toEqual([undefined, undefined]);
    }
    // The copy says so too.
    const copy = await open();
    expect(contextOf(copy, { host: 'gitlab.x.io', path: 'g/component-2' })?.stale).toEqual(waiting);
  });

  it('is unproven until a second reading is like it, or somebody accepts it', async () => {
    expect((await open()).unproven).toBe(true);
    expect((await open()).unproven).toBe(true);
    expect((await open({ refresh: true })).unproven).toBeUndefined();
    expect((await open()).unproven).toBeUndefined();
    expect((await open({ folder: undefined })).unproven).toBe(true);
    rmSync(folder, { recursive: true });
    const all = backstage.entities;
    backstage.entities = all.filter(({ kind, metadata }) => kind !== 'Component' || !metadata.name.endsWith('1'));
    expect((await open()).unproven).toBe(true);
    backstage.entities = all;
    expect((await open({ refresh: true })).unproven).toBe(true);
    expect((await open({ refresh: true })).unproven).toBeUndefined();
    expect((await open({ folder: undefined, acceptShrunk: true })).unproven).toBeUndefined();
  });

  it('lets go of a single entity only when two readings lack it', async () => {
    const gone = { host: 'gitlab.x.io', path: 'g/component-2' };
    await open();
    await open({ refresh: true });
    backstage.entities = backstage.entities
      .filter(({ metadata }) => metadata.name !== 'component-2')
      .map((entity) => ({
        ...entity,
        relations: entity.relations.filter(({ targetRef }) => !targetRef.endsWith('/component-2')),
      }));
    for (const refresh of [true, false]) {
      const catalog = await open({ refresh });
      expect([catalog.stale, contextOf(catalog, gone), mayComeYet(catalog, gone)]).toEqual([
        undefined,
        undefined,
        true,
      ]);
      expect(mayComeYet(catalog, { host: 'gitlab.x.io', path: 'g/nowhere' })).toBe(false);
      expect(contextOf(catalog, { host: 'gitlab.x.io', path: 'g/component-3' })?.stale).toBeUndefined();
    }
    expect(mayComeYet(await open({ refresh: true }), gone)).toBe(false);
  });

  it('waits for a second reading in a repository where one of several is gone, or what they were related to', async () => {
    await open();
    await open({ refresh: true });
    const without = (name: string) => {
      backstage.entities = wireFleet(SMALL).filter(({ metadata }) => metadata.name !== name);
    };
    const told = async (path: string) => contextOf(await open({ refresh: true }), { host: 'gitlab.x.io', path })?.stale;
    without('component-10');
    expect(await told('g/mono')).toContain('an entity that was listed here before is not listed any more');
    expect(await told('g/mono')).toBeUndefined();
    without('');
    await told('g/mono');
    without('api-1');
    expect(await told('g/component-1')).toContain('what component:default/component-1 was related to is not listed');
    expect(await told('g/component-1')).toBeUndefined();
  });

  it('that is unproven concludes nothing where something is named that is not listed', async () => {
    const missing = backstage.entities.filter(({ metadata }) => metadata.name !== 'resource-2');
    backstage.entities = missing;
    const at = { host: 'gitlab.x.io', path: 'g/component-2' };
    expect(contextOf(await open(), at)?.stale).toContain('names resource:default/resource-2, which is not listed');
    expect(contextOf(await open({ refresh: true }), at)?.stale).toBeUndefined();
  });

  it('stays in force where fewer entities come than were announced', async () => {
    await open();
    later(20);
    backstage.hidden = 5;
    expect((await open()).stale).toContain('Backstage announced 99 entities and sent 94');
    rmSync(folder, { recursive: true });
    const first = await open();
    expect(first.stale).toBe('Backstage announced 99 entities and sent 94; nothing is concluded from what is missing');
    expect(first.entities.size).toBe(94);
    // One that goes while the pages are read is nothing.
    backstage.hidden = 1;
    expect((await open()).stale).toBeUndefined();
  });

  it('of another Backstage is never used', async () => {
    await open();
    const other = await startBackstage(wireFleet({ ...SMALL, components: 20 }));
    try {
      const catalog = await open({ config: { baseUrl: other.url }, env: { BACKSTAGE_TOKEN: other.token } });
      expect(components(catalog)).toBe(20);
      // Not even where it lies at the other's place.
      const [a, b] = readdirSync(folder).map((name) => join(folder, name));
      const [mine, others] = readFileSync(a!, 'utf8').includes(other.url) ? [b!, a!] : [a!, b!];
      writeFileSync(others, readFileSync(mine));
      const again = await open({ config: { baseUrl: other.url }, env: { BACKSTAGE_TOKEN: other.token } });
      expect(components(again)).toBe(20);
      expect(again.problems).toEqual([`${others}: a copy of another catalog; it is made anew`]);
    } finally {
      await other.close();
    }
  });

  it('that was asked another question is read again, and serves where that fails', async () => {
    await open();
    await open({ config: { tier: 'tag:tier-' } });
    expect(listings()).toHaveLength(2);
    backstage.traps.push({ kind: 'html' });
    expect((await open()).stale).toContain('not JSON');
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, 200)],
    ['of another version', (text: string) => text.replace('"version":1', '"version":0')],
    ['changed by hand', (text: string) => text.replace('"kind":"Component"', '"kind":"Komponent"')],
    ['empty', () => ''],
  ])('that is %s is dropped with a note', async (_, spoil) => {
    await open();
    writeFileSync(file(), spoil(readFileSync(file(), 'utf8')));
    const catalog = await open();
    expect([components(catalog), catalog.problems]).toEqual([
      60,
      [`${file()}: the copy of the catalog is damaged or of another version; it is made anew`],
    ]);
    expect((await open()).problems).toEqual([]);
  });

  it('that cannot be written is only told', async () => {
    writeFileSync(join(folder, 'file'), '');
    const catalog = await open({ folder: join(folder, 'file') });
    expect(components(catalog)).toBe(60);
    expect(catalog.problems.at(-1)).toMatch(/cannot be written \((ENOTDIR|EEXIST)\); it is read again each time$/);
    expect((await open({ folder: undefined })).problems).toEqual([]);
  });

  it('that is in the way leaves nothing behind', async () => {
    mkdirSync(snapshotFile(folder, backstage.url));
    const { problems } = await open();
    expect(problems.map((problem) => /cannot be (?:read|written)/.exec(problem)?.[0])).toEqual([
      'cannot be read',
      'cannot be written',
    ]);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});

describe('Tech Insights', () => {
  const scores = [
    {
      entity: 'component:default/component-1',
      results: [
        { check: { id: 'docs', name: 'Has docs' }, result: true, facts: {} },
        { check: { id: 'odd' }, result: 'green' },
      ],
    },
    { entity: 'component:default/component-2', error: { name: 'Error' }, results: [] },
  ];

  it('is asked once for all', async () => {
    backstage.scores = scores;
    const catalog = await open({ config: { insights: true } });
    expect([...catalog.scores]).toEqual([
      ['component:default/component-1', [{ id: 'docs', name: 'Has docs', passed: true }]],
    ]);
    expect(
      listings()
        .map(({ method, body }) => [method, body])
        .at(-1),
    ).toEqual(['POST', { entities: [] }]);
    expect(listings()).toHaveLength(2);
    expect((await open({ config: { insights: true } })).scores).toEqual(catalog.scores);
    expect(contextOf(catalog, { host: 'gitlab.x.io', path: 'g/component-1' })?.components[0]?.scores).toHaveLength(1);
  });

  it.each<[string, Trap]>([
    ['not installed', { kind: 'status', status: 404 }],
    ['not for this token', { kind: 'status', status: 401 }],
    ['a page', { kind: 'html' }],
  ])('%s: no scores, and no word but for who watches', async (_, trap) => {
    backstage.traps.push(undefined, trap);
    const catalog = await open({ config: { insights: true } });
    expect([catalog.scores.size, components(catalog), catalog.problems, catalog.stale]).toEqual([0, 60, [], undefined]);
    expect(notes.at(-1)).toMatch(/^no scores of Tech Insights: (404|401|not-json)$/);
  });
});
