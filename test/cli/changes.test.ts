import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRepository, type TestRepository, testGit } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const MAKE = 'test:\n\tgo test ./...\n\nlint:\n\tgolangci-lint run\n';
let repo: TestRepository;
beforeAll(async () => {
  const start = {
    'main.go': 'package main\n',
    'go.mod': 'module x\n\ngo 1.23\n',
    Makefile: MAKE,
    'AGENTS.md': '# x\n\n- Lint: `make lint`\n',
  };
  repo = await makeRepository({
    commits: [
      { files: start, message: 'start' },
      {
        files: { Makefile: MAKE.replace('lint:', 'check:'), 'go.mod': 'module x\n\ngo 1.24\n' },
        message: 'chore: nothing',
      },
      { files: { 'util.go': 'package main\n' }, message: 'feat!: migrate everything to bazel' },
    ],
  });
});
afterAll(() => repo.cleanup());

describe('agentsmd changes', () => {
  it('prints what changed by its materiality, and the lines that are false now', () => {
    const { code, stdout, stderr } = runCli(['changes', '--from', 'main~2', '--to', 'main~1'], { cwd: repo.dir });
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: [
        'materiality: high',
        '',
        'high',
        '  command.lint  make lint -> make check    Makefile:4',
        '  task          make lint -> make check    Makefile:4',
        '',
        'medium',
        '  runtime.go    1.23 -> 1.24               go.mod:3',
        '',
        'no longer true',
        '  AGENTS.md:3: make lint',
        '    - Lint: `make check`',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('--json prints one document', () => {
    const { stdout } = runCli(['changes', '--from', 'main~2', '--to', 'main', '--json'], { cwd: repo.dir });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'agentsmd/changes/1',
      materiality: 'high',
      changes: [
        {
          key: 'command.lint',
          dir: '',
          from: 'make lint',
          to: 'make check',
          materiality: 'high',
          evidence: [{ path: 'Makefile', line: 4 }],
        },
        {
          key: 'task',
          dir: '',
          from: 'make lint',
          to: 'make check',
          materiality: 'high',
          evidence: [{ path: 'Makefile', line: 4 }],
        },
        {
          key: 'runtime.go',
          dir: '',
          from: '1.23',
          to: '1.24',
          materiality: 'medium',
          evidence: [{ path: 'go.mod', line: 3 }],
        },
      ],
      stale: [{ path: 'AGENTS.md', line: 3, subject: 'make lint', suggestion: '- Lint: `make check`' }],
    });
  });

  it('compares HEAD with its first parent unless told, and reads no message', () => {
    expect(runCli(['changes'], { cwd: repo.dir })).toEqual({
      code: 0,
      stdout: 'materiality: low\n',
      stderr: '1 file differs, but nothing that people rely on: no command, version, generated folder or CI job\n',
    });
    const same = runCli(['changes', '--from', 'main', '--to', 'main'], { cwd: repo.dir });
    expect(same.stderr).toBe('no file differs between the two commits\n');
  });

  it('says which revision there is not', () => {
    const { code, stderr } = runCli(['changes', '--from', 'nowhere'], { cwd: repo.dir });
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere');
    const first = runCli(['changes', '--to', 'main~2'], { cwd: repo.dir });
    expect(first.code).toBe(2);
    expect(first.stderr).toContain('main~2 has no parent here');
  });

  it('says nothing of a change whose content is not there', async () => {
    await repo.git('config', 'uploadpack.allowFilter', 'true');
    const clone = ['clone', '-q', '--filter=blob:none', '--no-checkout', `file://${repo.dir}`, 'partial'];
    await testGit(repo.root, clone);
    const { code, stdout, stderr } = runCli(['changes', 'partial', '--from', 'main~2', '--to', 'main~1'], {
      cwd: repo.root,
    });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/(?:Makefile|go\.mod) changed, and its content is not in this clone/);
  });
});
