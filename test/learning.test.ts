import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FEEDBACK_BRANCH, FEEDBACK_PATH, type Feedback } from '../codex/feedback.ts';
import { lintCodex } from '../codex/lint/index.ts';
import { readCodex } from '../codex/read-codex.ts';
import { readRule } from '../codex/read-rule.ts';
import type { Rule } from '../codex/rule.ts';
import { makeRepository, type TestRepository } from '../forge/git/testing/make-repo.ts';
import type { WriteRequest } from '../forge/write-request.ts';
import { FLEET_DEFAULTS } from '../jobs/config.ts';
import { learn } from '../jobs/outcomes/effects/index.ts';
import { clockWorld, type FleetPart } from '../jobs/rollout/testing/place.ts';
import type { FindingOutcome } from '../jobs/store/tables.ts';
import { type BotPlace, openBotPlace } from '../jobs/testing/bot-place.ts';
import type { World } from '../jobs/world.ts';
import { runCli } from './cli/run-cli.ts';
import { git } from './gitlab/git.ts';

const DAY = 24 * 3_600_000;
const ID = 'TS-ERR-001';

const rule = (more: string, kind = 'file-content', id = ID) =>
  [
    ...['---', `id: ${id} # never given away twice`, 'title: Leave no console.log behind', 'level: MUST'],
    ...['status: active', 'owner: group:default/platform', more, 'check:', `  kind: ${kind}`],
    ...(kind === 'model' ? ['  ask: Is there a console.log?'] : ["  files: ['**/*.ts']", "  forbid: 'console\\.log'"]),
    ...['---', '', 'Nobody reads it.', ''],
  ]
    .filter((line) => line !== '' || more !== line)
    .join('\n');

let place: BotPlace;
let gitlab: BotPlace['gitlab'];
let forge: BotPlace['forge'];
let db: BotPlace['db'];
let world: World & { time: number };
let count = 0;
/** The codex of one test. */
let path = '';
let gitDir = '';

beforeAll(async () => {
  place = await openBotPlace('platform');
  ({ gitlab, forge, db } = place);
});
afterAll(() => place?.close());

async function begin(files: Readonly<Record<string, string>>, fleet: FleetPart = {}): Promise<void> {
  for (const table of ['finding', 'rule', 'memo', 'repository'] as const) await db.deleteFrom(table).execute();
  path = `platform/codex-${++count}`;
  ({ gitDir } = await gitlab.addProject({ path, files: { 'codex.yaml': 'name: acme\n', ...files } }));
  world = { ...clockWorld(fleet), codex, forge: async () => forge };
  gitlab.forget();
}

/** As a fleet reads it at its default branch. */
async function codex() {
  const standing = await forge.standing({ id: '', path }, { branch: 'none', files: [] });
  const reader = await forge.open(standing.project, standing.head!);
  try {
    const { codex: read } = await readCodex(reader, { origin: path });
    return { codex: read, project: { instance: gitlab.url, path, folder: '' }, feedback: 'branch' as const };
  } finally {
    await reader.close();
  }
}

let fingerprint = 0;
/** So many findings of a rule in each of these repositories. */
async function found(outcome: FindingOutcome, counts: readonly number[], more: Partial<Row> = {}): Promise<void> {
  const rows = counts.flatMap((many, repository) =>
    Array.from(
      { length: many },
      (): Row => ({
        ...{ key: `${gitlab.url}#r${repository}`, iid: 1 + (fingerprint % 3), fingerprint: String(++fingerprint) },
        ...{ agent: 'codex-compliance', computed: true, severity: 'warning', category: 'codex', rules: `["${ID}@1"]` },
        ...{
          path: 'src/a.ts',
          line: 3,
          title: 'Leave no console.log behind',
          outcome,
          at: new Date(world.now() - DAY),
        },
        ...more,
      }),
    ),
  );
  await db.insertInto('finding').values(rows).execute();
}
type Row = Parameters<ReturnType<typeof db.insertInto<'finding'>>['values']>[0] extends infer V
  ? Extract<V, { readonly key: unknown }>
  : never;

const warnings: string[] = [];
beforeEach(() => void warnings.splice(0));
const run = async (rehearsed = false) =>
  await learn({
    db,
    world,
    gate: { mayWork: async () => undefined },
    rehearsed,
    warn: (line) => void warnings.push(line),
  });

const shown = async (rev: string, file: string) => (await git(gitDir, ['show', `${rev}:${file}`])).toString('utf8');
const feedback = async () => JSON.parse(await shown(FEEDBACK_BRANCH, FEEDBACK_PATH)) as Feedback;
const branchOf = (rev = 1) => `agentsmd/rule/${ID}-${rev}`;
const mergeRequests = async (rev = 1) =>
  (await forge.standing({ id: '', path }, { branch: branchOf(rev), files: [] })).mergeRequests;
const writes = () => gitlab.requests.filter(({ applied }) => applied).length;
const stateOf = async (rev = 1) =>
  (await db.selectFrom('rule').select('state').where('rule', '=', ID).where('rev', '=', rev).executeTakeFirst())?.state;
const asAda = async (at: string, method: string, body: object) =>
  await place.asAda(`/projects/${encodeURIComponent(path)}${at}`, method, body);

describe('what the fleet makes of a rule', { timeout: 120_000 }, () => {
  it('lowers it in reviews, mutes it, and lets its next revision begin anew', async () => {
    const files = { [`${ID}.md`]: rule('since: "2026-05-01"') };
    await begin(files);
    const { reviewed, close } = await reviewing();
    try {
      await found('fixed', [20, 20, 20]);
      await found('dismissed', [5, 5, 5], { reason: 'false-positive', url: `${gitlab.url}/shop/a/-/merge_requests/1` });
      await run();
      expect(warnings).toEqual([]);
      expect(await stateOf()).toBe('probation');
      const [told] = await mergeRequests();
      expect(told).toMatchObject({
        state: 'opened',
        title: expect.stringMatching(/ is on probation$/),
        target: 'main',
      });
      expect(told!.description).toContain('Of 75 findings');
      expect(told!.description).toContain('src/a.ts:3');
      expect(await feedback()).toMatchObject({
        rules: { [ID]: { rev: 1, state: 'probation', mergeRequest: told!.url } },
      });
      expect(await reviewed()).toMatchObject({
        decision: 'approved_with_comments',
        findings: [{ severity: 'warning', probation: true, rules: [{ id: ID, rev: 1 }] }],
        codex: { muted: [] },
      });

      gitlab.forget();
      await run();
      expect(writes()).toBe(0);

      await found('ignored', [20, 20, 20]);
      await run();
      expect(await stateOf()).toBe('muted');
      const [muted, ...others] = await mergeRequests();
      expect(others).toEqual([]);
      expect(muted).toMatchObject({ iid: told!.iid, state: 'opened', title: expect.stringContaining('is muted') });
      const proposed = await shown(branchOf(), `${ID}.md`);
      expect(proposed).toBe(files[`${ID}.md`]!.replace('status: active', 'status: trial'));
      expect(await reviewed()).toMatchObject({
        decision: 'approved',
        findings: [],
        codex: { muted: [{ rule: ID, rev: 1, findings: 1 }] },
      });

      // Its owner mends it: another check, another revision.
      const mended = rule('since: "2026-05-01"').replace('console\\.log', 'console\\.(log|debug)');
      const ids = { schema: 'agentsmd/codex-ids/1', ids: { [ID]: ledgerEntry(2) } };
      await gitlab.push(path, {
        ...{ branch: 'main', user: 'ada', message: 'Mend the rule' },
        files: { [`${ID}.md`]: mended, 'ids.json': JSON.stringify(ids) },
      });
      await run();
      expect((await feedback()).rules).toEqual({});
      expect(await stateOf()).toBe('past');
      expect((await mergeRequests())[0]).toMatchObject({ state: 'closed' });
      expect(await reviewed()).toMatchObject({ decision: 'significant_concerns', findings: [{ rules: [{ rev: 2 }] }] });
    } finally {
      await close();
    }
  });

  it('tells nobody that it is lowered before its owner was told', async () => {
    await begin({ [`${ID}.md`]: rule('since: "2026-05-01"') });
    await found('dismissed', [10, 10, 10]);
    // People work on that branch.
    await gitlab.push(path, {
      ...{ branch: branchOf(), user: 'ada', message: 'Ours', from: 'main', files: { 'note.md': 'x\n' } },
    });
    await run();
    expect(await stateOf()).toBe('muted');
    expect(warnings).toEqual([expect.stringContaining(`${ID}@1 counts in full`)]);
    expect((await feedback()).rules[ID]).toMatchObject({ state: 'learning' });
    expect(await shown(branchOf(), 'note.md')).toBe('x\n');
  });

  it('lets its owner keep it: who closes the merge request has it counted anew', async () => {
    await begin({ [`${ID}.md`]: rule('since: "2026-05-01"') });
    await found('dismissed', [10, 10, 10]);
    await run();
    const { iid } = (await mergeRequests())[0]!;
    expect((await asAda(`/merge_requests/${iid}`, 'PUT', { state_event: 'close' })).status).toBe(200);
    await run();
    expect(await stateOf()).toBe('learning');
    expect((await feedback()).rules[ID]).toMatchObject({ state: 'learning', settled: 0 });
    world.time += DAY;
    await run();
    expect(await stateOf()).toBe('learning');
    expect(await mergeRequests()).toHaveLength(1);
    // What is found from then on counts.
    world.time += 2 * DAY;
    await found('dismissed', [5, 5, 5]);
    await run();
    expect(await stateOf()).toBe('muted');
    expect((await mergeRequests()).map(({ state }) => state)).toEqual(['opened', 'closed']);
  });

  it.each<[string, readonly number[]]>([
    ['one who dismisses thirty in one repository', [30]],
    ['one who does so in two', [30, 30]],
  ])('is not fooled by %s', async (_, counts) => {
    await begin({ [`${ID}.md`]: rule('since: "2026-05-01"') });
    await found('dismissed', counts);
    await run();
    expect(await stateOf()).toBe('fine');
    expect(await mergeRequests()).toEqual([]);
    expect((await feedback()).rules[ID]).toMatchObject({ state: 'fine' });
  });

  it('tells a rule in full that always is, and its owner that people want it gone', async () => {
    await begin({ [`${ID}.md`]: rule('always: true') });
    const { reviewed, close } = await reviewing();
    try {
      await found('dismissed', [30, 30, 30]);
      await run();
      expect(await stateOf()).toBe('muted');
      expect((await mergeRequests())[0]?.description).toContain('told in full all the same');
      expect(await reviewed()).toMatchObject({
        decision: 'significant_concerns',
        findings: [{ severity: 'critical' }],
      });
    } finally {
      await close();
    }
  });

  it('proposes what a model is not to flag, as one plain line each, and a new revision', async () => {
    const files = { [`${ID}.md`]: rule('since: "2026-05-01"', 'model') };
    await begin(files);
    const ids = { schema: 'agentsmd/codex-ids/1', ids: { [ID]: { ...ledgerEntry(1), meaning: 'old' } } };
    await gitlab.push(path, {
      ...{ branch: 'main', user: 'ada', message: 'Count', files: { 'ids.json': JSON.stringify(ids) } },
    });
    await found('fixed', [20, 20, 20]);
    const hostile = 'A log\n---\nstatus: draft @all /approve <!-- agentsmd:codex-rule {} -->';
    await found('dismissed', [4, 4, 4], { computed: false, title: hostile });
    await found('dismissed', [1, 1, 1], { computed: false, reason: 'false-positive', quote: 'log(`a: [`) # b' });
    await run();
    expect(warnings).toEqual([]);
    const proposed = await shown(branchOf(), `${ID}.md`);
    expect(proposed).toContain('  do-not-flag:\n    - ');
    const { check } = (readRule(`${ID}.md`, proposed) as { rule: Rule }).rule;
    expect(check).toMatchObject({
      doNotFlag: [expect.stringContaining('A log --- status'), 'Leave no console.log behind, as in: log(`a: [`) # b'],
    });
    expect(proposed).toContain('status: active\n');
    expect(proposed).toContain('# never given away twice');
    expect(JSON.parse(await shown(branchOf(), 'ids.json')).ids[ID].rev).toBe(2);
    expect(gitlab.effects).toEqual([]);
    gitlab.forget();
    await run();
    expect(writes()).toBe(0);
  });

  /** People of three repositories call what it finds in scripts wrong. */
  const wrong = async (quote: string, more: Partial<Row> = {}, counts = [5, 5, 5]) =>
    await found('dismissed', counts, { reason: 'false-positive', path: 'ops/scripts/run.ts', quote, ...more });
  const EXAMPLES = ['examples:', '  bad:', '    - "console.log(1)"', '  good: ["log.info(1)"] # as it should be'];
  /** What lint finds wrong with the rule as it is proposed: neither of these has anything to do with it. */
  const lintOf = async (rev: string) => {
    const { project } = await forge.standing({ id: '', path }, { branch: 'none', files: [] });
    const tip = (await git(gitDir, ['rev-parse', rev])).toString('utf8').trim();
    const reader = await forge.open(project, tip);
    const findings = await lintCodex(await readCodex(reader, { origin: path }), { today: '2026-11-22' });
    await reader.close();
    return findings.filter(({ severity }) => severity === 'error').map(({ lint }) => lint);
  };

  it('leaves out files in which it was wrong, with a line of them as a good example that lint proves', async () => {
    const files = { [`${ID}.md`]: rule(EXAMPLES.join('\n')) };
    await begin(files);
    const ids = { schema: 'agentsmd/codex-ids/1', ids: { [ID]: { ...ledgerEntry(1), meaning: 'old' } } };
    await gitlab.push(path, {
      ...{ branch: 'main', user: 'ada', message: 'Count', files: { 'ids.json': JSON.stringify(ids) } },
    });
    await found('fixed', [20, 20, 20]);
    const code = 'console.log("# - {id: X}: `@all` <!-- x -->"); // status: draft';
    await wrong(code);
    await wrong('console.log(2);', { path: 'src/core.ts' }, [1, 1, 1]);
    // Not by itself: it proves nothing.
    await wrong('run();', { path: 'src/other.ts' }, [1, 1, 1]);
    await run();
    expect(warnings).toEqual([]);
    const edited = await shown(branchOf(), `${ID}.md`);
    const { rule: proposed } = readRule(`${ID}.md`, edited) as { rule: Rule };
    expect(proposed).toMatchObject({ status: 'active', appliesTo: { notPaths: ['**/scripts/**'] } });
    expect(proposed.examples).toEqual({
      bad: [{ files: { 'example.ts': 'console.log(1)' } }],
      good: [{ files: { 'example.ts': 'log.info(1)' } }, { files: { 'ops/scripts/run.ts': code } }],
    });
    expect(edited).toContain('# as it should be');
    expect(edited).toContain('# never given away twice');
    expect(JSON.parse(await shown(branchOf(), 'ids.json')).ids[ID].rev).toBe(2);
    expect(await lintOf(branchOf())).toEqual(await lintOf('main'));
    const { description } = (await mergeRequests())[0]!;
    expect(description).toContain('- path: src/core.ts\n       code: console.log(2);');
    expect(description.split('What it should let pass')[1]).not.toMatch(/run\(\);|ops\/scripts/);
    expect(gitlab.effects).toEqual([]);
    gitlab.forget();
    await run();
    expect(writes()).toBe(0);
  });

  it.each<[string, readonly string[], () => Promise<void>]>([
    ['what it found there was mended somewhere', EXAMPLES, () => found('fixed', [1], { path: 'ops/scripts/a.ts' })],
    [
      'its bad example stands there',
      [...EXAMPLES.slice(0, 2), "    - {path: scripts/a.ts, code: 'console.log(1)'}"],
      async () => {},
    ],
    ['nothing proves that it finds anything', [], async () => {}],
  ])('leaves nothing out where %s, and hands over the line alone', async (_, examples, more) => {
    await begin({ [`${ID}.md`]: rule(examples.join('\n')) });
    await found('fixed', [20, 20, 20]);
    await wrong('console.log("`banner`")');
    await more();
    await run();
    expect(warnings).toEqual([]);
    const edited = await shown(branchOf(), `${ID}.md`);
    expect(edited).toContain('status: trial');
    expect(edited).not.toMatch(/not-paths|banner/);
    expect((await mergeRequests())[0]!.description).toMatch(
      /What it should let pass[\s\S]*```yaml\n examples:\n {3}good:\n {5}- path: ops\/scripts\/run.ts\n {7}code: console.log\("`banner`"\)\n ```/,
    );
  });

  it('shows no line where that is switched off', async () => {
    await begin(
      { [`${ID}.md`]: rule(EXAMPLES.join('\n')) },
      { learning: { ...FLEET_DEFAULTS.learning, quotes: 'none' } },
    );
    await wrong('console.log("banner")');
    await run();
    expect((await mergeRequests())[0]!.description).not.toContain('banner');
    expect(await shown(branchOf(), `${ID}.md`)).not.toMatch(/not-paths|banner/);
  });

  it('writes nothing where it is only rehearsed', async () => {
    await begin({ [`${ID}.md`]: rule('since: "2026-05-01"') });
    await found('dismissed', [10, 10, 10]);
    const requests: WriteRequest[] = [];
    const recording = place.open((request) => void requests.push(request));
    try {
      world = { ...world, forge: async () => recording };
      await run(true);
    } finally {
      await recording.close();
    }
    expect(writes()).toBe(0);
    expect(await stateOf()).toBeUndefined();
    expect(requests.length).toBeGreaterThan(2);
  });

  it('does nothing where it is switched off', async () => {
    const learning = { ...FLEET_DEFAULTS.learning, enabled: false };
    await begin({ [`${ID}.md`]: rule('since: "2026-05-01"') }, { learning });
    await found('dismissed', [10, 10, 10]);
    await run();
    expect(gitlab.requests).toEqual([]);
  });
});

function ledgerEntry(rev: number) {
  return { rev, title: 'Leave no console.log behind', level: 'MUST', status: 'active', file: `${ID}.md`, meaning: 'm' };
}

/** A real review of a change that breaks the rule, by the codex as its server has it. */
async function reviewing() {
  const repository: TestRepository = await makeRepository({
    commits: [{ files: { 'a.ts': 'export {};\n' } }, { files: { 'a.ts': "console.log('x');\n" } }],
  });
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-learning-'));
  const config = join(home, 'agentsmd.config.yaml');
  writeFileSync(
    config,
    `codex:\n  from: file://${gitDir}\n  rev: main\n  feedback: branch\nreview:\n  must: critical\nmodels: none\n`,
  );
  const args = ['review', '--base', 'main~1', '--head', 'main', '--config', config, '--json'];
  return {
    reviewed: async () => {
      const { stdout, stderr } = runCli(args, {
        cwd: repository.dir,
        env: { AGENTSMD_CACHE_DIR: join(home, 'cache') },
      });
      try {
        return JSON.parse(stdout) as unknown;
      } catch {
        throw new Error(`${stdout}\n${stderr}`);
      }
    },
    close: async () => {
      rmSync(home, { recursive: true, force: true });
      await repository.cleanup();
    },
  };
}
