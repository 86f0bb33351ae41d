import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Feedback, serializeFeedback } from '../../codex/feedback.ts';
import { makeRepository } from '../../forge/git/testing/make-repo.ts';
import { runCli } from './run-cli.ts';

const RULE = `---
id: TS-1
title: Leave no console.log behind
level: MUST
status: active
check: { kind: file-content, files: ['**/*.ts'], forbid: 'console[.]log' }
---
`;
const now = new Date().toISOString();
const muted = { state: 'muted', since: now, settled: 20, unwanted: 12, lower: 0.385 } as const;
const DOCUMENT: Feedback = { schema: 'agentsmd/codex-feedback/1', at: now, rules: { 'TS-1': { rev: 1, ...muted } } };

/** A codex in a folder, and a configuration that says where it is told how its rules fare. */
function home(feedback: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'agentsmd-feedback-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  mkdirSync(join(dir, 'codex'));
  writeFileSync(join(dir, 'codex/TS-1.md'), RULE);
  writeFileSync(join(dir, 'feedback.json'), serializeFeedback(DOCUMENT));
  writeFileSync(join(dir, 'agentsmd.config.yaml'), `codex: { from: codex, feedback: ${JSON.stringify(feedback)} }\n`);
  return dir;
}

async function reviewed(
  feedback: (repository: string) => string,
  more: (home: string) => readonly string[] = () => [],
) {
  const repository = await makeRepository({
    commits: [
      { files: { 'a.ts': '\n' } },
      { files: { 'a.ts': 'console.log(1);\n', 'f.json': serializeFeedback(DOCUMENT) } },
    ],
  });
  onTestFinished(() => repository.cleanup());
  const dir = home(feedback(repository.dir));
  const config = join(dir, 'agentsmd.config.yaml');
  const args = ['review', '--base', 'main~1', '--head', 'main', '--config', config, '--json', ...more(dir)];
  const { stdout, stderr } = runCli(args, { cwd: repository.dir });
  return { findings: JSON.parse(stdout).findings.length as number, stderr };
}

describe('codex.feedback', { timeout: 120_000 }, () => {
  it('is a file beside the configuration', async () => {
    expect(await reviewed(() => 'feedback.json')).toEqual({ findings: 0, stderr: '' });
  });

  it('says nothing of a codex that the command line names', async () => {
    const named = (dir: string) => ['--codex', join(dir, 'codex')];
    expect(await reviewed(() => 'feedback.json', named)).toEqual({ findings: 1, stderr: '' });
  });

  it.each([
    ['a folder', '.', /EISDIR|directory/],
    ['no document', 'codex/TS-1.md', /no valid JSON/],
    ['a branch of a folder', 'branch', /codex\.from is no address of a git repository/],
  ])('says nothing where it is %s, and every rule counts', async (_, feedback, why) => {
    const { findings, stderr } = await reviewed(() => feedback);
    expect([findings, stderr.split('\n')[0]]).toEqual([1, expect.stringMatching(why)]);
    expect(stderr).toContain('every rule counts in full');
  });

  it('is never one of the repository that is reviewed', async () => {
    const { findings, stderr } = await reviewed((repository) => join(repository, 'f.json'));
    expect(findings).toBe(1);
    expect(stderr).toContain('lies in the repository that is reviewed, and is not read; every rule counts in full');
  });

  it('is never reached through a link into it', async () => {
    const { findings, stderr } = await reviewed((repository) => {
      const dir = mkdtempSync(join(tmpdir(), 'agentsmd-link-'));
      onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
      symlinkSync(join(repository, 'f.json'), join(dir, 'feedback.json'));
      return join(dir, 'feedback.json');
    });
    expect(findings).toBe(1);
    expect(stderr).toContain('lies in the repository that is reviewed');
  });

  it('tells once where there is none, and every rule counts', async () => {
    const { findings, stderr } = await reviewed(() => 'absent.json');
    expect(findings).toBe(1);
    expect(stderr.match(/codex\.feedback/g)).toHaveLength(1);
  });

  it('is what explain tells', () => {
    const dir = home('feedback.json');
    const { stdout } = runCli(['codex', 'explain', 'TS-1'], { cwd: dir });
    expect(stdout).toContain(
      `muted since ${now.slice(0, 10)}: 12 of 20 findings were left as they are (at least 38 %)`,
    );
  });
});
