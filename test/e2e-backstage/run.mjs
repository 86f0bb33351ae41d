/**
 * Proves the catalog client against the real catalog backend of Backstage: `node test/e2e-backstage/run.mjs`. Installs this package by its
 * lock file where that has not been done (826 packages, 370 MiB), starts the backend on loopback, waits until it has worked out
 * all relations, checks, and stops it. Exit code 1 where anything is not as it should be.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CATALOG_DEFAULTS } from '../../catalog/config.ts';
import { catalogFields, contextOf } from '../../catalog/context.ts';
import { openCatalog } from '../../catalog/index.ts';
import { reviewersOf } from '../../catalog/teams.ts';
import { WIRE_FACTS, wireFacts } from '../backstage/wire-facts.ts';
import { COMPONENTS } from './entities.mjs';

const here = import.meta.dirname;
const token = 'e2e-token-of-no-value';
const say = (line) => process.stdout.write(`${line}\n`);

if (!existsSync(join(here, 'node_modules', '@backstage', 'plugin-catalog-backend'))) {
  say('installing the backend (npm ci)');
  const args = ['ci', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', args, { cwd: here, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(1);
}

const port = await freePort();
const baseUrl = `http://127.0.0.1:${port}`;
const folder = mkdtempSync(join(tmpdir(), 'agentsmd-e2e-'));
const started = Date.now();
let log = '';
let backend = start();
process.once('exit', () => backend.kill('SIGKILL'));

let failed = false;
try {
  await beforeItIsReady();
  await untilStitched();
  say(`all relations worked out after ${Date.now() - started} ms`);
  for (const [name, check] of Object.entries(checks())) {
    try {
      await check();
      say(`ok    ${name}`);
    } catch (error) {
      failed = true;
      say(`FAILED ${name}\n${error.stack}`);
    }
  }
} catch (error) {
  failed = true;
  say(`${error.stack}\n--- the end of the backend's log ---\n${log}`);
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

/** On an empty database, each time. */
function start() {
  const child = spawn(process.execPath, ['server.mjs', '--config', 'app-config.yaml'], {
    cwd: here,
    env: { ...process.env, BACKSTAGE_PORT: String(port), BACKSTAGE_TOKEN: token, NODE_ENV: 'development' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      log = `${log}${chunk}`.slice(-20_000);
    });
  return child;
}

async function stop() {
  if (backend.exitCode !== null || backend.signalCode !== null) return;
  const ended = new Promise((done) => backend.once('exit', done));
  backend.kill('SIGTERM');
  await Promise.race([ended, pause(5000, undefined, { ref: false })]);
  backend.kill('SIGKILL');
  await ended;
}

/** While it starts a reader without a copy must end in an error or a catalog that concludes nothing, never in a part that is believed. */
async function beforeItIsReady() {
  // Only the second look at the total takes its time.
  const world = { sleep: (ms) => pause(ms === 2000 ? ms : 0) };
  const readers = [];
  let whole = false;
  while (!whole) {
    if (backend.exitCode !== null) throw new Error(`the backend ended with ${backend.exitCode}`);
    assert(readers.length < 600, 'it never became whole');
    const reader = catalogNow({ folder: undefined, world }).then(
      (catalog) => {
        const count = countOf(catalog, 'Component');
        whole ||= count === COMPONENTS && catalog.stale === undefined;
        return catalog.stale ? `${count} components, said so` : `${count} components`;
      },
      (error) => error.reason,
    );
    readers.push(reader);
    await pause(100);
  }
  const answers = await Promise.all(readers);
  say(`${readers.length} readers while it started: ${[...new Set(answers)].join('; ')}`);
  const believed = answers.flatMap((answer) => /^(\d+) components$/.exec(answer)?.[1] ?? []);
  // One in a hundred may come or go while it is read.
  for (const count of believed) assert(Number(count) >= COMPONENTS - 1, 'a part of the catalog was believed');
}

/** Four counts that must be full and stand still. */
async function untilStitched() {
  const counts = async () =>
    await Promise.all(
      ['', 'kind=component', 'kind=component,relations.ownedBy', 'kind=group,relations.ownerOf'].map(async (filter) => {
        const query = new URLSearchParams({ limit: '0', ...(filter && { filter }) });
        const answer = await fetch(`${baseUrl}/api/catalog/entities/by-query?${query}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        return (await answer.json()).totalItems;
      }),
    );
  let last = '';
  for (let still = 0, round = 0; still < 10; round++) {
    const now = await counts();
    const full = now[1] === COMPONENTS && now[2] === COMPONENTS;
    still = full && String(now) === last ? still + 1 : 0;
    last = String(now);
    if (round > 600) throw new Error(`never stood still: ${last}`);
    await pause(100);
  }
}

function checks() {
  const at = (path) => ({ host: 'gitlab.x.io', path });
  return {
    'lists every entity of the six kinds, in one question': async () => {
      let requests = 0;
      const catalog = await catalogNow({
        refresh: true,
        world: {
          fetch: (input, init) => {
            requests++;
            return fetch(input, init);
          },
        },
      });
      const kinds = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group'];
      assert.deepEqual(
        kinds.map((kind) => countOf(catalog, kind)),
        [60, 12, 8, 6, 2, 6],
      );
      assert.deepEqual([catalog.stale, catalog.problems], [undefined, []]);
      // And a second look at the total, as there is no copy yet.
      assert.equal(requests, 2);
    },
    'pages of 10: the client goes on with POST, and loses nothing': async () => {
      const methods = [];
      const world = {
        fetch: (input, init) => {
          methods.push(init.method);
          return fetch(input, init);
        },
      };
      const whole = await catalogNow();
      const paged = await catalogNow({ refresh: true, world }, { pageSize: 10 });
      assert.deepEqual([...paged.entities], [...whole.entities]);
      assert.deepEqual(methods, ['GET', ...Array(9).fill('POST')]);
    },
    'a proxy that lets no POST through': async () => {
      const methods = [];
      const world = {
        fetch: async (input, init) => {
          methods.push(init.method ?? 'GET');
          return init.method === 'POST' ? new Response('no', { status: 405 }) : await fetch(input, init);
        },
      };
      const paged = await catalogNow({ refresh: true, world }, { pageSize: 20 });
      assert.deepEqual([...paged.entities], [...(await catalogNow()).entities]);
      assert.deepEqual(methods, ['GET', 'POST', 'GET', 'GET', 'GET', 'GET']);
    },
    'what an agent is told of a repository': async () => {
      const context = contextOf(await catalogNow(), at('g/component-1'));
      assert.equal(context.owner, 'group:default/group-1');
      assert.equal(context.system, 'system:default/system-1');
      assert.equal(context.domain, 'domain:default/domain-1');
      assert.equal(context.tier, '2');
      assert.deepEqual(context.dependsOn, [
        { ref: 'resource:default/resource-1', kind: 'Resource', type: 'topic', owner: 'group:default/group-1' },
      ]);
      assert.deepEqual(
        context.dependencyOf.map(({ ref }) => ref),
        ['component:default/component-2'],
      );
      assert.deepEqual(context.providesApis, [
        { ref: 'api:default/api-1', kind: 'API', type: 'openapi', owner: 'group:default/group-1' },
      ]);
      assert.deepEqual(
        context.apiConsumers.map(({ ref }) => ref),
        ['component:default/component-13'],
      );
      assert.deepEqual(catalogFields(context).tags, ['java', 'tier-2']);
    },
    'a monorepo, a dangling dependency, a component without a slug, one that opted out': async () => {
      const catalog = await catalogNow();
      const mono = contextOf(catalog, at('g/mono'));
      assert.deepEqual(
        mono.components.filter(({ ref }) => ref.startsWith('component:')).map(({ dir }) => dir),
        [0, 10, 20, 30, 40, 50].map((number) => `services/component-${number}`),
      );
      assert.deepEqual(
        mono.dependsOn.filter(({ dangling }) => dangling).map(({ ref }) => ref),
        ['component:default/does-not-exist'],
      );
      assert.equal(contextOf(catalog, at('g/component-17')).components[0].ref, 'component:default/component-17');
      assert.equal(contextOf(catalog, at('g/component-59')), undefined);
      assert.deepEqual(
        catalog.unplaced.filter(({ reason }) => reason === 'opted-out').map(({ ref }) => ref),
        ['component:default/component-59'],
      );
    },
    'who reviews for an owner': async () => {
      const reviewers = reviewersOf(await catalogNow(), 'group:default/group-1', 'gitlab.x.io', {});
      assert.deepEqual(reviewers, { group: 'teams/group-1', from: 'team-path' });
    },
    'a wrong and a missing token': async () => {
      const reasonOf = async (env) =>
        await catalogNow({ env, folder: undefined }).catch(({ reason, exitCode }) => [reason, exitCode]);
      assert.deepEqual(await reasonOf({ BACKSTAGE_TOKEN: 'wrong' }), ['unauthorized', 2]);
      assert.deepEqual(await reasonOf({}), ['unauthorized', 2]);
    },
    'Tech Insights, which is not installed': async () => {
      const notes = [];
      const catalog = await catalogNow(
        { refresh: true, world: { note: (line) => notes.push(line) } },
        { insights: true },
      );
      assert.equal(catalog.scores.size, 0);
      assert.match(notes.at(-1), /^no scores of Tech Insights: /);
      say(`      ${notes.at(-1)}`);
    },
    'the double answers as this backend does': async () => {
      assert.deepEqual(await wireFacts(baseUrl, token), WIRE_FACTS);
    },
    'when it is gone the copy serves': async () => {
      await catalogNow({ refresh: true });
      await stop();
      const catalog = await catalogNow({ refresh: true, world: { sleep: async () => {} } });
      assert.match(catalog.stale, /^the copy of .* is used: GET http:.*ECONNREFUSED/);
      assert.equal(countOf(catalog, 'Component'), COMPONENTS);
    },
    'restarted on an empty database it takes nothing away, and says so': async () => {
      backend = start();
      const said = new Set();
      for (let round = 0, whole = false; !whole; round++) {
        assert(round < 600, 'it never became whole again');
        const catalog = await catalogNow({ refresh: true });
        // A tenth may go: that is what catalog.shrinkLimit allows.
        assert(countOf(catalog, 'Component') >= COMPONENTS * 0.9);
        whole = countOf(catalog, 'Component') === COMPONENTS && catalog.stale === undefined;
        if (catalog.stale !== undefined)
          said.add(
            /ECONNREFUSED|\d+ components, \d+ before|\d+ relations, \d+ before|no catalog/.exec(catalog.stale)?.[0] ??
              catalog.stale,
          );
        await pause(100);
      }
      say(`      ${[...said].join('; ')}`);
      assert(
        [...said].some((line) => /(components|relations), \d+ before/.test(line)),
        'the restart was not seen',
      );
    },
  };
}

async function catalogNow(deps = {}, config = {}) {
  return await openCatalog(
    {
      ...CATALOG_DEFAULTS,
      from: 'backstage',
      baseUrl,
      insights: false,
      tier: 'tag:tier-',
      hosts: { 'gitlab.x.io': { subpath: '' } },
      ...config,
    },
    {
      env: { BACKSTAGE_TOKEN: token },
      folder,
      instances: [],
      ...deps,
      world: { sleep: async () => {}, ...deps.world },
    },
  );
}

function countOf(catalog, wanted) {
  return [...catalog.entities.values()].filter(({ kind }) => kind === wanted).length;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  const { port: free } = server.address();
  await new Promise((closed) => server.close(closed));
  return free;
}
