/**
 * README's first command on a folder of repositories, as people leave them: work staged and not, files that git does not know,
 * a branch of their own. Prints what it took, and exits with 1 where anything of theirs changed, a branch or a
 * description is missing, or the second run finds something to do.
 *
 *   AGENTSMD_REPOS=DIR node test/fleet/folder.ts [--count 50] [--program dist/cli/bin.js] [--keep]
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { testGit } from '../../forge/git/testing/make-repo.ts';
import type { RepositoryResult } from '../../jobs/sweep/events.ts';
import { stateOf } from '../cli/sweep-folder.ts';
import { startNode, summaryIn } from './agentsmd.ts';
import { sourcesFor } from './sources.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '50' },
    program: { type: 'string', default: join(import.meta.dirname, '../../cli/main.ts') },
    keep: { type: 'boolean', default: false },
  },
});

const root = mkdtempSync(join(tmpdir(), 'agentsmd-folder-'));
const folder = join(root, 'repositories');
const sources = await sourcesFor(Number(values.count));
const wrong: string[] = [];
try {
  mkdirSync(folder);
  const dirs = new Map<string, string>();
  for (const [at, { name, gitDir, commit }] of sources.all.entries()) {
    const dir = join(folder, `${String(at).padStart(2, '0')}-${name.replace(/[^\w.-]+/g, '-')}`);
    await testGit(folder, ['clone', '--quiet', '--shared', '--no-checkout', gitDir, dir]);
    await testGit(dir, ['checkout', '--quiet', '-B', 'main', commit]);
    await leaveWork(dir);
    dirs.set(dir.slice(folder.length + 1), dir);
  }
  const before = await states(dirs.values());
  console.log(`${dirs.size} folders of ${sources.kind}`);

  const first = await sweep('first');
  const { summary } = first;
  console.log(`first run: ${(first.ms / 1000).toFixed(1)} s, peak ${mib(first.peak)} MiB, ${JSON.stringify(summary)}`);
  compare(before, await states(dirs.values()));
  for (const { path, outcome } of first.told) {
    if (outcome !== 'generated' && outcome !== 'refreshed') continue;
    const dir = dirs.get(path)!;
    const tip = await testGit(dir, ['for-each-ref', '--format=%(objectname)', 'refs/heads/agentsmd/refresh']);
    if (tip === '') wrong.push(`${path}: no branch agentsmd/refresh`);
    const described = readdirSync(join(dir, '.git/agentsmd/merge-requests'));
    if (described.length !== 1) wrong.push(`${path}: descriptions: ${described.join(', ')}`);
    else if (
      !readFileSync(join(dir, '.git/agentsmd/merge-requests', described[0]!), 'utf8').includes('agentsmd/refresh')
    )
      wrong.push(`${path}: a description that does not name its branch`);
  }
  if (summary.repositories !== dirs.size) wrong.push(`${summary.repositories} of ${dirs.size} were swept`);

  const second = await sweep('second');
  console.log(`second run: ${(second.ms / 1000).toFixed(1)} s, ${JSON.stringify(second.summary)}`);
  compare(before, await states(dirs.values()));
  const open = Object.values(second.summary.failed).reduce((sum, count) => sum + count, 0);
  if (second.told.length > 0 || second.summary.unchanged + open !== dirs.size)
    wrong.push(`the second run did something: ${JSON.stringify(second.told.slice(0, 3))}`);
} finally {
  if (values.keep) console.log(`kept: ${root}`);
  else rmSync(root, { recursive: true, force: true });
  await sources.cleanup();
}
for (const line of wrong) console.log(`WRONG ${line}`);
console.log(wrong.length === 0 ? 'everything of theirs is as it was' : `${wrong.length} things are wrong`);
if (wrong.length > 0) process.exitCode = 1;

async function sweep(which: string) {
  const running = startNode([resolve(values.program), 'sweep', '--dir', folder, '--json'], {
    cwd: root,
    env: { AGENTSMD_STATE_DIR: join(root, 'state'), AGENTSMD_CACHE_DIR: join(root, 'cache') },
  });
  const ended = await running.ended;
  const told: readonly RepositoryResult[] = running.told();
  for (const { path, reason, message } of told.filter(({ outcome }) => outcome === 'failed'))
    console.log(`${which}: ${path}: ${reason}: ${message}`);
  return { summary: summaryIn(ended, [0, 1]), told, ms: ended.ms, peak: ended.usage?.peakBytes ?? 0 };
}

async function leaveWork(dir: string): Promise<void> {
  writeFileSync(join(dir, 'staged-by-somebody.txt'), 'staged\n');
  await testGit(dir, ['add', '--force', 'staged-by-somebody.txt']);
  writeFileSync(join(dir, 'unknown-to-git.txt'), 'mine\n');
  await testGit(dir, ['branch', 'feature/x']);
  const { stdout } = spawnSync('git', ['-C', dir, 'ls-files', '-z', '*.md'], { encoding: 'utf8' });
  const [document] = stdout.split('\0');
  if (document) appendFileSync(join(dir, document), '\nNot committed.\n');
}

async function states(all: Iterable<string>): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const found = new Map<string, Readonly<Record<string, string>>>();
  for (const dir of all) found.set(dir, await stateOf(dir));
  return found;
}

function compare(before: Awaited<ReturnType<typeof states>>, now: Awaited<ReturnType<typeof states>>): void {
  for (const [dir, was] of before) {
    const is = now.get(dir) ?? {};
    const names = new Set([...Object.keys(was), ...Object.keys(is)]);
    for (const name of names) if (was[name] !== is[name]) wrong.push(`${dir}: ${name} is not as it was`);
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
