import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge, push } from '../../generator/publish/testing/memory-world.ts';
import { sweep } from '../sweep/index.ts';
import { Fleet } from '../sweep/testing/fleet.ts';
import { testEngine } from '../testing/engine.ts';
import { NOW, TestGate, testWorld } from '../work/testing/test-world.ts';
import { fatesIn } from './fates.ts';

describe('what people made of what was merged', { timeout: 120_000 }, () => {
  let engine: Awaited<ReturnType<typeof testEngine>>;
  beforeAll(async () => {
    engine = await testEngine();
  }, 120_000);
  afterAll(() => engine?.drop());

  it('is kept, with the stack, and changes only where people do', async () => {
    const fleet = new Fleet();
    const repository = fleet.add('shop/cart');
    let now = NOW;
    const world = testWorld(fleet.forge(), { now: () => now });
    const run = { concurrency: 1, stop: new AbortController().signal, work: true };
    const swept = () => sweep(engine, world, new TestGate(), { groups: [] }, run, () => {});
    const fileNow = () => repository.commits.get(repository.branches.get('main')!)!.files['AGENTS.md']!;
    const items = () => engine.db.selectFrom('item').selectAll().orderBy('item').execute();
    const of = async (item: string) => (await items()).filter((row) => row.item === item);
    await swept();
    expect(await items()).toEqual([]);
    merge(repository, 1);
    const merged = fileNow();
    const [test, lint] = ['Test: ', 'Lint: '].map((start) => merged.split('\n').find((line) => line.includes(start))!);
    push(repository, {
      files: { 'AGENTS.md': merged.replace(test!, `${test} (needs Redis)`).replace(`${lint}\n`, '') },
    });
    now += 60_000;
    await swept();
    const text = test!.replace(/^- /, '');
    expect(await of('command.test')).toMatchObject([
      { file: 'AGENTS.md', section: 'Repository', text, outcome: 'edited', now: `${text} (needs Redis)` },
    ]);
    expect(await of('command.lint')).toMatchObject([{ outcome: 'deleted', now: null }]);
    const [build] = await of('command.build');
    expect(build).toMatchObject({
      outcome: 'kept',
      now: null,
      at: new Date(now),
      stack: expect.arrayContaining(['npm']),
    });
    // Looked at again later: nothing is new.
    const before = await items();
    now += 60_000;
    push(repository, { files: { 'other.md': 'x' } });
    await swept();
    expect(await items()).toEqual(before);
    push(repository, { files: { 'AGENTS.md': fileNow().replace('`npm run build`', '`npm run build` first') } });
    now += 60_000;
    await swept();
    expect(await of('command.build')).toMatchObject([{ outcome: 'edited', at: new Date(now) }]);
  });
});

it('is nothing where nobody touched a bullet that only could not be written', () => {
  const item = { key: 'k', section: 'Repository', text: 'Test: `x`', evidence: [], hash: '' } as const;
  const was = {
    schema: 'agentsmd/ledger/1',
    generator: '1',
    files: { 'AGENTS.md': { origin: 'generated', items: [item], tombstones: [], sections: [] } },
  } as const;
  const fates = (kind: 'conflict' | 'added', before: string | null, key = 'k') =>
    fatesIn({ was, changes: [{ path: 'AGENTS.md', key, section: 'Repository', kind, before, after: before }] });
  expect(fates('conflict', null)).toEqual([]);
  expect(fates('conflict', item.text)).toEqual([]);
  expect(fates('conflict', 'Test: `y`')).toMatchObject([{ outcome: 'edited', now: 'Test: `y`' }]);
  expect(fates('added', null)).toEqual([]);
  expect(fates('conflict', 'Test: `y`', 'other')).toEqual([]);
});
