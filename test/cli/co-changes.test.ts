import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const JOBS = ['mail', 'bill', 'sweep', 'report', 'search', 'export', 'import'];
let repo: TestRepository;
beforeAll(async () => {
  const noise = Array.from({ length: 30 }, (_, at) => ({ files: { [`src/f${at % 5}.ts`]: `${at}` } }));
  const jobs = JOBS.map((job, at) => ({
    files: { [`jobs/${job}.ts`]: '', 'config/jobs.yaml': `${JOBS.slice(0, at + 1).join('\n')}\n` },
  }));
  const start = {
    files: {
      'jobs/index.md': '',
      'config/jobs.yaml': '',
      'package.json': '{"scripts": {"test": "vitest run"}}',
      'package-lock.json': '{}',
    },
  };
  repo = await makeRepository({ commits: [start, ...noise, ...jobs] });
});
afterAll(() => repo.cleanup());

const BULLET = '- A new `jobs/*.ts` also needs its entry in `config/jobs.yaml`';

describe('agentsmd co-changes', () => {
  it('prints what changes together, with numbers and evidence', () => {
    const { code, stdout, stderr } = runCli(['co-changes'], { cwd: repo.dir });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'config/jobs.yaml\n  new jobs/*.ts  7 times  100 %  config/jobs.yaml:7\n',
      stderr: '',
    });
  });

  it('--json prints one document', () => {
    const { stdout } = runCli(['co-changes', '--json', '--rev', 'main'], { cwd: repo.dir });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'agentsmd/co-changes/1',
      commit: repo.commit,
      changes: 38,
      complete: true,
      rules: [{ on: 'new', when: 'jobs/*.ts', also: 'config/jobs.yaml', support: 7, confidence: 1, named: 1 }],
    });
  });

  it('--last looks at fewer changes, and has to be a number', () => {
    const { stdout, stderr } = runCli(['co-changes', '--last', '1'], { cwd: repo.dir });
    expect({ stdout, stderr }).toEqual({
      stdout: '',
      stderr: 'no files were found to change together (1 change looked at)\n',
    });
    const wrong = runCli(['co-changes', '--last', 'ten'], { cwd: repo.dir });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('--last ten: give a whole number from 1');
  });

  it('generate writes the surest into the file, unless told not to', () => {
    const generate = (...args: string[]): string => runCli(['generate', ...args], { cwd: repo.dir }).stdout;
    expect(generate()).toContain(BULLET);
    expect(generate('--no-history')).not.toContain('jobs.yaml');
    expect(runCli(['generate'], { cwd: repo.dir, env: { AGENTSMD_GENERATE_HISTORY: '0' } }).stdout).not.toContain(
      'jobs/',
    );
  });

  it('says nothing of a shallow clone’s history, and that it does not', async () => {
    await testGit(repo.root, ['clone', '--quiet', '--depth=20', `file://${repo.dir}`, 'shallow']);
    const { stdout, stderr } = runCli(['generate'], { cwd: `${repo.root}/shallow` });
    expect(stdout).toContain('npm test');
    expect(stdout).not.toContain('jobs.yaml');
    expect(stderr).toContain('a shallow clone');
    expect(runCli(['co-changes'], { cwd: `${repo.root}/shallow` }).stderr).toContain('only part of the history');
  });
});
