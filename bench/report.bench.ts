import { statSync } from 'node:fs';
import { join } from 'node:path';
import { seedReviewedFleet } from '../jobs/report/testing/seed.ts';
import { openEngine } from '../jobs/store/open.ts';
import { stateFolder } from '../jobs/testing/engines.ts';
import { start } from '../test/fleet/agentsmd.ts';
import type { Measurement } from './run.ts';

const SIZE = { repositories: 5_000, mergeRequests: 48_000, findings: 100_000 };

export const title =
  'agentsmd report of 5,000 repositories with a year of reviews (48,000 merge requests, 100,000 findings), embedded store';

export async function run(): Promise<Measurement[]> {
  const { folder, drop } = await stateFolder();
  try {
    const engine = await openEngine({ folder, retries: 3 });
    await seedReviewedFleet(engine.db, SIZE, Date.now());
    await engine.close();
    const measured: Measurement[] = [];
    for (const [name, args] of [
      ['a year', ['--since', '365d']],
      ['30 days', []],
      ['a year of a group', ['--since', '365d', '--group', 'group-7']],
    ] as const) {
      const file = join(folder, '..', 'report.html');
      const all = ['report', '--state', folder, '--out', file, ...args];
      const { code, ms, stderr, usage } = await start(all, { env: {} }).ended;
      if (code !== 0) throw new Error(stderr);
      const note = `page of ${Math.round(statSync(file).size / 1024)} KiB`;
      measured.push({ name: `${name}: the whole program`, value: ms / 1000, unit: 's', note });
      measured.push({ name: `${name}: peak memory`, value: (usage?.peakBytes ?? Number.NaN) / 2 ** 20, unit: 'MiB' });
    }
    return measured;
  } finally {
    await drop();
  }
}
