import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { ERRORS, ROUTES, SHOP } from '../../generator/draft/testing/shop.ts';
import { canary } from '../canary/canary.ts';
import { type ModelServer, startModels } from '../models/index.ts';
import { runCliBeside } from './run-cli.ts';

/** Somebody's text that a terminal would obey, and that names what is not there. */
const ODD = { ...ROUTES, text: 'Routes stand in `src/routes/`\u001b[2J, see `src/nowhere.ts`' };

/** A shop, a configuration outside of it, and a model that read what it says. */
async function place(config: object = {}) {
  const server = await startModels({ models: { one: {} } });
  const { dir, cleanup } = await makeRepository({ files: SHOP });
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-draft-'));
  onTestFinished(async () => {
    await server.close();
    await cleanup();
    rmSync(home, { recursive: true, force: true });
  });
  server.script({
    needs: ['command.test = pnpm test', '5\tapp.mount(orders);', 'export class AppError'],
    steps: [['src/app.ts', 'src/errors.ts', '../outside'].map((path) => ({ name: 'read', arguments: { path } }))],
    answer: { phrased: [], order: [], proposed: [ROUTES, ODD, ERRORS] },
    missing: { phrased: [], order: [], proposed: [] },
  });
  const file = join(home, 'agentsmd.config.yaml');
  writeFileSync(file, stringify({ models: modelsOf(server), generate: { draft: 'model' }, ...config }));
  const generate = async (...args: readonly string[]) =>
    await runCliBeside(['generate', dir, '--config', file, ...args], {
      env: { GW_KEY: server.key, GITLAB_TOKEN: canary('glpat-'), AGENTSMD_STATE_DIR: home },
    });
  return { server, dir, generate };
}

function modelsOf(server: ModelServer) {
  const model = { context: 128_000, output: 4096, price: { input: 3, cached: 0.3, output: 15 } };
  return {
    providers: { gw: { baseUrl: server.url, keyEnv: 'GW_KEY', models: { one: model } } },
    tiers: { top: 'gw/one', standard: 'gw/one', light: 'gw/one' },
  };
}

describe('agentsmd generate with a language model', { timeout: 120_000 }, () => {
  it('writes what is proven, says what was not, and asks nobody the second time', async () => {
    const { server, dir, generate } = await place();
    const explained = await generate('--explain');
    expect(explained.code).toBe(0);
    expect(explained.stdout).toContain('Written by a language model');
    expect(explained.stdout).toMatch(/src\/nowhere\.ts[\s\S]*hidden: it holds U\+001B/);
    expect(explained.stdout).not.toContain('\u001b[2J');
    expect(explained.stderr).toMatch(/gw\/one: 2 bullets of a model, 1 refused \(--explain\); \d+ tokens/);
    const written = await generate('--write', '--json');
    expect(JSON.parse(written.stdout).draft).toMatchObject({
      kind: 'asked',
      model: 'gw/one',
      refused: [{ gate: 'hidden' }],
    });
    const text = readFileSync(join(dir, 'AGENTS.md'), 'utf8');
    for (const { text: said } of [ROUTES, ERRORS]) expect(text).toContain(`- ${said}\n`);
    const before = server.requests.length;
    const again = await generate('--write');
    expect(again.stderr).toBe('AGENTS.md is up to date\n.agentsmd/ledger.json is up to date\n');
    expect(server.requests.length).toBe(before);
    const fresh = await generate('--fresh', '--draft', 'none');
    expect(fresh.stdout).not.toContain(ROUTES.text);
    expect(server.requests.length).toBe(before);
  });

  it('writes what facts say where no model can be reached, and says so', async () => {
    const { server, generate } = await place();
    const { stdout: plain } = await generate('--draft', 'none');
    await server.close();
    const { code, stdout, stderr } = await generate();
    expect({ code, stdout }).toEqual({ code: 0, stdout: plain });
    expect(stderr).toMatch(/no language model had a part in it: .*; it is what facts alone say/);
  });

  it('waits no longer for a draft than it may take', async () => {
    const { server, generate } = await place({ generate: { draft: 'model', deadline: 10 } });
    const { stdout: plain } = await generate('--draft', 'none');
    server.fail([{ kind: 'hang' }]);
    const { code, stdout, stderr } = await generate();
    expect({ code, stdout }).toEqual({ code: 0, stdout: plain });
    expect(stderr).toMatch(/no language model had a part in it: no answer within 10 s/);
  });

  it('keeps to the budget of a draft', async () => {
    const { generate, server } = await place({ models: undefined });
    expect((await generate()).stderr).toContain('no language model is configured');
    const wanted = await generate('--draft', 'model');
    expect([wanted.code, wanted.stderr]).toEqual([
      2,
      expect.stringContaining('--draft model, and no language model is'),
    ]);
    const few = await place({ models: { ...modelsOf(server), budgets: { review: { tokens: 100 } } } });
    const { code, stderr } = await few.generate();
    expect([code, stderr]).toEqual([0, expect.stringMatching(/no language model had a part in it: .*budget/)]);
  });
});
