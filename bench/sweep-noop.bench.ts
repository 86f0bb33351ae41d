import { sql } from 'kysely';
import { openEngine } from '../jobs/store/open.ts';
import { summaryIn } from '../test/fleet/agentsmd.ts';
import { type FleetPlace, openFleetPlace } from '../test/fleet/place.ts';
import { random } from '../test/fleet/random.ts';
import { madeSources } from '../test/fleet/sources.ts';
import type { Measurement } from './run.ts';

const SIZES = (process.env.AGENTSMD_BENCH_PROJECTS ?? '5000,10000').split(',').map(Number);
/** In ms, of every request. */
const LATENCY = 30;
const MOVED = 25;
const SEED = Number(process.env.AGENTSMD_SEED ?? 1);
/** Long ago: GitLab touches it hourly, so it does not tell what moved. */
const LAST_ACTIVITY = '2026-10-01T08:00:00.000Z';

export const title = `A sweep in which nothing is to be done: agentsmd sweep --all, embedded store, GitLab in another process ${LATENCY} ms away; then ${MOVED} default branches move without a trace in last_activity_at (seed ${SEED})`;

export async function run(): Promise<Measurement[]> {
  const measured: Measurement[] = [];
  for (const size of SIZES) measured.push(...(await noop(size)));
  return measured;
}

async function noop(size: number): Promise<Measurement[]> {
  const sources = await madeSources();
  const place = await openFleetPlace();
  try {
    const { gitlab, bot } = place;
    const group = 'fleet';
    const all = { group, count: size, from: sources.all, developers: [bot], lastActivityAt: LAST_ACTIVITY };
    const paths = Object.keys(await gitlab.populate(all));
    const state = place.state();
    summaryIn(await place.start(['sweep', '--all', '--limit', '1', '--json', '--state', state]).ended);
    await settle(state);
    await gitlab.delay(LATENCY);

    const calm = await swept(place, state);
    if (calm.summary.unchanged !== size || calm.told.length > 0)
      throw new Error(`not calm: ${JSON.stringify(calm.summary)}`);

    const moved = await move(place, paths);
    const after = await swept(place, state);
    const found = new Set(after.told.map(({ path }) => path));
    const missed = moved.filter((path) => !found.has(path));
    if (missed.length > 0 || found.size !== MOVED)
      throw new Error(`${MOVED} moved, ${found.size} were worked on, missed: ${missed.join(', ')}`);

    const at = `${size.toLocaleString('en-US')} projects`;
    return [
      {
        name: `${at}, nothing to do: requests`,
        value: calm.requests,
        unit: 'requests',
        note: `told ${calm.summary.requests}; ${routesOf(calm.routes)}`,
      },
      {
        name: `${at}, nothing to do: wall time`,
        value: calm.ms / 1000,
        unit: 's',
        note: `the sweep itself ${(calm.summary.ms / 1000).toFixed(1)} s`,
      },
      { name: `${at}, nothing to do: peak memory`, value: calm.peakBytes / 2 ** 20, unit: 'MiB' },
      {
        name: `${at}, nothing to do: CPU of the sweep`,
        value: calm.cpuMs / 1000,
        unit: 's CPU',
        note: `the simulator ${(calm.gitlabCpuMs / 1000).toFixed(1)} s`,
      },
      {
        name: `${at}, ${MOVED} moved: found`,
        value: found.size,
        unit: 'found',
        note: `in ${(after.ms / 1000).toFixed(1)} s with ${after.requests} requests`,
      },
    ];
  } finally {
    await place.close();
    await sources.cleanup();
  }
}

/** As if each had been worked on, as the one was that was. */
async function settle(folder: string): Promise<void> {
  const engine = await openEngine({ folder, retries: 3 });
  try {
    const worked = await engine.db
      .selectFrom('repository')
      .select(['generator', 'codex', 'catalog'])
      .where('processed_at', 'is not', null)
      .executeTakeFirstOrThrow();
    await engine.db
      .updateTable('repository')
      .set({
        ...worked,
        head: sql`seen_head`,
        result: 'unchanged',
        processed_at: new Date(),
        due: null,
        due_since: null,
        due_sweep: null,
      })
      .where('processed_at', 'is', null)
      .execute();
    await engine.queue.drop();
  } finally {
    await engine.close();
  }
}

async function swept(place: FleetPlace, state: string) {
  await place.gitlab.forget();
  const before = await place.gitlab.traffic();
  const running = place.start(['sweep', '--all', '--json', '--state', state]);
  const ended = await running.ended;
  const { requests, routes, cpuMs } = await place.gitlab.traffic();
  return {
    summary: summaryIn(ended),
    told: running.told(),
    ms: ended.ms,
    requests,
    routes,
    peakBytes: ended.usage?.peakBytes ?? Number.NaN,
    cpuMs: ended.usage?.cpuMs ?? Number.NaN,
    gitlabCpuMs: cpuMs - before.cpuMs,
  };
}

/** Pushes to some default branches, and takes away what GitLab would say of it. */
async function move({ gitlab }: FleetPlace, paths: readonly string[]): Promise<readonly string[]> {
  const next = random(SEED);
  const chosen = new Set<string>();
  while (chosen.size < MOVED) chosen.add(paths[Math.floor(next() * paths.length)]!);
  for (const path of chosen) {
    await gitlab.push(path, { branch: 'main', user: 'ada', message: 'Move', files: { 'moved.txt': path } });
    await gitlab.changeProject(path, { lastActivityAt: LAST_ACTIVITY });
  }
  return [...chosen];
}

function routesOf(routes: Readonly<Record<string, number>>): string {
  return Object.entries(routes)
    .map(([route, count]) => `${count} ${route}`)
    .join(', ');
}
