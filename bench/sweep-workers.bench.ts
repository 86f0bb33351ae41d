import { type Running, summaryIn } from '../test/fleet/agentsmd.ts';
import { workerSays } from '../test/fleet/crash-stages.ts';
import { openFleetPlace, UNLIMITED } from '../test/fleet/place.ts';
import { madeSources, type Sources } from '../test/fleet/sources.ts';
import { type Postgres, query, startPostgres } from '../test/postgres/start.ts';
import type { Measurement } from './run.ts';

const JOBS = Number(process.env.AGENTSMD_BENCH_PROJECTS ?? 300);
const CONCURRENCY = 4;
/** In ms, of every request. */
const LATENCY = 200;
const LIMIT = 10;

export const title = `${JOBS} repositories on PostgreSQL by one worker and by three, ${CONCURRENCY} at a time each, ${LATENCY} ms per request to a GitLab in another process; then with a shared limit of ${LIMIT} requests a second`;

export async function run(): Promise<Measurement[]> {
  const sources = await madeSources();
  const postgres = await startPostgres();
  try {
    const one = await worked(1, postgres, sources, 1_000_000, JOBS);
    const three = await worked(3, postgres, sources, 1_000_000, JOBS);
    const limited = await worked(3, postgres, sources, 60 * LIMIT, Math.min(JOBS, 60));
    const row = (name: string, { ms, shares }: Worked): Measurement => ({
      name,
      value: ms / 1000,
      unit: 's',
      note: `repositories by process: ${shares.join(', ')}`,
    });
    return [
      row('one worker', one),
      row('three workers', three),
      { name: 'three are faster than one', value: one.ms / three.ms, unit: 'times' },
      {
        name: `requests in the busiest second, limit ${LIMIT}`,
        value: limited.busiest,
        unit: 'requests',
        note: `${limited.requests} requests in ${(limited.ms / 1000).toFixed(0)} s by three workers; over any 10 s at most ${limited.busiestTen}`,
      },
    ];
  } finally {
    await postgres.close();
    await sources.cleanup();
  }
}

interface Worked {
  /** From the first step's beginning to the last one's end. */
  readonly ms: number;
  /** How many each process worked on, as it says itself. */
  readonly shares: readonly number[];
  readonly requests: number;
  readonly busiest: number;
  readonly busiestTen: number;
}

async function worked(
  workers: number,
  postgres: Postgres,
  { all }: Sources,
  requestsPerMinute: number,
  jobs: number,
): Promise<Worked> {
  const place = await openFleetPlace({
    fleet: UNLIMITED,
    instance: ['concurrency: 32', `requestsPerMinute: ${requestsPerMinute}`],
  });
  const helpers: Running[] = [];
  try {
    const { gitlab, bot } = place;
    const from = all.filter(({ name }) => name !== 'docs');
    await gitlab.populate({ group: 'fleet', count: jobs, from, developers: [bot] });
    const url = await postgres.database();
    const env = { DATABASE_URL: url };
    const concurrency = ['--concurrency', String(CONCURRENCY)];
    for (let helper = 1; helper < workers; helper++) {
      helpers.push(place.start(['worker', ...concurrency], env));
      await workerSays(helpers.at(-1)!);
    }
    await gitlab.delay(LATENCY);
    await gitlab.forget();
    const summary = summaryIn(await place.start(['sweep', '--all', '--json', ...concurrency], env).ended);
    if (summary.generated !== jobs) throw new Error(JSON.stringify(summary));
    const { times, requests } = await gitlab.traffic();
    const [span] = await query(
      url,
      `select extract(epoch from max(at) - min(at - ms * interval '1 ms')) * 1000 as ms from agentsmd.outcome`,
    );
    await stop(helpers);
    const shares = helpers.map(
      ({ said }) =>
        said()
          .stderr.split('\n')
          .filter((line) => /"outcome":/.test(line)).length,
    );
    return {
      ms: Number(span!.ms),
      shares: [jobs - shares.reduce((sum, each) => sum + each, 0), ...shares],
      requests,
      busiest: most(times, 1000),
      busiestTen: most(times, 10_000),
    };
  } finally {
    await stop(helpers);
    await place.close();
  }
}

async function stop(helpers: readonly Running[]): Promise<void> {
  for (const { process } of helpers) process.kill('SIGTERM');
  await Promise.all(helpers.map(({ ended }) => ended));
}

/** The most that came in any such time. */
function most(times: readonly number[], span: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let [first, largest] = [0, 0];
  for (const [last, time] of sorted.entries()) {
    while (time - sorted[first]! >= span) first++;
    largest = Math.max(largest, last - first + 1);
  }
  return largest;
}
