import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Forge, Project } from '../../forge/port.ts';
import { testProject } from '../../forge/testing/project.ts';
import { type Postgres, startPostgres } from '../../test/postgres/start.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../store/open.ts';
import { NOW, TestGate, testWorld } from '../work/testing/test-world.ts';
import { discover } from './discover.ts';
import type { SweepEvent } from './events.ts';
import { sweep } from './index.ts';
import { findMoved } from './moved.ts';
import { Fleet } from './testing/fleet.ts';

/** Sweeps of several processes over one database. */

let postgres: Postgres;
const engines: Engine[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
}, 120_000);
afterAll(async () => {
  for (const engine of engines) await engine.close();
  await postgres?.close();
});

async function opened(url: string): Promise<Engine> {
  const engine = await openEngine({ url, folder: '', retries: 1, timing: { heartbeat: 10, monitor: 1 } });
  engines.push(engine);
  return engine;
}

const signal = new AbortController().signal;
const swept = (engine: Engine, forge: Forge, on: (event: SweepEvent) => void = () => {}) => {
  const run = { concurrency: 4, stop: signal, work: true };
  return sweep(engine, testWorld(forge), new TestGate(), { groups: [] }, run, on);
};

it('both come to their end, and nothing is done twice', { timeout: 240_000 }, async () => {
  const url = await postgres.database();
  const fleet = new Fleet();
  fleet.addMany(40);
  const told: number[] = [0, 0];
  const both = await Promise.all(
    [0, 1].map(async (at) =>
      swept(await opened(url), fleet.forge(), ({ type }) => {
        if (type === 'repository') told[at]! += 1;
      }),
    ),
  );
  for (const { summary, interrupted } of both) {
    expect(interrupted).toBe(false);
    expect(summary).toMatchObject({ repositories: 40, failed: {}, skipped: {} });
  }
  expect(Math.max(...both.map(({ summary }) => summary.generated))).toBe(40);
  for (let at = 0; at < 40; at++) expect(fleet.at(`shop/p${at}`).mergeRequests).toHaveLength(1);
  const { db } = engines[0]!;
  expect(await db.selectFrom('repository').select('key').where('due', 'is not', null).execute()).toEqual([]);
  expect((await db.selectFrom('sweep').select('state').execute()).map(({ state }) => state)).toEqual(['done', 'done']);
});

it('none waits for another for ever, in whatever order they see the projects', { timeout: 240_000 }, async () => {
  const url = await postgres.database();
  const fleet = new Fleet();
  const projects = Array.from({ length: 450 }, (_, at) => testProject({ id: String(at), path: `shop/p${at}` }));
  let round = 0;
  const forge = (order: (all: readonly Project[]) => readonly Project[]): Forge => ({
    ...fleet.forge(),
    async *projects() {
      yield* order(projects).map((project) => ({ ...project, url: `${project.url}?${round}` }));
    },
    async *heads(all) {
      for (const { id } of all) yield { id, head: `${round}` };
    },
  });
  const pair = [
    { engine: await opened(url), forge: forge((all) => all) },
    { engine: await opened(url), forge: forge((all) => all.toReversed()) },
  ];
  const finding = async ({ engine, forge: of }: (typeof pair)[number]) => {
    const world = testWorld(of, { now: () => NOW });
    const listing = await discover(engine.db, world, of, { groups: undefined, acceptShrunk: false, signal }, () => {});
    return findMoved(engine.db, world, of, listing, { signal });
  };
  for (round = 0; round < 8; round++) {
    const found = await Promise.all(pair.map(finding));
    expect(found.map(({ due }) => due.length)).toEqual([450, 450]);
  }
});
