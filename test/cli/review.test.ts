import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const PACKAGE = (manager: string, test: string) =>
  `${JSON.stringify({ name: 'x', packageManager: manager, scripts: { test } }, null, 2)}\n`;
const BEFORE = {
  'package.json': PACKAGE('yarn@4.0.0', 'node --test'),
  'yarn.lock': '',
  'AGENTS.md': '# x\n\n- Test: `yarn test`\n',
};
const SWITCH = { 'package.json': PACKAGE('pnpm@9.0.0', 'node --test'), 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n" };
const HIDDEN = { 'AGENTS.md': '# x\n\n- Test: `yarn test`\n- Tests\u{e0041}\u{e0042}\u{e0043} matter\n' };

/** main, and what one commit on a branch of it does. */
async function repositoryOf(
  files: Record<string, string>,
  more: { readonly deleted?: string[]; readonly main?: Record<string, string> } = {},
): Promise<TestRepository> {
  const { deleted = [], main = {} } = more;
  const repository = await makeRepository({ commits: [{ files: { ...BEFORE, ...main } }, { files, deleted }] });
  onTestFinished(() => repository.cleanup());
  await repository.git('branch', 'change', 'main');
  await repository.git('checkout', '--quiet', 'change');
  await repository.git('branch', '--force', 'main', 'main~1');
  return repository;
}

const review = ({ dir }: { readonly dir: string }, ...args: string[]) => runCli(['review', ...args], { cwd: dir });

describe('agentsmd review', { timeout: 120_000 }, () => {
  it('prints what is wrong with the lines around it, how it should read, and the decision', async () => {
    const { code, stdout, stderr } = review(await repositoryOf(SWITCH, { deleted: ['yarn.lock'] }));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        'AGENTS.md:3  warning  AGENTS.md still says "yarn test", which this change makes false  agents-md',
        '  package-manager was "yarn" and is "pnpm" now. Agents that read this line will do the old thing.',
        '    1 | # x',
        '    2 | ',
        '  > 3 | - Test: `yarn test`',
        '  + - Test: `pnpm test`',
        '',
        'approved with comments: 1 warning, none of them a risk for production',
        'trivial risk (2 lines in 1 file); agents-md 1; looked at by agents-md and codex-compliance',
        'left out, lock-file: pnpm-lock.yaml, yarn.lock',
        '',
      ].join('\n'),
    );
  });

  it('--json prints one document', async () => {
    const repository = await repositoryOf(SWITCH, { deleted: ['yarn.lock'] });
    const { stdout } = review(repository, '--base', 'main', '--head', 'change', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      schema: 'agentsmd/review/1',
      base: (await repository.git('rev-parse', 'main')).trim(),
      head: (await repository.git('rev-parse', 'change')).trim(),
      tier: 'trivial',
      decision: 'approved_with_comments',
      complete: true,
      findings: [
        {
          path: 'AGENTS.md',
          line: 3,
          suggestion: '- Test: `pnpm test`',
          fingerprint: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ],
      dropped: [],
      files: 3,
      filtered: [
        { path: 'pnpm-lock.yaml', reason: 'lock-file' },
        { path: 'yarn.lock', reason: 'lock-file' },
      ],
      unread: [],
      offer: null,
      agents: [
        { name: 'agents-md', state: 'done', findings: 1, message: null },
        { name: 'codex-compliance', state: 'done', findings: 0, message: null },
      ],
      ms: expect.any(Number),
    });
    expect(
      review(repository, '--head', 'change', '--base', 'main', '--format', 'json').stdout.replace(/"ms": \d+/g, ''),
    ).toBe(stdout.replace(/"ms": \d+/g, ''));
  });

  it.each([
    'text',
    'markdown',
    'json',
    'sarif',
    'code-quality',
  ])('gives %s with the finding and its rule', async (format) => {
    const { code, stdout } = review(await repositoryOf(HIDDEN), '--format', format);
    expect(code).toBe(1);
    expect(stdout).toContain('AMD402');
    expect(stdout).not.toMatch(/[\u{e0000}-\u{e007f}]/u);
    if (format === 'sarif') {
      const [run] = JSON.parse(stdout).runs;
      expect(run.results[0]).toMatchObject({ ruleId: 'AMD402', level: 'error', ruleIndex: 0 });
      expect(run.tool.driver.rules[0]).toMatchObject({ id: 'AMD402' });
    }
    if (format === 'code-quality')
      expect(JSON.parse(stdout)).toMatchObject([
        { check_name: 'AMD402', severity: 'critical', location: { path: 'AGENTS.md', lines: { begin: 4 } } },
      ]);
    if (format === 'markdown') expect(stdout).toMatch(/^## Significant concerns\n/);
  });

  it('holds up by its mode, which the change cannot set', async () => {
    const main = { 'agentsmd.config.yaml': 'review: { mode: blocking }\n' };
    const repository = await repositoryOf(
      { ...HIDDEN, 'agentsmd.config.yaml': 'review: { mode: shadow }\n' },
      { main },
    );
    const { code, stdout, stderr } = review(repository);
    expect(code).toBe(1);
    expect(stdout).toContain('significant concerns');
    expect(stderr).toContain('agentsmd.config.yaml is another one at main, which counts');
    const advisory = review(repository, '--mode', 'advisory');
    expect(advisory.code).toBe(0);
    expect(advisory.stderr).toContain('advisory: this holds nothing up');
  });

  it('takes rules about agent documents as the organisation sets them', async () => {
    const told = async (check: string) => {
      const main = { 'agentsmd.config.yaml': `check: ${check}\n`, Makefile: 'all:\n' };
      const repository = await repositoryOf({ 'CLAUDE.md': '# x\n\n- Build: `make nothing`\n' }, { main });
      return JSON.parse(review(repository, '--json').stdout).findings.map(
        ({ severity }: { severity: string }) => severity,
      );
    };
    expect(await told('{}')).toContain('warning');
    expect(await told('{ rules: { AMD103: info } }')).not.toContain('warning');
    expect(await told('{ ignore: [CLAUDE.md] }')).toEqual([]);
  });

  it('looks at what is staged, and at the working tree', async () => {
    const repository = await repositoryOf({ 'a.txt': 'a\n' });
    writeFileSync(join(repository.dir, 'AGENTS.md'), HIDDEN['AGENTS.md']);
    expect(review(repository, '--staged')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing is changed'),
    });
    expect(review(repository, '--local')).toMatchObject({ code: 1 });
    expect(review(repository, '--base', 'main', '--head', 'change')).toMatchObject({ code: 0 });
    await repository.git('add', '-A');
    expect(review(repository, '--staged')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('significant concerns'),
    });
  });

  it('reads large lock files, and leaves out alone what is too large even for that', async () => {
    const lock = `${'# '.padEnd(100, 'x')}\n`.repeat(20_000);
    const huge = `${'y'.repeat(100)}\n`.repeat(500_000);
    const files = { 'a.txt': 'a\n', 'huge.txt': huge, 'huge.bin': huge.replaceAll('y\n', 'y\0'), ...HIDDEN };
    const repository = await repositoryOf(files, { main: { 'yarn.lock': lock } });
    const { code, stdout } = review(repository, '--base', 'main', '--head', 'change', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      decision: 'significant_concerns',
      tier: 'full',
      findings: [{ path: 'AGENTS.md', line: 4, severity: 'critical' }],
      unread: [
        { path: 'huge.bin', reason: 'too-large' },
        { path: 'huge.txt', reason: 'too-large' },
      ],
      agents: [{ state: 'done' }, { state: 'done' }],
    });
  });

  it('takes what was moved where nobody looks for gone, and what came from there for new', async () => {
    const main = { 'src/a.ts': 'export const a = 1;\n'.repeat(9), 'docs/b.ts': 'export const b = 2;\n'.repeat(9) };
    const repository = await repositoryOf({ 'x.txt': '' }, { main });
    await repository.git('mv', 'src/a.ts', 'docs/a.ts');
    await repository.git('mv', 'docs/b.ts', 'src/b.ts');
    await repository.git('commit', '-q', '-m', 'move');
    const run = runCli(['review', '--base', 'main', '--json'], {
      cwd: repository.dir,
      env: { AGENTSMD_FACTS_IGNORE: 'docs/**' },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ files: 3, unread: [], tierBecause: '18 lines in 3 files' });
  });

  it.each([
    ['agents', { agents: { dir: 'prompts' } }, 'prompts/agents/security.md'],
    ['codex', { codex: { from: './standards' } }, 'standards/X-1.md'],
    ['itself', {}, 'own.json'],
  ])('looks closely at what the configuration names in the repository: %s', async (_, config, path) => {
    const rule = ['id: X-2', 'title: T', 'when: always', 'level: MAY', 'status: active', 'owner: group:default/x'];
    const main = { 'standards/X-2.md': `---\n${rule.join('\n')}\n---\n` };
    const repository = await repositoryOf({ [path]: `${JSON.stringify(config)}\n` }, { main });
    writeFileSync(join(repository.dir, 'own.json'), `${JSON.stringify(config)}\n`);
    const told = (...more: string[]) =>
      JSON.parse(review(repository, '--base', 'main', '--head', 'change', '--json', ...more).stdout).tier;
    expect(told('--config', join(repository.dir, 'own.json'))).toBe('full');
    expect(told()).toBe('trivial');
  });

  it('says that nothing is changed where nothing is', async () => {
    const repository = await repositoryOf({ 'a.txt': 'a\n' });
    expect(review(repository, '--base', 'change')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^not reviewed: nothing is changed\n/),
      stderr: 'the working tree was compared with change: --base REV compares with something else, such as HEAD~1\n',
    });
  });

  it('says what is missing in a clone with little history, and reviews nothing else instead', async () => {
    const origin = await repositoryOf({ 'a.txt': 'a\n' });
    await origin.git('checkout', '--quiet', 'main');
    for (const name of ['b', 'c', 'd']) {
      writeFileSync(join(origin.dir, `${name}.txt`), name);
      await origin.git('add', '-A');
      await origin.git('commit', '-q', '-m', name);
    }
    const clone = (name: string, ...args: string[]) =>
      testGit(origin.root, ['clone', '-q', ...args, `file://${origin.dir}`, join(origin.root, name)]);
    // As a job of a pipeline: one branch, little of it, HEAD at a commit.
    await clone('job', '--depth', '1', '--branch', 'change', '--single-branch');
    const job = { dir: join(origin.root, 'job') };
    await testGit(job.dir, ['checkout', '-q', '--detach']);
    const missing = review(job, '--base', 'origin/main');
    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toContain('git fetch --unshallow origin main:refs/remotes/origin/main');
    await testGit(job.dir, ['fetch', '-q', '--depth', '1', 'origin', 'main:refs/remotes/origin/main']);
    const apart = review(job, '--base', 'origin/main');
    expect(apart).toMatchObject({ code: 3, stdout: '' });
    expect(apart.stderr).toContain('git fetch --unshallow origin');
    await testGit(job.dir, ['fetch', '-q', '--unshallow', 'origin']);
    const whole = review(job, '--base', 'origin/main', '--json');
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ files: 1, decision: 'approved' });
  });

  it('names a finding the same after a rebase that moved its line', async () => {
    const repository = await repositoryOf(SWITCH, { deleted: ['yarn.lock'] });
    const [before] = JSON.parse(review(repository, '--json').stdout).findings;
    await repository.git('checkout', '-q', 'main');
    writeFileSync(join(repository.dir, 'AGENTS.md'), '# x\n\nAn application.\n\n- Test: `yarn test`\n');
    await repository.git('commit', '-q', '-a', '-m', 'words');
    await repository.git('checkout', '-q', 'change');
    await repository.git('rebase', '-q', 'main');
    const [after] = JSON.parse(review(repository, '--json').stdout).findings;
    expect([before.line, after.line]).toEqual([3, 5]);
    expect(after.fingerprint).toBe(before.fingerprint);
  });

  it('of a merge result looks at what was merged', async () => {
    const repository = await repositoryOf(SWITCH, { deleted: ['yarn.lock'] });
    await repository.git('checkout', '-q', 'main');
    writeFileSync(join(repository.dir, 'theirs.txt'), 't');
    await repository.git('add', '-A');
    await repository.git('commit', '-q', '-m', 'theirs');
    await repository.git('checkout', '-q', '--detach', 'main');
    await repository.git('merge', '-q', '--no-edit', 'change');
    const { stdout } = review(repository, '--base', 'main', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ files: 3, findings: [{ path: 'AGENTS.md', line: 3 }] });
  });

  it.each([
    [['--staged', '--base', 'main'], '--staged is compared with HEAD'],
    [['--local', '--head', 'change'], '--local is the working tree'],
    [['--head', 'change'], '--head needs --base'],
    [['--json', '--format', 'sarif'], 'exclude each other'],
  ])('%s is wrong usage', async (args, message) => {
    const { code, stderr, stdout } = review(await repositoryOf({ 'a.txt': 'a\n' }), ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('wants to know the base where there is no branch that it could be', async () => {
    const repository = await makeRepository({ files: { 'a.txt': 'a' } });
    onTestFinished(() => repository.cleanup());
    await repository.git('branch', '-m', 'main', 'trunk');
    expect(review(repository)).toMatchObject({ code: 2, stderr: expect.stringContaining('name it with --base') });
  });
});
