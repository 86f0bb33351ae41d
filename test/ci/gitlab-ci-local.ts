import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testGit } from '../../forge/git/testing/make-repo.ts';

const PROGRAM = fileURLToPath(import.meta.resolve('gitlab-ci-local'));

export interface Answer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What gitlab-ci-local says of a pipeline: it includes, puts inputs in, extends and judges rules by code of its own, and holds the
 * result against the JSON schema that GitLab's editor has. Nothing is run.
 */
export async function gitlabCiLocal(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = { CI_PIPELINE_SOURCE: 'merge_request_event' },
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'agentsmd-ci-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    await testGit(folder, ['init', '-q', '-b', 'main']);
    await testGit(folder, ['remote', 'add', 'origin', 'git@gitlab.example.com:shop/pay.git']);
    await testGit(folder, ['add', '--all']);
    await testGit(folder, ['commit', '-q', '-m', 'First']);
    const set = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    return await run(folder, [...args, ...set, '--ignore-predefined-vars', Object.keys(variables).join(',')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(cwd: string, args: readonly string[]): Promise<Answer> {
  const options = { cwd, env: { PATH: process.env.PATH ?? '', HOME: cwd } };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...args], options, (error, stdout, stderr) =>
      resolve({ ok: error === null, stdout, stderr }),
    );
  });
}
