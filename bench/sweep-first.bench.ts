import { summaryIn, type Usage } from '../test/fleet/agentsmd.ts';
import { openFleetPlace, UNLIMITED } from '../test/fleet/place.ts';
import { type Sources, sourcesFor } from '../test/fleet/sources.ts';
import { type Postgres, startPostgres } from '../test/postgres/start.ts';
import type { Measurement } from './run.ts';

const env = process.env;
const PROJECTS = Number(env.AGENTSMD_BENCH_PROJECTS ?? 2000);
const CONCURRENCIES = (env.AGENTSMD_BENCH_CONCURRENCY ?? '1,8,32').split(',').map(Number);
const STORES = (env.AGENTSMD_BENCH_STORES ?? 'embedded,postgres').split(',') as readonly ('embedded' | 'postgres')[];
/** In ms, of every request. */
const LATENCY = Number(env.AGENTSMD_BENCH_LATENCY ?? 30);

export const title = `The first sweep of ${PROJECTS.toLocaleString('en-US')} projects, a merge request for each that needs one; GitLab in another process ${LATENCY} ms away, no ceiling on requests; AGENTSMD_REPOS names real repositories`;

export async function run(): Promise<Measurement[]> {
  const sources = await sourcesFor(120);
  const postgres = STORES.includes('postgres') ? await startPostgres() : undefined;
  try {
    console.log(`  ${sources.kind}`);
    const measured: Measurement[] = [];
    for (const store of STORES)
      for (const concurrency of CONCURRENCIES) measured.push(...(await first(store, concurrency, sources, postgres)));
    return measured;
  } finally {
    await postgres?.close();
    await sources.cleanup();
  }
}

async function first(
  store: 'embedded' | 'postgres',
  concurrency: number,
  { all }: Sources,
  postgres: Postgres | undefined,
): Promise<Measurement[]> {
  const place = await openFleetPlace({
    fleet: UNLIMITED,
    instance: ['concurrency: 64', 'requestsPerMinute: 1000000'],
  });
  try {
    const { gitlab, bot } = place;
    await gitlab.populate({ group: 'fleet', count: PROJECTS, from: all, developers: [bot] });
    await gitlab.delay(LATENCY);
    const before = await gitlab.traffic();
    const where = store === 'postgres' ? { DATABASE_URL: await postgres!.database() } : {};
    const args = ['sweep', '--all', '--json', '--concurrency', String(concurrency)];
    const ended = await place.start(store === 'embedded' ? [...args, '--state', place.state()] : args, where).ended;
    const { generated, repositories, skipped, failed, requests, ms } = summaryIn(ended, [0, 1]);
    const { cpuMs } = await gitlab.traffic();
    await gitlab.delay(0);
    const merges = await gitlab.mergeRequests();
    const doubled = merges.length - new Set(merges.map(({ project }) => project)).size;
    if (repositories !== PROJECTS || merges.length !== generated || doubled > 0)
      throw new Error(
        `${repositories} repositories, ${generated} generated, ${merges.length} merge requests, ${doubled} doubled`,
      );
    const usage = ended.usage!;
    const at = `${store}, concurrency ${concurrency}`;
    const others = Object.entries({ ...skipped, ...failed }).map(([reason, count]) => `${count} ${reason}`);
    return [
      {
        name: at,
        value: repositories / (ms / 60_000),
        unit: 'repositories/min',
        note: `${(ms / 1000).toFixed(0)} s, ${generated} merge requests, ${others.join(', ')}`,
      },
      { name: `${at}: requests per repository`, value: requests / repositories, unit: 'requests' },
      {
        name: `${at}: CPU per repository`,
        value: usage.cpuMs / repositories,
        unit: 'ms CPU',
        note: `the simulator ${((cpuMs - before.cpuMs) / repositories).toFixed(0)} ms without its gits`,
      },
      { name: `${at}: peak memory`, value: usage.peakBytes / 2 ** 20, unit: 'MiB', note: growthOf(usage) },
    ];
  } finally {
    await place.close();
  }
}

/** The median of each fifth of the time: memory that is flat does not grow with what was done. */
function growthOf({ samples }: Usage): string {
  const size = Math.max(1, Math.floor(samples.length / 5));
  const parts = Array.from({ length: 5 }, (_, part) => samples.slice(part * size, (part + 1) * size));
  const medians = parts.flatMap((part) => {
    const bytes = part.map(([, each]) => each).toSorted((a, b) => a - b)[part.length >> 1];
    return bytes === undefined ? [] : [Math.round(bytes / 2 ** 20)];
  });
  return `median of each fifth: ${medians.join(', ')}`;
}
