import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Postgres, startPostgres } from '../../test/postgres/start.ts';
import { FLEET_DEFAULTS } from '../config.ts';
import type { Engine } from '../engine.ts';
import { retry } from '../retry.ts';
import { fleetStatus } from '../status.ts';
import { openEngine } from '../store/open.ts';
import { coverageLists } from './coverage.ts';
import { projectStatus } from './project.ts';
import { GITLAB, insertAll, repository, seedLargeFleet } from './testing/seed.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

let server: Postgres;
let engine: Engine;
beforeAll(async () => {
  server = await startPostgres();
  engine = await openEngine({ url: await server.database(), folder: '', retries: 3 });
  await seedLargeFleet(engine.db, 1000, NOW);
}, 120_000);
afterAll(async () => {
  await engine?.close();
  await server?.close();
}, 60_000);

it('a database that several share says the same as one of our own', async () => {
  const { db } = engine;
  const at = new Date(NOW);
  await db.insertInto('sweep').values({ started_at: at, state: 'running', options: '{"groups":[]}' }).execute();
  const permit = { key: `${GITLAB}#x`, path: 'x', instance: GITLAB, kind: 'open', at, state: 'taken' };
  await insertAll(db, 'permit', [permit]);
  await insertAll(db, 'repository', [
    repository('x/held', { result: 'deferred', reason: 'wave', due: 'deferred', not_before: new Date(NOW + 1) }),
  ]);
  const status = await fleetStatus(engine, FLEET_DEFAULTS, NOW);
  expect(status).toMatchObject({
    store: { kind: 'postgres', where: expect.not.stringContaining('password') },
    repositories: {
      known: 1001,
      results: { unchanged: 500, created: 400, failed: 100, deferred: 1 },
      due: { moved: 142, deferred: 1 },
      later: 1,
      held: { wave: 1 },
      setAside: 5,
    },
    mergeRequests: { open: 166, merged: 167, closedByPeople: 167, closedByUs: 0, medianHoursToMerge: 10 },
    queue: { ready: 0, waiting: 0, active: 0 },
    limits: [{ openMergeRequests: { used: 167 }, newPerHour: { used: 1 }, pipelinesPerHour: { used: 1 } }],
    sweeps: [{ id: 1, state: 'running', progress: { done: 1000, left: 0 } }],
    review: { with: 334, without: 333, unknown: 334 },
  });
  expect(status.failures.map(({ repositories }) => repositories)).toEqual([34, 33, 33]);
  expect((await coverageLists(db)).with).toHaveLength(334);
});

it('and so does a project, and a retry', async () => {
  const [found] = await projectStatus(engine, 'Group-0/project-0');
  expect(found!.history.map(({ sweep }) => sweep)).toEqual([3, 2, 1]);
  expect(found!.mergeRequests).toHaveLength(1);
  const all = { projects: [], failed: true, stale: false, now: NOW };
  expect(await retry(engine, all)).toEqual({ repositories: 100, queued: 100, left: [] });
  expect(await engine.queue.counts()).toEqual({ ready: 100, waiting: 0, active: 0 });
});
