import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { folderForge } from '../../forge/folder/forge.ts';
import { pushAsPerson } from '../../forge/folder/testing/push-as-person.ts';
import { makeRepository, type TestRepository } from '../../forge/git/testing/make-repo.ts';
import type { Forge } from '../../forge/port.ts';
import { retry } from '../retry.ts';
import { rollback } from '../rollback/index.ts';
import { testEngine } from '../testing/engine.ts';
import { emptied, NOW, TestGate, testWorld } from '../work/testing/test-world.ts';
import type { RepositoryResult } from './events.ts';
import { sweep } from './index.ts';

const BRANCH = 'agentsmd/refresh';
const FILES = { 'package.json': '{ "scripts": { "test": "vitest", "build": "tsc" } }', 'package-lock.json': '{}' };

let engine: Awaited<ReturnType<typeof testEngine>>;
let one: TestRepository;
let forge: Forge;
beforeAll(async () => {
  engine = await testEngine({ retries: 1 });
});
beforeEach(async () => {
  await emptied(engine.db);
  await engine.queue.drop();
  one = await makeRepository({ files: FILES }, { name: 'shop' });
  forge = await folderForge(one.root, { audit: { append: () => {} } });
});
afterEach(() => one.cleanup());
afterAll(() => engine.drop());

async function swept(): Promise<readonly string[]> {
  const results: RepositoryResult[] = [];
  const run = { concurrency: 1, stop: new AbortController().signal, work: true };
  await sweep(engine, testWorld(forge), new TestGate(), { folder: one.root, groups: [] }, run, (event) => {
    if (event.type === 'repository') results.push(event);
  });
  return results.map(({ path, outcome, reason, message }) =>
    [path, outcome, ...(reason === undefined ? [] : [reason, message])].join(' '),
  );
}

const again = () => retry(engine, { projects: [one.dir], failed: false, stale: false, now: NOW });
const tip = () => one.git('for-each-ref', '--format=%(objectname)', `refs/heads/${BRANCH}`);
const file = (iid: number) => join(one.dir, '.git/agentsmd/merge-requests', `${iid}.md`);

it('takes up anew what was deleted, once somebody says so', async () => {
  expect(await swept()).toEqual(['shop generated']);
  await one.git('branch', '-D', BRANCH);
  expect(await swept()).toEqual([
    'shop skipped closed-unmerged !1 was closed, or its branch deleted, unmerged; agentsmd retry proposes it again',
  ]);
  expect(await swept()).toEqual([]);
  expect(await again()).toMatchObject({ repositories: 1, queued: 1 });
  expect(await swept()).toEqual(['shop generated']);
  expect(await tip()).not.toBe('');
  expect([file(1), file(2)].map((path) => /^state: (\w+)$/m.exec(readFileSync(path, 'utf8'))?.[1])).toEqual([
    'closed',
    'opened',
  ]);
  expect(await swept()).toEqual([]);
}, 60_000);

it('takes up anew what was rolled back, once somebody says so', async () => {
  await swept();
  const { counts } = await rollback(engine, testWorld(forge), 1, {}, () => {});
  expect(counts).toMatchObject({ closed: 1 });
  expect(readFileSync(join(one.dir, '.git/agentsmd/notes/1.md'), 'utf8')).toContain('`agentsmd retry`');
  await swept();
  expect(await tip()).toBe('');
  await again();
  expect(await swept()).toEqual(['shop generated']);
  expect(existsSync(file(2))).toBe(true);
}, 60_000);

it('notices what people commit to our branch, once, and leaves it alone', async () => {
  await swept();
  expect(await swept()).toEqual([]);
  const theirs = await pushAsPerson(one, BRANCH, { 'AGENTS.md': 'mine\n' });
  const told = `shop skipped human-commits people committed to ${BRANCH}; delete that branch once their work is merged (!1)`;
  expect(await swept()).toEqual([told]);
  expect(await swept()).toEqual([]);
  await again();
  expect(await swept()).toEqual([told]);
  expect(await tip()).toBe(theirs);
}, 60_000);

it('gives the next proposal the next number, where the branch of the merged one is still there', async () => {
  await swept();
  await one.git('merge', '--quiet', '--ff-only', BRANCH);
  const [, head] = /^head: (\w+)$/m.exec(readFileSync(file(1), 'utf8')) ?? [];
  await swept();
  await pushAsPerson(one, 'main', { 'package.json': '{ "scripts": { "test": "jest", "lint": "biome check" } }' });
  expect(await swept()).toEqual(['shop refreshed']);
  expect(readFileSync(file(1), 'utf8')).toContain(`head: ${head}\n`);
  expect(readFileSync(file(1), 'utf8')).toContain('state: merged\n');
  expect(readFileSync(file(2), 'utf8')).toContain(`head: ${await tip()}\n`);
}, 60_000);
