import { expect, it } from 'vitest';
import type { Note, Publisher } from '../../forge/port.ts';
import type { RepoReader } from '../../forge/reader.ts';
import fc from '../../test/fast-check.ts';
import { GENERATE_DEFAULTS } from '../config.ts';
import { type GenerateResult, generate } from '../index.ts';
import type { Ledger } from '../refresh/ledger.ts';
import { PUBLISH_DEFAULTS } from './config.ts';
import { type KeptLedger, type PublishResult, publish } from './index.ts';
import { memoryForge } from './testing/memory-forge.ts';
import { alter, merge, push, say, type World } from './testing/memory-world.ts';

const BRANCH = PUBLISH_DEFAULTS.branch;
const manifest = (scripts: readonly string[]): string =>
  JSON.stringify(
    { name: 'cart', scripts: Object.fromEntries(scripts.map((name) => [name, `run-${name} .`])) },
    null,
    2,
  );
const START = {
  'package.json': manifest(['test', 'lint', 'build']),
  'package-lock.json': '{ "lockfileVersion": 3 }\n',
};

type Event = (world: World) => void;
const newest = (world: World, state: string) => world.mergeRequests.findLast((each) => each.state === state);
const on =
  (state: string, act: (world: World, iid: number) => void): Event =>
  (world) => {
    const found = newest(world, state);
    if (found) act(world, found.iid);
  };
const said = (state: string, author: string, body: string): Event =>
  on(state, (world, iid) => void say(world, iid, author, body));

const lost =
  (verb: keyof Publisher): Event =>
  (world) => {
    world.lose = verb;
  };

/** What people and the network do between two runs. */
const EVENTS: Readonly<Record<string, Event>> = {
  'the tests go': (world) => void push(world, { files: { 'package.json': manifest(['lint', 'build']) } }),
  'all scripts come': (world) =>
    void push(world, { files: { 'package.json': manifest(['test', 'lint', 'build', 'typecheck', 'format']) } }),
  'something else changes': (world) => void push(world, { files: { 'README.md': `${world.commits.size}` } }),
  'the file is edited': (world) => void push(world, { files: { 'AGENTS.md': '# Ours\n\n- Be kind.\n' } }),
  'it is merged': on('opened', merge),
  'it is closed': on('opened', (world, iid) => void alter(world, iid, { state: 'closed' })),
  'it is reopened': on('closed', (world, iid) => {
    if (!newest(world, 'opened') && world.branches.has(BRANCH)) alter(world, iid, { state: 'opened' });
  }),
  'it has conflicts': on('opened', (world, iid) => void alter(world, iid, { hasConflicts: true })),
  'the description is emptied': on('opened', (world, iid) => void alter(world, iid, { description: '' })),
  'the description is replaced': on('opened', (world, iid) => void alter(world, iid, { description: 'Better.' })),
  'the ledger is deleted': (world) => void push(world, { files: { '.agentsmd/ledger.json': null } }),
  'somebody commits': (world) => {
    if (world.branches.has(BRANCH)) push(world, { branch: BRANCH, files: { 'x.txt': `${world.commits.size}` } });
  },
  'the branch is deleted': (world) => void world.branches.delete(BRANCH),
  'drop 2': said('opened', 'ada', 'agentsmd: drop 2'),
  'drop the lint line': said('opened', 'bob', 'agentsmd: drop "Lint: npm run lint"'),
  'wrong 3': said('opened', 'ada', 'agentsmd: wrong 3 `make verify`'),
  nonsense: said('opened', 'ada', 'agentsmd: hello'),
  stop: said('opened', 'ada', 'agentsmd: stop'),
  'try again': said('closed', 'ada', 'agentsmd: try again'),
  'a guest speaks': said('opened', 'eve', 'agentsmd: stop'),
  'a commit is lost': lost('ensureCommit'),
  'a merge request is lost': lost('ensureMergeRequest'),
  'a note is lost': lost('ensureNote'),
  'a closing is lost': lost('ensureClosed'),
};

/** The same files give the same result, which is most of the time that this takes. */
const results = new Map<string, Promise<GenerateResult>>();
function result(world: World, reader: RepoReader, ledger: Ledger | null | undefined): Promise<GenerateResult> {
  const key = JSON.stringify([world.commits.get(reader.commit!)!.files, ledger === undefined ? 'own' : ledger]);
  const given = ledger === undefined ? {} : { ledger };
  const known = results.get(key) ?? generate(reader, { fresh: false, version: '1', ...given });
  results.set(key, known);
  return known;
}
const isDropped = ({ body }: Note): boolean => body.includes(': Left out: Lint');
const manifestAt = (world: World, commit: string) => world.commits.get(commit)!.files['package.json'];

it.each([
  'repository',
  'store',
] as const)('keeps its promises whatever people do between two runs, with the ledger in the %s', async (place) => {
  const days = fc.array(fc.subarray(Object.keys(EVENTS), { minLength: 1, maxLength: 3 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(days, async (story) => {
      const { forge, world } = memoryForge(START);
      let kept: KeptLedger = { merged: null, proposed: null };
      const run = async (): Promise<PublishResult> => {
        const told = await publish(forge, world.project, {
          config: { ...PUBLISH_DEFAULTS, ledger: place },
          generate: GENERATE_DEFAULTS,
          propose: (reader, _config, ledger) => result(world, reader, ledger),
          ledger: kept,
          materialSince: async (base, now) => manifestAt(world, base) !== manifestAt(world, now.commit!),
        });
        kept = told.seen?.ledger ?? kept;
        return told;
      };
      for (const day of [[], ...story]) {
        for (const event of day) EVENTS[event]!(world);
        const tip = world.branches.get(BRANCH);
        const peoples = tip !== undefined && world.commits.get(tip)!.authorEmail !== world.self.email;
        const first = await run();
        // What was lost is found by the next run at the latest.
        if (first.kind === 'failed') await run();
        if (peoples) expect(world.branches.get(BRANCH)).toBe(tip);
        expect(world.mergeRequests.filter(({ state }) => state === 'opened').length).toBeLessThan(2);
        for (const notes of world.notes.values()) {
          const mine = notes.filter(({ author }) => author === world.self.username).map(({ body }) => body);
          const markers = mine.map((body) => /<!-- agentsmd:(.*) -->$/.exec(body)![1]);
          expect(new Set(markers).size).toBe(markers.length);
        }
        world.lose = undefined;
        if (world.mergeRequests.some(({ hasConflicts }) => hasConflicts))
          for (const { iid } of world.mergeRequests) alter(world, iid, { hasConflicts: false });
        await run();
        world.writes.length = 0;
        const again = await run();
        expect(world.writes).toEqual([]);
        expect(['unchanged', 'skipped']).toContain(again.kind);
        // What was dropped stays out, whatever became of the merge request on which that was said.
        const written = world.commits.get(world.branches.get(BRANCH) ?? '');
        if (written?.authorEmail === world.self.email && [...world.notes.values()].flat().some(isDropped))
          expect(written.files['AGENTS.md']).not.toContain('npm run lint');
      }
    }),
    { numRuns: 40 },
  );
});
