import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { startModels } from '../test/models/index.ts';
import { manifest, sources } from './review-files.ts';
import type { Measurement } from './run.ts';

export const title =
  'review with all seven agents: the whole process, 500 of 2,500 files changed, a model that answers at once; median of 5';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 5;
const FILES = 2500;
const CHANGED = 500;

/** It names a file that changes, so that somebody has to look whether it is still true. */
const AGENTS = '# bench\n\n- Test: `pnpm test`\n- The first module is `src/part1/module1.ts`\n';

/**
 * The model is a double in this process, which does nothing else meanwhile: the processor time it takes to read, count and answer
 * what it is asked is told, and is in the time of the whole.
 */
export async function run(): Promise<Measurement[]> {
  const built = join(ROOT, 'dist/cli/bin.js');
  const program = existsSync(built) ? built : join(ROOT, 'cli/bin.ts');
  const { dir, cleanup } = await makeRepository({
    commits: [
      { files: { ...manifest(), 'AGENTS.md': AGENTS, ...sources(0, FILES, 'a') } },
      { files: sources(0, CHANGED, 'b') },
    ],
  });
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-bench-'));
  const server = await startModels({ models: { one: {} } });
  const model = { context: 128_000, output: 4096 };
  const models = {
    providers: { gw: { baseUrl: server.url, keyEnv: 'GW_KEY', models: { one: model } } },
    tiers: { top: 'gw/one', standard: 'gw/one', light: 'gw/one' },
  };
  const file = join(home, 'agentsmd.config.json');
  writeFileSync(file, JSON.stringify({ models, codex: { from: 'starter' } }));
  const env = { ...process.env, GW_KEY: server.key, AGENTSMD_STATE_DIR: home };
  const args = [program, 'review', dir, '--base', 'main~1', '--head', 'main', '--json', '--config', file];
  try {
    const withModels: number[] = [];
    const double: number[] = [];
    const without: number[] = [];
    let agents = 0;
    for (let round = 0; round <= ROUNDS; round++) {
      const before = process.cpuUsage();
      const asked = await once(args, env);
      const { user, system } = process.cpuUsage(before);
      double.push((user + system) / 1000);
      without.push((await once([...args, '--no-models'], env)).ms);
      withModels.push(asked.ms);
      agents = asked.agents;
    }
    return [
      { name: 'with all agents', value: median(withModels.slice(1)), unit: 'ms', note: `${agents} agents asked` },
      { name: 'of it the model’s double', value: median(double.slice(1)), unit: 'ms', note: 'processor time' },
      { name: 'computed alone', value: median(without.slice(1)), unit: 'ms' },
    ];
  } finally {
    await server.close();
    await cleanup();
    rmSync(home, { recursive: true, force: true });
  }
}

function once(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly ms: number; readonly agents: number }> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      const ms = performance.now() - begun;
      if (error) return reject(new Error(`ended with ${error.code}: ${stderr}`));
      const { complete, agents } = JSON.parse(stdout) as { complete: boolean; agents: { model?: string | null }[] };
      if (!complete) return reject(new Error(`not everything was looked at: ${stderr}`));
      resolve({ ms, agents: agents.filter(({ model }) => model).length });
    });
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
