import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { promptOf } from '../../reviewer/panel/testing/panel-place.ts';
import { AFTER, BEFORE, FOUND, headingOf, judge, play } from '../../reviewer/panel/testing/shop.ts';
import { type ModelServer, startModels } from '../models/index.ts';
import { runCliBeside } from './run-cli.ts';

/** A repository with the shop's change on a branch, a configuration outside of it, and models that answer. */
async function place(config: object = {}) {
  const server = await startModels({ models: { top: {}, standard: {}, light: {} } });
  const { dir, cleanup } = await makeRepository({ commits: [{ files: BEFORE }, { files: AFTER }] });
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-models-'));
  onTestFinished(async () => {
    await server.close();
    await cleanup();
    rmSync(home, { recursive: true, force: true });
  });
  const file = join(home, 'agentsmd.config.yaml');
  writeFileSync(file, stringify({ models: modelsOf(server), codex: { from: 'starter' }, ...config }));
  const review = async (...args: readonly string[]) =>
    await runCliBeside(['review', dir, '--base', 'HEAD~1', '--head', 'HEAD', '--config', file, ...args], {
      env: { GW_KEY: server.key, GITLAB_TOKEN: 'glpat-agcanary-of-nobody', AGENTSMD_STATE_DIR: home },
    });
  return { server, home, dir, review };
}

function modelsOf(server: ModelServer) {
  const model = { context: 128_000, output: 4096, price: { input: 3, cached: 0.3, output: 15 } };
  return {
    providers: { gw: { baseUrl: server.url, keyEnv: 'GW_KEY', models: { top: model, standard: model, light: model } } },
    tiers: { top: 'gw/top', standard: 'gw/standard', light: 'gw/light' },
  };
}

describe('a review that asks language models', { timeout: 120_000 }, () => {
  it('tells what they found with what they took, and ends by it', async () => {
    const { server, review } = await place();
    // No rule here needs judgement, and what AGENTS.md says of totals no program doubts.
    play(server, ['security', 'code-quality', 'performance', 'documentation', 'release']);
    judge(server, {});
    const json = await review('--json');
    expect(json.stderr).not.toContain('Error');
    expect(json.code).toBe(1);
    const told = JSON.parse(json.stdout);
    expect(told).toMatchObject({ decision: 'significant_concerns', complete: true, tier: 'full' });
    expect(told.findings.map(({ title }: { title: string }) => title)).toContain(FOUND.security.title);
    const models = told.agents.flatMap(({ model, cost, usage }: Record<string, unknown>) =>
      model ? [{ model, cost, usage }] : [],
    );
    expect(models.length).toBeGreaterThan(4);
    for (const { cost, usage } of models) expect([cost > 0, usage.inputTokens > 1000]).toEqual([true, true]);
    expect(told.models.spent.calls).toBe(server.requests.length);
    const text = await review();
    expect(text.stdout).toContain(FOUND.performance.title);
    expect(text.stdout).toMatch(/gw\/\w+.*: \d+ calls; \d+ tokens in \(\d+ % cached\), \d+ out; cost \d\.\d\d/);
  });

  it('lets them look at the commit, and at nothing else', async () => {
    const { server, review } = await place();
    server.script({
      when: [headingOf('security')],
      needs: ['export const total = (prices: number[])', 'select owner from session'],
      steps: [
        [{ name: 'read', arguments: { path: 'src/total.ts' } }],
        [{ name: 'patch', arguments: { path: 'src/auth/session.ts' } }],
        [{ name: 'read', arguments: { path: '../../../etc/passwd' } }],
      ],
      answer: { findings: [FOUND.security] },
    });
    judge(server, {});
    const { stdout } = await review('--json');
    expect(JSON.parse(stdout).findings.map(({ title }: { title: string }) => title)).toContain(FOUND.security.title);
    const prompts = server.requests.map(promptOf).join('\n');
    expect(prompts).not.toContain('root:');
    expect(prompts).not.toContain('glpat-agcanary-of-nobody');
  });

  it('asks none where none shall be asked, and none are configured', async () => {
    const { server, review } = await place();
    expect((await review('--no-models', '--json')).code).toBe(0);
    expect(server.requests).toEqual([]);
  });

  it('approves nothing where they cannot be reached', async () => {
    const { server, review } = await place();
    await server.close();
    const { code, stderr, stdout } = await review('--json');
    expect(code).toBe(3);
    expect(stderr).toContain('not everything was looked at');
    expect(JSON.parse(stdout)).toMatchObject({ decision: null, complete: false });
  });

  it('runs a plugin of the organisation, which adds an agent and what all are told', async () => {
    const { server, home, review } = await place({ review: { plugins: ['./audit.mjs'] } });
    writeFileSync(
      join(home, 'audit.mjs'),
      `export default { name: 'audit', configure({ addPrompt }) { addPrompt({ title: 'audit', text: 'Auditors read along.', for: 'all' }); } };\n`,
    );
    server.script({
      when: [headingOf('security')],
      needs: ['Auditors read along.'],
      answer: { findings: [FOUND.security] },
    });
    judge(server, {});
    const { code, stdout, stderr } = await review();
    expect([code, stderr]).toEqual([1, expect.any(String)]);
    expect(stdout).toContain(FOUND.security.title);
  });
});
