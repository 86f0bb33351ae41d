import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { summaryIn } from '../test/fleet/agentsmd.ts';
import { openFleetPlace } from '../test/fleet/place.ts';
import { FAIRNESS, findRenovate, RENOVATE_CONFIG, type Renovate, runRenovate } from './peers/renovate.ts';
import type { Measurement } from './run.ts';

const PROJECTS = Number(process.env.AGENTSMD_BENCH_PROJECTS ?? 300);
/** In ms, of every request. */
const LATENCY = 30;
const ROUNDS = 3;

export const title = `Nothing to do in ${PROJECTS} projects, beside Renovate on the same simulator, ${LATENCY} ms away; medians of ${ROUNDS} rounds in turn`;

export async function run(): Promise<Measurement[]> {
  const renovate = findRenovate();
  if ('why' in renovate) {
    console.log(`  skipped: ${renovate.why}`);
    return [];
  }
  for (const line of [`Renovate ${renovate.version}, Node ${process.versions.node}.`, ...FAIRNESS])
    console.log(`  ${line}`);
  return await compared(renovate);
}

async function compared(renovate: Renovate): Promise<Measurement[]> {
  const files: Record<string, string> = {
    'renovate.json': RENOVATE_CONFIG,
    'package.json': '{"name":"cart","scripts":{"test":"vitest run"}}',
    'package-lock.json': '{}',
  };
  for (let at = 0; at < 118; at++) files[`src/part${at % 9}/file${at}.ts`] = `export const at = ${at};\n`;
  const source = await makeRepository({ files }, { bare: true });
  const place = await openFleetPlace();
  const base = mkdtempSync(join(tmpdir(), 'agentsmd-peer-'));
  try {
    const { gitlab, bot } = place;
    const from = [{ name: 'cart', gitDir: source.dir, commit: source.commit, files: 121 }];
    await gitlab.populate({ group: 'fleet', count: PROJECTS, from, developers: [bot] });
    const peer = { url: gitlab.url, token: place.env.GITLAB_TOKEN!, base };
    const state = place.state();
    const ours = async () => {
      await gitlab.forget();
      const ended = await place.start(['sweep', '--all', '--json', '--state', state]).ended;
      return { summary: summaryIn(ended), ms: ended.ms, requests: (await gitlab.traffic()).requests };
    };
    const theirs = async () => {
      await gitlab.forget();
      const ran = await runRenovate(renovate, peer);
      return { ...ran, requests: (await gitlab.traffic()).requests };
    };
    await ours();
    await theirs();
    await gitlab.delay(LATENCY);
    const mine: Awaited<ReturnType<typeof ours>>[] = [];
    const other: Awaited<ReturnType<typeof theirs>>[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      mine.push(await ours());
      other.push(await theirs());
    }
    for (const { summary } of mine)
      if (summary.unchanged !== PROJECTS) throw new Error(`something was to be done: ${JSON.stringify(summary)}`);
    for (const { finished, cloned } of other)
      if (finished !== PROJECTS || cloned > 0) throw new Error(`Renovate finished ${finished}, cloned ${cloned}`);
    return [
      { name: 'agentsmd sweep --all', value: median(mine.map(({ requests }) => requests)), unit: 'requests' },
      { name: 'renovate', value: median(other.map(({ requests }) => requests)), unit: 'requests' },
      { name: 'agentsmd sweep --all', value: median(mine.map(({ ms }) => ms)) / 1000, unit: 's' },
      { name: 'renovate', value: median(other.map(({ ms }) => ms)) / 1000, unit: 's' },
    ];
  } finally {
    rmSync(base, { recursive: true, force: true });
    await place.close();
    await source.cleanup();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
