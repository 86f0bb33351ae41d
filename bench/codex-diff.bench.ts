import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import type { Measurement } from './run.ts';

export const title = 'codex check --base: the whole process on merges of about 50 files';

const ROOT = join(import.meta.dirname, '..');
/** How many files a change touches to be one of about 50. */
const [FEWEST, MOST] = [40, 65];
/** Changes of each repository, each run so often; the first run of all fills the caches and is not counted. */
const CHANGES = 4;
const ROUNDS = 3;

/**
 * `AGENTSMD_REPOS` names a folder of real repositories, bare or not, at its first or second level; `AGENTSMD_BENCH` those whose
 * names hold one of its words. Without it a repository is made.
 */
export async function run(): Promise<Measurement[]> {
  const { AGENTSMD_REPOS: folder, AGENTSMD_BENCH: words = '' } = process.env;
  const made = folder === undefined ? await madeRepository() : undefined;
  const repositories =
    folder === undefined ? [made!.dir] : repositoriesIn(folder, words.split(/[\s,]+/).filter(Boolean));
  const cache = mkdtempSync(join(tmpdir(), 'agentsmd-bench-'));
  const built = join(ROOT, 'dist/cli/bin.js');
  // A build from before there was the command says nothing.
  const help = existsSync(built)
    ? spawnSync(process.execPath, [built, 'codex', 'check', '--help']).stdout.toString()
    : '';
  const programs = [join(ROOT, 'cli/bin.ts'), ...(help.includes('--staged') ? [built] : [])];
  try {
    const rows: Measurement[] = [];
    for (const program of programs) {
      const all: number[] = [];
      for (const repo of repositories) {
        const times = changesOf(repo).flatMap((commit) => timesOf(program, repo, commit, cache));
        if (times.length === 0) continue;
        all.push(...times);
        const name = `${nameOf(repo)}, ${program.replace(`${ROOT}/`, '')}`;
        rows.push({
          name: `${name}, median`,
          value: median(times),
          unit: 'ms',
          note: `max ${Math.round(Math.max(...times))} ms`,
        });
      }
      rows.push({
        name: `all, ${program.replace(`${ROOT}/`, '')}, median`,
        value: median(all),
        unit: 'ms',
        note: `max ${Math.round(Math.max(...all))} ms of ${all.length} runs`,
      });
    }
    return rows;
  } finally {
    rmSync(cache, { recursive: true, force: true });
    await made?.cleanup();
  }
}

function timesOf(program: string, repo: string, commit: string, cache: string): number[] {
  const args = [program, 'codex', 'check', repo, '--base', `${commit}^1`, '--rev', commit, '--json'];
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  return Array.from({ length: ROUNDS + 1 }, () => {
    const start = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', maxBuffer: 256 << 20 });
    if (status !== 0 && status !== 1) throw new Error(`${repo} ${commit}: ${stderr}`);
    return performance.now() - start;
  }).slice(1);
}

/** The newest commits of the main line that touched about 50 files: merges where the project merges, squashed ones where not. */
function changesOf(repo: string): string[] {
  const log = git(
    repo,
    'log',
    '--first-parent',
    '--diff-merges=first-parent',
    '--max-count=3000',
    '--format=%x01%H',
    '--name-only',
    'HEAD',
  );
  const found: string[] = [];
  for (const entry of log.split('\x01').slice(1)) {
    const [commit = '', ...lines] = entry.split('\n');
    const files = lines.filter((line) => line !== '').length;
    if (files >= FEWEST && files <= MOST) found.push(commit);
    if (found.length === CHANGES) break;
  }
  // The very first commit has nothing before it.
  return found.filter((commit) => git(repo, 'rev-list', '--parents', '-n1', commit).trim().includes(' '));
}

function repositoriesIn(folder: string, words: readonly string[]): string[] {
  const isRepository = (path: string): boolean => existsSync(join(path, '.git')) || existsSync(join(path, 'HEAD'));
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && (words.length === 0 || words.some((word) => entry.name.includes(word))))
    .flatMap(({ name }) => {
      const path = join(folder, name);
      if (isRepository(path)) return [path];
      return readdirSync(path)
        .map((inner) => join(path, inner))
        .filter(isRepository);
    });
}

function nameOf(repo: string): string {
  return ['repo', 'repo.git'].includes(basename(repo)) ? basename(join(repo, '..')) : basename(repo);
}

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', ['-C', dir, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** 3,000 files of code, of which four changes touch 50 each. */
async function madeRepository(): ReturnType<typeof makeRepository> {
  const path = (at: number): string => `packages/p${at % 40}/src/part${at % 9}/file${at}.ts`;
  const code = (at: number, change: number): string =>
    Array.from(
      { length: 120 },
      (_, line) => `export const value${line} = compute(${at + change * (line % 40 === 0 ? 1 : 0)});\n`,
    ).join('');
  const files = (from: number, count: number, change: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [path(from + at), code(from + at, change)]));
  const commits = [
    { files: { ...files(0, 3000, 0), 'package.json': '{"devDependencies": {"vitest": "4"}}' } },
    ...Array.from({ length: CHANGES }, (_, change) => ({ files: files(change * 50, 50, change + 1) })),
  ];
  return await makeRepository({ commits }, { bare: true });
}
