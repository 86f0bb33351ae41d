import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { given, RULES, STANDARD, TASK } from '../../codex/distill/testing/place.ts';
import { startGitlab } from '../gitlab/start.ts';
import { type CapturedRequest, type ModelServer, startModels } from '../models/index.ts';
import { MAIN, runCliBeside } from './run-cli.ts';

const KEEP = Array.from({ length: 9 }, (_, at) => ({ rule: `R${at + 1}`, verdict: 'keep', reason: '' }));

/** A folder with a standard and an empty codex, a configuration beside it, and a model that reads. */
async function place(latency?: (request: CapturedRequest) => Promise<void>) {
  const server: ModelServer = await startModels({ models: { large: {} }, ...(latency ? { latency } : {}) });
  const home = mkdtempSync(join(tmpdir(), 'agentsmd-distill-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });
  server.script(
    ...RULES.map(({ section, rules }) => ({ when: [TASK.extract, section], needs: [], answer: { rules } })),
    { when: [TASK.judge], needs: [], answer: { verdicts: KEEP } },
    { when: [TASK.prove], needs: [], answer: { checks: [] } },
    { when: [TASK.merge], needs: [], answer: { pairs: [] } },
    { when: [TASK.extract], needs: [], answer: { rules: [] } },
  );
  const model = { context: 128_000, output: 4096, price: { input: 1, output: 4 } };
  const models = {
    providers: { gw: { baseUrl: server.url, keyEnv: 'GW_KEY', models: { large: model } } },
    tiers: { top: 'gw/large', standard: 'gw/large', light: 'gw/large' },
  };
  const config = join(home, 'agentsmd.config.yaml');
  writeFileSync(config, JSON.stringify({ models }));
  const standard = join(home, 'standard.md');
  writeFileSync(standard, STANDARD);
  const env: Record<string, string> = {
    GW_KEY: server.key,
    AGENTSMD_CACHE_DIR: join(home, 'cache'),
    AGENTSMD_STATE_DIR: join(home, 'state'),
  };
  const codex = join(home, 'codex');
  const args = ['codex', 'distill', standard, '--prefix', 'STD', '--codex', codex, '--config', config];
  const run = (...more: readonly string[]) => runCliBeside([...args, ...more], { cwd: home, env });
  return { server, home, config, standard, codex, env, args, run };
}

describe('agentsmd codex distill', { timeout: 120_000 }, () => {
  it('prints the changelog and writes nothing; then writes, and lints', async () => {
    const { run, codex, home, env, config } = await place();
    const dry = await run();
    expect(dry.code).toBe(0);
    expect(dry.stdout).toMatch(
      /^## New rules \(drafts\) \(ADDED\)\n\n- STD-001: Return a problem document with a code \(MUST\)/,
    );
    expect(dry.stderr).toMatch(/5 sections, 0 unchanged, 5 read; 4 added; \d+ questions asked/);
    expect(() => readdirSync(codex)).toThrow();
    const diff = await run('--diff');
    expect(diff.stdout).toContain('+++ b/errors/STD-001.md');
    expect(diff.stderr).toMatch(/ 0 questions asked, \d+ answered from the cache, 0 tokens/);
    const written = JSON.parse((await run('--write', '--json')).stdout);
    expect(written).toMatchObject({ schema: 'agentsmd/codex-distill/1', written: true, counts: { rules: 4 } });
    expect(readFileSync(join(codex, 'errors/STD-001.md'), 'utf8')).toContain('status: draft');
    const lint = await runCliBeside(['codex', 'lint', codex, '--json', '--config', config], { cwd: home, env });
    const { findings } = JSON.parse(lint.stdout) as { findings: { severity: string; lint: string }[] };
    // The document lies beside the codex, not in it.
    expect(findings.filter(({ severity, lint: id }) => severity === 'error' && id !== 'CDX301')).toEqual([]);
    expect((await run('--write')).stderr).toMatch(/no rule changes; 0 questions asked.*; nothing to write/);
  });

  it('lays the prompts of an organisation over its own, and refuses those that nobody would ask', async () => {
    const { run, server, home, config } = await place();
    const { models } = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(config, JSON.stringify({ models, agents: { dir: 'prompts' } }));
    // Agents of other kinds alone: what is built in holds.
    mkdirSync(join(home, 'prompts/agents'), { recursive: true });
    expect((await run()).code).toBe(0);
    mkdirSync(join(home, 'prompts/distill/agents'), { recursive: true });
    const write = (name: string, text: string) =>
      writeFileSync(join(home, `prompts/distill/agents/${name}.md`), `---\nname: ${name}\n${text}`);
    write('codex-extractor', 'append: true\n---\nOur house says "shall" where others say must.\n');
    expect((await run()).stderr).toMatch(/4 added; \d+ questions asked/);
    const asked = server.requests.filter(({ prompt }) => prompt.includes('Our house says'));
    expect(asked).toHaveLength(5);
    expect(asked[0]!.prompt).toContain(TASK.extract);

    write('codex-critic', 'disable: true\n---\n');
    write('second-critic', 'description: One more\ntier: top\nanswer: verdicts\n---\nJudge.\n');
    const refused = await run();
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('prompts/distill/agents/codex-critic.md: distilling needs this role');
    expect(refused.stderr).toContain('prompts/distill/agents/second-critic.md: no role of distilling');
  });

  it('ends with 3 where a section was not read, with everything else written', async () => {
    const { run, server, codex } = await place();
    server.play({ kind: 'refusing' }, { prompt: 'standard.md#retries' });
    const ran = await run('--write');
    expect(ran.code).toBe(3);
    expect(ran.stderr).toMatch(/standard\.md#retries: not read: /);
    expect(ran.stderr).toContain('1 section was not read; their rules are as they were');
    expect(readdirSync(join(codex, 'errors')).sort()).toEqual(['README.md', 'STD-001.md', 'STD-002.md']);
  });

  it('goes on after it was killed in the middle, and asks nothing twice', async () => {
    const reached = Promise.withResolvers<void>();
    const never = new Promise<void>(() => {});
    let stuck = true;
    const { server, env, args, home, run } = await place(async ({ prompt }) => {
      // One section is answered slowly: by then the others are done.
      if (!stuck || !prompt.includes('standard.md#connections')) return;
      const done = () => server.requests.filter(({ outcome }) => outcome === 'whole').length;
      while (done() < 7) await new Promise((resolve) => setImmediate(resolve));
      reached.resolve();
      await never;
    });
    const child = execFile(process.execPath, [MAIN, ...args, '--write'], {
      cwd: home,
      env: { ...env, PATH: process.env.PATH ?? '', HOME: home },
    });
    await reached.promise;
    child.kill('SIGKILL');
    await once(child, 'exit');
    stuck = false;
    server.requests.length = 0;
    const ran = await run('--write');
    expect(ran.code).toBe(0);
    const asked = server.requests.filter(({ prompt }) => prompt.includes(TASK.extract));
    expect(asked.map(({ prompt }) => /standard\.md#[\w-]+/.exec(prompt)?.[0])).toEqual(['standard.md#connections']);
  });

  it.each<[string, readonly string[], RegExp]>([
    ['a document that is not there', ['nowhere.md'], /nowhere\.md: no such file or folder/],
    ['a prefix that is none', ['--prefix', 'a b'], /--prefix a b: expected capitals/],
    ['a codex that is part of the program', ['--codex', 'starter'], /starter codex is part of agentsmd/],
    ['a merge request for a folder', ['--publish'], /--publish needs a codex on GitLab/],
  ])('refuses %s', async (_, more, message) => {
    const { run } = await place();
    const ran = await run(...more);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(message);
  });

  it('names codex import where there are no models', async () => {
    const { run, config } = await place();
    writeFileSync(config, JSON.stringify({ models: 'none' }));
    const ran = await run();
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(ran.stderr).toMatch(/models is none.*agentsmd codex import/);
  });

  it('opens a merge request on the project of the codex, which says what obliges people to something else', async () => {
    const { run, server, env, codex, standard } = await place();
    await run('--write');
    const gitlab = await startGitlab();
    onTestFinished(() => gitlab.close());
    gitlab.addUser({ username: 'agentsmd-bot', bot: true });
    gitlab.addGroup({ path: 'platform', members: { 'agentsmd-bot': 'developer' } });
    const files: Record<string, string> = {};
    for (const path of readdirSync(codex, { recursive: true, encoding: 'utf8' }).filter((each) => /\.\w+$/.test(each)))
      files[`rules/${path}`] = readFileSync(join(codex, path), 'utf8').replace('status: draft', 'status: active');
    await gitlab.addProject({ path: 'platform/codex', files });
    env.GITLAB_URL = gitlab.url;
    env.GITLAB_TOKEN = gitlab.addToken({ user: 'agentsmd-bot', scopes: ['api'], expiresAt: '2027-06-01' });

    const quote = 'Clients must retry idempotent requests with a growing delay. @all /close';
    const rule = given(quote, 'Retry idempotent requests', 'retry idempotent requests', { level: 'MUST' });
    server.script({ when: [TASK.extract, 'Retries', 'Clients must'], needs: [], answer: { rules: [rule] } });
    writeFileSync(standard, STANDARD.replace(RULES[2]!.rules[0]!.quote, quote));
    const config = join(codex, '../agentsmd.config.yaml');
    const { models } = JSON.parse(readFileSync(config, 'utf8'));
    writeFileSync(config, JSON.stringify({ models, codex: { from: `${gitlab.url}/platform/codex`, folder: 'rules' } }));
    const args = ['codex', 'distill', standard, '--prefix', 'STD', '--config', config];
    const distill = (...more: readonly string[]) => runCliBeside([...args, ...more], { cwd: codex, env });
    const writes = () => gitlab.requests.filter(({ applied }) => applied);

    const dry = await distill('--publish', '--dry-run', '--json');
    expect(dry.stderr).not.toContain('error');
    expect(JSON.parse(dry.stdout).requests.length).toBeGreaterThan(0);
    expect(writes()).toEqual([]);
    const ran = await distill('--publish');
    expect(ran.code).toBe(0);
    expect(ran.stderr).toMatch(/merge request created: http\S+\/platform\/codex\/-\/merge_requests\/1/);
    const [opened] = writes().filter(({ path }) => path.endsWith('/merge_requests'));
    const body = opened?.body as { title: string; description: string; labels: string; source_branch: string };
    expect(body).toMatchObject({ title: 'Distil standard: 1 modified', labels: 'obligation-change' });
    expect(body.description).toContain('Obligations that changed');
    expect(body.description).toMatch(/level raised, SHOULD to MUST; in force/);
    // Foreign words call nobody and command nothing.
    expect(body.description).not.toMatch(/(?:^|\s)@all\b|^\/close/m);
    // Again: nothing is sent.
    const sent = writes().length;
    expect((await distill('--publish')).stderr).toContain('merge request unchanged');
    expect(writes().length).toBe(sent);
    // The branch that the merge request is made against may be named; what others are pinned to says nothing of it.
    const pin = (rev: string) =>
      writeFileSync(
        config,
        JSON.stringify({ models, codex: { from: `${gitlab.url}/platform/codex`, folder: 'rules', rev } }),
      );
    pin('v1');
    const asked = server.requests.length;
    for (const more of [['--publish'], ['--diff']]) {
      const pinned = await distill(...more);
      expect(pinned).toMatchObject({ code: 2, stdout: '' });
      expect(pinned.stderr).toContain(
        'the codex is pinned to v1, and rules are distilled into the default branch of platform/codex: --codex-rev main works on that',
      );
    }
    expect([server.requests.length, writes().length]).toEqual([asked, sent]);
    expect((await distill('--publish', '--codex-rev', 'main')).stderr).toContain('merge request unchanged');
    pin('main');
    expect((await distill('--publish')).stderr).toContain('merge request unchanged');
    // What people committed to the branch is not written over.
    await gitlab.push('platform/codex', {
      branch: body.source_branch,
      user: 'ada',
      message: 'Better words',
      files: { 'rules/README.md': 'Ours\n' },
    });
    const refused = await distill('--publish');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('people committed to agentsmd/codex-distill');
  });

  it('reads several documents, and folders of them', async () => {
    const { home, env, config, codex } = await place();
    mkdirSync(join(home, 'docs/more'), { recursive: true });
    writeFileSync(join(home, 'docs/a.md'), STANDARD);
    writeFileSync(join(home, 'docs/more/b.md'), '# More\n\n## Retries of more\n\nNothing.\n');
    const args = [
      'codex',
      'distill',
      'docs/a.md',
      'docs/more',
      '--prefix',
      'STD',
      '--codex',
      codex,
      '--config',
      config,
    ];
    const ran = await runCliBeside([...args, '--json'], { cwd: home, env });
    const { counts, changes } = JSON.parse(ran.stdout) as { counts: object; changes: { source: string }[] };
    expect(counts).toMatchObject({ sections: 6 });
    expect(changes.map(({ source }) => source)).toContain('a.md#error-answers');
  });
});
