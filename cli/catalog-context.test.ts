import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { wireEntity } from '../test/backstage/entities.ts';
import { type BackstageDouble, startBackstage, type Trap } from '../test/backstage/server.ts';
import { openKnownCatalog } from './catalog-context.ts';
import { loadConfig } from './config/load.ts';
import type { Output } from './output.ts';

let backstage: BackstageDouble;
let folder = '';

beforeEach(async () => {
  const metadata = { annotations: { 'gitlab.com/project-slug': 'shop/pay' } };
  const spec = { type: 'service', owner: 'group:default/pay' };
  const relations = ['ownedBy group:default/pay'];
  backstage = await startBackstage([wireEntity('Component', 'pay', { metadata, spec, relations })]);
  folder = mkdtempSync(join(tmpdir(), 'agentsmd-catalog-context-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await backstage.close();
  rmSync(folder, { recursive: true, force: true });
});

async function known(must = false) {
  const file = join(folder, 'config.yaml');
  writeFileSync(
    file,
    `catalog:\n  from: backstage\n  baseUrl: ${backstage.url}\n  insights: false\n  ttl: 0\n  hosts: { gitlab.x.io: {} }\n`,
  );
  vi.stubEnv('AGENTSMD_CACHE_DIR', join(folder, 'cache'));
  vi.stubEnv('BACKSTAGE_TOKEN', backstage.token);
  const loaded = await loadConfig({ cwd: folder, env: {}, file });
  const warnings: string[] = [];
  const out = { warn: (line: string) => void warnings.push(line) } as unknown as Output;
  return { ...(await openKnownCatalog(loaded, [], out, { must })), warnings };
}

const at = (path: string) => ({ instance: 'https://gitlab.x.io', id: '', path, url: '', defaultBranch: 'main' });

describe('openKnownCatalog', () => {
  it.each<[string, Trap, string]>([
    ['a redirect', { kind: 'redirect', location: 'https://sso.x.io/login' }, 'a sign-in proxy'],
    ['401', { kind: 'status', status: 401 }, 'does not accept the token in BACKSTAGE_TOKEN'],
    ['403', { kind: 'status', status: 403 }, 'may not read the catalog'],
    ['404', { kind: 'status', status: 404 }, 'no catalog at /api/catalog'],
    ['a page', { kind: 'html' }, 'not JSON'],
  ])('%s is told and leaves what is said as it is; a command about the catalog fails', async (_, trap, words) => {
    backstage.traps.push(trap);
    const { warnings, contextOf, catalog } = await known();
    expect(warnings).toEqual([expect.stringContaining(words)]);
    expect(warnings[0]).toContain('stays as it is');
    expect([catalog, contextOf(at('shop/pay'))]).toEqual([undefined, 'unreachable']);
    backstage.traps.push(trap);
    await expect(known(true)).rejects.toThrow(words);
  });

  it('concludes nothing from what a catalog lacks that was read once', async () => {
    const first = await known();
    expect(first.warnings).toEqual([]);
    expect(first.contextOf(at('shop/pay'))).toMatchObject({ owner: 'group:default/pay' });
    expect(first.contextOf(at('shop/other'))).toBe('unreachable');
    const second = await known();
    expect(second.contextOf(at('shop/other'))).toBeUndefined();
  });
});
