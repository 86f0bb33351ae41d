import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../postgres/start.ts';
import { type CrashStage, crashOnce, undisturbed } from './crash.ts';
import { embeddedStage, postgresStage } from './crash-stages.ts';
import { type FleetPlace, openFleetPlace } from './place.ts';
import { madeSources, type Source, type Sources } from './sources.ts';

const LONG = process.env.AGENTSMD_LONG !== undefined;
const ROUNDS = LONG ? 30 : 1;
const SEED = Number(process.env.AGENTSMD_SEED ?? (LONG ? Date.now() % 1e6 : 1));
const PROJECTS = LONG ? 24 : 12;
const A_MINUTE = 60_000;

let place: FleetPlace;
let sources: Sources;
let from: readonly Source[];
let postgres: Postgres | undefined;

beforeAll(async () => {
  place = await openFleetPlace();
  await place.gitlab.delay(20);
  sources = await madeSources();
  from = sources.all.filter(({ name }) => name !== 'docs');
});
afterAll(async () => {
  await place?.close();
  await sources?.cleanup();
  await postgres?.close();
});

async function rounds(stage: CrashStage, most: number): Promise<void> {
  const usual = LONG ? await undisturbed(stage, PROJECTS) : 4000;
  for (let round = 0; round < ROUNDS; round++) {
    const options = { projects: PROJECTS, seed: SEED, ...(LONG ? {} : { after: 'first-result' as const }) };
    const crash = await crashOnce(stage, round, usual, options);
    if (LONG) process.stdout.write(`${JSON.stringify({ seed: SEED, ...crash })}\n`);
    expect(crash.wrong, `seed ${SEED}, round ${round}`).toEqual([]);
    expect(crash.recoveredIn, `seed ${SEED}, round ${round}`).toBeLessThan(most);
  }
}

describe('a kill -9 at any moment', () => {
  it('of a sweep on the embedded store costs nothing but the time of a rerun', {
    timeout: ROUNDS * 120_000,
  }, async () => {
    await rounds(embeddedStage(place, from), 2 * A_MINUTE);
  });

  it('of one of three on PostgreSQL leaves no repository behind', { timeout: 60_000 + ROUNDS * 180_000 }, async () => {
    postgres = await startPostgres();
    const stage = await postgresStage(place, postgres, from, !LONG);
    try {
      await rounds(stage, 1.5 * A_MINUTE);
    } finally {
      await stage.close();
    }
  });
});
