/**
 * How often `agentsmd changes` calls a commit nobody chose high: random first-parent commits of the repositories of a
 * corpus, the same number from each, by a fixed seed.
 *
 *   node test/corpus/random-commits.ts --repos DIR --gold DIR [--count 500] [--seed 1] [--level high]
 *
 * `--repos` holds `<owner>+<name>/repo`, `--gold` a `<owner>__<name>.json` for each repository to sample. Prints each commit
 * of the level with the changes that explain it, then the rates and the time a commit takes. Messages are not read.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { changesBetween, materialityOf } from '../../facts/changes/index.ts';
import { compareCommits } from '../../forge/git/compare.ts';
import { openRepository } from '../../forge/git/open.ts';
import { runGit } from '../../forge/git/run.ts';

const { values } = parseArgs({
  options: {
    repos: { type: 'string' },
    gold: { type: 'string' },
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    level: { type: 'string', default: 'high' },
  },
});
if (!values.repos || !values.gold) {
  console.error('usage: random-commits.ts --repos DIR --gold DIR [--count 500] [--seed 1] [--level high]');
  process.exit(2);
}

const random = mulberry32(Number(values.seed));
const repos = readdirSync(values.gold)
  .filter((name) => name.endsWith('.json'))
  .map((name) => join(values.repos!, name.slice(0, -'.json'.length).replace('__', '+'), 'repo'))
  .filter((dir) => existsSync(dir))
  .sort();
const each = Math.ceil(Number(values.count) / repos.length);
const counts = { high: 0, medium: 0, low: 0, failed: 0 };
const times: number[] = [];

for (const dir of repos) {
  const log = await runGit(['log', '--first-parent', '--format=%H', '--skip=0', 'HEAD', '--'], { dir });
  // The last one has no parent to be compared with.
  const commits = log.toString('utf8').trim().split('\n').slice(0, -1);
  for (const commit of sample(commits, each)) await judge(dir, commit);
}
const total = counts.high + counts.medium + counts.low;
times.sort((a, b) => a - b);
const share = (count: number): string => `${count} (${((100 * count) / total).toFixed(1)} %)`;
console.log(
  `\n${total} commits: high ${share(counts.high)}, medium ${share(counts.medium)}, low ${share(counts.low)}, could not be compared ${counts.failed}; median ${times[times.length >> 1]?.toFixed(0)} ms, max ${times.at(-1)?.toFixed(0)} ms`,
);

async function judge(dir: string, commit: string): Promise<void> {
  const started = performance.now();
  try {
    const files = await compareCommits(dir, `${commit}^`, commit);
    const [before, after] = [
      await openRepository(dir, { rev: `${commit}^` }),
      await openRepository(dir, { rev: commit }),
    ];
    const { changes } = await changesBetween(before, after, files);
    await Promise.all([before.close(), after.close()]);
    times.push(performance.now() - started);
    const materiality = materialityOf(changes);
    counts[materiality]++;
    if (materiality !== values.level) return;
    console.log(`${dir} ${commit.slice(0, 12)}`);
    for (const { key, dir: folder, from, to, evidence } of changes.filter(
      (change) => change.materiality === materiality,
    ))
      console.log(
        `  ${key} [${folder}] ${from} -> ${to} (${evidence.map(({ path, line }) => `${path}:${line}`).join(', ')})`,
      );
  } catch (error) {
    counts.failed++;
    console.log(`${dir} ${commit.slice(0, 12)}: ${(error as Error).message}`);
  }
}

/** So many of a list, each at most once. */
function sample<T>(list: readonly T[], size: number): readonly T[] {
  const left = [...list];
  const chosen: T[] = [];
  while (chosen.length < size && left.length > 0) chosen.push(...left.splice(Math.floor(random() * left.length), 1));
  return chosen;
}

/** A small generator of numbers from 0 to 1 that gives the same ones for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
