import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The version that numbers are known of. Never a dependency: it is installed into a temporary folder, once. */
const VERSION = '44.121.2';

export interface Renovate {
  readonly version: string;
  /** Its program, to be run with this Node. */
  readonly program: string;
}

/** What keeps the bench from being run, in words. */
export type Unavailable = { readonly why: string };

/** Installs it where it is not yet: some 600 packages, 500 MB. `AGENTSMD_RENOVATE` names a folder that has it. */
export function findRenovate(): Renovate | Unavailable {
  const folder = process.env.AGENTSMD_RENOVATE ?? join(tmpdir(), `agentsmd-peer-renovate-${VERSION}`);
  const home = join(folder, 'node_modules/renovate');
  if (!existsSync(join(home, 'package.json'))) {
    if (process.env.AGENTSMD_RENOVATE) return { why: `there is no renovate in ${folder}` };
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `renovate@${VERSION}`];
    const { status, stderr, error } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) return { why: `npm could not install it: ${error?.message ?? stderr.trim().split('\n').at(-1)}` };
  }
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
  return { version, program: join(home, 'dist/renovate.js') };
}

export interface RenovateRun {
  readonly ms: number;
  /** How many repositories it finished, and how many of those it cloned. */
  readonly finished: number;
  readonly cloned: number;
}

/** One run over everything that the token sees, with its cache on. @param base the folder of its cache, kept between runs. */
export async function runRenovate(
  { program }: Renovate,
  { url, token, base }: { readonly url: string; readonly token: string; readonly base: string },
): Promise<RenovateRun> {
  const home = join(base, 'home');
  mkdirSync(home, { recursive: true });
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    RENOVATE_PLATFORM: 'gitlab',
    RENOVATE_ENDPOINT: `${url}/api/v4/`,
    RENOVATE_TOKEN: token,
    RENOVATE_AUTODISCOVER: 'true',
    RENOVATE_GIT_AUTHOR: 'bot <bot@example.com>',
    // Both save it a request.
    RENOVATE_USERNAME: 'agentsmd-bot',
    RENOVATE_X_PLATFORM_VERSION: '18.8.0',
    RENOVATE_ONBOARDING: 'false',
    RENOVATE_REPOSITORY_CACHE: 'enabled',
    RENOVATE_BASE_DIR: join(base, 'renovate'),
    LOG_LEVEL: 'info',
    LOG_FORMAT: 'json',
  };
  const began = performance.now();
  const said = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [program], { cwd: home, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error && stdout === '') reject(new Error(`${error.message}\n${stderr}`));
      else resolve(stdout);
    });
  });
  const ms = performance.now() - began;
  const finished = said.split('\n').filter((line) => line.includes('"Repository finished"'));
  return { ms, finished: finished.length, cloned: finished.filter((line) => line.includes('"cloned":true')).length };
}

/** To be printed beside every number. */
export const FAIRNESS = [
  'Renovate does other work: it looks for dependencies, here reduced to none (one manager, no dashboard), with its cache on.',
  'It works on one repository after the other by design, and asks git for every tip; we ask GraphQL for a hundred at a time.',
  'Both had a first run before; counted are requests to API and git that reached the simulator, of a run in which nothing is new.',
];

/** What makes its run one in which there is nothing to do. */
export const RENOVATE_CONFIG = '{"enabledManagers":["dockerfile"],"dependencyDashboard":false}\n';
