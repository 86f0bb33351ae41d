import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../../test/postgres/start.ts';
import type { Engine } from '../engine.ts';
import { openPostgres } from '../testing/engines.ts';
import { openGate } from './gate.ts';
import { observe } from './halt.ts';
import type { Permit } from './port.ts';
import { addMergeRequest, asking, clockWorld, end, HOUR, MINUTE, START } from './testing/place.ts';

/** Several processes on one PostgreSQL: each engine has connections of its own. */
let postgres: Postgres;
let engines: Engine[];
beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.database();
  engines = [await openPostgres(url), await openPostgres(url), await openPostgres(url)];
}, 120_000);
afterAll(async () => {
  for (const engine of engines ?? []) await engine.close();
  await postgres?.close();
}, 120_000);

it('lets exactly three merge requests through in any 60 minutes, however many processes take at once', async () => {
  const world = clockWorld({ limits: { newPerHour: 3, groups: { shop: { openMergeRequests: 9 } } } });
  const gates = engines.map(({ db }) => openGate(db, world));
  const opened: number[] = [];
  for (let minute = 0; minute <= 180; minute += 20) {
    world.time = START + minute * MINUTE;
    const asked = Array.from({ length: 12 }, (_, at) => ({ at, gate: gates[at % 3]! }));
    const taken = await Promise.all(
      asked.map(async ({ at, gate }) => ({ at, permit: await gate.take(asking(`shop/${minute}-${at}`), 'open') })),
    );
    const permits = taken.flatMap(({ at, permit }) => ('reason' in permit ? [] : [{ at, permit: permit as Permit }]));
    await Promise.all(
      permits.map(async ({ at, permit }) => {
        await permit.use();
        await addMergeRequest(engines[at % 3]!.db, `shop/${minute}-${at}`, {
          opened_at: new Date(world.now()),
          campaign: permit.campaign,
          wave: permit.wave,
        });
      }),
    );
    opened.push(...permits.map(() => minute));
  }
  // Of nine that may be open there are nine by then.
  expect(opened).toEqual([0, 60, 120].flatMap((minute) => [minute, minute, minute]));
}, 120_000);

it('waits for nobody in a circle: permits, what is written down meanwhile, and looks at the rollout', async () => {
  const world = clockWorld({ rollout: { waves: [{ percent: 50 }], haltAfter: 1000 } });
  world.time = START + 10 * HOUR;
  const gates = engines.map(({ db }) => openGate(db, world));
  const work = Array.from({ length: 60 }, async (_, at) => {
    const { db } = engines[at % 3]!;
    const path = `pay/${at}`;
    const permit = await gates[at % 3]!.take(asking(path), 'push');
    await db.transaction().execute(async (trx) => {
      await addMergeRequest(trx, path, { campaign: 'one', wave: 0 });
      await end(trx, path, 'merged', world.now());
    });
    await observe(db, world);
    if (!('reason' in permit)) await (at % 2 === 0 ? permit.use() : permit.giveBack());
  });
  await Promise.all(work);
  const { count } = await engines[0]!.db
    .selectFrom('permit')
    .select((of) => of.fn.countAll().as('count'))
    .where('kind', '=', 'pipeline')
    .executeTakeFirstOrThrow();
  expect(Number(count)).toBe(30);
}, 120_000);
