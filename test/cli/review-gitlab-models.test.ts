import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { promptOf } from '../../reviewer/panel/testing/panel-place.ts';
import {
  AFTER,
  BEFORE,
  FOUND,
  finding,
  headingOf,
  judge,
  play,
  SPECIALISTS,
} from '../../reviewer/panel/testing/shop.ts';
import { type ModelServer, startModels } from '../models/index.ts';
import { reviewPlace } from './review-gitlab-place.ts';

type Files = Readonly<Record<string, string>>;
const [SHOP, NEW] = [BEFORE, AFTER].map((files) => files as Files) as [Files, Files];
// It names a file that the change touches, so that somebody has to look whether it is still true.
const OLD = { ...SHOP, 'AGENTS.md': `${SHOP['AGENTS.md']}- Orders are read in \`src/orders.ts\`\n` };
const TOLD = SPECIALISTS.filter((name) => name !== 'codex-compliance');
/** A rule that no program checks. */
const RULE = `---
id: TS-SUM-001
title: Prices are added up in one place
when: prices are added up
level: MUST
status: active
owner: group:default/x
check:
  kind: model
  ask: Does the change add up prices elsewhere than in src/total.ts?
---
`;

const place = reviewPlace({ files: OLD, change: NEW, title: 'Owners of sessions' });
const { ada, ben, one, push, rebase, review, standing, summaries, threadAt, approvers } = place;

let server: ModelServer;
beforeAll(async () => {
  server = await startModels({ models: { top: {}, second: {}, standard: {}, light: {} } });
});
afterAll(async () => await server.close());

let env: Record<string, string> = {};
beforeEach(() => {
  server.reset();
  server.requests.length = 0;
  const model = { context: 128_000, output: 4096, family: 'f', price: { input: 3, cached: 0.3, output: 15 } };
  const models = {
    providers: {
      gw: {
        baseUrl: server.url,
        keyEnv: 'GW_KEY',
        models: { top: model, second: model, standard: model, light: model },
      },
    },
    tiers: { top: 'gw/top', standard: 'gw/standard', light: 'gw/light' },
    failback: { 'gw/top': ['gw/second'] },
    transcript: { dir: 'transcripts' },
  };
  const file = join(place.folder, 'agentsmd.config.yaml');
  mkdirSync(join(place.folder, 'rules'), { recursive: true });
  writeFileSync(join(place.folder, 'rules/TS-SUM-001.md'), RULE);
  writeFileSync(file, stringify({ models, codex: { from: join(place.folder, 'rules') } }));
  env = { AGENTSMD_CONFIG: file, GW_KEY: server.key };
  play(server, TOLD);
  server.script({
    when: [headingOf('codex-compliance')],
    needs: ['TS-SUM-001@1', 'Does the change add up prices elsewhere', /^7 \+export const sum/m],
    answer: { findings: [{ ...FOUND['codex-compliance'], rules: ['TS-SUM-001@1'] }] },
  });
  judge(server, {});
});

const asked = () => server.requests.splice(0).map(promptOf);
const OPEN = [
  'README.md',
  'db/migrations/2.sql:1 1',
  'src/auth/session.ts:4 1',
  'src/orders.ts:3 1',
  'src/orders.ts:7 1',
  'src/orders.ts:9 1',
];

describe('agentsmd review on GitLab with language models', { timeout: 300_000 }, () => {
  it('goes through three pushes: says each thing once, keeps what stands, ends what is mended, approves at last', async () => {
    const first = await review(env);
    expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining('request-changes') });
    // A line that the change does not touch has no place for a comment: the summary tells it.
    expect(await standing()).toEqual(OPEN.slice(1));
    for (const told of [FOUND.documentation, FOUND['agents-md']])
      expect(await summaries()).toMatchObject([{ body: expect.stringContaining(told.title) }]);
    expect((await threadAt('src/auth/session.ts')).notes[0]!.body).toContain(FOUND.security.title);
    expect((await summaries())[0]!.body).toMatch(/`gw\/top`, 1 calls, \d+ tokens in \(\d+ cached\), \d+ out/);
    expect(await approvers()).toEqual([]);
    // Seven, and the coordinator.
    expect(asked()).toHaveLength(8);

    // Rebased: nothing is asked, nothing is said.
    await rebase({ 'theirs.txt': 'x\n' });
    const rebased = await review(env);
    expect(rebased).toMatchObject({ code: 1, stderr: expect.stringContaining('0 comments, 0 threads resolved') });
    expect(asked()).toEqual([]);
    expect(await standing()).toEqual(OPEN.slice(1));

    // The injection and the sum are mended, one is left as it is; what performance says it says of another line, in other words.
    await ben('POST', one(`/discussions/${(await threadAt('db/migrations/2.sql')).id}/notes`), { body: "won't fix" });
    await push({
      'src/auth/session.ts': NEW['src/auth/session.ts']!.replace(
        /`select.*`/,
        "'select owner from session where id = $1', [id]",
      ),
      'src/orders.ts': NEW['src/orders.ts']!.replace('<=', '<'),
    });
    server.reset();
    judge(server, {});
    const other = { category: 'performance', path: 'src/orders.ts', line: 2, title: 'Many queries' } as const;
    server.script({
      when: [headingOf('performance')],
      needs: ['changed since', FOUND.performance.title],
      answer: { findings: [finding({ ...other, quote: '  const found = [];' })] },
    });
    const second = await review(env);
    expect(second).toMatchObject({ code: 0, stderr: expect.stringContaining('approve') });
    expect(await standing()).toEqual([
      'db/migrations/2.sql:1 2 resolved',
      'src/auth/session.ts:4 2 resolved',
      'src/orders.ts:3 1',
      'src/orders.ts:7 1',
      'src/orders.ts:9 2 resolved',
    ]);
    expect(await approvers()).toEqual(['agentsmd-bot']);
    expect(asked().some((prompt) => prompt.includes(headingOf('security')))).toBe(true);

    // The last one is mended, too.
    await push({
      'src/orders.ts': NEW['src/orders.ts']!.replace('<=', '<').replace(
        / {2}for \(const id of ids\).*\n/,
        '  found.push(...(await db.all(ids)));\n',
      ),
      'README.md': '# Shop\n\nSessions last a day.\n',
    });
    server.reset();
    // Nobody speaks of it any more, and its line is still there: the judge says that it is mended.
    judge(server, { dropped: [{ of: ['F1', 'F2', 'F3', 'F4'], why: 'already-prevented', evidence: [] }] }, [
      'Many queries',
    ]);
    const third = await review(env);
    expect(third).toMatchObject({ code: 0 });
    expect((await standing()).every((line) => line.endsWith('resolved'))).toBe(true);
    expect(await summaries()).toMatchObject([{ body: expect.stringMatching(/^## Approved/) }]);
  });

  it('comes to the same where the best model is overloaded, and where answers break off', async () => {
    server.play({ kind: 'overloaded' }, { model: 'top' });
    server.fail({ kind: 'cut', after: 3 }, { prompt: headingOf('security') });
    const ran = await review(env);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('gw/top is left alone, gw/second takes over'),
    });
    expect(await standing()).toEqual(OPEN.slice(1));
    expect(await approvers()).toEqual([]);
  });

  it('comes to the same where the process of the models is killed in the middle', async () => {
    let killed = false;
    server.play({ kind: 'hang' }, { prompt: headingOf('performance'), times: 1 });
    const timer = setInterval(() => {
      if (killed || !server.requests.some((request) => promptOf(request).includes(headingOf('performance')))) return;
      const child = engines()[0];
      if (child === undefined) return;
      killed = true;
      process.kill(child, 'SIGKILL');
    }, 50);
    const ran = await review(env).finally(() => clearInterval(timer));
    expect(killed).toBe(true);
    expect(ran).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the process of the models is started again'),
    });
    expect(await standing()).toEqual(OPEN.slice(1));
  });

  it('approves nothing where an agent gave no answer, and asks for it again the next time', async () => {
    server.reset();
    server.play({ kind: 'garbage' }, { prompt: headingOf('release') });
    const first = await review(env);
    expect(first).toMatchObject({ code: 3, stderr: expect.stringContaining('release') });
    expect(await approvers()).toEqual([]);
    asked();
    server.reset();
    const second = await review(env);
    expect(second).toMatchObject({ code: 0 });
    expect(asked().length).toBeGreaterThan(3);
    expect(await approvers()).toEqual(['agentsmd-bot']);
    const kept = readdirSync(join(place.folder, 'transcripts'));
    expect(kept.length).toBeGreaterThan(0);
    for (const name of kept)
      expect(readFileSync(join(place.folder, 'transcripts', name), 'utf8')).not.toContain(place.token);
  });

  it('asks nobody about what a bot updates', async () => {
    await ada('PUT', one(), { title: 'Owners of sessions' });
    const file = join(place.folder, 'agentsmd.config.yaml');
    writeFileSync(file, `${readFileSync(file, 'utf8')}review: { computedOnly: { authors: [ada] } }\n`);
    expect(await review(env)).toMatchObject({ code: 0 });
    expect(asked()).toEqual([]);
  });
});

/** Processes of models that were started from here. */
function engines(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isEngine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('reviewer/engine/child');
        return isEngine && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`GW_KEY=${server.key}`)
          ? [Number(pid)]
          : [];
      } catch {
        return [];
      }
    });
}
