import type { Kysely } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { publish } from '../../generator/publish/index.ts';
import { merge, say } from '../../generator/publish/testing/memory-world.ts';
import type { Tables } from '../store/tables.ts';
import { memoryState } from '../testing/state.ts';
import { addRepository, emptied, testWorld } from '../work/testing/test-world.ts';
import type { World } from '../world.ts';
import type { DueRepository } from './moved.ts';
import { previewOf, spread } from './preview.ts';
import { Fleet } from './testing/fleet.ts';

let db: Kysely<Tables>;
let fleet: Fleet;
beforeAll(async () => {
  db = await memoryState();
});
beforeEach(async () => {
  fleet = new Fleet();
  await emptied(db);
});
afterAll(() => db.destroy());

/** A version of ours that writes one line more. */
const NEWER: World['propose'] = (_project, reader, config, given) =>
  generate(reader, {
    fresh: false,
    config: { ...config, companion: 'claude' },
    version: '2',
    ...given,
  });

async function proposed(path: string): Promise<void> {
  const forge = fleet.forge();
  const world = testWorld(forge);
  const { project } = fleet.at(path);
  await publish(forge, project, {
    config: world.config.publish,
    generate: world.config.generate,
    propose: (reader, config, ledger) => world.propose(project, reader, config, { ledger }),
  });
}

async function due(cause: DueRepository['cause'] = 'policy'): Promise<readonly DueRepository[]> {
  const all: DueRepository[] = [];
  for await (const project of fleet.forge().projects()) {
    const key = await addRepository(db, project, { due: cause });
    all.push({ key, instance: fleet.instance, path: project.path, cause, since: 0 });
  }
  return all;
}

const preview = (
  repositories: readonly DueRepository[],
  change: Partial<World> = {},
  stop = new AbortController().signal,
) =>
  previewOf(
    db,
    testWorld(fleet.forge(), change),
    { inScope: 50, policy: new Set(['codex', 'generator'] as const) },
    repositories,
    stop,
  );

describe('the preview of a new policy', () => {
  it('counts what would change of what is proposed, and by how many lines', async () => {
    fleet.addMany(3);
    for (let at = 0; at < 3; at++) await proposed(`shop/p${at}`);
    const writes = fleet.at('shop/p0').writes.length;
    const all = await due();
    expect(await preview(all)).toEqual({
      repositories: 50,
      due: { policy: 3 },
      policy: { changed: ['generator', 'codex'], repositories: 3, sampled: 3, wouldChange: 0, lines: 0 },
    });
    expect((await preview(all, { propose: NEWER })).policy).toMatchObject({ sampled: 3, wouldChange: 3, lines: 3 });
    expect(fleet.at('shop/p0').writes).toHaveLength(writes);
  });

  it('counts what would change of what is merged', async () => {
    fleet.addMany(2);
    await proposed('shop/p0');
    merge(fleet.at('shop/p0'), 1);
    await proposed('shop/p1');
    const all = await due();
    expect((await preview(all)).policy).toMatchObject({ sampled: 2, wouldChange: 0, lines: 0 });
    expect((await preview(all, { propose: NEWER })).policy).toMatchObject({ wouldChange: 2, lines: 2 });
  });

  it('counts nothing for what the team asked for', async () => {
    fleet.addMany(1);
    await proposed('shop/p0');
    say(fleet.at('shop/p0'), 1, 'ada', 'agentsmd: drop 1');
    await proposed('shop/p0');
    expect(fleet.at('shop/p0').writes.filter((write) => write.startsWith('ensureCommit'))).toHaveLength(2);
    expect((await preview(await due())).policy).toMatchObject({ sampled: 1, wouldChange: 0 });
  });

  it.each([
    ['what the store keeps', 'store', {}, null],
    ['nothing, where the repository is to keep it', 'repository', {}, undefined],
    ['nothing, where the repository keeps it', 'store', { '.agentsmd/ledger.json': '{}' }, undefined],
  ] as const)('is worked out with %s', async (_, ledger, files, expected) => {
    fleet.add('shop/cart', {}, { 'a.md': '', ...files });
    const given: unknown[] = [];
    const propose: World['propose'] = async (_project, reader, config, kept) => {
      given.push(kept?.ledger);
      return generate(reader, { fresh: true, config });
    };
    const { config } = testWorld(fleet.forge(), { publish: { ledger } });
    await preview(await due(), { config, propose });
    expect(given).toEqual([expected]);
  });

  it('leaves out what cannot be read', async () => {
    fleet.addMany(2);
    const all = await due();
    fleet.remove('shop/p1');
    expect((await preview(all)).policy).toMatchObject({ repositories: 2, sampled: 1, wouldChange: 1 });
  });

  it('looks into few of many', async () => {
    fleet.addMany(50);
    const seen: string[] = [];
    const propose: World['propose'] = async (project, reader, config) => {
      seen.push(project.path);
      return generate(reader, { fresh: true, config });
    };
    expect((await preview(await due(), { propose })).policy).toMatchObject({ repositories: 50, sampled: 20 });
    expect(new Set(seen).size).toBe(20);
  });

  it('is no more than a count where nothing is due for it, or it is stopped', async () => {
    fleet.addMany(3);
    const all = await due('moved');
    expect(await preview(all)).toEqual({ repositories: 50, due: { moved: 3 } });
    const few = all.map((each) => ({ ...each, cause: 'policy' as const }));
    expect((await preview(few, {}, AbortSignal.abort())).policy).toMatchObject({ sampled: 0 });
  });
});

it.each([
  [0, []],
  [3, [0, 1, 2]],
  [20, Array.from({ length: 20 }, (_, at) => at)],
  [21, Array.from({ length: 20 }, (_, at) => at)],
  [40, Array.from({ length: 20 }, (_, at) => at * 2)],
  [10_000, Array.from({ length: 20 }, (_, at) => at * 500)],
])('a sample of %i is spread over all', (length, sample) => {
  expect(spread(Array.from({ length }, (_, at) => at))).toEqual(sample);
});
