/**
 * `npm run bench [-- word...]`: runs every bench/*.bench.ts whose name holds one of the words, one after the other, and
 * prints a table of each. Peers that are compared stand in one file, so that they run on the same machine at the same time;
 * the last column is the ratio to the first row of the same unit.
 *
 * A bench file exports `title` and `run()`; one that fails is named, the others still run, and the exit code is 1.
 */
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { table } from '../cli/table.ts';
import { BUILT } from '../test/fleet/agentsmd.ts';

/** One number a bench found out. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly note?: string;
}

/** What a bench file exports. */
export interface Bench {
  readonly title: string;
  run(): Promise<readonly Measurement[]>;
}

const words = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.bench.ts'))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();

// What people run: sources take time and memory to have their types taken out.
if (existsSync(join(import.meta.dirname, '..', BUILT))) process.env.AGENTSMD_PROGRAM ??= BUILT;
console.log(`node ${process.versions.node}, ${availableParallelism()} x ${cpus()[0]?.model ?? process.arch}\n`);
for (const file of files) {
  try {
    const bench = (await import(`./${file}`)) as Bench;
    console.log(`${bench.title} (${file})`);
    console.log(table(rows(await bench.run()), '  '));
  } catch (error) {
    console.error(`${file} failed:`, error);
    process.exitCode = 1;
  }
}

function rows(measurements: readonly Measurement[]): string[][] {
  const width = Math.max(...measurements.map(({ value }) => shown(value).length));
  return measurements.map(({ name, value, unit, note }) => {
    const peers = measurements.filter((other) => other.unit === unit);
    const first = peers[0]?.value;
    const ratio = peers.length > 1 && first ? `x ${(value / first).toFixed(2)}` : '';
    return [name, shown(value).padStart(width), unit, ratio, note ?? ''];
  });
}

/** Three digits that mean something, in groups of thousands. */
function shown(value: number): string {
  return value.toLocaleString('en-US', value < 100 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 });
}
