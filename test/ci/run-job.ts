import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MAIN, type Ran, watchRan } from '../cli/run-cli.ts';

/** What of a job its script and its environment are made of. */
export interface JobScript {
  readonly script: readonly string[];
  readonly after_script?: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The job of a rendered component that is called so, with what it extends. */
export function jobOf(pipeline: unknown, name: string): JobScript & { readonly allow_failure: unknown } {
  const jobs = pipeline as Record<string, JobScript & { readonly extends: string | readonly string[] }>;
  const own = jobs[name]!;
  const bases = [own.extends].flat().map((base) => jobs[base]!);
  const variables = Object.assign({}, ...[...bases, own].map((job) => job.variables));
  return Object.assign({}, ...bases, own, { variables });
}

export interface Checkout {
  readonly dir: string;
  /** Variables that GitLab, the group and the project set: they come before those of the pipeline. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder of the test's own: home of the user, and programs of the image. */
  readonly folder: string;
}

/** Runs the lines of a script one behind the other in one shell that ends with the first that fails, as a runner does. */
export function runScript(job: JobScript, lines: readonly string[], { dir, env, folder }: Checkout): Promise<Ran> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'agentsmd'), `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`);
  chmodSync(join(bin, 'agentsmd'), 0o755);
  const project = { CI_PROJECT_DIR: dir };
  const variables = Object.fromEntries(
    Object.entries(job.variables).map(([name, value]) => [name, value.replaceAll('$CI_PROJECT_DIR', dir)]),
  );
  const path = [bin, dirname(process.execPath), process.env.PATH].join(':');
  const options = {
    cwd: dir,
    env: { HOME: folder, ...project, ...variables, ...env, PATH: path },
    maxBuffer: 64 << 20,
  };
  return new Promise((resolve) => {
    execFile('sh', ['-e', '-c', lines.join('\n')], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      watchRan(lines, stdout, stderr);
      resolve({ code, stdout, stderr });
    });
  });
}
