import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeRepository } from '../forge/git/testing/make-repo.ts';
import { manifest, sources } from './review-files.ts';
import type { Measurement } from './run.ts';

export const title =
  'review: the whole process, no model, median of 7; 2,500 files of 100 lines, 5 and 500 of them changed';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 7;
const FILES = 2500;

/** A change of each size; every file in it altered at two places. */
export async function run(): Promise<Measurement[]> {
  const built = join(ROOT, 'dist/cli/bin.js');
  const program = existsSync(built) ? built : join(ROOT, 'cli/bin.ts');
  const { dir, cleanup } = await makeRepository({
    commits: [
      { files: { ...manifest(), ...sources(0, FILES, 'a') } },
      { files: sources(0, 5, 'b') },
      { files: sources(0, 500, 'c') },
    ],
  });
  try {
    return [
      ...measured('5 files', program, dir, ['--base', 'main~2', '--head', 'main~1']),
      ...measured('500 files', program, dir, ['--base', 'main~1', '--head', 'main']),
    ];
  } finally {
    await cleanup();
  }
}

function measured(name: string, program: string, dir: string, args: readonly string[]): Measurement[] {
  const runs = Array.from({ length: ROUNDS + 1 }, () => once(program, dir, args)).slice(1);
  const of = (what: 'ms' | 'mib') => runs.map((each) => each[what]).sort((a, b) => a - b);
  return [
    { name, value: of('ms')[ROUNDS >> 1]!, unit: 'ms', note: `most ${Math.round(of('ms').at(-1)!)} ms` },
    { name: `${name}, peak`, value: of('mib').at(-1)!, unit: 'MiB' },
  ];
}

/** Says at its end how much memory it had, in KiB. */
const WATCHED = `data:text/javascript,process.on('exit',()=>process.stderr.write('\\npeak '+process.resourceUsage().maxRSS))`;

function once(program: string, dir: string, args: readonly string[]): { readonly ms: number; readonly mib: number } {
  const begun = performance.now();
  const command = ['--import', WATCHED, program, 'review', dir, ...args, '--json'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 64 << 20 });
  const ms = performance.now() - begun;
  const peak = /peak (\d+)$/.exec(stderr)?.[1];
  const { complete, files } = status === 0 ? JSON.parse(stdout) : {};
  if (complete !== true || peak === undefined)
    throw new Error(`review of ${files} files ended with ${status}: ${stderr}`);
  return { ms, mib: Number(peak) / 1024 };
}
