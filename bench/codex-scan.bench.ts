import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mode, type Outcome, scanOnce } from './codex-scan.once.ts';
import type { Measurement } from './run.ts';

export const title =
  "A full scan with every rule of the starter about a language, beside ast-grep's own findInFiles; AGENTSMD_REPOS names the repositories";

/** Bare git directories, below AGENTSMD_REPOS as `<owner>+<name>/repo`. */
const SUBJECTS = [
  { repo: 'apache/kafka', language: 'java', files: ['*.java'] },
  { repo: 'useautumn/autumn', language: 'typescript', files: ['*.ts', '*.tsx'] },
] as const;

/** How often each is run: those that are slow anyway only to compare what is found. */
const ROUNDS: Readonly<Record<Mode, number>> = { ours: 5, any: 5, unfiltered: 1, each: 1 };
const MODES = Object.keys(ROUNDS) as readonly Mode[];

export async function run(): Promise<Measurement[]> {
  const repos = process.env.AGENTSMD_REPOS;
  if (!repos) {
    console.log('  skipped: AGENTSMD_REPOS names no folder of repositories');
    return [];
  }
  return SUBJECTS.flatMap((subject) => {
    const git = join(repos, subject.repo.replace('/', '+'), 'repo');
    if (existsSync(git)) return compared(git, subject);
    console.log(`  skipped: ${subject.repo} is not in AGENTSMD_REPOS`);
    return [];
  });
}

/** The programs take turns, so that whatever else the machine does meets all of them. */
function compared(git: string, { repo, language, files }: (typeof SUBJECTS)[number]): Measurement[] {
  const dir = checkout(git, files);
  try {
    const outcomes = new Map<Mode, Outcome[]>(MODES.map((mode) => [mode, []]));
    for (let round = 0; round < Math.max(...Object.values(ROUNDS)); round++) {
      for (const mode of MODES) if (round < ROUNDS[mode]) outcomes.get(mode)?.push(inOwnProcess(mode, dir, language));
    }
    const of = (mode: Mode): Outcome => medianOf(outcomes.get(mode) ?? []);
    const [ours, unfiltered, any, each] = [of('ours'), of('unfiltered'), of('any'), of('each')];
    const counts = `${ours.findings}, ${unfiltered.findings} without prefilter, ${each.findings} by the peer`;
    if (ours.findings !== unfiltered.findings || ours.findings !== each.findings)
      throw new Error(`${repo}: findings differ: ${counts}`);
    const row = (name: string, { ms, cpuMs, findings }: Outcome, found = `${findings} findings`): Measurement => ({
      name: `${repo}, ${name}`,
      value: ms,
      unit: `ms ${language}`,
      note: `${found}, CPU ${Math.round(cpuMs)} ms`,
    });
    const memory = (name: string, { peakBytes }: Outcome): Measurement => ({
      name: `${repo}, ${name}`,
      value: peakBytes / 1e6,
      unit: 'MB',
    });
    return [
      row(`ours, ${ours.rules} rules`, ours),
      row('ours without prefilter', unfiltered),
      row('findInFiles, all rules at once', any, `${any.findings} nodes`),
      row('findInFiles, rule by rule', each),
      { name: `${repo}, faster than the better peer`, value: Math.min(any.ms, each.ms) / ours.ms, unit: 'times' },
      memory('peak of ours', ours),
      memory('peak without prefilter', unfiltered),
      memory('peak of findInFiles', any),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A checkout of the files that the rules are about; a partial clone may lack others. */
function checkout(git: string, files: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'agentsmd-bench-'));
  const run = (...args: string[]): void => {
    execFileSync('git', args, { cwd: dir, stdio: 'ignore' });
  };
  run('clone', '--quiet', '--shared', '--no-checkout', git, '.');
  run('sparse-checkout', 'set', '--no-cone', ...files);
  run('checkout', '--quiet');
  return dir;
}

function inOwnProcess(mode: Mode, dir: string, language: string): Outcome {
  const args = [import.meta.filename, mode, dir, language];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${mode} failed: ${stderr}`);
  return JSON.parse(stdout);
}

/** The run with the median time. */
function medianOf(outcomes: readonly Outcome[]): Outcome {
  return outcomes.toSorted((a, b) => a.ms - b.ms)[outcomes.length >> 1]!;
}

if (import.meta.main) {
  const [mode, dir = '', language = ''] = process.argv.slice(2);
  console.log(JSON.stringify(await scanOnce({ mode: mode as Mode, dir, language })));
}
