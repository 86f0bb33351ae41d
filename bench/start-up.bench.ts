import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Measurement } from './run.ts';

export const title = 'Start-up: wall time of a whole process, median of 15';

const ROUNDS = 15;
const ROOT = join(import.meta.dirname, '..');

/** The programs take turns, so that whatever else the machine does meets all of them. */
export async function run(): Promise<Measurement[]> {
  const built = join(ROOT, 'dist/cli/bin.js');
  const programs: readonly (readonly string[])[] = [
    ['-e', '0'],
    ...(existsSync(built)
      ? [
          [built, '--version'],
          [built, '--help'],
          [built, 'config', 'show'],
        ]
      : []),
    [join(ROOT, 'cli/main.ts'), '--version'],
    [join(ROOT, 'cli/main.ts'), '--help'],
  ];
  const times = programs.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, args] of programs.entries()) times[at]?.push(wallTime(args));
  }
  return programs.map((args, at) => ({ name: nameOf(args), value: median(times[at] ?? []), unit: 'ms' }));
}

function wallTime(args: readonly string[]): number {
  const start = performance.now();
  execFileSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - start;
}

function nameOf(args: readonly string[]): string {
  return ['node', ...args].join(' ').replace(`${ROOT}/`, '');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
