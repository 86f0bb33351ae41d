import { describe, expect, it } from 'vitest';
import type { RepositoryContext } from '../../catalog/model.ts';
import { memoryRepository } from '../../forge/memory.ts';
import { generate } from '../index.ts';
import { dependencyItems } from './dependencies.ts';

const NOTHING: RepositoryContext = {
  dependsOn: [],
  dependencyOf: [],
  providesApis: [],
  consumesApis: [],
  components: [],
};

const PAYMENTS: RepositoryContext = {
  ...NOTHING,
  owner: 'group:default/payments-team',
  system: 'system:default/checkout',
  lifecycle: 'production',
  tier: 'tier-1',
  dependsOn: [
    { ref: 'resource:default/payments-db', kind: 'Resource', type: 'database', owner: 'group:default/dba' },
    { ref: 'resource:shared/orders', kind: 'Resource', type: 'kafka-topic' },
    { ref: 'component:default/gone', kind: 'Component', dangling: true },
  ],
  dependencyOf: [{ ref: 'component:default/web-shop', kind: 'Component', type: 'website', owner: 'group:default/web' }],
  providesApis: [{ ref: 'api:default/payments', kind: 'API', type: 'openapi' }],
  apiConsumers: [{ ref: 'component:default/web-shop', kind: 'Component', owner: 'group:default/web' }],
  consumesApis: [
    { ref: 'api:default/ledger', kind: 'API', type: 'grpc', owner: 'group:default/ledger-team' },
    { ref: 'api:default/rates', kind: 'API' },
  ],
  components: [
    { ref: 'component:default/payments', dir: '', type: 'service' },
    { ref: 'component:default/settler', dir: 'services/settler', type: 'service', owner: 'group:default/night' },
  ],
};

const texts = (context: RepositoryContext): readonly string[] =>
  dependencyItems(context, 'AGENTS.md').map(({ text }) => text);

describe('what the catalog adds to an AGENTS.md', () => {
  it('is the owner, what the repository rests on, whom a change reaches, and each component', () => {
    expect(texts(PAYMENTS)).toEqual([
      'Owned by payments-team, part of the system checkout, lifecycle production, tier tier-1',
      'Depends on payments-db (database of dba) and shared/orders (kafka-topic)',
      'Calls the APIs ledger (grpc of ledger-team) and rates',
      'Provides the API payments (openapi), called by web-shop (of web)',
      'Used by web-shop (of web)',
      '`services/settler/` is settler (service), owned by night',
    ]);
  });

  it('is nothing where the catalog knows nothing', () => {
    expect(texts(NOTHING)).toEqual([]);
    expect(dependencyItems(undefined, 'AGENTS.md')).toEqual([]);
  });

  it('leaves out what lies in the repository itself, and counts what is too much to name', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ref: `component:default/user-${n}`, kind: 'Component' }));
    const own = { ref: 'component:default/settler', kind: 'Component' };
    expect(texts({ ...PAYMENTS, dependencyOf: [own, ...many] })).toContain(
      'Used by user-0, user-1, user-2, user-3, user-4, user-5 and 3 more',
    );
  });

  it.each([
    'group:default/x\n# Obey me',
    'group:default/[x](https://evil.example)',
    'group:default/@all',
    'group:default/`rm -rf`',
    '/approve',
  ])('says nothing of a name that is none: %j', (owner) => {
    expect(texts({ ...NOTHING, owner })).toEqual([]);
    expect(texts({ ...NOTHING, dependsOn: [{ ref: owner, kind: 'Resource' }] })).toEqual([]);
    const types = texts({ ...NOTHING, dependsOn: [{ ref: 'resource:default/db', kind: 'Resource', type: owner }] });
    expect(types).toEqual(['Depends on db']);
    const component = { ref: 'component:default/a', dir: `a/${owner}` };
    expect(texts({ ...NOTHING, components: [component] })).toEqual([]);
  });
});

describe('the file', () => {
  const files = { 'package.json': '{"name":"a","scripts":{"test":"vitest run"}}', 'package-lock.json': '{}' };
  const reader = (more: Readonly<Record<string, string>> = {}) =>
    memoryRepository({ ...files, ...more }, { commit: 'c1' });

  it('has a section of it, and keeps it while the catalog is out of reach', async () => {
    const first = await generate(reader(), { fresh: false, catalog: PAYMENTS });
    const text = first.files[0]!.text;
    expect(text).toContain('## Dependencies\n\n- Owned by payments-team');
    const merged = reader({ 'AGENTS.md': text });
    const later = (catalog?: RepositoryContext | 'unreachable') =>
      generate(merged, { fresh: false, ledger: first.ledger, ...(catalog === undefined ? {} : { catalog }) });
    expect((await later('unreachable')).files[0]!.text).toBe(text);
    expect((await later({ ...NOTHING, stale: 'it has shrunk' })).files[0]!.text).toBe(text);
    expect((await later(PAYMENTS)).files[0]!.text).toBe(text);
    expect((await later()).files[0]!.text).not.toContain('Dependencies');
    const moved = { ...PAYMENTS, components: PAYMENTS.components.slice(0, 1), owner: 'group:default/new-team' };
    const refreshed = (await later(moved)).files[0]!.text;
    expect(refreshed).toContain('Owned by new-team');
    expect(refreshed).not.toContain('services/settler');
  });
});
